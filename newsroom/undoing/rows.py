"""Rows of any table, by (label, key): what they belong to, what uses them, and how they are put back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from graphlib import TopologicalSorter
from itertools import islice
from typing import Any

from django.apps import apps
from django.db.models import CASCADE, PROTECT, RESTRICT, Model

from articles.ledger import values_of
from articles.people import tables
from articles.putback import BATCH, assign, see_to_targets, write_again
from newsroom.undoing.account import Account, Key, Values

# Unique places in a text: two rows may have changed places, so all leave theirs before any takes its old one.
PLACES = ("start", "end")
# A count of writes never goes back: an editor may have the form of the later version open.
VERSION = "version"


def model_of(label: str) -> type[Model]:
    return apps.get_model(label)


def by_label(keys: Iterable[Key]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for label, key in keys:
        found.setdefault(label, []).append(key)
    return found


def wholes(account: Account) -> dict[Key, Key]:
    """For each row of the account the row that it is a part of: an article for a quote; itself if it is part of none."""
    found: dict[Key, Key] = {key: key for key in account}
    for label, keys in by_label(account).items():
        if label not in tables.belongs:
            continue
        column, whole = tables.belongs[label]
        rows = model_of(label)._base_manager
        for some in _some(keys):
            for key, owner in rows.filter(pk__in=some).values_list("pk", column):
                found[label, key] = (whole, owner) if owner is not None else (label, key)
        for key in keys:
            owner = account.deleted.get((label, key), {}).get(column)
            if owner is not None:
                found[label, key] = (whole, owner)
    return found


def remove(keys: Iterable[Key]) -> Counter[str]:
    """Delete the rows, those first that refer to others. Returns how many went, by label."""
    rows = by_label(keys)
    order = TopologicalSorter(dict.fromkeys(rows, ()))
    for label in rows:
        for field in model_of(label)._meta.concrete_fields:
            target = field.related_model._meta.label_lower if field.related_model else ""
            if target in rows and target != label:
                order.add(target, label)
    removed: Counter[str] = Counter()
    for label in order.static_order():
        for some in _some(rows[label]):
            removed.update(_delete(label, some))
    return removed


def _delete(label: str, keys: Collection[int]) -> dict[str, int]:
    _, gone = model_of(label)._base_manager.filter(pk__in=keys).delete()
    return {name.lower(): number for name, number in gone.items() if name.split(".")[0] in {"articles", "quotes"}}


def revert(updated: dict[Key, dict[str, list[Any]]]) -> list[Model]:
    """Give columns their earlier value, where they still have the later one. Returns the rows that changed."""
    reverted: list[Model] = []
    for label, keys in by_label(updated).items():
        for some in _some(keys):
            reverted += _revert(label, {key: updated[label, key] for key in some})
    return reverted


def _revert(label: str, updated: dict[int, dict[str, list[Any]]]) -> list[Model]:
    model = model_of(label)
    rows = model._base_manager.in_bulk(list(updated))
    changed: list[Model] = []
    columns: set[str] = set()
    for key, row in rows.items():
        earlier = {
            column: before
            for column, (before, after) in updated[key].items()
            if values_of(row, [column]).get(column) == after and not _is_stamp(model, column)
        }
        if earlier:
            assign(row, earlier)
            columns |= earlier.keys()
            changed.append(row)
    changed = see_to_targets(model, changed, columns)
    for row in changed:
        if VERSION in updated[row.pk]:
            setattr(row, VERSION, updated[row.pk][VERSION][1] + 1)
    places = [column for column in PLACES if column in columns]
    if places:
        model._base_manager.filter(pk__in=[row.pk for row in changed]).update(**dict.fromkeys(places))
    if columns:
        model._base_manager.bulk_update(changed, sorted(columns), batch_size=BATCH)
    return changed


def put_back(deleted: dict[Key, Values]) -> list[Model]:
    """Write deleted rows again, under their keys, where nothing has taken their place. Returns them."""
    written: list[Model] = []
    for label, keys in by_label(deleted).items():
        for some in _some(keys):
            written += write_again(model_of(label), {key: deleted[label, key] for key in some})
    return written


def in_use(label: str, keys: Collection[int], *, besides: Collection[type[Model]] = ()) -> dict[int, str]:
    """Those of the rows that something refers to, and what: parts of them, incidental ones and ``besides`` aside."""
    found: dict[int, str] = {}
    also = tables.shared.get(label)
    for some in _some(keys):
        for relation in _uses(label):
            if relation.related_model not in besides:
                rows = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": some})
                what = str(relation.related_model._meta.verbose_name_plural)
                for key in rows.order_by().values_list(relation.field.attname, flat=True).distinct():
                    found.setdefault(key, what)
        for key in also(some) if also is not None else ():
            found.setdefault(key, "quotes")
    return found


def _uses(label: str) -> Iterator[Any]:
    for relation in model_of(label)._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and (relation.one_to_many or relation.one_to_one)):
            continue
        name = relation.related_model._meta.label_lower
        field = relation.field.name
        part_of_it = tables.belongs.get(name) == (relation.field.attname, label)
        holds = relation.on_delete in {CASCADE, PROTECT, RESTRICT}
        if holds and not part_of_it and (name, field) not in tables.incidental:
            yield relation


def _is_stamp(model: type[Model], column: str) -> bool:
    """Whether the column says when the row was last written, whoever wrote it."""
    return any(field.attname == column and getattr(field, "auto_now", False) for field in model._meta.concrete_fields)


def _some(keys: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(keys)
    while some := list(islice(rest, BATCH)):
        yield some
