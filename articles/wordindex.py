"""What PostgreSQL finds words by: indexes for each kind of rows that can be searched, and the date of each row beside its words.

The library keeps the entries of all kinds in one table. An index of all of them would give a search among quotes what articles
have, too, and to look up in it whether an entry is of a kind takes the longer the more there are of the kind. So each index is
of the entries with the key of one kind: of all words, and where a kind is found by how its name begins, of those. A key stays
as long as the database does; emptying one by ``flush`` gives others, after which searches find the same, but slowly, until ``manage.py migrate newsroom 0006`` and ``manage.py migrate`` make them anew.

An index knows no order, and to look up of each of a thousand articles when it is of takes the longer the more there are. So an
entry has the date that its kind is ordered by (``dated``), and the index the month of it as one more word, which no text has:
the newest that have a word are among those of the last month that has any. The database itself keeps the dates right, whoever
writes: this is no rule of the newsroom but a copy, and whoever forgot it would break the order of search results in silence.
"""

# ruff: noqa: S608 - names of tables, columns and kinds, and nothing that anyone typed

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db.models import DateField, DateTimeField, Model
from modelsearch.index import get_indexed_models
from modelsearch.models import IndexEntry

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

_TABLE = IndexEntry._meta.db_table
# Months since the year 0. What is older, or younger, counts for these: so many are looked through at most, whatever dates there are.
FIRST_MONTH, LAST_MONTH = 12 * 2000, 12 * 2050 - 1
# No word of a text begins with it.
_MARK = "@"
_OF_ENTRY = "search_date_of_entry"


def name_of(model: type[Model]) -> str:
    """Of the index of all words."""
    return f"search_words_{model._meta.model_name}"


def _indexes(model: type[Model]) -> dict[str, str]:
    """What is indexed of the entries of a kind, by the name of the index."""
    begun = {f"search_begun_{model._meta.model_name}": "autocomplete"} if model.get_autocomplete_search_fields() else {}
    return {name_of(model): words(model), **begun}


def date_of(model: type[Model]) -> str:
    """The name of the field that rows of this kind are ordered by, if that is a date, or else nothing."""
    first = str(next(iter(model._meta.ordering), "")).lstrip("-")
    return first if first and isinstance(model._meta.get_field(first), DateField) else ""


def dated(model: type[Model], row: str) -> str:
    """SQL for the date of an entry, of a row of this kind by this name."""
    name = date_of(model)
    return _as_moment(model, f'{row}."{model._meta.get_field(name).column}"') if name else "NULL::timestamptz"


def words(model: type[Model], entry: str = "") -> str:
    """SQL for what is indexed of an entry (of the table by this name)."""
    title, body, when = (f"{entry}{'.' if entry else ''}{column}" for column in ("title", "body", "dated"))
    if not date_of(model):
        return f"({title} || {body})"
    return f"({title} || {body} || array_to_tsvector(ARRAY['{_MARK}' || {_month(when)}::text]))"


def word_of(month: str) -> str:
    """SQL for what stands in a search for the word of a month, given as SQL."""
    return f"'''{_MARK}' || {month} || ''''"


def months(model: type[Model]) -> str:
    """SQL for a row of the ``first`` and the ``last`` month of rows of this kind, which has dates; null where there are none."""
    column, table = model._meta.get_field(date_of(model)).column, model._meta.db_table
    first, last = (_month(_as_moment(model, end)) for end in ("ends.first", "ends.last"))
    ends = f'SELECT min("{column}") AS first, max("{column}") AS last FROM {table}'
    return f"SELECT {first} AS first, {last} AS last FROM ({ends}) AS ends"


def _month(when: str) -> str:
    year, month = (f"date_part('{part}', {when} AT TIME ZONE 'UTC')::int" for part in ("year", "month"))
    return f"LEAST(GREATEST(12 * {year} + {month} - 1, {FIRST_MONTH}), {LAST_MONTH})"


def _as_moment(model: type[Model], when: str) -> str:
    is_moment = isinstance(model._meta.get_field(date_of(model)), DateTimeField)
    return when if is_moment else f"({when}::timestamp AT TIME ZONE 'UTC')"


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The indexes that are not there, or of another key; none but on PostgreSQL."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()")
        definitions = dict(cursor.fetchall())
    return [
        name
        for model in get_indexed_models()
        for name in _indexes(model)
        if _of_kind(model) not in definitions.get(name, "")
    ]


def ensure(connection: BaseDatabaseWrapper) -> None:
    """Make the indexes that are missing."""
    lacking = frozenset(missing(connection))
    with connection.cursor() as cursor:
        for model in get_indexed_models():
            for name, indexed in _indexes(model).items():
                if name in lacking:
                    cursor.execute(f"DROP INDEX IF EXISTS {name}")
                    cursor.execute(f"CREATE INDEX {name} ON {_TABLE} USING gin ({indexed}) WHERE {_of_kind(model)}")


def drop(connection: BaseDatabaseWrapper) -> None:
    """Take the indexes away."""
    with connection.cursor() as cursor:
        for model in get_indexed_models():
            for name in _indexes(model):
                cursor.execute(f"DROP INDEX IF EXISTS {name}")


def keep_dates(connection: BaseDatabaseWrapper) -> None:
    """Give all entries their dates, and have the database give them to those to come. The kinds' tables have to be there."""
    kinds = [model for model in get_indexed_models() if date_of(model)]
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {_TABLE} ADD COLUMN IF NOT EXISTS dated timestamptz")
        for model in kinds:
            cursor.execute(
                f"UPDATE {_TABLE} AS entry SET dated = {dated(model, 'own')} FROM {model._meta.db_table} AS own "
                f"WHERE entry.content_type_id = {_key(model)} AND entry.object_id = own.id::text"
            )
            cursor.execute(_when_redated(model))
        cursor.execute(_when_entered(kinds))


def forget_dates(connection: BaseDatabaseWrapper) -> None:
    """Undo ``keep_dates``; the indexes that know of dates go with the column."""
    with connection.cursor() as cursor:
        for model in filter(date_of, get_indexed_models()):
            cursor.execute(f"DROP FUNCTION IF EXISTS {_name_of_dates(model)} CASCADE")
        cursor.execute(f"DROP FUNCTION IF EXISTS {_OF_ENTRY} CASCADE")
        cursor.execute(f"ALTER TABLE {_TABLE} DROP COLUMN IF EXISTS dated CASCADE")


def _name_of_dates(model: type[Model]) -> str:
    return f"search_date_of_{model._meta.model_name}"


def _when_redated(model: type[Model]) -> str:
    """SQL for the entry to follow when a row gets another date."""
    name, table = _name_of_dates(model), model._meta.db_table
    column = model._meta.get_field(date_of(model)).column
    return f"""
        CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            UPDATE {_TABLE} SET dated = {dated(model, "NEW")}
                WHERE content_type_id = {_key(model)} AND object_id = NEW.id::text;
            RETURN NULL;
        END $$;
        CREATE OR REPLACE TRIGGER {name} AFTER UPDATE OF {column} ON {table} FOR EACH ROW
            WHEN (OLD.{column} IS DISTINCT FROM NEW.{column}) EXECUTE FUNCTION {name}();
    """


def _when_entered(kinds: list[type[Model]]) -> str:
    """SQL for an entry to have its date from the start; imports give it along (``articles.searchindex``)."""
    each = "".join(
        f"IF NEW.content_type_id = {_key(model)} THEN SELECT {dated(model, 'own')} INTO NEW.dated "
        f"FROM {model._meta.db_table} AS own WHERE own.id = NEW.object_id::bigint; END IF;"
        for model in kinds
    )
    return f"""
        CREATE OR REPLACE FUNCTION {_OF_ENTRY}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            {each}
            RETURN NEW;
        END $$;
        CREATE OR REPLACE TRIGGER {_OF_ENTRY} BEFORE INSERT ON {_TABLE} FOR EACH ROW
            WHEN (NEW.dated IS NULL) EXECUTE FUNCTION {_OF_ENTRY}();
    """


def _key(model: type[Model]) -> str:
    """SQL for the key of the kind, whatever it is by then."""
    labels = f"app_label = '{model._meta.app_label}' AND model = '{model._meta.model_name}'"
    return f"(SELECT id FROM {ContentType._meta.db_table} WHERE {labels})"


def _of_kind(model: type[Model]) -> str:
    return f"(content_type_id = {ContentType.objects.get_for_model(model).pk})"
