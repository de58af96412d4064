"""What a search finds of each kind: keys in the order of the results, up to a bound.

PostgreSQL finds the newest rows that have the words, or the oldest (``articles.searchmatch``), and then of each whether it is
public. A word that half of the archive has would make it look up half of the archive. So only so many are looked up: where
all kinds are shown, no more than tell that there are more than a few; of one kind, as many as anyone goes through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from django.db.models import (
    BooleanField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull

from articles.filters import ArticleFilter
from articles.models import Article
from articles.prepared import NOW, Asking, Keys, Prepared
from articles.querysets import is_live
from articles.search import Search, begun, best_first, completed, found, found_or_completed
from articles.searchmatch import (
    Shape,
    beginning_among,
    beginning_in_place,
    begins,
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
from newsroom.searchfound import Found
from quotes.filters import QuoteFilter
from quotes.models import Quote, Speaker
from quotes.querysets import is_public

# Of the kind that is shown, and of each other.
MOST_FOUND, FEW_FOUND = 1000, 10
# Where all cannot be found among few rows, so many of the results, which are their first ones, are enough to show.
ENOUGH = 40
# Of an unfinished word that more rows have than are looked up, those are found that are among so many of the newest.
LATELY = 2000
# By what name queries are given what a last word begins with.
BEGUN = "begun"
NEWEST, OLDEST, BEST = "newest", "oldest", "best"


@dataclass(frozen=True, slots=True)
class Kind:
    """``public`` are those that may be found, ``rows`` has what a result shows.

    ``filters`` and ``date``: what its results are narrowed and sorted by, and ``shown`` the condition of ``public``;
    none for names.
    """

    label: str
    model: Any
    public: Callable[..., Any]
    rows: Callable[[], Any]
    filters: Any = None
    date: str = ""
    shown: Callable[..., Q] = Q

    def find(self, search: Search, narrowing: Mapping[str, str], sort: str) -> Asking[Found]:
        """Those with the words, of which ``search`` has some. Where there are none, the last word may be unfinished."""
        from_oldest = sort == OLDEST
        if is_indexed(self.model) and not any(narrowing.values()):
            result = yield from self._indexed(search, from_oldest, MOST_FOUND, MOST_FOUND)
        else:
            result = self._narrowed(search, narrowing, from_oldest)
        is_to_rank = sort == BEST and self.date and not result.begun
        return self._ranked(result, search) if is_to_rank else result

    def find_few(self, search: Search, wanted: int) -> Asking[Found]:
        """The newest with the whole words, up to the lower bound, and at least so many, if there are; names as ``find`` does."""
        if not is_indexed(self.model):
            return self._looked_for_among(self.public(), search, False).few(FEW_FOUND)
        if self.date:
            return (yield from self._by_date(search, False, FEW_FOUND, wanted)).few(FEW_FOUND)
        return (yield from self._named(search)).few(FEW_FOUND)

    def begin_few(self, search: Search) -> Asking[Found]:
        """Of a kind with dates, of which nothing has the whole words: those that ``find`` finds then, up to the lower bound."""
        if not is_indexed(self.model):
            return self._begun_looked_for(self.public(), search, False).few(FEW_FOUND)
        return (yield from self._unfinished(search, False, FEW_FOUND)).few(FEW_FOUND)

    def begun(self, search: Search, most: int) -> Asking[Found]:
        """Those whose name has the words, the last of them perhaps unfinished; of a kind that has names."""
        if is_indexed(self.model):
            return (yield from self._begun(search.words, False, most, anywhere=False))
        return _first(completed(self.model.objects.only("pk"), self.public(), search, self._order(False)), most)

    @property
    def _has_names(self) -> bool:
        return bool(self.model.get_autocomplete_search_fields())

    def end_of_dates(self, from_oldest: bool) -> date | datetime:
        """What no date is behind, in that order; of a kind that has dates."""
        end = datetime.max.replace(tzinfo=UTC) if from_oldest else datetime.min.replace(tzinfo=UTC)
        return end if isinstance(self.model._meta.get_field(self.date), DateTimeField) else end.date()

    def _order(self, from_oldest: bool) -> str:
        return f"{'' if from_oldest else '-'}{self.date}" if self.date else "id"

    def _indexed(self, search: Search, from_oldest: bool, most: int, wanted: int) -> Asking[Found]:
        if not self.date:
            return (yield from self._named(search))
        result = yield from self._by_date(search, from_oldest, most, wanted)
        return result if result.size else (yield from self._unfinished(search, from_oldest, most))

    def _named(self, search: Search) -> Asking[Found]:
        """Names with the whole words, or else with the last one unfinished, if it stands in no phrase."""
        shape, slots = Shape.of(self.model, search.together), slots_for(search.together)
        if search.ends_in_phrase:
            rows = yield _whole_names.of(self, shape, **slots)
        else:
            typed = unfinished(search.together)
            rows = yield _names.of(self, shape, Shape.of(self.model, typed), **slots, **slots_for(typed, BEGUN))
        return _cut([key for key, is_shown, _is_of_many in rows if is_shown])

    def _beginning(self, search: Search) -> tuple[list[str], bool] | None:
        """Of a kind with dates: what is to be looked for where no whole words are found, and whether that is anywhere or in
        names alone, if in these.
        """
        if search.may_go_on:
            return search.together, True
        return (search.together, False) if self._has_names and not search.ends_in_phrase else None

    def _unfinished(self, search: Search, from_oldest: bool, most: int) -> Asking[Found]:
        beginning = self._beginning(search)
        if beginning is None:
            return Found([])
        phrases, anywhere = beginning
        return (yield from self._begun(phrases, from_oldest, most, anywhere=anywhere))

    def _begun(self, phrases: Sequence[str], from_oldest: bool, most: int, *, anywhere: bool) -> Asking[Found]:
        """Where more begin so than are looked up, those among the newest, or the oldest, if they have dates."""
        typed, looked_up = unfinished(phrases), _looked_up_for(MOST_FOUND)
        asked = self, Shape.of(self.model, typed), anywhere, from_oldest, looked_up, most
        rows = yield (_dated_begun if self.date else _begun).of(*asked, **slots_for(typed, BEGUN))
        keys = [key for key, is_shown, _is_of_many in rows if is_shown]
        are_more = len(keys) > most or len(rows) > looked_up or any(is_of_many for *_, is_of_many in rows)
        return Found(keys[:most], are_more, begun=True)

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
        if not self.filters:
            rows = self.public()
        else:
            chosen = self.filters(narrowing, queryset=self.model.objects.all())
            if not chosen.is_valid():
                return Found([])
            if is_indexed(self.model):
                return self._indexed_among(_dated(chosen.qs, self, from_oldest), search, from_oldest)
            rows = chosen.qs.filter(self.shown())
        result = self._looked_for_among(rows, search, from_oldest)
        return result if result.size or not self.date else self._begun_looked_for(rows, search, from_oldest)

    def _looked_for_among(self, rows: QuerySet[Any], search: Search, from_oldest: bool) -> Found:
        """Of ``rows``, which are public, those with the words; of names that lack them, those that begin so."""
        own = self.model.objects.only("pk")
        if not self.date and not search.ends_in_phrase:
            return _cut(found_or_completed(own, rows, search, MOST_FOUND + 1))
        return _first(found(own, rows, search, self._order(from_oldest) if self.date else None))

    def _begun_looked_for(self, rows: QuerySet[Any], search: Search, from_oldest: bool) -> Found:
        """Of ``rows``, which are public and have dates, those that begin so; none where any row at all has the whole words."""
        own, order, beginning = self.model.objects.only("pk"), self._order(from_oldest), self._beginning(search)
        if beginning is None:
            return Found([])
        _phrases, anywhere = beginning
        results = (begun if anywhere else completed)(own, rows, search, order).get_queryset()
        any_whole = found(own, self.public(), search, order).get_queryset()
        return replace(_first(results.filter(~Exists(any_whole))), begun=True)

    def _indexed_among(self, chosen: QuerySet[Any], search: Search, from_oldest: bool) -> Found:
        """Of the public ones among ``chosen``, which are in order: those among the few with the words, or that have the words,
        if they themselves are few. Where neither are few, the first ones are enough, if they are; else the database has to see.
        """
        rows = chosen.filter(self.shown())
        phrases, looked_up = search.together, _looked_up_for(MOST_FOUND)
        shape = Shape.of(self.model, phrases)
        first = _with_words(self, shape, from_oldest, looked_up + 1, **slots_for(phrases))
        keys = [key for key, is_shown in first if is_shown]
        if not keys:
            return self._begun_among(rows, search)
        # They are public: that was looked up with the words, and is not again.
        result = _found(chosen.filter(pk__among=keys).values_list("pk")[: MOST_FOUND + 1])
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

    def _begun_among(self, rows: QuerySet[Any], search: Search) -> Found:
        """Of ``rows``, which are in order: those among the few that begin so, or those among the first that do."""
        beginning = self._beginning(search)
        if beginning is None:
            return Found([])
        phrases, anywhere = beginning
        typed, looked_up = unfinished(phrases), _looked_up_for(MOST_FOUND)
        few = beginning_among(self.model, typed, anywhere=anywhere)[: looked_up + 1]
        in_order = self.model.objects.filter(pk__in=few).order_by(*rows.query.order_by)
        first = list(in_order.values_list("pk", _is_among(rows)))
        if len(first) > looked_up:
            first = list(rows.values_list("pk", begins(self.model, typed, anywhere=anywhere))[: looked_up + 1])
        result = _cut([key for key, is_found in first if is_found])
        return Found(result.keys, result.more or len(first) > looked_up, begun=True)

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
        filters=ArticleFilter,
        date="published_at",
        shown=is_live,
    ),
    "quotes": Kind(
        "Quotes",
        Quote,
        Quote.objects.public,
        Quote.objects.for_results,
        filters=QuoteFilter,
        date="said_on",
        shown=is_public,
    ),
    "speakers": Kind("Speakers", Speaker, Speaker.objects.public, partial(Speaker.objects.for_results, NOW)),
}


def whole_first(found: Mapping[str, Found]) -> dict[str, Found]:
    """What was found of several kinds: where anything with a date has the whole words, nothing that only begins so."""
    is_whole = any(each.size and not each.begun for name, each in found.items() if KINDS[name].date)
    return {name: Found([]) if is_whole and each.begun else each for name, each in found.items()}


def _dated(rows: QuerySet[Any], kind: Kind, from_oldest: bool) -> QuerySet[Any]:
    return rows.order_by(kind.date if from_oldest else f"-{kind.date}", "-pk")


def _in_order(rows: QuerySet[Any], kind: Kind, from_oldest: bool) -> QuerySet[Any]:
    return _dated(rows, kind, from_oldest) if kind.date else rows.order_by("pk")


def _ranked(rows: QuerySet[Any], shape: Shape) -> QuerySet[Any]:
    return rows.order_by(rank_in_place(shape).desc(nulls_last=True), "-pk")


def _newest_with_words(kind: Kind, shape: Shape, from_oldest: bool, most: int) -> QuerySet[Any]:
    keys = first_in_place(shape, most, from_oldest=from_oldest)
    return _dated(kind.model.objects.filter(pk__in=keys), kind, from_oldest)


def _is_among(rows: QuerySet[Any]) -> IsNull:
    """Whether a row is among others, looked up for one row after the other."""
    return IsNull(Subquery(rows.filter(pk=OuterRef("pk")).order_by().values("pk")[:1]), False)


_with_words = Prepared(
    lambda kind, *asked: _newest_with_words(kind, *asked).values_list(
        "pk", ExpressionWrapper(kind.shown(now=NOW), BooleanField())
    )
)
_all = Prepared(
    lambda kind, shape, from_oldest, most: _dated(
        kind.public(NOW).filter(pk__in=in_places(shape)), kind, from_oldest
    ).values_list("pk")[: most + 1]
)
_best = Prepared(
    lambda kind, shape: _ranked(kind.model.objects.filter(pk__among=Keys("keys")), shape).values_list("pk")
)


def _few_begun(
    kind: Kind, shape: Shape, anywhere: bool, from_oldest: bool, looked_up: int, _most: int
) -> QuerySet[Any]:
    """Of those that begin so, as many as are looked up: (key, whether it is public, whether they are of many)."""
    keys = beginning_in_place(shape, BEGUN, anywhere=anywhere)[: looked_up + 1]
    rows = _in_order(kind.model.objects.filter(pk__in=keys), kind, from_oldest)
    return rows.values_list("pk", _is_among(kind.public(NOW)), Value(False))


def _begun_of_dated(
    kind: Kind, shape: Shape, anywhere: bool, from_oldest: bool, looked_up: int, most: int
) -> QuerySet[Any]:
    """The same where those are all, and else the public ones among ``LATELY``."""
    are_many = Exists(beginning_in_place(shape, BEGUN, anywhere=anywhere)[looked_up : looked_up + 1])
    few = _few_begun(kind, shape, anywhere, from_oldest, looked_up, most).filter(~are_many)
    public = _dated(kind.public(NOW), kind, from_oldest)
    last = Subquery(public.values(kind.date)[LATELY - 1 : LATELY])
    # Of fewer rows all are near.
    end = kind.end_of_dates(from_oldest)
    near = {f"{kind.date}__{'lte' if from_oldest else 'gte'}": Coalesce(last, Value(end))}
    rows = public.filter(are_many, begins_in_place(shape, BEGUN, anywhere=anywhere), **near)
    return few[:looked_up].union(rows.values_list("pk", Value(True), Value(True))[:most], all=True)


_begun, _dated_begun = Prepared(_few_begun), Prepared(_begun_of_dated)


def _whole_or_begun(kind: Kind, shape: Shape, begun_shape: Shape) -> QuerySet[Any]:
    """Of names, which have no date, best first; where none has the whole words, those that begin so. In one query: where all
    kinds are looked through for beginnings there are many.
    """
    whole = kind.public(NOW).filter(pk__in=in_places(shape))
    few = _few_begun(kind, begun_shape, False, False, _looked_up_for(MOST_FOUND), MOST_FOUND).filter(~Exists(whole))
    return _whole_of_names(kind, shape).union(few[: _looked_up_for(MOST_FOUND)], all=True)


def _whole_of_names(kind: Kind, shape: Shape) -> QuerySet[Any]:
    best = _ranked(kind.public(NOW).filter(pk__in=in_places(shape)), shape)
    return best.values_list("pk", Value(True), Value(False))[: MOST_FOUND + 1]


_names, _whole_names = Prepared(_whole_or_begun), Prepared(_whole_of_names)


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
