"""The search page: articles, quotes and speakers that have the words, of what is public."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from articles.paging import page_of
from articles.search import Search, complete_articles, find_articles
from quotes.search import complete_speakers, find_quotes, find_speakers

KINDS = {"articles": "Articles", "quotes": "Quotes", "speakers": "Speakers"}
SHOWN_OF_EACH = 5

_FIND = {"articles": find_articles, "quotes": find_quotes, "speakers": find_speakers}
# Asked only where the whole words find nothing: the last word may be unfinished.
_COMPLETE = {"articles": complete_articles, "speakers": complete_speakers}


def overview(search: Search) -> dict[str, Any]:
    """The first few of each kind, by kind; ``more`` tells whether there are others."""
    sections = []
    for kind, label in KINDS.items():
        found = _first(kind, search)
        rows = found[:SHOWN_OF_EACH]
        sections.append({"kind": kind, "label": label, "rows": rows, "more": len(found) > SHOWN_OF_EACH})
    return {"sections": sections, "nothing": not any(section["rows"] for section in sections)}


def _first(kind: str, search: Search) -> list[Any]:
    rows = list(_FIND[kind](search)[: SHOWN_OF_EACH + 1])
    if not rows and kind in _COMPLETE:
        rows = list(_COMPLETE[kind](search)[: SHOWN_OF_EACH + 1])
    return rows


def only(kind: str, search: Search, request: HttpRequest) -> dict[str, Any]:
    """A page of one kind."""
    page = page_of(_FIND[kind](search), request)
    if not page and page.number == 1 and kind in _COMPLETE:
        page = page_of(_COMPLETE[kind](search), request)
    return {"page": page, "nothing": not page and page.number == 1}
