"""Many rows into the search index at once.

The library's own ``add_items`` reads the whole index at each call, to weigh titles by their average length, and
compiles an expression for each field of each row. Here the same texts go into the same tables in one statement, and
most of them from the tables where the database has them already. The copies that the library keeps on PostgreSQL to
compare misspelt words with stay empty: nothing here asks for them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, ForeignKey, Manager, TextField
from django.utils.encoding import force_str
from modelsearch.backends import get_search_backends
from modelsearch.index import AutocompleteField, RelatedFields, SearchField

from articles.text import unaccented
from articles.wordindex import dated

if TYPE_CHECKING:
    from django.db.models import Model
    from modelsearch.backends.base import BaseIndex

_COLUMNS = ("title", "autocomplete", "body")
_ENTRY = f"content_type_id, object_id, title_norm, {', '.join(_COLUMNS)}"
_ON_CONFLICT = (
    "ON CONFLICT (content_type_id, object_id) DO UPDATE SET title = EXCLUDED.title, title_norm = 1.0, "
    "autocomplete = EXCLUDED.autocomplete, body = EXCLUDED.body"
)


def add(model: type[Model], rows: Collection[Model]) -> None:
    """Bring the index up to date with saved rows of one model, each given once."""
    for backend in get_search_backends(with_auto_update=True):
        search_index = backend.get_index_for_model(model)
        connection = getattr(search_index, "write_connection", None)
        if connection is None or connection.vendor not in _WRITE:
            search_index.add_items(model, rows)
            continue
        sources = _sources(model)
        key = model._meta.pk.attname
        _WRITE[connection.vendor](search_index, model, [row.__dict__[key] for row in rows], _to_send(sources, rows))
        if any(source.column == "title" for source in sources):
            search_index._refresh_title_norms()


Sent = Mapping[int, list[str | None]]


def _write_sqlite(search_index: BaseIndex, model: type[Model], keys: list[Any], sent: Sent) -> None:
    given = {number: f"json_extract(new.value, '$[{place}]')" for place, number in enumerate(sent, 1)}
    texts: dict[str, list[str]] = {column: [] for column in _COLUMNS}
    for number, source in enumerate(_sources(model)):
        texts[source.column].append(source.sql(given.get(number)))
    joined = (" || ' ' || ".join(found) or "''" for found in texts.values())
    rows = json.dumps(list(zip(keys, *sent.values(), strict=True)))
    with search_index.write_connection.cursor() as cursor:
        cursor.execute(
            # CROSS: the rows that are given come first, whatever the tables' statistics say.
            f"INSERT INTO {_table()} ({_ENTRY}) SELECT %s, CAST(own.id AS TEXT), 1.0, {', '.join(joined)} "  # noqa: S608 - names of models
            f"FROM json_each(%s) AS new CROSS JOIN {_own(model)} ON own.id = json_extract(new.value, '$[0]')"
            f"{_related(model)} WHERE true {_ON_CONFLICT}",
            [ContentType.objects.get_for_model(model).pk, rows],
        )


def _write_postgres(search_index: BaseIndex, model: type[Model], keys: list[Any], sent: Sent) -> None:
    backend = search_index.backend
    vectors: dict[str, list[str]] = {column: [] for column in _COLUMNS}
    parameters: list[Any] = [ContentType.objects.get_for_model(model).pk]
    sources = list(enumerate(_sources(model)))
    for column, found in vectors.items():
        configuration = backend.autocomplete_config if column == "autocomplete" else backend.config
        for number, source in sources:
            if source.column == column:
                text = source.sql(f"new.t{number}" if number in sent else None)
                vector = f"to_tsvector({'%s::regconfig, ' if configuration else ''}{text})"
                found.append(f"setweight({vector}, '{_weight(source.field)}')")
                parameters += [configuration] if configuration else []
    joined = (" || ".join(found) or "''::tsvector" for found in vectors.values())
    arrays = ", ".join(["%s::bigint[]", *("%s::text[]" for _ in sent)])
    names = ", ".join(["key", *(f"t{number}" for number in sent)])
    with search_index.write_connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_table()} ({_ENTRY}, title_text, body_text, dated) "  # noqa: S608 - names of models
            f"SELECT %s, own.id::text, 1.0, {', '.join(joined)}, '', '', {dated(model, 'own')} "
            f"FROM unnest({arrays}) AS new ({names}) JOIN {_own(model)} ON own.id = new.key{_related(model)} "
            f"{_ON_CONFLICT}, title_text = '', body_text = '', dated = EXCLUDED.dated",
            [*parameters, keys, *sent.values()],
        )


def _table() -> str:
    return apps.get_model("modelsearch", "IndexEntry")._meta.db_table


def _own(model: type[Model]) -> str:
    return f'"{model._meta.db_table}" AS own'


def _related(model: type[Model]) -> str:
    """The tables of related rows that have texts, by the names of the foreign keys."""
    keys = {source.key for source in _sources(model) if source.key and source.stored}
    fields = (model._meta.get_field(key) for key in sorted(keys))
    return "".join(
        f' LEFT JOIN "{field.related_model._meta.db_table}" AS "{field.name}"'
        f' ON "{field.name}".id = own."{field.column}"'
        for field in fields
    )


@dataclass(frozen=True, slots=True)
class _Source:
    """A text that search finds rows by: the ``column`` of the index that it goes to, the search ``field``, what reads it.

    ``stored``: the column where the database has it, but for accents, of the row itself or, with ``key``, of the row
    that this foreign key leads to; empty for what is nowhere.
    """

    column: str
    field: Any
    read: Callable[[Any], str]
    stored: str = ""
    key: str = ""

    def sql(self, given: str | None) -> str:
        """The text; ``given``, where that is not null."""
        stored = [f'"{self.key or "own"}"."{self.stored}"'] if self.stored else []
        choices = [*([given] if given else []), *stored, *(["''"] if self.key else [])]
        return f"COALESCE({', '.join(choices)})" if len(choices) > 1 else choices[0]

    def is_plain(self, rows: Iterable[Model]) -> bool:
        """Whether the database has the very texts of all the rows, as a look at all of them together can tell."""
        if not self.stored or self.key:
            return False
        texts = [row.__dict__.get(self.stored) for row in rows]
        return None not in texts and "".join(texts).isascii()

    def to_send(self, row: Model) -> str | None:
        """The text, or None where the database has the very same."""
        if not self.stored:
            return self.read(row)
        if self.key and row.__dict__.get(f"{self.key}_id", 0) is None:
            return None
        holder = row._state.fields_cache.get(self.key) if self.key else row
        text = None if holder is None else holder.__dict__.get(self.stored)
        if text is None:  # not read along
            return self.read(row)
        if text.isascii():  # as most are, and there are forty a document
            return None
        plain = unaccented(text)
        return None if plain == text else plain


def _to_send(sources: Iterable[_Source], rows: Collection[Model]) -> Sent:
    """By the number of a source, what is to be sent for each row; without those of which the database has all."""
    sources = ((number, source) for number, source in enumerate(sources) if not source.is_plain(rows))
    found = ((number, list(map(source.to_send, rows))) for number, source in sources)
    return {number: texts for number, texts in found if any(text is not None for text in texts)}


@cache
def _sources(model: type[Model]) -> list[_Source]:
    return list(_of_fields(model, model.get_search_fields()))


def _of_fields(model: type[Model], fields: Iterable[Any]) -> Iterator[_Source]:
    for field in fields:
        if isinstance(field, RelatedFields):
            key = model._meta.get_field(field.field_name)
            for inner in _of_fields(key.related_model, field.fields):
                is_stored = inner.stored and not inner.key and isinstance(key, ForeignKey)
                stored = {"stored": inner.stored, "key": key.name} if is_stored else {}
                yield _Source(inner.column, inner.field, partial(_related_text, field, inner.read), **stored)
        elif isinstance(field, SearchField | AutocompleteField):
            column = "title" if field.field_name == "title" else "body"
            column = "autocomplete" if isinstance(field, AutocompleteField) else column
            yield _Source(column, field, partial(_own_text, field), _column(model, field.field_name))


def _column(model: type[Model], name: str) -> str:
    """Where the model has a text of that name; empty if it is none, or worked out."""
    columns = {
        field.name: field.column for field in model._meta.concrete_fields if isinstance(field, CharField | TextField)
    }
    return columns.get(name, "")


def _own_text(field: Any, row: Model) -> str:
    return _as_text(field.get_value(row))


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
