"""Which rows have the words, by the index that PostgreSQL keeps of them.

The search library joins the entries of its index by keys as text, and sorts what it then has: asked for the newest, it reads
every row of the kind. Here the keys of what matches are found first, by the index over title and body, in the time that
the matches take and not the archive.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import and_, or_
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connections, router
from django.db.models import BigIntegerField, CharField, F, IntegerField, Model, OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Cast
from modelsearch.backends import get_search_backend
from modelsearch.models import IndexEntry

from articles.prepared import Slot

# As the index has it.
_WORDS = F("title")._combine(F("body"), "||", False)


_CONTENT_TYPE = "content_type"


def is_indexed(model: type[Model]) -> bool:
    """Whether the functions here know; else the library has to look."""
    return connections[router.db_for_read(model)].vendor == "postgresql"


def in_places(words: int) -> QuerySet:
    """``having``, for a prepared query: keys of rows that have so many phrases, which are given by ``slots_for``."""
    return _entries(
        _WORDS, get_search_backend().config, [[Slot(f"word{n}", TextField()) for n in range(words)]], "phrase"
    )


def beginning_in_place() -> QuerySet:
    """``beginning``, for a prepared query, in the same way."""
    return _entries(F("autocomplete"), get_search_backend().autocomplete_config, [[Slot("word0", TextField())]], "raw")


def rank_in_place(words: int) -> Any:
    """How well the row of a prepared query matches so many phrases, as the library weighs it: to order by."""
    from django.contrib.postgres.search import SearchRank
    from modelsearch.backends.database.postgres.weights import get_sql_weights

    wanted = _query([[Slot(f"word{n}", TextField()) for n in range(words)]], get_search_backend().config, "phrase")
    rank = SearchRank(F("title"), wanted, weights=get_sql_weights()) * F("title_norm")
    rank += SearchRank(F("body"), wanted, weights=get_sql_weights())
    key = Cast(OuterRef("pk"), CharField(max_length=50))
    entries = IndexEntry._default_manager.filter(content_type=Slot(_CONTENT_TYPE, IntegerField()), object_id=key)
    return Subquery(entries.annotate(rank=rank).values("rank")[:1])


def slots_for(model: type[Model], phrases: Sequence[str]) -> dict[str, Any]:
    """What fills the slots: which rows are meant, and the phrases."""
    kind = ContentType.objects.get_for_model(model).pk
    return {_CONTENT_TYPE: kind} | {f"word{n}": phrase for n, phrase in enumerate(phrases)}


def having(model: type[Model], choices: Sequence[Sequence[str]]) -> QuerySet | None:
    """Keys of the rows that have each phrase of one of the choices, as a query; None where the library has to look."""
    return _keys(model, _WORDS, get_search_backend().config, choices, "phrase")


def beginning(model: type[Model], words: tuple[str, ...]) -> QuerySet | None:
    """Keys of the rows whose name has the words (letters and digits), the last perhaps unfinished; None as above."""
    return _keys(model, F("autocomplete"), get_search_backend().autocomplete_config, [[unfinished(words)]], "raw")


def unfinished(words: Sequence[str]) -> str:
    """The words as PostgreSQL reads a search, the last of them as the beginning of one."""
    return " & ".join(f"'{word}'" for word in words) + ":*"


def _keys(
    model: type[Model], words: Any, config: str | None, choices: Sequence[Sequence[str]], kind: str
) -> QuerySet | None:
    if not is_indexed(model):
        return None
    return _entries(words, config, choices, kind, ContentType.objects.get_for_model(model).pk)


def _entries(
    words: Any, config: str | None, choices: Sequence[Sequence[Any]], kind: str, content_type: int | None = None
) -> QuerySet:
    wanted = _query(choices, config, kind)
    # The kind is told apart among what matches: by its own index PostgreSQL would list all rows of the kind first.
    entries = IndexEntry._default_manager.annotate(words=words, kind=F("content_type_id") + 0)
    found = entries.filter(words=wanted, kind=content_type or Slot(_CONTENT_TYPE, IntegerField()))
    return found.values(key=Cast("object_id", BigIntegerField()))


def _query(choices: Sequence[Sequence[Any]], config: str | None, kind: str) -> Any:
    """Each phrase of one of the choices."""
    from django.contrib.postgres.search import SearchQuery

    each: list[Any] = [
        reduce(and_, (SearchQuery(query, config=config, search_type=kind) for query in queries)) for queries in choices
    ]
    return reduce(or_, each)
