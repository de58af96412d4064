"""Quotes and speakers that a reader's search finds."""

from __future__ import annotations

from typing import Any

from articles.search import Search, found
from quotes.models import Quote, Speaker


def find_quotes(search: Search) -> Any:
    """Public quotes with all the words (in the quote, the role or the speaker's name), newest first; sliceable.

    The search has words, here and below.
    """
    return found(Quote.objects.for_cards(), Quote.objects.public(), search, "-said_on")


def find_speakers(search: Search) -> Any:
    """Public speakers of whom a name or the description has all the words, best first; sliceable."""
    return Speaker.objects.filter(id__in=Speaker.objects.public().values("pk")).search(search.query)


def complete_speakers(search: Search) -> Any:
    """Public speakers whose name has the words, the last of them perhaps unfinished; sliceable.

    Not ranked: a beginning fits many, and the search library ranks each of them with a query of its own.
    """
    public = Speaker.objects.public().values("pk")
    return Speaker.objects.filter(id__in=public).autocomplete(search.beginning, order_by="id")
