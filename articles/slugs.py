"""Addresses that are still free, for many rows at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from articles.models import FormerAddress

if TYPE_CHECKING:
    from django.db.models import Model

# Two rows of the same name are common, twenty are not: these numbers are asked for all at once.
_FEW = range(2, 20)


def free_slugs(model: type[Model], wanted: Sequence[str], *, besides: Model | None = None) -> list[str]:
    """For each wanted slug one that no row of ``model`` has or had, nor another of the answer: itself, or with a number.

    As a rule the smallest number that is free (from 2); after deletions it may be a larger one. ``besides`` may keep
    its own. The number of queries grows with the logarithm of the rows that have one name, not with ``wanted``.
    """
    names = set(wanted)
    taken = _taken(model, names, besides)
    last = _last_numbers(model, names & taken, besides)
    while True:
        slugs = _numbered(wanted, taken, last)
        clashes = _taken(model, set(slugs) - names, besides)
        if not clashes:
            return slugs
        taken |= clashes


def _numbered(wanted: Iterable[str], taken: Collection[str], last: dict[str, int]) -> list[str]:
    last = dict(last)
    given: dict[str, None] = {}
    for slug in wanted:
        free = slug
        while free in given or free in taken:
            last[slug] = last.get(slug, 1) + 1
            free = f"{slug}-{last[slug]}"
        given[free] = None
    return list(given)


def _last_numbers(model: type[Model], names: set[str], besides: Model | None) -> dict[str, int]:
    """For each of the names, all of which are taken, a number that is taken and followed by a free one (1: the name itself)."""
    taken = _taken(model, {f"{name}-{number}" for name in names for number in _FEW}, besides)
    last: dict[str, int] = {}
    for name in names:
        free = next((number for number in _FEW if f"{name}-{number}" not in taken), None)
        if free is not None:
            last[name] = free - 1
    # The rest by doubling, then by halves.
    low = dict.fromkeys(names - last.keys(), _FEW[-1])
    high: dict[str, int] = {}
    while apart := [name for name in low if name not in high or high[name] - low[name] > 1]:
        tried = {name: (low[name] + high[name]) // 2 if name in high else 2 * low[name] for name in apart}
        taken = _taken(model, {f"{name}-{number}" for name, number in tried.items()}, besides)
        for name, number in tried.items():
            (low if f"{name}-{number}" in taken else high)[name] = number
    return last | low


def _taken(model: type[Model], slugs: Collection[str], besides: Model | None) -> set[str]:
    if not slugs:
        return set()
    rows = model._default_manager.filter(slug__among=slugs)
    former = FormerAddress.objects.filter(kind=model._meta.label_lower, slug__among=slugs)
    if besides is not None and besides.pk:
        rows = rows.exclude(pk=besides.pk)
        former = former.exclude(object_id=besides.pk)
    return set(rows.values_list("slug", flat=True)) | set(former.values_list("slug", flat=True))
