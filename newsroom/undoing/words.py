"""Rows by kind, in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.apps import apps

from articles.people import tables

# Why a run of which people have everything in hand is not undone.
IN_VAIN = (
    "Nothing would go or be put back: people have changed, reviewed or filed since all that this import brought. "
    "The import stays as it is, and can be undone later."
)


def plural(label: str, number: int) -> str:
    """What rows of a table are called: "article", "articles"; a name that is no table's is left as it is."""
    if "." not in label:
        return label
    meta = apps.get_model(label)._meta
    return str(meta.verbose_name if number == 1 else meta.verbose_name_plural)


def of_rows(numbers: Mapping[str, int]) -> str:
    """As "3 articles, 12 quotes"."""
    told = [
        f"{number:,} {plural(label, number)}"
        for label, number in sorted(numbers.items(), key=lambda item: (-item[1], item[0]))
        if number and label not in tables.unseen
    ]
    return ", ".join(told) or "nothing"
