"""What a search finds of each kind: keys in the order of the results, up to a bound.

PostgreSQL finds the newest rows that have the words, or the oldest (``articles.searchmatch``), and then of each whether it is
public. A word that half of the archive has would make it look up half of the archive. So only so many are looked up: where
all kinds are shown, no more than tell that there are more than a few; of one kind, as many as anyone goes through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull

from articles.filters import ArticleFilter
from articles.models import Article
from articles.prepared import NOW, Asking, Keys, Prepared
from articles.querysets import is_live
from articles.search import Search, best_first, completed, found
from articles.searchmatch import (
    Shape,
    beginning_in_place,
    begins_in_place,
    first_in_place,
    having,
    in_places,
    is_indexed,
    matched,
    rank_in_place,
    slots_for,
    unfinished,
)
from quotes.filters import QuoteFilter
from quotes.models import Quote, Speaker
from quotes.querysets import is_public

# Of the kind that is shown, and of each other.
MOST_FOUND, FEW_FOUND = 1000, 20
# Where all cannot be found among few rows, so many of the results, which are their first ones, are enough to show.
ENOUGH = 40
# Of an unfinished word that more rows have than are looked up, those are found that are among so many of the newest.
LATELY = 2000
NEWEST, OLDEST, BEST = "newest", "oldest", "best"


@dataclass(frozen=True, slots=True)
class Found:
    """``keys`` in the order of the results, up to a bound; ``more``: there are others beyond, or may be."""

    keys: list[int]
    more: bool = False

    @property
    def size(self) -> int:
        return len(self.keys)

    @property
    def count(self) -> str:
        """In words: "1000+" if there may be more."""
        return f"{self.size}{'+' if self.more else ''}"

    def few(self) -> Found:
        """The same up to the lower bound."""
        return Found(self.keys[:FEW_FOUND], self.more or self.size > FEW_FOUND)


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

    def find(self, search: Search, narrowing: Mapping[str, str], sort: str) -> Asking[Found]:
        """Those with the words, of which ``search`` has some."""
        from_oldest = sort == OLDEST
        if is_indexed(self.model) and not any(narrowing.values()):
            result = yield from self._indexed(search, from_oldest, MOST_FOUND, MOST_FOUND)
        else:
            result = self._narrowed(search, narrowing, from_oldest)
        return self._ranked(result, search) if sort == BEST and self.date else result

    def find_few(self, search: Search, wanted: int) -> Asking[Found]:
        """The newest with the words, up to the lower bound; at least so many, if there are."""
        if is_indexed(self.model):
            result = yield from self._indexed(search, False, FEW_FOUND, wanted)
        else:
            result = self._narrowed(search, {}, False)
        return result.few()

    def _indexed(self, search: Search, from_oldest: bool, most: int, wanted: int) -> Asking[Found]:
        if self.date:
            result = yield from self._by_date(search, from_oldest, most, wanted)
        else:
            result = _found(
                (yield _names.of(self, Shape.of(self.model, search.together), **slots_for(search.together)))
            )
        if result.size or not self.order:
            return result
        return (yield from self.begun(search, most))

    def begun(self, search: Search, most: int) -> Asking[Found]:
        """Of a kind that has an ``order``: those whose name has the words, the last of them perhaps unfinished."""
        if not is_indexed(self.model):
            return _first(completed(self.model.objects.only("pk"), self.public(), search, self.order), most)
        typed = [unfinished(search.words)]
        asked, looked_up = Shape.of(self.model, typed), _looked_up_for(MOST_FOUND)
        rows = yield _beginning.of(self, asked, looked_up + 1, **slots_for(typed))
        if len(rows) > looked_up and self.date:
            return Found([key for (key,) in (yield _begun_lately.of(self, asked, most, **slots_for(typed)))], more=True)
        result = _cut([key for key, is_shown in rows if is_shown], most)
        return Found(result.keys, result.more or len(rows) > looked_up)

    def _by_date(self, search: Search, from_oldest: bool, most: int, wanted: int) -> Asking[Found]:
        asked = self, Shape.of(self.model, search.together), from_oldest
        slots, looked_up = slots_for(search.together), _looked_up_for(most)
        rows = yield _with_words.of(*asked, looked_up + 1, **slots)
        keys = [key for key, is_shown in rows if is_shown]
        # An entry or two of the index may have no row: then there are fewer rows than were looked up.
        if len(rows) < looked_up:
            return _cut(keys, most)
        if len(keys) >= wanted:
            return Found(keys[:most], more=True)
        return _found((yield _all.of(*asked, most, **slots)), most)

    def _narrowed(self, search: Search, narrowing: Mapping[str, str], from_oldest: bool) -> Found:
        public, order = self.public(), None
        if self.filters:
            chosen = self.filters(narrowing, queryset=public)
            if not chosen.is_valid():
                return Found([])
            public, order = chosen.qs, self.date if from_oldest else f"-{self.date}"
        if is_indexed(self.model):
            result = self._indexed_among(_dated(public, self, from_oldest), search, from_oldest)
        else:
            result = _first(found(self.model.objects.only("pk"), public, search, order))
        if result.size or not self.order:
            return result
        return _first(completed(self.model.objects.only("pk"), public, search, self.order))

    def _indexed_among(self, rows: QuerySet[Any], search: Search, from_oldest: bool) -> Found:
        """Of ``rows``, which are public and in order: those that are among the few with the words, or have the words,
        if they themselves are few. Where neither are few, the first ones are enough, if they are; else the database has
        to see.
        """
        phrases, looked_up = search.together, _looked_up_for(MOST_FOUND)
        shape = Shape.of(self.model, phrases)
        with_words = _newest_with_words(self, shape, from_oldest, looked_up + 1, phrases)
        first = list(with_words.values_list("pk", _is_among(rows)))
        result = _cut([key for key, is_narrowed in first if is_narrowed])
        if len(first) <= looked_up:
            return result
        if result.size < ENOUGH:
            near = list(rows.values_list("pk", matched(self.model, phrases))[: looked_up + 1])
            result = _cut([key for key, has_words in near if has_words])
            if len(near) <= looked_up:
                return result
        if result.size < ENOUGH:
            return _found(rows.filter(pk__in=having(self.model, [phrases])).values_list("pk")[: MOST_FOUND + 1])
        return Found(result.keys, more=True)

    def _ranked(self, result: Found, search: Search) -> Found:
        """The same, best first. Only what was found is ranked: ranking all that fits would read the index of each,
        and a common word would cost the more the larger the archive is.
        """
        if is_indexed(self.model):
            slots = slots_for(search.together)
            keys = [key for (key,) in _best(self, Shape.of(self.model, search.together), keys=result.keys, **slots)]
        else:
            keys = [row.pk for row in best_first(self.model.objects.only("pk").filter(id__in=result.keys), search)]
        return Found(keys, result.more)


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


def _newest_with_words(
    kind: Kind, shape: Shape, from_oldest: bool, most: int, phrases: Sequence[str] | None = None
) -> QuerySet[Any]:
    keys = first_in_place(shape, most, from_oldest=from_oldest, phrases=phrases)
    return _dated(kind.model.objects.filter(pk__in=keys), kind, from_oldest)


def _is_among(rows: QuerySet[Any]) -> IsNull:
    """Whether a row is among others, looked up for one row after the other."""
    return IsNull(Subquery(rows.filter(pk=OuterRef("pk")).order_by().values("pk")[:1]), False)


_with_words = Prepared(
    lambda kind, *asked: _newest_with_words(kind, *asked).values_list(
        "pk", ExpressionWrapper(kind.shown, BooleanField())
    )
)
_all = Prepared(
    lambda kind, shape, from_oldest, most: _dated(
        kind.public(NOW).filter(pk__in=in_places(shape)), kind, from_oldest
    ).values_list("pk")[: most + 1]
)
# Names, which have no date, are found best first.
_names = Prepared(
    lambda kind, shape: _best_first(kind.public(NOW).filter(pk__in=in_places(shape)), shape)[: MOST_FOUND + 1]
)
_best = Prepared(lambda kind, shape: _best_first(kind.model.objects.filter(pk__among=Keys("keys")), shape))
_beginning = Prepared(
    lambda kind, shape, most: (
        kind.model.objects.filter(pk__in=beginning_in_place(shape, most))
        .order_by(kind.order, "-pk")
        .values_list(
            "pk", IsNull(Subquery(kind.public(NOW).filter(pk=OuterRef("pk")).order_by().values("pk")[:1]), False)
        )
    )
)


def _begun_of_newest(kind: Kind, shape: Shape, most: int) -> QuerySet[Any]:
    public = _dated(kind.public(NOW), kind, False)
    since = Subquery(public.values(kind.date)[LATELY - 1 : LATELY])
    near = public.filter(**{f"{kind.date}__gte": Coalesce(since, Value(datetime.min.replace(tzinfo=UTC)))})
    return near.filter(begins_in_place(shape)).values_list("pk")[:most]


_begun_lately = Prepared(_begun_of_newest)


def _first(results: Any, most: int | None = None) -> Found:
    most = most or MOST_FOUND
    if isinstance(results, QuerySet):
        return _found(results.values_list("pk")[: most + 1], most)
    return _cut([row.pk for row in results[: most + 1]], most)


def _found(rows: Iterable[tuple[int]], most: int | None = None) -> Found:
    return _cut([key for (key,) in rows], most)


def _cut(keys: list[int], most: int | None = None) -> Found:
    most = most or MOST_FOUND
    return Found(keys[:most], len(keys) > most)


def _looked_up_for(most: int) -> int:
    """So many have to be looked up for this many public ones, if one in five is not."""
    return most + most // 4
