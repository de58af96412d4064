"""Which rows have the words, by the index that PostgreSQL keeps of them.

The search library joins the entries of its index by keys as text, and sorts what it then has: asked for the newest, it reads
every row of the kind. Here the keys of what matches are found first, by the index of the kind over title and body
(``articles.wordindex``), in the time that the matches take and not the archive.

Prepared queries are of a ``Shape``: the key of the kind stands in their text, for PostgreSQL chooses the index by it.
"""

# ruff: noqa: S608 - names of tables, columns and kinds, and nothing that anyone typed

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import and_, or_
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVectorField
from django.db import connections, router
from django.db.models import (
    BigIntegerField,
    BooleanField,
    CharField,
    ExpressionWrapper,
    F,
    Func,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Coalesce
from modelsearch.backends import get_search_backend
from modelsearch.models import IndexEntry

from articles import wordindex
from articles.prepared import Slot


class _Matches(Func):
    template = "(%(expressions)s)"
    arg_joiner = " @@ "
    output_field = BooleanField()


# So many are put in order sooner than they are found month by month; and so many months are looked through before that.
_FEW, _NEAR = 1000, 2
# What slots are called that have no name of their own.
_WORD = "word"
# The configuration of PostgreSQL's that takes words as they are.
_AS_TYPED = "simple"


class Shape(NamedTuple):
    """What a prepared query has to know besides the words: the kind of rows and its key, how many phrases there are, and
    whether one has several words.
    """

    model: type[Model]
    content_type: int
    phrases: int
    has_several: bool

    @classmethod
    def of(cls, model: type[Model], phrases: Sequence[str]) -> Shape:
        return cls(model, _key(model), len(phrases), _has_several(phrases))

    @property
    def slots(self) -> list[list[Slot]]:
        """Of one choice of phrases."""
        return [self.slots_named(_WORD)]

    def slots_named(self, name: str) -> list[Slot]:
        """Of phrases that are given by a name of their own."""
        return [Slot(f"{name}{number}", TextField()) for number in range(self.phrases)]


class _Indexed(Func):
    """The words of an entry as the index of the kind has them."""

    def __init__(self, model: type[Model]) -> None:
        super().__init__(F("body"), output_field=SearchVectorField())
        self.model = model

    def as_sql(self, compiler: Any, connection: Any, **_more: Any) -> tuple[str, list[Any]]:
        [body] = self.get_source_expressions()
        return wordindex.words(self.model, compiler.quote_name_unless_alias(body.alias)), []


_WORDS = F("title")._combine(F("body"), "||", False)


def is_indexed(model: type[Model]) -> bool:
    """Whether the functions here know; else the library has to look."""
    return connections[router.db_for_read(model)].vendor == "postgresql"


def in_places(shape: Shape) -> QuerySet:
    """``having``, for a prepared query: keys of rows that have the phrases, which are given by ``slots_for``."""
    return _with_words(shape.slots, shape.model, shape.has_several)


def first_in_place(shape: Shape, most: int, *, from_oldest: bool) -> RawSQL:
    """Keys of the newest rows that have the phrases, or of the oldest, at most so many; of a kind that has dates.

    A word that many rows have is found in the last months, where a few are wanted. Else, up to ``_FEW`` that have the words,
    or as many as are wanted, are put in order, and of more one month after the other is looked through. Where words have to
    stand side by side, which few do, that is looked up last, of one after the other, where its entry lies in the table.
    """
    table, config = IndexEntry._meta.db_table, get_search_backend().config
    slots = shape.slots[0]
    words, stand_together = (
        _asked(function, len(slots), config) for function in ("plainto_tsquery", "phraseto_tsquery")
    )
    entries = (
        f"SELECT own.ctid AS place, own.object_id::bigint AS key, own.dated FROM {table} AS own "
        f"WHERE own.content_type_id = {shape.content_type} AND {wordindex.words(shape.model, 'own')} @@"
    )
    start, end, step, order = ("first", "last", 1, "ASC") if from_oldest else ("last", "first", -1, "DESC")
    in_order, at_most, stand = f"ORDER BY dated {order}, key {order}", f"LIMIT {most}", ""
    at_once = max(_FEW, most)
    near = 0 if shape.has_several or most > _FEW else _NEAR
    if shape.has_several:
        at_most = ""
        stand = (
            f"WHERE (SELECT own.body @@ (SELECT phrases FROM asked) OR (own.title || own.body) @@ "
            f"(SELECT phrases FROM asked) FROM {table} AS own WHERE own.ctid = entry.place)"
        )
    of_month = f"{entries} ((SELECT words FROM asked) && ({wordindex.word_of('month')})::tsquery) {in_order} {at_most}"
    month_by_month = f"CROSS JOIN LATERAL ({of_month}) AS entry {stand} LIMIT {most}"
    is_left = f"(SELECT count(*) FROM near) < {most}"
    return RawSQL(  # noqa: S611 - names and numbers
        # Under a name of their own, the words are read once, and not once for each row.
        f"WITH asked AS MATERIALIZED (SELECT {words} AS words, {stand_together} AS phrases), "
        f"span AS MATERIALIZED ({wordindex.months(shape.model)}), "
        f"near AS MATERIALIZED (SELECT entry.key FROM span, "
        f"generate_series({start}, {start} + {step * (near - 1)}, {step}) AS month {month_by_month}), "
        f"few AS MATERIALIZED ({entries} (SELECT words FROM asked) LIMIT {at_once + 1}), "
        f"size AS MATERIALIZED (SELECT count(*) AS of_few FROM few), "
        f"months AS (SELECT month FROM span, generate_series({start}, {end}, {step}) AS month "
        f"WHERE {is_left} AND (SELECT of_few FROM size) > {at_once}) "
        f"SELECT key FROM near WHERE NOT {is_left} UNION ALL "
        f"(SELECT entry.key FROM (SELECT * FROM few WHERE {is_left} AND (SELECT of_few FROM size) <= {at_once} "
        f"{in_order} {at_most}) AS entry {stand} LIMIT {most}) UNION ALL "
        f"(SELECT entry.key FROM months {month_by_month})",
        [*slots, *slots],
    )


def _asked(function: str, phrases: int, config: str | None) -> str:
    """SQL for so many phrases, all of them, with a place for each."""
    each = f"{function}('{config}'::regconfig, %s)" if config else f"{function}(%s)"
    return " && ".join([each] * phrases)


def beginning_in_place(shape: Shape, name: str, *, anywhere: bool) -> QuerySet:
    """``beginning_among``, for a prepared query, in the same way: what was typed is given under a name."""
    return beginning_among(shape.model, shape.slots_named(name), anywhere=anywhere)


def begins_in_place(shape: Shape, name: str, *, anywhere: bool) -> Any:
    """``begins``, for a prepared query, in the same way."""
    return begins(shape.model, shape.slots_named(name), anywhere=anywhere)


def rank_in_place(shape: Shape) -> Any:
    """``rank``, for a prepared query, in the same way."""
    return _rank(shape.slots, shape.model)


def slots_for(phrases: Sequence[str], name: str = _WORD) -> dict[str, Any]:
    """What fills the slots."""
    return {f"{name}{number}": phrase for number, phrase in enumerate(phrases)}


def having(model: type[Model], choices: Sequence[Sequence[str]]) -> QuerySet | None:
    """Keys of the rows that have each phrase of one of the choices, as a query; None where the library has to look."""
    if not is_indexed(model):
        return None
    has_several = any(map(_has_several, choices))
    return _with_words(choices, model, has_several)


def are_more(model: type[Model], phrases: Sequence[str], than: int) -> bool:
    """Whether more rows than so many have all the phrases; False where the library has to look."""
    keys = having(model, [phrases])
    return keys is not None and keys[: than + 1].count() > than


def matched(model: type[Model], phrases: Sequence[str]) -> Any:
    """Whether a row has all the phrases, looked up for one row after the other: of few rows."""
    return _of_entry(model, _Matches(_WORDS, _query([phrases], get_search_backend().config, "phrase")))


def rank(model: type[Model], phrases: Sequence[str]) -> Any:
    """How well a row matches all the phrases, as the library weighs it: to order by."""
    return _rank([phrases], model)


def beginning(model: type[Model], words: tuple[str, ...]) -> QuerySet | None:
    """Keys of the rows whose name has the words (letters and digits), the last perhaps unfinished; None as above."""
    if not is_indexed(model):
        return None
    return beginning_among(model, unfinished(words), anywhere=False)


def beginning_among(model: type[Model], typed: Sequence[Any], *, anywhere: bool) -> QuerySet:
    """Keys of rows whose name has what was typed (see ``unfinished``), or ``anywhere`` in their words.

    The index reads all that begins so, but keys alone: of how many a row is looked up, a slice of this says.
    """
    entries = IndexEntry._default_manager.filter(content_type=_key(model))
    return _keys(entries.filter(_begun(model, typed, _Indexed(model) if anywhere else None)))


def begins(model: type[Model], typed: Sequence[Any], *, anywhere: bool) -> Any:
    """Whether a row is among those of ``beginning_among``, looked up for one row after the other."""
    return _of_entry(model, _begun(model, typed, _WORDS if anywhere else None))


def unfinished(phrases: Sequence[str]) -> list[str]:
    """The phrases, the last of which is one word, and is written as PostgreSQL reads the beginning of one."""
    *others, last = phrases
    return [*others, f"'{last}':*"]


def _key(model: type[Model]) -> int:
    return ContentType.objects.get_for_model(model).pk


def _entry(model: type[Model]) -> QuerySet:
    """The index entry of a row."""
    key = Cast(OuterRef("pk"), CharField(max_length=50))
    return IndexEntry._default_manager.filter(content_type=_key(model), object_id=key)


def _of_entry(model: type[Model], found: Any) -> Any:
    """What is true of the index entry of a row; false where it has none."""
    return Coalesce(Subquery(_entry(model).annotate(found=found).values("found")[:1]), Value(False))


def _rank(choices: Sequence[Sequence[Any]], model: type[Model]) -> Any:
    from modelsearch.backends.database.postgres.weights import get_sql_weights

    wanted = _query(choices, get_search_backend().config, "phrase")
    rank = SearchRank(F("title"), wanted, weights=get_sql_weights()) * F("title_norm")
    rank += SearchRank(F("body"), wanted, weights=get_sql_weights())
    return Subquery(_entry(model).annotate(rank=rank).values("rank")[:1])


def _has_several(phrases: Sequence[str]) -> bool:
    return any(" " in phrase for phrase in phrases)


def _with_words(choices: Sequence[Sequence[Any]], model: type[Model], has_several: bool) -> QuerySet:
    """The index knows what has the words, but not where they stand. That is looked up, mostly in the body alone: to put it
    together with the title takes as long as to look.
    """
    config = get_search_backend().config
    entries = IndexEntry._default_manager.filter(content_type=_key(model)).annotate(words=_Indexed(model))
    entries = entries.filter(words=_query(choices, config, "plain"))
    if has_several:
        phrases = _query(choices, config, "phrase")
        entries = entries.annotate(texts=_WORDS).filter(Q(body=phrases) | Q(texts=phrases))
    return _keys(entries)


def _begun(model: type[Model], typed: Sequence[Any], words: Any = None) -> Any:
    """Whether the name of an entry has what was typed, or its ``words``, if these are given.

    Names are looked at in both cases: there words have their endings, which what is typed may reach into.
    """
    backend, (*others, last) = get_search_backend(), typed
    # Not as the words of texts are read: of what may be no whole word no ending is to be cut.
    beginning = SearchQuery(last, config=_AS_TYPED, search_type="raw")

    def matches(texts: Any, config: str | None) -> Q:
        return Q(_Matches(texts, _query([others], config, "phrase") & beginning if others else beginning))

    among = [matches(words, backend.config)] if words is not None else []
    if model.get_autocomplete_search_fields():
        among.append(matches(F("autocomplete"), backend.autocomplete_config))
    return ExpressionWrapper(reduce(or_, among), BooleanField())


def _keys(entries: QuerySet) -> QuerySet:
    return entries.values(key=Cast("object_id", BigIntegerField()))


def _query(choices: Sequence[Sequence[Any]], config: str | None, kind: str) -> Any:
    """Each phrase of one of the choices."""
    each: list[Any] = [
        reduce(and_, (SearchQuery(query, config=config, search_type=kind) for query in queries)) for queries in choices
    ]
    return reduce(or_, each)
