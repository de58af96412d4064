"""What curated lists hold besides articles.

A list of quotes is a curated list like any other, but quotes stand on top of articles. So that articles need not know
of them, an app registers here (from its ``AppConfig.ready``) how the items of its kind of list are read and shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from articles.feeds import Entry
    from articles.models import CuratedList, CuratedListItem

ARTICLES_TEMPLATE = "articles/_list_items.html"


@dataclass(frozen=True, slots=True)
class Listing:
    """``items_of`` gives the items of several lists that the public may see, by the list's key, in order and in a
    constant number of queries; ``template`` shows them, as ``entries``; ``entry_of`` makes an entry of a feed of one."""

    items_of: Callable[[Iterable[CuratedList]], dict[int, list[Any]]]
    template: str
    entry_of: Callable[[Any], Entry]


_listings: dict[str, Listing] = {}


def register(kind: str, listing: Listing) -> None:
    _listings[kind] = listing


def fill(lists: Iterable[CuratedList], items: Mapping[int, list[CuratedListItem]] | None = None) -> list[CuratedList]:
    """The lists, each with ``entries``, its public items, and ``entries_template``.

    They are read ``with_items``, or ``items`` has those of articles, by the list's key. What was printed in a list without
    its article being here is shown by its headline; an article that is here, but not public, not even by that.
    """
    lists = list(lists)
    for curated in lists:
        of_list = list(curated.items.all()) if items is None else items.get(curated.pk, [])
        curated.entries = [item for item in of_list if item.article_id is None or item.live_article]
        curated.entries_template = ARTICLES_TEMPLATE
    for kind, listing in _listings.items():
        of_kind = [curated for curated in lists if curated.kind == kind]
        found = listing.items_of(of_kind) if of_kind else {}
        for curated in of_kind:
            curated.entries = found.get(curated.pk, [])
            curated.entries_template = listing.template
    return lists


def entries_of(curated: CuratedList) -> list[Entry] | None:
    """The public items of a list as entries of its feed; None for a list of articles."""
    listing = _listings.get(curated.kind)
    return [listing.entry_of(item) for item in listing.items_of([curated])[curated.pk]] if listing else None


def titles_of(curated: CuratedList) -> list[tuple[str, str]]:
    """(title, address) of each item of a list that was filled; an item whose article is not here has no address."""
    listing = _listings.get(curated.kind)
    if listing:
        entries = [listing.entry_of(item) for item in curated.entries]
        return [(entry.title, entry.address) for entry in entries]
    live = [(item, item.live_article) for item in curated.entries]
    return [
        (item.headline_shown or item.headline, article.get_absolute_url() if article else "") for item, article in live
    ]
