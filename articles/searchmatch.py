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
from django.db.models import BigIntegerField, F, Model, QuerySet
from django.db.models.functions import Cast
from modelsearch.backends import get_search_backend
from modelsearch.models import IndexEntry

# As the index has it.
_WORDS = F("title")._combine(F("body"), "||", False)


def having(model: type[Model], choices: Sequence[Sequence[str]]) -> QuerySet | None:
    """Keys of the rows that have each phrase of one of the choices, as a query; None where the library has to look."""
    return _keys(model, _WORDS, get_search_backend().config, choices, "phrase")


def beginning(model: type[Model], words: tuple[str, ...]) -> QuerySet | None:
    """Keys of the rows whose name has the words (letters and digits), the last perhaps unfinished; None as above."""
    raw = " & ".join(f"'{word}'" for word in words)
    return _keys(model, F("autocomplete"), get_search_backend().autocomplete_config, [[f"{raw}:*"]], "raw")


def _keys(
    model: type[Model], words: Any, config: str | None, choices: Sequence[Sequence[str]], kind: str
) -> QuerySet | None:
    if connections[router.db_for_read(model)].vendor != "postgresql":
        return None
    from django.contrib.postgres.search import SearchQuery

    each: list[Any] = [
        reduce(and_, (SearchQuery(query, config=config, search_type=kind) for query in queries)) for queries in choices
    ]
    wanted = reduce(or_, each)
    # The kind is told apart among what matches: by its own index PostgreSQL would list all rows of the kind first.
    entries = IndexEntry._default_manager.annotate(words=words, kind=F("content_type_id") + 0)
    found = entries.filter(words=wanted, kind=ContentType.objects.get_for_model(model).pk)
    return found.values(key=Cast("object_id", BigIntegerField()))
