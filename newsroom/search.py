"""The search page: articles, quotes and speakers that have the words, of what is public, with counts to narrow by.

Each kind is asked once, for the keys of what fits, up to a bound; counts, pages and choices all come of these keys, so
that a number next to a choice is the number of results behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from articles.filters import ArticleFilter
from articles.models import Article
from articles.paging import Page, page_number
from articles.prepared import NOW, Keys, Prepared
from articles.search import Search, best_first, completed, found
from articles.searchmatch import beginning_in_place, in_places, is_indexed, rank_in_place, slots_for, unfinished
from newsroom.facets import NARROW_BY, facets_of
from quotes.filters import QuoteFilter
from quotes.models import Quote, Speaker
from quotes.search import complete_speakers, nearly_quotes

MOST_FOUND = 1000
SHOWN_OF_EACH = 5
PAGE = 20
SUGGESTED = 5
SORTS = {"newest": "Newest first", "oldest": "Oldest first", "best": "Best match first"}


@dataclass(frozen=True, slots=True)
class Kind:
    """``public`` are those that may be found, ``rows`` has what a result shows.

    ``order``: of unfinished words, which are looked for only where the whole ones find nothing; never, if empty.
    ``filters`` and ``date``: what its results are narrowed and sorted by; none for names.
    """

    label: str
    model: Any
    public: Callable[..., Any]
    rows: Callable[[], Any]
    order: str = ""
    filters: Any = None
    date: str = ""

    def find(self, search: Search, narrowing: dict[str, str], sort: str) -> Found:
        if is_indexed(self.model) and sort == "newest" and not any(narrowing.values()):
            return self._newest(search)
        public, order = self.public(), None
        if self.filters:
            chosen = self.filters(narrowing, queryset=public)
            if not chosen.is_valid():
                return Found([])
            public, order = chosen.qs, self.date if sort == "oldest" else f"-{self.date}"
        keys = self.model.objects.only("pk")
        result = _first(found(keys, public, search, order))
        if not result.keys and self.order:
            return _first(completed(keys, public, search, self.order))
        return self._ranked(result, search) if self.filters and sort == "best" else result

    def _newest(self, search: Search) -> Found:
        """What is most often asked for, without anything to narrow it by: prepared."""
        phrases = search.together
        result = _found(_having(self, len(phrases), **slots_for(self.model, phrases)))
        if not result.keys and self.order:
            return _found(_beginning(self, **slots_for(self.model, [unfinished(search.words)])))
        return result

    def _ranked(self, result: Found, search: Search) -> Found:
        """The same, best first. Only what was found is ranked: ranking all that fits would read the index of each,
        and a common word would cost the more the larger the archive is.
        """
        rows = self.model.objects.only("pk").filter(id__in=result.keys)
        return replace(result, keys=[row.pk for row in best_first(rows, search)])


KINDS = {
    "articles": Kind(
        "Articles",
        Article,
        Article.objects.published,
        Article.objects.for_results,
        order="-published_at",
        filters=ArticleFilter,
        date="published_at",
    ),
    "quotes": Kind(
        "Quotes",
        Quote,
        Quote.objects.public,
        Quote.objects.for_results,
        filters=QuoteFilter,
        date="said_on",
    ),
    "speakers": Kind("Speakers", Speaker, Speaker.objects.public, Speaker.objects.all, order="id"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """Keys in the order of the results, at most ``MOST_FOUND``; ``more``: there are others beyond."""

    keys: list[int]
    more: bool = False

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def count(self) -> str:
        """In words: "1000+" if there are more."""
        return f"{len(self.keys)}{'+' if self.more else ''}"


def _latest(kind: Kind, keys: QuerySet[Any], order: Any) -> QuerySet[Any]:
    return kind.public(NOW).filter(pk__in=keys).order_by(order, "-pk").values_list("pk")[: MOST_FOUND + 1]


# Names, which have no date, are found best first.
_having = Prepared(
    lambda kind, words: _latest(
        kind, in_places(words), f"-{kind.date}" if kind.date else rank_in_place(words).desc(nulls_last=True)
    )
)
_beginning = Prepared(lambda kind: _latest(kind, beginning_in_place(), kind.order))
_rows_of = Prepared(lambda kind: kind.rows().filter(pk__among=Keys("keys")).order_by())


def results(kind: str, search: Search, asked: QueryDict) -> dict[str, Any]:
    """What the template shows for a search with words: of one ``kind``, or the first few of each where it is empty."""
    narrowing = narrowing_of(kind, asked)
    sort = asked.get("sort", "")
    sort = sort if sort in SORTS else "newest"
    found_of = {
        name: each.find(search, narrowing, sort) if name == kind else each.find(search, {}, "newest")
        for name, each in KINDS.items()
    }
    links = _links_of_kinds(asked)
    half_remembered = kind in ("", "quotes") and not found_of["quotes"].keys and not any(narrowing.values())
    context: dict[str, Any] = {
        "tabs": [(name, KINDS[name].label, found_of[name].count, links[name]) for name in KINDS],
        "all_link": links[""],
        "total": sum(map(len, found_of.values())),
        "chosen": {name: value for name, value in narrowing.items() if value},
        "nearly": nearly_quotes(search) if half_remembered else [],
        "sort": sort,
        "sorts": SORTS.items()
        if kind and KINDS[kind].filters and (found_of[kind].keys or any(narrowing.values()))
        else (),
    }
    if narrowing.get("speaker"):
        context["only_by"] = Speaker.objects.public().filter(slug=narrowing["speaker"]).first()
    if kind:
        number = page_number(asked)
        keys = [] if found_of[kind].more else found_of[kind].keys  # where not all are known, none are counted
        facets = facets_of(kind, keys, narrowing, asked)
        return context | {"page": _page(kind, found_of[kind], number), "facets": facets}
    sections = [
        {
            "kind": name,
            "label": KINDS[name].label,
            "rows": _rows(name, of_kind.keys[:SHOWN_OF_EACH]),
            "count": of_kind.count,
            "has_more": len(of_kind) > SHOWN_OF_EACH,
            "link": links[name],
        }
        for name, of_kind in found_of.items()
    ]
    return context | {"sections": sections}


def _links_of_kinds(asked: QueryDict) -> dict[str, str]:
    """The address of the first page of each kind, and of all ("") with these words, narrowed to nothing."""
    kept = asked.copy()
    for name in ("type", "page", "sort", *NARROW_BY):
        kept.pop(name, None)
    rest = kept.urlencode()
    return {name: f"?{rest}&type={name}" if name else f"?{rest}" for name in ("", *KINDS)}


def narrowing_of(kind: str, asked: QueryDict) -> dict[str, str]:
    """What the results of a kind are to be narrowed to: of all that can be in an address, what the kind knows of."""
    filters = KINDS[kind].filters if kind else None
    return {name: asked.get(name, "") for name in NARROW_BY if filters and name in filters.base_filters}


def beginnings(search: Search) -> list[str]:
    """Names of public speakers and headlines that have the words, the last of them perhaps unfinished. Two queries."""
    articles = completed(Article.objects.only("headline"), Article.objects.published(), search, "-published_at")
    names = [speaker.name for speaker in complete_speakers(search)[:SUGGESTED]]
    return list(dict.fromkeys(names + [article.headline for article in articles[:SUGGESTED]]))


def _first(results: Any) -> Found:
    if isinstance(results, QuerySet):
        return _found(results.values_list("pk")[: MOST_FOUND + 1])
    return _found([(row.pk,) for row in results[: MOST_FOUND + 1]])


def _found(rows: Iterable[tuple[int]]) -> Found:
    keys = [key for (key,) in rows]
    return Found(keys[:MOST_FOUND], more=len(keys) > MOST_FOUND)


def _page(kind: str, result: Found, number: int) -> Page:
    start = (number - 1) * PAGE
    end = start + PAGE
    return Page(
        _rows(kind, result.keys[start:end]),
        number,
        has_next=len(result) > end,
        capped=result.more and start < len(result) <= end,
    )


def _rows(kind: str, keys: Sequence[int]) -> list[Any]:
    if not keys:
        return []
    by_key = {row.pk: row for row in _rows_of(KINDS[kind], keys=keys)}
    return [by_key[key] for key in keys if key in by_key]
