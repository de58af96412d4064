"""Rows that were deleted, written again from the values that a ledger kept of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import Field, ForeignKey, JSONField

if TYPE_CHECKING:
    from django.db.models import Model

    from articles.ledger import Values

BATCH = 500


def write_again(model: type[Model], deleted: Mapping[int, Values]) -> list[Any]:
    """Write rows under the keys they had, where nothing has taken their place. Returns those that are there now."""
    here = set(model._base_manager.filter(pk__in=deleted).values_list("pk", flat=True))
    rows = []
    for key, values in deleted.items():
        if key not in here:
            row = model(pk=key)
            assign(row, values)
            rows.append(row)
    rows = see_to_targets(model, rows, {field.attname for field in model._meta.concrete_fields})
    model._base_manager.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)
    there = set(model._base_manager.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    written = [row for row in rows if row.pk in there]
    _stamp(model, written, deleted)
    return written


def _stamp(model: type[Model], rows: list[Any], deleted: Mapping[int, Values]) -> None:
    """Give rows the times again at which they were made and changed, which inserting sets to now."""
    stamps = [
        field.attname
        for field in model._meta.concrete_fields
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    ]
    for row in rows:
        assign(row, {name: deleted[row.pk][name] for name in stamps if name in deleted[row.pk]})
    if stamps:
        model._base_manager.bulk_update(rows, stamps, batch_size=BATCH)


def assign(row: Model, values: Values) -> None:
    """Give a row values as a ledger keeps them. Does not save."""
    for field in row._meta.concrete_fields:
        if field.attname in values:
            setattr(row, field.attname, _value(field, values[field.attname]))


def see_to_targets(model: type[Model], rows: list[Any], columns: Collection[str]) -> list[Any]:
    """Let go of foreign keys to rows that are gone by now. Returns the rows that can do without them."""
    good = rows
    for field in model._meta.concrete_fields:
        if not isinstance(field, ForeignKey) or field.attname not in columns:
            continue
        wanted = {getattr(row, field.attname) for row in good} - {None}
        there = set(field.related_model._base_manager.filter(pk__in=wanted).values_list("pk", flat=True))
        for row in good:
            if getattr(row, field.attname) not in there and field.null:
                setattr(row, field.attname, None)
        good = [row for row in good if getattr(row, field.attname) in there or field.null]
    return good


def _value(field: Field[Any, Any], value: Any) -> Any:
    if isinstance(field, ForeignKey):
        return field.target_field.to_python(value)
    return value if isinstance(field, JSONField) else field.to_python(value)
