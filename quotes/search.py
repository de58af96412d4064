"""Quotes and speakers that a reader's search finds."""

from __future__ import annotations

from typing import Any

from articles.search import Search, found
from quotes.models import Quote, Speaker


def find_quotes(search: Search) -> Any:
    """Public quotes with all the words (in the quote, the role or the speaker's name), newest first; sliceable.

    None where there is nothing to look for.
    """
    return found(Quote.objects.for_cards(), Quote.objects.public(), search, "-said_on")


def find_speakers(search: Search) -> Any:
    """Public speakers of whom a name or the description has all the words; sliceable. None without words."""
    if search.query is None:
        return None
    return Speaker.objects.filter(id__in=Speaker.objects.public().values("pk")).search(search.query)


def complete_speakers(search: Search) -> Any:
    """Public speakers whose name has the words, the last of them perhaps unfinished; sliceable."""
    if not search.words:
        return None
    return Speaker.objects.filter(id__in=Speaker.objects.public().values("pk")).autocomplete(search.beginning)
