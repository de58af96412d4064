"""What editors delete: kept with all that goes along, so that whoever may delete can bring it back.

It comes back under its keys, so that its history, its old addresses and the lists that named it find it again; but not
public: making something public is a decision of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import transaction
from django.db.models.deletion import Collector
from django.utils import timezone
from modelsearch.index import Indexed

from articles import searchindex
from articles.ledger import Ledger, Values
from articles.models import Deletion, FormerAddress
from articles.putback import write_again
from articles.slugs import free_slugs

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models import Model

# The search index is made anew from the rows.
_NOT_KEPT = {"modelsearch"}


class CannotBringBackError(ValueError):
    """Something stands in the way; the message says what."""


def _article(values: Values) -> None:
    if values["state"] == "published":
        values["state"] = "draft"


def _list(values: Values) -> None:
    values["is_published"] = False


_hide: dict[str, Callable[[Values], None]] = {"articles.article": _article, "articles.curatedlist": _list}


def register_hiding(label: str, hide: Callable[[Values], None]) -> None:
    """Have ``hide`` take out of the values of a row that comes back what would make it public."""
    _hide[label] = hide


@transaction.atomic
def note(doomed: Iterable[Model], *, editor: User | None) -> None:
    """Keep rows that are about to be deleted, before their addresses are closed."""
    for row in doomed:
        collector = Collector(using=row._state.db, origin=row)
        collector.collect([row])
        Deletion.objects.create(
            kind=row._meta.label_lower,
            object_id=row.pk,
            name=str(row)[:200],
            rows={
                **_deleted(collector),
                "let_go": dict(_let_go(collector)),
                "addresses": list(
                    FormerAddress.objects.filter(kind=row._meta.label_lower, object_id=row.pk).values_list(
                        "pk", flat=True
                    )
                ),
            },
            editor=editor,
        )


def _deleted(collector: Collector) -> dict[str, Any]:
    keys: dict[type[Model], set[int]] = {}
    for model, rows in collector.data.items():
        keys.setdefault(model, set()).update(row.pk for row in rows)
    for rows in collector.fast_deletes:
        keys.setdefault(rows.model, set()).update(rows.values_list("pk", flat=True))
    ledger = Ledger()
    for model, found in keys.items():
        if model._meta.app_label not in _NOT_KEPT:
            # Read again: what the collector holds of rows that go along is little more than their keys.
            ledger.deleted(model._base_manager.filter(pk__in=found).order_by("pk"))
    return ledger.as_json()


def _let_go(collector: Collector) -> Iterator[tuple[str, list[list[int]]]]:
    """By foreign key, the rows that stay without it, each with what it led to."""
    for (field, _), groups in collector.field_updates.items():
        keys = [row.pk for group in groups for row in group]
        rows = field.model._base_manager.filter(pk__in=keys).order_by("pk").values_list("pk", field.attname)
        yield f"{field.model._meta.label_lower}.{field.attname}", [list(pair) for pair in rows]


@transaction.atomic
def bring_back(deletion: Deletion, *, editor: User | None) -> Model:
    """Write the row again with all that went along, and let what it was taken out of lead to it. Returns the row.

    Raises ``CannotBringBackError`` if it is back already, or something else has taken its place; nothing is written then.
    """
    deletion = Deletion.objects.select_for_update().get(pk=deletion.pk)
    if deletion.back_at is not None:
        raise CannotBringBackError(f"“{deletion}” has been brought back already.")
    model = apps.get_model(deletion.kind)
    kept: dict[str, list[Values]] = deletion.rows["deleted"]
    closed = FormerAddress.objects.filter(kind=deletion.kind, object_id__isnull=True)
    root = next(values for values in kept[deletion.kind] if values[model._meta.pk.attname] == deletion.object_id)
    if root.get("slug"):
        closed.filter(slug=root["slug"]).delete()
        root["slug"] = free_slugs(model, [root["slug"]])[0]
    written = {label: _write(label, kept[label]) for label in _in_order(kept)}
    row = next((row for row in written[deletion.kind] if row.pk == deletion.object_id), None)
    if row is None:
        raise CannotBringBackError(
            f"“{deletion}” cannot come back: another entry has its name, its address or its source by now, or what it "
            "belonged to is not there any more. Change that one first."
        )
    closed.filter(pk__in=deletion.rows["addresses"]).update(object_id=row.pk)
    for name, pairs in deletion.rows["let_go"].items():
        label, _, column = name.rpartition(".")
        for key, target in pairs:
            if any(back.pk == target for rows in written.values() for back in rows):
                apps.get_model(label)._base_manager.filter(pk=key, **{column: None}).update(**{column: target})
    for label, rows in written.items():
        if issubclass(apps.get_model(label), Indexed):
            found = apps.get_model(label)._default_manager.filter(pk__in=[back.pk for back in rows])
            searchindex.add(found.model, list(found))
    deletion.back_at, deletion.back_by = timezone.now(), editor
    deletion.save(update_fields=["back_at", "back_by"])
    return row


def _in_order(labels: Iterable[str]) -> list[str]:
    """What others refer to first."""
    known = set(labels)
    order: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(sorted(known), ()))
    for label in sorted(known):
        for field in apps.get_model(label)._meta.concrete_fields:
            target = field.related_model._meta.label_lower if field.related_model else ""
            if target in known and target != label:
                order.add(label, target)
    return list(order.static_order())


def _write(label: str, rows: list[Values]) -> list[Model]:
    model = apps.get_model(label)
    for values in rows:
        if label in _hide:
            _hide[label](values)
    return write_again(model, {values[model._meta.pk.attname]: values for values in rows})
