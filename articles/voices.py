"""Who speaks in a number of articles.

Quotes stand on top of articles, and the page of a topic names those who speak on it. So that articles need not know of
quotes, an app registers here (from its ``AppConfig.ready``) who that is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any


@dataclass(frozen=True, slots=True)
class Voice:
    """``address`` leads to what the voice said on the topic, ``articles`` is in how many of them it is heard."""

    name: str
    address: str
    articles: int


# Given a query for the keys of public articles, and the topic's slug: in one query, those heard in most of them first.
Voices = Callable[[Any, str], Iterable[Voice]]
_providers: list[Voices] = []


def register(voices: Voices) -> None:
    _providers.append(voices)


def voices_on(topic: str, articles: Any) -> list[Voice]:
    return list(chain.from_iterable(voices(articles, topic) for voices in _providers))
