"""What other apps mark in an article's text.

Quotes stand on top of articles, and the article page shows the quotes in its text. So that articles need not know
of them, an app registers a provider here (from its ``AppConfig.ready``), and the article page asks all providers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from articles.ledger import Ledger
    from articles.models import Article
    from articles.prepared import Asking


@dataclass(frozen=True, slots=True)
class Annotation:
    """A span ``[start, end)`` of ``Article.text`` that has a page of its own.

    ``spans`` are the parts to mark (within start and end); ``anchor`` is the HTML id of the mark, ``url`` the page,
    ``label`` what a screen reader says of the link, ``subject`` the object behind it, for the template: what is marked does
    not differ by it. ``tone`` is one lower-case word for the look of the mark, or none. ``warning`` is one lower-case word
    that stands with the number of the mark, where readers should not take the words as they stand.
    """

    start: int
    end: int
    spans: tuple[tuple[int, int], ...]
    anchor: str
    url: str
    label: str
    subject: Any = field(compare=False)
    tone: str = ""
    warning: str = ""


Provider = Callable[["Article", bool], "Asking[Iterable[Annotation]]"]
TextChange = Callable[[Sequence[tuple["Article", "Ledger"]], bool], None]
NewVersion = Callable[["Article"], None]
DateChange = Callable[[Mapping[int, tuple["Dated", "Dated"]]], None]
_providers: list[Provider] = []
_on_text_change: list[TextChange] = []
_on_new_version: list[NewVersion] = []
_on_date_change: list[DateChange] = []


class Dated(NamedTuple):
    """The day of an article, in UTC as imports count, as precisely as it is known; None where it is not."""

    day: date | None
    precision: str


def register(
    provider: Provider, *, on_text_change: TextChange, on_new_version: NewVersion, on_date_change: DateChange
) -> None:
    """Take part in articles: ``provider`` says what to mark, ``on_text_change`` mends offsets after an edit.

    ``provider`` is told whether to give only what the public may see; if not, the article may be one whose text is
    not saved yet, and places are found in the text as it is given. It is a generator that yields what it asks.

    ``on_text_change`` is told whether a person wrote what is new: then words that were changed are what they were before.

    ``on_new_version`` reads the text anew, after an editor has put another version's in place of the article's own.

    ``on_date_change`` is given, by the keys of articles, which dates they had and have: what takes its date from an article
    follows.
    """
    _providers.append(provider)
    _on_text_change.append(on_text_change)
    _on_new_version.append(on_new_version)
    _on_date_change.append(on_date_change)


def new_version(article: Article) -> None:
    """Let every app read the text of an article that was exchanged for that of another version."""
    for read in _on_new_version:
        read(article)


def dates_changed(changed: Mapping[int, tuple[Dated, Dated]]) -> None:
    """Let every app bring its dates in line with those of articles."""
    for follow in _on_date_change:
        follow(changed)


def texts_changed(changed: Sequence[tuple[Article, Ledger]], *, by_person: bool) -> None:
    """Let every app find its places again in the new texts of saved articles, and enter in their ledgers what moved."""
    for mend in _on_text_change:
        mend(changed, by_person)


def annotations_of(article: Article, *, public: bool = True) -> Asking[list[Annotation]]:
    """The annotations of the article that the public may see (or, in a preview, will), in the order of the text."""
    found: list[Annotation] = []
    for provider in _providers:
        found += yield from provider(article, public)
    return sorted(found, key=lambda annotation: (annotation.start, -annotation.end))
