"""Two rows that are one, made one: speakers and topics. And the way back.

What hangs on the source moves to the target; the source stays as a row that leads there (``merged_into``, always one
level deep), with its names, so that imports and old links that mean it find the target. Nothing else is touched, and
so a merger is undone by moving back what still hangs where it was moved to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import QuerySet
from django.utils import timezone

from articles.models import Merger

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models import Model

Relation = models.ForeignKey
Changed = Callable[["Model", "Model", "User | None"], None]

_relations: dict[type[Model], list[tuple[Relation, Callable[[list[int]], None]]]] = defaultdict(list)
_on_merge: list[Changed] = []
_on_change: dict[type[Model], list[Callable[[list[int]], None]]] = defaultdict(list)
BATCH = 1000


class CannotMergeError(ValueError):
    """The two cannot be merged, or it cannot be undone; the message says why."""


def register(relation: Relation, *, moved: Callable[[list[int]], None] = lambda keys: None) -> None:
    """Let rows follow along this foreign key when what it points to is merged. ``moved`` is told their keys, in batches."""
    _relations[relation.related_model].append((relation, moved))


def on_merge(callback: Changed) -> None:
    """Have ``callback(source, target, editor)`` called, in the same transaction, when two were merged."""
    _on_merge.append(callback)


def on_change(model: type[Model], callback: Callable[[list[int]], None]) -> None:
    """Have ``callback(keys)`` called with the two rows of ``model`` that a merger, or its undoing, has changed."""
    _on_change[model].append(callback)


@transaction.atomic
def merge(source: Model, target: Model, *, editor: User | None) -> Merger:
    """Move all that hangs on ``source`` to ``target``. Raises ``CannotMergeError``; nothing is written then."""
    source, target = _locked(source, target)
    if source.merged_into_id is not None:
        raise CannotMergeError(f"“{source}” has been merged into another one already.")
    if target.merged_into_id is not None:
        raise CannotMergeError(f"“{target}” has been merged into another one. Choose that one.")
    model = type(source)
    record = _record(source, target, editor)
    for relation, moved in _relations[model]:
        _move(relation, relation.model._default_manager.filter(**{relation.name: source}), target, record, moved)
    led = model._default_manager.filter(merged_into=source)
    record.moved["led_on"] = list(led.values_list("pk", flat=True))
    led.update(merged_into=target)
    model._default_manager.filter(pk=source.pk).update(merged_into=target)
    record.save()
    for callback in _on_merge:
        callback(source, target, editor)
    for changed in _on_change[model]:
        changed([source.pk, target.pk])
    return record


@transaction.atomic
def split(rows: QuerySet, relation: Relation, target: Model, *, editor: User | None) -> list[Merger]:
    """Give ``rows``, which hang on whatever by ``relation``, to ``target``. One record for each row they hung on."""
    records = []
    if target.merged_into_id is not None:
        raise CannotMergeError(f"“{target}” has been merged into another one. Choose that one.")
    keys = rows.exclude(**{relation.name: target}).order_by().values_list(relation.name, flat=True).distinct()
    moved = next(callback for known, callback in _relations[relation.related_model] if known is relation)
    for source in relation.related_model._default_manager.filter(pk__in=list(keys)).order_by("pk"):
        record = _record(source, target, editor, is_split=True)
        _move(relation, rows.filter(**{relation.name: source}), target, record, moved)
        record.save()
        records.append(record)
    return records


@transaction.atomic
def undo(record: Merger, *, editor: User | None) -> int:
    """Move back what still hangs where the merger put it; what was given to others since stays. Returns how many moved.

    Undoing twice does nothing. Raises ``CannotMergeError`` if one of the two was deleted.
    """
    record = Merger.objects.select_for_update().get(pk=record.pk)
    if record.undone_at is not None:
        return 0
    model = next(model for model in _relations if model._meta.label_lower == record.kind)
    there = {
        row.pk: row
        for row in model._default_manager.select_for_update()
        .order_by("pk")
        .filter(pk__in=[record.source_id, record.target_id])
    }
    if len(there) < 2:
        raise CannotMergeError("One of the two has been deleted since: this cannot be undone any more.")
    source, target = there[record.source_id], there[record.target_id]
    holder = target if target.merged_into_id is None else target.merged_into
    number = 0
    for relation, moved in _relations[model]:
        name = str(relation)
        back = record.moved["moved"].get(name, [])
        for start in range(0, len(back), BATCH):
            keys = back[start : start + BATCH]
            rows = relation.model._default_manager.filter(pk__in=keys, **{relation.name: holder})
            number += rows.update(**{relation.name: source})
            moved(keys)
        dropped = record.moved["dropped"].get(name, [])
        relation.model._default_manager.bulk_create(
            [relation.model(**values, **{relation.attname: source.pk}) for values in _still_meant(relation, dropped)],
            ignore_conflicts=True,
        )
    if not record.is_split:
        model._default_manager.filter(pk=source.pk).update(merged_into=None)
        model._default_manager.filter(pk__in=record.moved["led_on"], merged_into=holder).update(merged_into=source)
    for changed in _on_change[model]:
        changed([source.pk, target.pk, holder.pk])
    record.undone_at, record.undone_by = timezone.now(), editor
    record.save(update_fields=["undone_at", "undone_by"])
    return number


def _locked(*rows: Model) -> list[Model]:
    """The rows as they are stored now, held until the transaction ends; always in one order, so that nobody deadlocks."""
    model, keys = type(rows[0]), [row.pk for row in rows]
    if len(set(keys)) < len(keys):
        raise CannotMergeError(f"“{rows[0]}” cannot be merged into itself.")
    stored = {row.pk: row for row in model._default_manager.select_for_update().filter(pk__in=keys).order_by("pk")}
    if len(stored) < len(keys):
        raise CannotMergeError("One of the two is not there any more.")
    return [stored[key] for key in keys]


def _record(source: Model, target: Model, editor: User | None, *, is_split: bool = False) -> Merger:
    return Merger(
        kind=source._meta.label_lower,
        source_id=source.pk,
        target_id=target.pk,
        source_name=str(source)[:200],
        target_name=str(target)[:200],
        is_split=is_split,
        moved={"moved": {}, "dropped": {}, "led_on": []},
        editor=editor,
    )


def _move(
    relation: Relation, rows: QuerySet, target: Model, record: Merger, moved: Callable[[list[int]], None]
) -> None:
    """Let rows point at ``target``; those that say what another row says of it already are taken out and remembered."""
    twice = _doubles(relation, rows, target)
    record.moved["dropped"][str(relation)] = [_values(relation, row) for row in twice]
    relation.model._default_manager.filter(pk__in=[row.pk for row in twice]).delete()
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    record.moved["moved"][str(relation)] = keys
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        relation.model._default_manager.filter(pk__in=batch).update(**{relation.name: target})
        moved(batch)


def _doubles(relation: Relation, rows: QuerySet, target: Model) -> list[Model]:
    unique = [
        constraint.fields
        for constraint in relation.model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint) and relation.name in constraint.fields
    ]
    found: dict[int, Model] = {}
    for fields in unique:
        others = [name for name in fields if name != relation.name]
        same = {name: models.OuterRef(name) for name in others}
        there = relation.model._default_manager.filter(**{relation.name: target}, **same)
        found |= {row.pk: row for row in rows.filter(models.Exists(there))}
    return list(found.values())


def _values(relation: Relation, row: Model) -> dict[str, Any]:
    fields = (field for field in row._meta.concrete_fields if not field.primary_key and field.name != relation.name)
    return {field.attname: getattr(row, field.attname) for field in fields}


def _still_meant(relation: Relation, dropped: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of the remembered rows whose other foreign keys still lead somewhere."""
    keys = [
        field for field in relation.model._meta.concrete_fields if field.remote_field and field.name != relation.name
    ]
    return [
        values
        for values in dropped
        if all(field.related_model._default_manager.filter(pk=values[field.attname]).exists() for field in keys)
    ]
