"""Which rows have the words, by the index that PostgreSQL keeps of them.

The search library joins the entries of its index by keys as text, and sorts what it then has: asked for the newest, it reads
every row of the kind. Here the keys of what matches are found first, by the index of the kind over title and body
(``articles.wordindex``), in the time that the matches take and not the archive.

Prepared queries are of a ``Shape``: the key of the kind stands in their text, for PostgreSQL chooses the index by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import and_, or_
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connections, router
from django.db.models import (
    BigIntegerField,
    BooleanField,
    CharField,
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
from django.db.models.functions import Cast, Coalesce
from modelsearch.backends import get_search_backend
from modelsearch.models import IndexEntry

from articles.prepared import Slot


class _Matches(Func):
    template = "(%(expressions)s)"
    arg_joiner = " @@ "
    output_field = BooleanField()


class Shape(NamedTuple):
    """What a prepared query has to know besides the words: the key of the kind of rows, how many phrases there are, and
    whether one has several words.
    """

    content_type: int
    phrases: int
    has_several: bool

    @classmethod
    def of(cls, model: type[Model], phrases: Sequence[str]) -> Shape:
        return cls(ContentType.objects.get_for_model(model).pk, len(phrases), _has_several(phrases))

    @property
    def slots(self) -> list[list[Slot]]:
        """Of one choice of phrases."""
        return [[Slot(f"word{number}", TextField()) for number in range(self.phrases)]]


# As the index has it.
_WORDS = F("title")._combine(F("body"), "||", False)


def is_indexed(model: type[Model]) -> bool:
    """Whether the functions here know; else the library has to look."""
    return connections[router.db_for_read(model)].vendor == "postgresql"


def in_places(shape: Shape, most: int | None = None) -> QuerySet:
    """``having``, for a prepared query: keys of rows that have the phrases, which are given by ``slots_for``.

    At most so many keys, whichever.
    """
    return _with_words(shape.slots, shape.content_type, shape.has_several)[:most]


def beginning_in_place(shape: Shape) -> QuerySet:
    """``beginning``, for a prepared query, in the same way."""
    return _beginning(shape.slots[0][0], shape.content_type)


def matched_in_place(shape: Shape) -> Any:
    """``matched``, for a prepared query, in the same way."""
    return _matched(shape.slots, shape.content_type)


def rank_in_place(shape: Shape) -> Any:
    """``rank``, for a prepared query, in the same way."""
    return _rank(shape.slots, shape.content_type)


def slots_for(phrases: Sequence[str]) -> dict[str, Any]:
    """What fills the slots."""
    return {f"word{number}": phrase for number, phrase in enumerate(phrases)}


def having(model: type[Model], choices: Sequence[Sequence[str]]) -> QuerySet | None:
    """Keys of the rows that have each phrase of one of the choices, as a query; None where the library has to look."""
    if not is_indexed(model):
        return None
    has_several = any(map(_has_several, choices))
    return _with_words(choices, ContentType.objects.get_for_model(model).pk, has_several)


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


def _entry(content_type: int) -> QuerySet:
    """The index entry of a row."""
    key = Cast(OuterRef("pk"), CharField(max_length=50))
    return IndexEntry._default_manager.filter(content_type=content_type, object_id=key)


def _matched(choices: Sequence[Sequence[Any]], content_type: int) -> Any:
    found = _Matches(_WORDS, _query(choices, get_search_backend().config, "phrase"))
    return Coalesce(Subquery(_entry(content_type).annotate(found=found).values("found")[:1]), Value(False))


def _rank(choices: Sequence[Sequence[Any]], content_type: int) -> Any:
    from modelsearch.backends.database.postgres.weights import get_sql_weights

    wanted = _query(choices, get_search_backend().config, "phrase")
    rank = SearchRank(F("title"), wanted, weights=get_sql_weights()) * F("title_norm")
    rank += SearchRank(F("body"), wanted, weights=get_sql_weights())
    return Subquery(_entry(content_type).annotate(rank=rank).values("rank")[:1])


def _has_several(phrases: Sequence[str]) -> bool:
    return any(" " in phrase for phrase in phrases)


def _with_words(choices: Sequence[Sequence[Any]], content_type: int, has_several: bool) -> QuerySet:
    """The index knows what has the words, but not where they stand. That is looked up, mostly in the body alone: to put it
    together with the title takes as long as to look.
    """
    config = get_search_backend().config
    entries = IndexEntry._default_manager.filter(content_type=content_type).annotate(words=_WORDS)
    entries = entries.filter(words=_query(choices, config, "plain"))
    if has_several:
        phrases = _query(choices, config, "phrase")
        entries = entries.filter(Q(body=phrases) | Q(words=phrases))
    return _keys(entries)


def _beginning(typed: Any, content_type: int) -> QuerySet:
    """All kinds share this index, and the kind is told apart among what matches: by its own index PostgreSQL would list all
    entries of the kind first.
    """
    wanted = _query([[typed]], get_search_backend().autocomplete_config, "raw")
    entries = IndexEntry._default_manager.annotate(words=F("autocomplete")).filter(words=wanted)
    return _keys(entries.annotate(kind=F("content_type_id") + 0).filter(kind=content_type))


def _keys(entries: QuerySet) -> QuerySet:
    return entries.values(key=Cast("object_id", BigIntegerField()))


def _query(choices: Sequence[Sequence[Any]], config: str | None, kind: str) -> Any:
    """Each phrase of one of the choices."""
    each: list[Any] = [
        reduce(and_, (SearchQuery(query, config=config, search_type=kind) for query in queries)) for queries in choices
    ]
    return reduce(or_, each)
