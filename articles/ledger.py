"""What a piece of work did to the rows of whatever table: for a record of it, and to take it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import BinaryField, Field, GeneratedField

if TYPE_CHECKING:
    from django.db.models import Model

Values = dict[str, Any]


class Ledger:
    """The rows made, changed and deleted, by model label, each told once it is settled what it holds.

    Functions that write take one and enter what they did. Rows that were made may be entered before they have a key,
    as long as they have it when ``as_json`` is called. Values are kept as JSON has them (dates as ISO text, which
    ``Field.to_python`` reads back); of foreign keys the column (``article_id``). Bytes are not kept.
    """

    def __init__(self) -> None:
        self._created: list[Model] = []
        self._created_keys: dict[type[Model], list[Any]] = {}
        self._updated: dict[str, dict[Any, dict[str, list[Any]]]] = {}
        self._deleted: dict[str, list[Values]] = {}

    def created(self, rows: Iterable[Model]) -> None:
        """The rows are new."""
        self._created += rows

    def created_keys(self, model: type[Model], keys: Iterable[Any]) -> None:
        """The rows of these keys are new, and are there."""
        self._created_keys.setdefault(model, []).extend(keys)

    def updated(self, row: Model, before: Mapping[str, Any]) -> None:
        """The row is about to be saved, or was; ``before`` are earlier values, of at least the columns that changed.

        Of a row entered twice the earliest and the latest values are kept. Nothing is entered for equal values.
        """
        now = values_of(row, before)
        rows = self._updated.setdefault(row._meta.label_lower, {})
        changed = rows.setdefault(row.pk, {})
        for column, value in now.items():
            if column in changed:
                changed[column][1] = value
            elif (earlier := _plain(before[column])) != value:
                changed[column] = [earlier, value]
        if not changed:
            del rows[row.pk]

    def deleted(self, rows: Iterable[Model]) -> None:
        """The rows are about to be deleted: all their columns are kept, as they were before any change entered here."""
        for row in rows:
            label = row._meta.label_lower
            earlier = {column: before for column, (before, _) in self._updated.get(label, {}).pop(row.pk, {}).items()}
            self._deleted.setdefault(label, []).append(values_of(row) | earlier)

    def as_json(self) -> dict[str, Any]:
        """``{"created": {label: [key]}, "updated": {label: {key: {column: [before, after]}}}, "deleted": {label: [{column: value}]}}``.

        Labels as ``articles.article``; keys of ``updated`` are text, as JSON's are; empty parts are left out.
        """
        rows_of: dict[type[Model], list[Model]] = {}
        for row in self._created:
            rows_of.setdefault(type(row), []).append(row)
        keys: dict[str, list[Any]] = {}
        for model, rows in rows_of.items():
            key = model._meta.pk.attname  # several times faster than ``pk``
            keys[model._meta.label_lower] = [row.__dict__[key] for row in rows]
        for model, more in self._created_keys.items():
            keys.setdefault(model._meta.label_lower, []).extend(more)
        created = {label: found for label, found in keys.items() if found}
        updated = {
            label: {str(key): columns for key, columns in rows.items()} for label, rows in self._updated.items() if rows
        }
        parts = {"created": created, "updated": updated, "deleted": self._deleted}
        return {name: part for name, part in parts.items() if part}


def values_of(row: Model, columns: Iterable[str] | None = None) -> Values:
    """The row's values as JSON has them, of the named columns (``attname``) or of all that are stored as given."""
    wanted = None if columns is None else set(columns)
    return {
        field.attname: _plain(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if (field.attname in wanted if wanted is not None else _is_kept(field))
    }


def _is_kept(field: Field[Any, Any]) -> bool:
    return not isinstance(field, BinaryField | GeneratedField)


def _plain(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float | list | dict):
        return value
    return str(value)
