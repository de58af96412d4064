"""What a search finds of each kind: keys in the order of the results, up to a bound.

PostgreSQL looks up which rows have the words, and then of each whether it is public and when it is of. A word that half of
the archive has would make it look up half of the archive. So only so many are looked up; where there are more, the rows are
gone through by their date, a few, for those that have the words: the more have them, the sooner a page is full.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from articles.filters import ArticleFilter
from articles.models import Article
from articles.prepared import NOW, Asking, Keys, Prepared
from articles.querysets import is_live
from articles.search import Search, best_first, completed, found
from articles.searchmatch import (
    Shape,
    beginning_in_place,
    having,
    in_places,
    is_indexed,
    matched,
    matched_in_place,
    rank_in_place,
    slots_for,
    unfinished,
)
from quotes.filters import QuoteFilter
from quotes.models import Quote, Speaker
from quotes.querysets import is_public

MOST_FOUND = 1000
# So many that have the words are looked up, public or not, and so many public ones for the words.
LOOKED_UP = 2 * MOST_FOUND
# Where it is known that there are many, so many of them are read; which, by how many are asked for.
_READ = (10, 21, 101)
_FIRST, _LAST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
NEWEST, OLDEST, BEST = "newest", "oldest", "best"


@dataclass(frozen=True, slots=True)
class Found:
    """``keys`` in the order of the results: all, up to ``MOST_FOUND``, or the first of them, at least as many as were
    asked for. ``size``: how many there are, up to ``MOST_FOUND``; ``more``: there are others beyond.
    """

    keys: list[int]
    size: int
    more: bool = False

    @property
    def count(self) -> str:
        """In words: "1000+" if there are more."""
        return f"{self.size}{'+' if self.more else ''}"


@dataclass(frozen=True, slots=True)
class Kind:
    """``public`` are those that may be found, ``rows`` has what a result shows.

    ``order``: of unfinished words, which are looked for only where the whole ones find nothing; never, if empty.
    ``filters`` and ``date``: what its results are narrowed and sorted by, and ``shown`` the condition of ``public``;
    none for names.
    """

    label: str
    model: Any
    public: Callable[..., Any]
    rows: Callable[[], Any]
    order: str = ""
    filters: Any = None
    date: str = ""
    shown: Q = field(default_factory=Q)

    def find(self, search: Search, narrowing: Mapping[str, str], sort: str, wanted: int) -> Asking[Found]:
        """At least the first ``wanted``, if there are so many. ``search`` has words."""
        from_oldest = sort == OLDEST
        if is_indexed(self.model) and not any(narrowing.values()):
            result = yield from self._indexed(search, from_oldest, MOST_FOUND if sort == BEST else wanted)
        else:
            result = self._narrowed(search, narrowing, from_oldest)
        return self._ranked(result, search) if sort == BEST and self.date else result

    def _indexed(self, search: Search, from_oldest: bool, wanted: int) -> Asking[Found]:
        if self.date:
            result = yield from self._by_date(search, from_oldest, wanted)
        else:
            result = _found(
                (yield _names.of(self, Shape.of(self.model, search.together), **slots_for(search.together)))
            )
        if result.size or not self.order:
            return result
        typed = [unfinished(search.words)]
        return _found((yield _beginning.of(self, Shape.of(self.model, typed), **slots_for(typed))))

    def _by_date(self, search: Search, from_oldest: bool, wanted: int) -> Asking[Found]:
        phrases = search.together
        asked = self, Shape.of(self.model, phrases), from_oldest
        slots = slots_for(phrases)
        rows = yield _looked_up.of(*asked, **slots)
        keys = [key for key, is_shown in rows if is_shown]
        # An entry or two of the index may have no row: then there are fewer rows than were looked up.
        if len(rows) < LOOKED_UP:
            return _cut(keys)
        if len(keys) > MOST_FOUND:
            read = next((most for most in _READ if most >= wanted), MOST_FOUND)
            first = [key for (key,) in (yield _gone_through.of(*asked, read, **slots))] if wanted else []
            if len(first) >= wanted:
                return Found(first, MOST_FOUND, more=True)
        return _found((yield _all.of(*asked, **slots)))

    def _narrowed(self, search: Search, narrowing: Mapping[str, str], from_oldest: bool) -> Found:
        public, order = self.public(), None
        if self.filters:
            chosen = self.filters(narrowing, queryset=public)
            if not chosen.is_valid():
                return Found([], 0)
            public, order = chosen.qs, self.date if from_oldest else f"-{self.date}"
        if is_indexed(self.model):
            result = self._indexed_among(_dated(public, self, from_oldest), search)
        else:
            result = _first(found(self.model.objects.only("pk"), public, search, order))
        if result.size or not self.order:
            return result
        return _first(completed(self.model.objects.only("pk"), public, search, self.order))

    def _indexed_among(self, rows: QuerySet[Any], search: Search) -> Found:
        """Of ``rows``, which are public and in order: those that are among the few with the words, or have the words,
        if they themselves are few. Where neither are few, the database has to see.
        """
        phrases = search.together
        with_words = _looked_up(self, Shape.of(self.model, phrases), False, **slots_for(phrases))
        if len(with_words) < LOOKED_UP:
            keys = [key for key, is_shown in with_words if is_shown]
            return _found(rows.filter(pk__among=keys).values_list("pk")[: MOST_FOUND + 1] if keys else ())
        near = list(rows.values_list("pk", matched(self.model, phrases))[: LOOKED_UP + 1])
        keys = [key for key, has_words in near if has_words]
        if len(near) <= LOOKED_UP or len(keys) > MOST_FOUND:
            return _cut(keys)
        return _found(rows.filter(pk__in=having(self.model, [phrases])).values_list("pk")[: MOST_FOUND + 1])

    def _ranked(self, result: Found, search: Search) -> Found:
        """The same, best first. Only what was found is ranked: ranking all that fits would read the index of each,
        and a common word would cost the more the larger the archive is.
        """
        if is_indexed(self.model):
            slots = slots_for(search.together)
            keys = [key for (key,) in _best(self, Shape.of(self.model, search.together), keys=result.keys, **slots)]
        else:
            keys = [row.pk for row in best_first(self.model.objects.only("pk").filter(id__in=result.keys), search)]
        return Found(keys, result.size, result.more)


KINDS = {
    "articles": Kind(
        "Articles",
        Article,
        Article.objects.published,
        Article.objects.for_results,
        order="-published_at",
        filters=ArticleFilter,
        date="published_at",
        shown=is_live(now=NOW),
    ),
    "quotes": Kind(
        "Quotes",
        Quote,
        Quote.objects.public,
        Quote.objects.for_results,
        filters=QuoteFilter,
        date="said_on",
        shown=is_public(now=NOW),
    ),
    "speakers": Kind("Speakers", Speaker, Speaker.objects.public, Speaker.objects.all, order="id"),
}


def _dated(rows: QuerySet[Any], kind: Kind, from_oldest: bool) -> QuerySet[Any]:
    return rows.order_by(kind.date if from_oldest else f"-{kind.date}", "-pk")


def _best_first(rows: QuerySet[Any], shape: Shape) -> QuerySet[Any]:
    return rows.order_by(rank_in_place(shape).desc(nulls_last=True), "-pk").values_list("pk")


def _with_words(kind: Kind, shape: Shape, from_oldest: bool) -> QuerySet[Any]:
    rows = kind.model.objects.filter(pk__in=in_places(shape, LOOKED_UP + 1))
    return _dated(rows, kind, from_oldest).values_list("pk", ExpressionWrapper(kind.shown, BooleanField()))


def _one_after_another(kind: Kind, shape: Shape, from_oldest: bool, most: int) -> QuerySet[Any]:
    """The first of those with the words among the first ``LOOKED_UP``, or some more, of all that are public."""
    rows = _dated(kind.public(NOW), kind, from_oldest)
    far = max(LOOKED_UP, 20 * most)
    last, compared = (_LAST, "lte") if from_oldest else (_FIRST, "gte")
    # A date, not the rows themselves: so they are read in their order, and no further than to the last that is wanted.
    end = Coalesce(Subquery(rows.values(kind.date)[far : far + 1]), Value(last, kind.model._meta.get_field(kind.date)))
    near = rows.filter(**{f"{kind.date}__{compared}": end})
    return near.filter(matched_in_place(shape)).values_list("pk")[:most]


_looked_up = Prepared(_with_words)
_gone_through = Prepared(_one_after_another)
_all = Prepared(
    lambda kind, shape, from_oldest: _dated(
        kind.public(NOW).filter(pk__in=in_places(shape)), kind, from_oldest
    ).values_list("pk")[: MOST_FOUND + 1]
)
# Names, which have no date, are found best first.
_names = Prepared(
    lambda kind, shape: _best_first(kind.public(NOW).filter(pk__in=in_places(shape)), shape)[: MOST_FOUND + 1]
)
_best = Prepared(lambda kind, shape: _best_first(kind.model.objects.filter(pk__among=Keys("keys")), shape))
_beginning = Prepared(
    lambda kind, shape: (
        kind.public(NOW)
        .filter(pk__in=beginning_in_place(shape))
        .order_by(kind.order, "-pk")
        .values_list("pk")[: MOST_FOUND + 1]
    )
)


def _first(results: Any) -> Found:
    if isinstance(results, QuerySet):
        return _found(results.values_list("pk")[: MOST_FOUND + 1])
    return _cut([row.pk for row in results[: MOST_FOUND + 1]])


def _found(rows: Iterable[tuple[int]]) -> Found:
    return _cut([key for (key,) in rows])


def _cut(keys: list[int]) -> Found:
    return Found(keys[:MOST_FOUND], min(len(keys), MOST_FOUND), more=len(keys) > MOST_FOUND)
