"""What other apps mark in an article's text.

Quotes stand on top of articles, and the article page shows the quotes in its text. So that articles need not know
of them, an app registers a provider here (from its ``AppConfig.ready``), and the article page asks all providers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from articles.models import Article


@dataclass(frozen=True, slots=True)
class Annotation:
    """A span ``[start, end)`` of ``Article.text`` that has a page of its own.

    ``spans`` are the parts to mark (within start and end); ``anchor`` is the HTML id of the mark, ``url`` the page,
    ``label`` what a screen reader says of the link, ``subject`` the object behind it, for the template.
    """

    start: int
    end: int
    spans: tuple[tuple[int, int], ...]
    anchor: str
    url: str
    label: str
    subject: Any


Provider = Callable[["Article"], Iterable[Annotation]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    if provider not in _providers:
        _providers.append(provider)


def annotations_of(article: Article) -> list[Annotation]:
    """All annotations of the article that the public may see, in the order of the text."""
    found = [annotation for provider in _providers for annotation in provider(article)]
    return sorted(found, key=lambda annotation: (annotation.start, -annotation.end))
