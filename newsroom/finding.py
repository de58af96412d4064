"""One box that looks for words in everything that editors look for: what the search of each list finds, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import Truncator

WHERE = ("articles.Article", "quotes.Speaker", "quotes.Quote", "articles.Topic", "articles.CuratedList")
SHOWN = 6
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one kind: the first rows with their pages, and where the rest is, if there is more."""

    kind: str
    rows: list[tuple[str, str]]
    rest: str


def look_for(words: str, site: AdminSite, request: HttpRequest) -> Iterator[Found]:
    """What each list that the visitor may see finds for the words."""
    for label in WHERE:
        model = apps.get_model(label)
        model_admin: Any = site.get_model_admin(model)
        if not model_admin.has_view_permission(request):
            continue
        first = list(model_admin.first_found(request, words[:LONGEST], SHOWN + 1))
        name = f"{site.name}:{model._meta.app_label}_{model._meta.model_name}"
        shown = sorted(first[:SHOWN], key=lambda row: getattr(row, "merged_into_id", None) is not None)
        pages = [(_words(row), reverse(f"{name}_change", args=[row.pk])) for row in shown]
        rest = f"{reverse(f'{name}_changelist')}?{urlencode({'q': words})}" if len(first) > SHOWN else ""
        yield Found(str(model._meta.verbose_name_plural), pages, rest)


def _words(row: Any) -> str:
    """What the row is called; of one that was merged, also what it leads to."""
    into = getattr(row, "merged_into", None)
    words = Truncator(str(row)).chars(120)
    return f"{words} (merged into {into})" if into is not None else words
