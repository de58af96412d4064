"""What the results of a search can be narrowed to. Counted over the very keys that are shown: the number beside a choice
is the number of results behind it. Of what is chosen already the others are not shown: they would take its place, and how
many results they have is not known from these keys.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import ExtractYear
from django.http import QueryDict

from articles.models import Article, TaggedItem
from quotes.models import Quote

CHOICES = 12
NARROW_BY = ("speaker", "topic", "kind", "publisher", "year")

# (value, label, number of results)
Counted = list[tuple[str, str, int]]


@dataclass(frozen=True, slots=True)
class Choice:
    """``link`` is the query of an address with it."""

    link: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """``any_link`` is the query of an address without a choice, and ``any_label`` what the link says."""

    label: str
    any_label: str
    any_link: str
    choices: list[Choice]
    is_chosen: bool


_LABELS = {
    "speaker": ("Speaker", "All speakers"),
    "topic": ("Topic", "All topics"),
    "kind": ("Kind", "All kinds"),
    "publisher": ("Publisher", "All publishers"),
    "year": ("Year", "All years"),
}


def facets_of(kind: str, keys: Collection[int], chosen: Mapping[str, str], asked: QueryDict) -> list[Facet]:
    """Of all results of a kind, by their keys. One query. What would narrow nothing down is left out.

    ``chosen`` is what they are narrowed to, and ``asked`` all that is in the address.
    """
    counted = _COUNTING[kind](keys) if keys and kind in _COUNTING else {}
    facets = []
    for name in NARROW_BY:
        value = chosen.get(name, "")
        found = counted.get(name, [])
        found = [each for each in found if each[0] == value] or found[:CHOICES]
        if value or any(count < len(keys) for _value, _label, count in found):
            choices = [Choice(_link(asked, name, each), label, count, each == value) for each, label, count in found]
            facets.append(Facet(*_LABELS[name], _link(asked, name, None), choices, bool(value)))
    return facets


def _link(asked: QueryDict, name: str, value: str | None) -> str:
    """The query of the first page with another value of one parameter, or without it."""
    changed = asked.copy()
    changed.pop("page", None)
    changed.pop(name, None)
    if value is not None:
        changed[name] = value
    return f"?{changed.urlencode()}"


def _of_articles(keys: Collection[int]) -> dict[str, Counted]:
    rows = Article.objects.filter(pk__in=keys).order_by()
    year = _year("published_at", "published_precision")
    topics = TaggedItem.objects.filter(content_object__in=keys).order_by()
    counted = _together(
        rows.values_list(Value("each"), "publisher__slug", "publisher__name", year, Count("pk")),
        topics.values_list(Value("topic"), "tag__slug", "tag__name", Value(None, IntegerField()), Count("pk")),
    )
    return {
        "topic": _most((slug, name, count) for slug, name, _year, count in counted["topic"]),
        "publisher": _most((slug, name, count) for slug, name, _year, count in counted["each"]),
        "year": _latest((year, count) for _slug, _name, year, count in counted["each"]),
    }


def _of_quotes(keys: Collection[int]) -> dict[str, Counted]:
    rows = Quote.objects.filter(pk__in=keys).order_by()
    house = [
        Case(
            When(article__isnull=True, then=F(f"document__publisher__{part}")), default=F(f"article__publisher__{part}")
        )
        for part in ("slug", "name")
    ]
    by = (*house, _year("said_on", "said_precision"), "kind", "speaker__slug", "speaker__name")
    counted = list(rows.values_list(*by).annotate(Count("pk")))
    labels = dict(Quote.Kind.choices)
    return {
        "speaker": _most((slug, name, count) for *_rest, slug, name, count in counted),
        "kind": _most((kind, labels[kind], count) for _slug, _name, _year, kind, *_speaker, count in counted),
        "publisher": _most((slug, name, count) for slug, name, *_rest, count in counted),
        "year": _latest((year, count) for _slug, _name, year, *_rest, count in counted),
    }


def _together(*rows: QuerySet) -> dict[str, list[tuple[Any, ...]]]:
    """Rows of several counts in one query, by the first column, which is left out."""
    first, *others = rows
    counted: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for what, *row in first.union(*others, all=True):
        counted[what].append(tuple(row))
    return counted


_COUNTING: dict[str, Callable[[Collection[int]], dict[str, Counted]]] = {
    "articles": _of_articles,
    "quotes": _of_quotes,
}


def _year(date: str, precision: str) -> Case:
    """The year that was printed; none where no date was."""
    return Case(When(~Q(**{precision: "unknown"}), then=ExtractYear(date)))


def _most(counted: Iterable[tuple[str | None, str, int]]) -> Counted:
    """Those with most results first."""
    sums: Counter[tuple[str, str]] = Counter()
    for value, label, count in counted:
        if value is not None:
            sums[value, label] += count
    order = sorted(sums.items(), key=lambda each: (-each[1], each[0][1]))
    return [(value, label, count) for (value, label), count in order]


def _latest(counted: Iterable[tuple[int | None, int]]) -> Counted:
    sums: Counter[int] = Counter()
    for year, count in counted:
        if year is not None:
            sums[year] += count
    return [(str(year), str(year), sums[year]) for year in sorted(sums, reverse=True)]
