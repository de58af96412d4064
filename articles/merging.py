"""Topics and speakers that were merged into others: where their addresses lead now."""

from __future__ import annotations

from typing import Protocol, Self, TypeVar

from django.http import Http404


class Merged(Protocol):
    pk: int
    merged_into: Self | None


T = TypeVar("T", bound=Merged)


def survivor(merged: T) -> T:
    """The row that a merged one ended up in, after however many mergers. Raises ``Http404`` if they go in a circle."""
    seen = {merged.pk}
    while merged.merged_into is not None:
        merged = merged.merged_into
        if merged.pk in seen:
            raise Http404("Merged into each other.")
        seen.add(merged.pk)
    return merged
