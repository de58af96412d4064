"""Who speaks in a number of articles.

Quotes stand on top of articles, and the page of a topic names those who speak on it. So that articles need not know of
quotes, an app registers here (from its ``AppConfig.ready``) who that is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from articles.models import Topic
    from articles.prepared import Asking


@dataclass(frozen=True, slots=True)
class Voice:
    """``address`` leads to what the voice said on the topic, ``articles`` is in how many of them it is heard."""

    name: str
    address: str
    articles: int


# In the latest articles of a topic those heard in most of them, first; in one query, that the generator yields.
Voices = Callable[["Topic"], "Asking[list[Voice]]"]
_providers: list[Voices] = []


def register(voices: Voices) -> None:
    _providers.append(voices)


def voices_on(topic: Topic) -> Asking[list[Voice]]:
    found: list[Voice] = []
    for voices in _providers:
        found += yield from voices(topic)
    return found
