"""Many rows in one statement, on both databases: several times faster than ``bulk_create`` and ``bulk_update``.

These build a statement value by value, and on SQLite one for every 999 values; an import writes some thirty rows a
document. Here PostgreSQL gets the rows by COPY and arrays, SQLite by ``executemany``. What they leave out: conflicts
(they raise ``IntegrityError``), expressions as values, multi-table inheritance.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import DataError, connections, router
from django.db.models import Field, ForeignKey
from django.db.models.base import ModelState

from articles.changes import changed

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import Model

M = TypeVar("M", bound="Model")
Prepare = Callable[[Any], Any]
# These go to the database as they are; the others are prepared by their field.
_PLAIN = {"CharField", "TextField", "SlugField", "ForeignKey", "OneToOneField", "FloatField", "BooleanField"} | {
    f"{size}{kind}" for size in ("", "Positive", "Small", "Big", "PositiveSmall", "PositiveBig") for kind in ("IntegerField",)
} | {"AutoField", "BigAutoField"}  # fmt: skip


def new(model: type[M], **values: Any) -> M:
    """A row of ``model`` as ``model(**values)`` makes it, several times faster: it sends no signals.

    ``values`` by the names of fields, or of foreign keys' columns (``article_id``). Raises ``TypeError`` for others.
    """
    fixed, made, keys = _blank(model)
    row = model.__new__(model)
    row._state = state = ModelState()
    columns = row.__dict__
    columns.update(fixed)
    for column, make in made:
        if column not in values:
            columns[column] = make()
    columns.update(values)
    for name, column, key in keys:
        if name in values:
            related = state.fields_cache[name] = columns.pop(name)
            columns[column] = None if related is None else related.__dict__[key]
    if len(columns) > 1 + len(fixed) + len(made):  # one for the state
        wrong = columns.keys() - fixed.keys() - {column for column, _ in made} - {"_state"}
        raise TypeError(f"{model.__name__} has no field {min(wrong)!r}")
    return row


def partly_read(model: type[M], **columns: Any) -> M:
    """A row that the database has, of which these columns were read (``id`` among them); any other is when it is asked for."""
    row = model.__new__(model)
    row._state = state = ModelState()
    state.adding, state.db = False, router.db_for_read(model)
    row.__dict__.update(columns)
    return row


@cache
def _blank(
    model: type[Model],
) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]], list[tuple[str, str, str]]]:
    """What a new row holds: fixed values by column, those made anew for each, and of foreign keys the name, the column, and
    where the row that it leads to holds its key.
    """
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    made = [(field.attname, field.get_default) for field in fields if callable(field.default) and field.has_default()]
    fixed = {field.attname: field.get_default() for field in fields if field.attname not in dict(made)}
    keys = [
        (field.name, field.attname, field.target_field.attname) for field in fields if isinstance(field, ForeignKey)
    ]
    return fixed, made, keys


def insert(rows: Sequence[Model]) -> None:
    """Write new rows of one model, whose keys the database gives, within a transaction; each row gets its key.

    Foreign keys may point to rows that were saved after they were assigned. Raises ``IntegrityError`` as ``save`` does.
    """
    if not rows:
        return
    model = type(rows[0])
    connection = connections[router.db_for_write(model)]
    assert connection.in_atomic_block, "keys are only ours until the transaction ends"
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    _settle(rows, fields)
    own_key = model._meta.pk.attname
    for row, key in zip(rows, _keys(model, len(rows), connection), strict=True):
        row.__dict__[own_key] = key
    _write(model, fields, _values(rows, fields, connection), connection)
    for row in rows:
        row._state.adding = False
        row._state.db = connection.alias


def insert_values(model: type[Model], names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> list[int]:
    """As ``insert``, of rows that nobody needs as objects: values of the named fields (of foreign keys, the keys).

    There must be one for each field without a default of the database's. Returns the keys that the rows got.
    """
    if not rows:
        return []
    connection = connections[router.db_for_write(model)]
    assert connection.in_atomic_block, "keys are only ours until the transaction ends"
    fields = [model._meta.pk, *map(model._meta.get_field, names)]
    prepared = [_preparation(field, connection) for field in fields]
    assert not any(prepare for field, prepare in zip(fields, prepared, strict=True) if not field.choices), (
        "plain values only"
    )
    keys = _keys(model, len(rows), connection)
    _write(model, fields, ((key, *row) for key, row in zip(keys, rows, strict=True)), connection)
    return keys


def update(rows: Sequence[Model], names: Sequence[str]) -> None:
    """Write the named fields of rows of one model that are there already. Fields with ``auto_now`` are not set by this."""
    if not rows:
        return
    model = type(rows[0])
    connection = connections[router.db_for_write(model)]
    quote = connection.ops.quote_name
    fields = [model._meta.get_field(name) for name in names]
    _settle(rows, fields)
    key = model._meta.pk
    table = quote(model._meta.db_table)
    values = list(_values(rows, [*fields, key], connection))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            arrays = ", ".join(f"%s::{field.rel_db_type(connection)}[]" for field in [*fields, key])
            names_of_new = ", ".join(f"v{number}" for number in range(len(fields) + 1))
            sets = ", ".join(f"{quote(field.column)} = new.v{number}" for number, field in enumerate(fields))
            cursor.execute(
                f"UPDATE {table} SET {sets} FROM unnest({arrays}) AS new ({names_of_new}) "  # noqa: S608 - as above
                f"WHERE {table}.{quote(key.column)} = new.v{len(fields)}",
                [list(column) for column in zip(*values, strict=True)],
            )
        else:
            sets = ", ".join(f"{quote(field.column)} = %s" for field in fields)
            cursor.executemany(f"UPDATE {table} SET {sets} WHERE {quote(key.column)} = %s", values)  # noqa: S608 - as above


def _write(
    model: type[Model],
    fields: Sequence[Field[Any, Any]],
    rows: Iterable[Sequence[Any]],
    connection: BaseDatabaseWrapper,
) -> None:
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            rows = list(rows)
            _see_that_numbers_fit(rows, fields, connection)
            # In binary form nothing is escaped here, or read character by character there.
            command = f"COPY {table} ({columns}) FROM STDIN (FORMAT BINARY)"
            with connection.wrap_database_errors, cursor.copy(command) as copy:
                # Types go by their names: the length of a "varchar(100)" is no part of it.
                copy.set_types([field.rel_db_type(connection).partition("(")[0] for field in fields])
                for row in rows:
                    copy.write_row(row)
            changed(connection)  # which is not told of COPY
        else:
            places = ", ".join(["%s"] * len(fields))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)  # noqa: S608 - names of the model


def _see_that_numbers_fit(
    rows: Sequence[Sequence[Any]], fields: Sequence[Field[Any, Any]], connection: BaseDatabaseWrapper
) -> None:
    """In binary form psycopg cuts off of a number what its column has no room for. Raises ``DataError`` as PostgreSQL does."""
    for place, field in enumerate(fields):
        kind = field.get_internal_type()
        if kind.endswith("IntegerField"):
            most = connection.ops.integer_field_range(kind)[1]
            numbers = [row[place] for row in rows if row[place] is not None]
            if numbers and not -most - 1 <= min(numbers) <= max(numbers) <= most:
                raise DataError(f"A number is out of the range of {field}")


def _settle(rows: Sequence[Model], fields: Sequence[Field[Any, Any]]) -> None:
    """Take over the keys of rows that were assigned before they had one."""
    for field in fields:
        if isinstance(field, ForeignKey):
            name = field.cache_name
            for row in rows:
                if row.__dict__[field.attname] is None and (related := row._state.fields_cache.get(name)) is not None:
                    # Not by the attribute, which would forget the related row.
                    row.__dict__[field.attname] = related.pk


def _keys(model: type[Model], number: int, connection: BaseDatabaseWrapper) -> list[int]:
    """So many unused keys, in order."""
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # The sequence is looked up once, not for each key, which would take longer than all else here.
            cursor.execute(
                "WITH own AS MATERIALIZED (SELECT pg_get_serial_sequence(%s, %s)::regclass AS sequence) "
                "SELECT nextval(sequence) FROM own, generate_series(1, %s)",
                [connection.ops.quote_name(table), column, number],
            )
            return [key for (key,) in cursor.fetchall()]
        # Only one transaction writes at a time; SQLite itself moves the sequence on when rows with larger keys come.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = (cursor.fetchone() or (0,))[0]
        return list(range(last + 1, last + number + 1))


def _values(
    rows: Sequence[Model], fields: Sequence[Field[Any, Any]], connection: BaseDatabaseWrapper
) -> Iterator[list[Any]]:
    _set_moments(rows, fields)
    columns = itemgetter(*(field.attname for field in fields), "_state")  # two at least, so that it gives a tuple
    found = ((number, _preparation(field, connection)) for number, field in enumerate(fields))
    prepared = [(number, prepare) for number, prepare in found if prepare is not None]
    for row in rows:
        values = list(columns(row.__dict__))
        values.pop()
        for number, prepare in prepared:
            values[number] = prepare(values[number])
        yield values


def _set_moments(rows: Sequence[Model], fields: Sequence[Field[Any, Any]]) -> None:
    """Fill what new rows say of when they were written: one moment for all."""
    for field in fields:
        if (getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)) and rows[0]._state.adding:
            moment = field.pre_save(rows[0], add=True)
            for row in rows:
                row.__dict__[field.attname] = moment


def _preparation(field: Field[Any, Any], connection: BaseDatabaseWrapper) -> Prepare | None:
    kind = field.get_internal_type()
    if field.choices:  # members of an enumeration, which psycopg would write by name
        return str if not field.null else lambda value: None if value is None else str(value)
    if kind in _PLAIN:
        return None
    if kind == "JSONField":
        encode = json.JSONEncoder(check_circular=False).encode if field.encoder is None else field.encoder().encode
        if connection.vendor == "postgresql":
            from psycopg.types.json import Jsonb

            return lambda value: None if value is None else Jsonb(value, encode)
        return lambda value: None if value is None else encode(value)
    if kind in {"DateField", "DateTimeField"}:
        if connection.vendor == "postgresql":
            return None
        # Rows that are written together have few different ones.
        return cache(lambda value: field.get_db_prep_save(value, connection))
    return lambda value: field.get_db_prep_save(value, connection)
