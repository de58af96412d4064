"""Pages of a long list, without counting it.

A page costs the same however long the list is: one row more than it shows tells whether there is a next one, and the
depth is bounded. Who wants to go further back than that is served by a filter or the archive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

MAX_PAGES = 100
SIZE = 20


@dataclass(frozen=True, slots=True)
class Page:
    """``number`` counts from 1. ``capped``: there is more, but no further page is given."""

    items: Sequence[Any]
    number: int
    has_next: bool
    capped: bool

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def is_only(self) -> bool:
        return self.number == 1 and not self.has_next

    @property
    def previous_number(self) -> int:
        return self.number - 1

    @property
    def next_number(self) -> int:
        return self.number + 1

    def __iter__(self) -> Any:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def page_number(asked: QueryDict) -> int:
    """The page asked for; what is no number, or out of bounds, is the nearest that is."""
    raw = asked.get("page", "")
    if not (raw.isascii() and raw.isdigit()):
        return 1
    return min(max(int(raw[:6]), 1), MAX_PAGES)


def page_of(rows: Any, request: HttpRequest, *, size: int = SIZE) -> Page:
    """The page of ``rows`` (a QuerySet, or search results: anything ordered that slices) the request asks for."""
    number, start, end = bounds(request, size)
    if start and isinstance(rows, QuerySet):
        # The rows before are counted off by their keys alone: what else is asked of each would be read for all of them.
        rows = rows.filter(pk__in=list(rows.values_list("pk", flat=True)[start:end]))
        start, end = 0, end - start
    return page_from(list(rows[start:end]), number, size)


def bounds(request: HttpRequest, size: int = SIZE) -> tuple[int, int, int]:
    """Of the page asked for, of a list that is read by keys: its number, and the first place and the one behind the last.

    That is one row more than the page shows, for ``page_from``.
    """
    number = page_number(request.GET)
    start = (number - 1) * size
    return number, start, start + size + 1


def page_from(found: Sequence[Any], number: int, size: int = SIZE) -> Page:
    """Of what was found from its first row on, one more than it shows if there are."""
    more = len(found) > size
    at_end = number == MAX_PAGES
    return Page(found[:size], number, has_next=more and not at_end, capped=more and at_end)
