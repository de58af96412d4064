"""Many rows into the search index at once.

The library's own ``add_items`` reads the whole index at each call, to weigh titles by their average length, and
compiles an expression for each field of each row. Here the same texts go into the same tables in one statement.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Manager
from django.utils.encoding import force_str
from modelsearch.backends import get_search_backends
from modelsearch.index import AutocompleteField, RelatedFields, SearchField

from articles.text import unaccented

if TYPE_CHECKING:
    from django.db.models import Model
    from modelsearch.backends.base import BaseIndex

_COLUMNS = "content_type_id, object_id, title, autocomplete, body, title_norm"
_ON_CONFLICT = (
    "ON CONFLICT (content_type_id, object_id) DO UPDATE SET title = EXCLUDED.title, title_norm = 1.0, "
    "autocomplete = EXCLUDED.autocomplete, body = EXCLUDED.body"
)


def add(model: type[Model], rows: Collection[Model]) -> None:
    """Bring the index up to date with rows of one model, each given once."""
    for backend in get_search_backends(with_auto_update=True):
        search_index = backend.get_index_for_model(model)
        connection = getattr(search_index, "write_connection", None)
        if connection is None or connection.vendor not in _WRITE:
            search_index.add_items(model, rows)
            continue
        has_titles = _WRITE[connection.vendor](search_index, model, rows)
        if has_titles:
            search_index._refresh_title_norms()


def _write_sqlite(search_index: BaseIndex, model: type[Model], rows: Collection[Model]) -> bool:
    kind = ContentType.objects.get_for_model(model).pk
    entries, sources = [], _sources(model)
    for row in rows:
        texts: dict[str, list[str]] = {"title": [], "autocomplete": [], "body": []}
        for column, _, read in sources:
            texts[column].append(read(row))
        entries.append((kind, str(row.pk), *map(" ".join, texts.values())))
    table = apps.get_model("modelsearch", "IndexEntry")._meta.db_table
    with search_index.write_connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({_COLUMNS}) VALUES (%s, %s, %s, %s, %s, 1.0) {_ON_CONFLICT}",  # noqa: S608 - fixed names
            entries,
        )
    return any(title for _, _, title, _, _ in entries)


def _write_postgres(search_index: BaseIndex, model: type[Model], rows: Collection[Model]) -> bool:
    keys = []
    weighed: dict[tuple[str, str], list[str]] = {}
    plain: dict[str, list[str]] = {"title": [], "body": []}
    sources = [((column, _weight(field)), read) for column, field, read in _sources(model)]
    for row in rows:
        texts: dict[tuple[str, str], list[str]] = {}
        for part, read in sources:
            if text := read(row).strip():
                texts.setdefault(part, []).append(text)
        keys.append(str(row.pk))
        for part in texts.keys() - weighed.keys():
            weighed[part] = [""] * (len(keys) - 1)
        for part, values in weighed.items():
            values.append(" ".join(texts.get(part, ())))
        for name, values in plain.items():
            values.append(" ".join(text for (column, _), found in texts.items() if column == name for text in found))
    backend = search_index.backend
    vectors, parameters = [], [ContentType.objects.get_for_model(model).pk]
    for name in ("title", "autocomplete", "body"):
        configuration = backend.autocomplete_config if name == "autocomplete" else backend.config
        vector, values = _vector(name, sorted(part for part in weighed if part[0] == name), configuration)
        vectors.append(vector)
        parameters += values
    table = apps.get_model("modelsearch", "IndexEntry")._meta.db_table
    names = [f"{column}_{weight}" for column, weight in weighed]
    arrays = ", ".join(["%s::text[]"] * (len(names) + 3))
    with search_index.write_connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({_COLUMNS}, title_text, body_text) "  # noqa: S608 - fixed names
            f"SELECT %s, key, {', '.join(vectors)}, 1.0, title_text, body_text "
            f"FROM unnest({arrays}) AS new ({', '.join(['key', 'title_text', 'body_text', *names])}) "
            f"{_ON_CONFLICT}, title_text = EXCLUDED.title_text, body_text = EXCLUDED.body_text",
            [*parameters, keys, plain["title"], plain["body"], *weighed.values()],
        )
    return any(plain["title"])


def _vector(column: str, parts: list[tuple[str, str]], configuration: str | None) -> tuple[str, list[Any]]:
    """The text search vector of one column, of texts of each weight, as SQL with its parameters."""
    if not parts:
        return "''::tsvector", []
    arguments = "%s::regconfig, " if configuration else ""
    sql = " || ".join(f"setweight(to_tsvector({arguments}new.{name}_{weight}), '{weight}')" for name, weight in parts)
    return sql, [configuration] * len(parts) if configuration else []


Source = tuple[str, Any, Callable[[Any], str]]


@cache
def _sources(model: type[Model]) -> list[Source]:
    """What search finds rows by: the column of the index that each text goes to, the search field, what gives the text."""
    return list(_of_fields(model.get_search_fields()))


def _of_fields(fields: Iterable[Any]) -> Iterator[Source]:
    for field in fields:
        if isinstance(field, RelatedFields):
            for column, inner, read in _of_fields(field.fields):
                yield column, inner, partial(_related_text, field, read)
        elif isinstance(field, SearchField | AutocompleteField):
            column = "title" if field.field_name == "title" else "body"
            yield (
                "autocomplete" if isinstance(field, AutocompleteField) else column,
                field,
                partial(_own_text, field, field.field_name),
            )


def _own_text(field: Any, name: str, row: Model) -> str:
    text = row.__dict__.get(name)
    return unaccented(text) if isinstance(text, str) else _as_text(field.get_value(row))


def _related_text(field: Any, read: Callable[[Any], str], row: Model) -> str:
    related = row._state.fields_cache.get(field.field_name) or field.get_value(row)
    if related is None:
        return ""
    return " ".join(map(read, related.all() if isinstance(related, Manager) else [related]))


def _as_text(value: Any) -> str:
    """As the library does."""
    if isinstance(value, list | dict):
        return ", ".join(map(_as_text, value.values() if isinstance(value, dict) else value))
    return force_str(value)


def _weight(field: Any) -> str:
    from modelsearch.backends.database.postgres.weights import get_weight

    return "D" if isinstance(field, AutocompleteField) else get_weight(field.boost)


_WRITE = {"sqlite": _write_sqlite, "postgresql": _write_postgres}
