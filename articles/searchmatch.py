"""Which rows have the words, by the index that PostgreSQL keeps of them.

The search library joins the entries of its index by keys as text, and sorts what it then has: asked for the newest, it reads
every row of the kind. Here the keys of what matches are found first, by the index over title and body, in the time that
the matches take and not the archive.

The entries of all kinds share the index, and what matches is told apart by kind row by row: to look up in the index whether
a row is of a kind takes it as long as to read some. But of a kind of which there are few beside the others (its model says
``is_few_in_search``), a common word would have it read nothing but others; so the index has the kind as one more word.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import and_, or_
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVectorField
from django.db import connections, router
from django.db.models import (
    BigIntegerField,
    BooleanField,
    CharField,
    F,
    Func,
    IntegerField,
    Model,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Cast, Coalesce
from modelsearch.backends import get_search_backend
from modelsearch.models import IndexEntry

from articles.prepared import Slot


class _Kind(Func):
    """The word that an index entry has for its kind (see migration 0013): no word of a text holds a space."""

    template = "array_to_tsvector(ARRAY['kind ' || (%(expressions)s)::text])"
    output_field = SearchVectorField()


class _OfKind(SearchQuery):
    """A search for that word, ``'kind 15'``."""

    template = "(%(expressions)s)::tsquery"


class _Matches(Func):
    template = "(%(expressions)s)"
    arg_joiner = " @@ "
    output_field = BooleanField()


def _kind_word(content_type: int) -> str:
    return f"'kind {content_type}'"


_KIND = "kind"
_CONTENT_TYPE = "content_type"
# As the index has it.
_TEXT = F("title")._combine(F("body"), "||", False)
_WORDS = CombinedExpression(_TEXT, "||", _Kind(F("content_type_id")))


def is_indexed(model: type[Model]) -> bool:
    """Whether the functions here know; else the library has to look."""
    return connections[router.db_for_read(model)].vendor == "postgresql"


def in_places(model: type[Model], words: int, most: int | None = None) -> QuerySet:
    """``having``, for a prepared query: keys of rows that have so many phrases, which are given by ``slots_for``.

    At most so many keys, whichever.
    """
    return _with_words(model, _phrases(words), Slot(_CONTENT_TYPE, IntegerField()), Slot(_KIND, TextField()))[:most]


def beginning_in_place() -> QuerySet:
    """``beginning``, for a prepared query, in the same way."""
    return _beginning(Slot("word0", TextField()), Slot(_CONTENT_TYPE, IntegerField()))


def matched_in_place(words: int) -> Any:
    """``matched``, for a prepared query, in the same way."""
    return _matched(_phrases(words), Slot(_CONTENT_TYPE, IntegerField()))


def rank_in_place(words: int) -> Any:
    """``rank``, for a prepared query, in the same way."""
    return _rank(_phrases(words), Slot(_CONTENT_TYPE, IntegerField()))


def slots_for(model: type[Model], phrases: Sequence[str]) -> dict[str, Any]:
    """What fills the slots: which rows are meant, and the phrases."""
    kind = ContentType.objects.get_for_model(model).pk
    return {_CONTENT_TYPE: kind, _KIND: _kind_word(kind)} | {f"word{n}": phrase for n, phrase in enumerate(phrases)}


def having(model: type[Model], choices: Sequence[Sequence[str]]) -> QuerySet | None:
    """Keys of the rows that have each phrase of one of the choices, as a query; None where the library has to look."""
    if not is_indexed(model):
        return None
    kind = ContentType.objects.get_for_model(model).pk
    return _with_words(model, choices, kind, Value(_kind_word(kind)))


def matched(model: type[Model], phrases: Sequence[str]) -> Any:
    """Whether a row has all the phrases, looked up for one row after the other: of few rows."""
    return _matched([phrases], ContentType.objects.get_for_model(model).pk)


def rank(model: type[Model], phrases: Sequence[str]) -> Any:
    """How well a row matches all the phrases, as the library weighs it: to order by."""
    return _rank([phrases], ContentType.objects.get_for_model(model).pk)


def beginning(model: type[Model], words: tuple[str, ...]) -> QuerySet | None:
    """Keys of the rows whose name has the words (letters and digits), the last perhaps unfinished; None as above."""
    if not is_indexed(model):
        return None
    return _beginning(unfinished(words), ContentType.objects.get_for_model(model).pk)


def unfinished(words: Sequence[str]) -> str:
    """The words as PostgreSQL reads a search, the last of them as the beginning of one."""
    return " & ".join(f"'{word}'" for word in words) + ":*"


def _phrases(words: int) -> list[list[Slot]]:
    return [[Slot(f"word{n}", TextField()) for n in range(words)]]


def _entry(content_type: Any) -> QuerySet:
    """The index entry of a row."""
    key = Cast(OuterRef("pk"), CharField(max_length=50))
    return IndexEntry._default_manager.filter(content_type=content_type, object_id=key)


def _matched(choices: Sequence[Sequence[Any]], content_type: Any) -> Any:
    found = _Matches(_TEXT, _query(choices, get_search_backend().config, "phrase"))
    return Coalesce(Subquery(_entry(content_type).annotate(found=found).values("found")[:1]), Value(False))


def _rank(choices: Sequence[Sequence[Any]], content_type: Any) -> Any:
    from modelsearch.backends.database.postgres.weights import get_sql_weights

    wanted = _query(choices, get_search_backend().config, "phrase")
    rank = SearchRank(F("title"), wanted, weights=get_sql_weights()) * F("title_norm")
    rank += SearchRank(F("body"), wanted, weights=get_sql_weights())
    return Subquery(_entry(content_type).annotate(rank=rank).values("rank")[:1])


def _with_words(model: type[Model], choices: Sequence[Sequence[Any]], content_type: Any, kind: Any) -> QuerySet:
    wanted = _query(choices, get_search_backend().config, "phrase")
    entries = IndexEntry._default_manager.annotate(words=_WORDS)
    if getattr(model, "is_few_in_search", False):
        return _keys(entries.filter(words=wanted & _OfKind(kind)))
    return _keys(_of_kind(entries.filter(words=wanted), content_type))


def _of_kind(entries: QuerySet, content_type: Any) -> QuerySet:
    """The kind is told apart among what matches: by its own index PostgreSQL would list all rows of the kind first."""
    return entries.annotate(kind=F("content_type_id") + 0).filter(kind=content_type)


def _beginning(typed: Any, content_type: Any) -> QuerySet:
    wanted = _query([[typed]], get_search_backend().autocomplete_config, "raw")
    return _keys(
        _of_kind(IndexEntry._default_manager.annotate(words=F("autocomplete")).filter(words=wanted), content_type)
    )


def _keys(entries: QuerySet) -> QuerySet:
    return entries.values(key=Cast("object_id", BigIntegerField()))


def _query(choices: Sequence[Sequence[Any]], config: str | None, kind: str) -> Any:
    """Each phrase of one of the choices."""
    each: list[Any] = [
        reduce(and_, (SearchQuery(query, config=config, search_type=kind) for query in queries)) for queries in choices
    ]
    return reduce(or_, each)
