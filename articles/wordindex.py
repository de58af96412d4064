"""The indexes by which PostgreSQL finds words, one for each kind of rows that can be searched.

The library keeps the entries of all kinds in one table. An index of all of them would give a search among quotes what articles
have, too, and to look up in it whether an entry is of a kind takes the longer the more there are of the kind. So each index is
of the entries with the key of one kind. A key stays as long as the database does; emptying one by ``flush`` gives others, after
which searches find the same, but slowly, until ``manage.py migrate articles 0013`` and ``manage.py migrate`` make them anew.
"""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model
from modelsearch.index import get_indexed_models
from modelsearch.models import IndexEntry

_TABLE = IndexEntry._meta.db_table


def name_of(model: type[Model]) -> str:
    return f"search_words_{model._meta.model_name}"


def missing(connection: BaseDatabaseWrapper) -> list[type[Model]]:
    """The kinds without an index, or with one of another key; none but on PostgreSQL."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()")
        definitions = dict(cursor.fetchall())
    return [model for model in get_indexed_models() if _of_kind(model) not in definitions.get(name_of(model), "")]


def ensure(connection: BaseDatabaseWrapper) -> None:
    """Make the indexes that are missing."""
    with connection.cursor() as cursor:
        for model in missing(connection):
            cursor.execute(f"DROP INDEX IF EXISTS {name_of(model)}")
            cursor.execute(
                f"CREATE INDEX {name_of(model)} ON {_TABLE} USING gin ((title || body)) WHERE {_of_kind(model)}"
            )


def _of_kind(model: type[Model]) -> str:
    return f"(content_type_id = {ContentType.objects.get_for_model(model).pk})"
