"""Curated lists of quotes (see ``articles.listings``)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from articles.listings import Listing
from articles.models import CuratedList
from quotes.feeds import quote_entry
from quotes.models import CuratedQuote, Quote
from quotes.querysets import is_public


def quotes_of(lists: Iterable[CuratedList]) -> dict[int, list[Quote]]:
    """The public quotes of each list, by the list's key, in the order of the list."""
    items = (
        CuratedQuote.objects.filter(is_public("quote__"), list__in=list(lists))
        .select_related("quote__speaker", "quote__article__publisher")
        .defer("quote__article__body", "quote__article__text")
        .order_by("position", "pk")
    )
    found: dict[int, list[Quote]] = defaultdict(list)
    for item in items:
        found[item.list_id].append(item.quote)
    return found


LISTING = Listing(quotes_of, "quotes/_list_items.html", quote_entry)
