"""Versions of what editors write: kept by django-reversion, compared and restored here.

A version holds the fields that an editor can change and the rows that belong to the object (the names of a speaker, the
items of a list). Imports keep none, so that they do not write everything twice: the state before an editor's first
change, or after an import's later one, is kept when the next change by a person comes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import reversion
from django.core import serializers
from django.db import models, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.text import capfirst
from reversion.models import Version

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models import Model, QuerySet

FOUND = "As it was before this desk changed it."


@dataclass(frozen=True, slots=True)
class Tracked:
    """What a version of a model holds: ``fields``, and for each related name in ``rows`` the fields of those rows."""

    fields: tuple[str, ...]
    rows: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An object as it was: values as JSON by field, and for each related name the values of its rows."""

    values: dict[str, Any]
    rows: dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Difference:
    """A field, or kind of rows, that two snapshots do not agree on, in words."""

    label: str
    old: str
    new: str


class CannotRestoreError(ValueError):
    """Something that the version refers to is not there any more; the message says what."""


_tracked: dict[type[Model], Tracked] = {}


def track(model: type[Model], fields: Iterable[str], rows: Mapping[str, tuple[str, ...]] | None = None) -> None:
    """Let versions of ``model`` be kept."""
    tracked = Tracked(tuple(fields), rows or {})
    _tracked[model] = tracked
    for name, kept in tracked.rows.items():
        relation = model._meta.get_field(name)
        reversion.register(relation.related_model, fields=(*kept, relation.field.name))
    reversion.register(model, fields=tracked.fields, follow=tuple(tracked.rows))


def track_rows(model: type[Model], name: str, fields: Iterable[str]) -> None:
    """Let versions of ``model`` hold the rows of one more related name: of an app that stands above its own."""
    tracked = _tracked[model]
    for known in tracked.rows:
        reversion.unregister(model._meta.get_field(known).related_model)
    reversion.unregister(model)
    track(model, tracked.fields, {**tracked.rows, name: tuple(fields)})


def is_tracked(model: type[Model]) -> bool:
    return model in _tracked


def versions_of(obj: Model) -> QuerySet[Version]:
    """The newest first."""
    return Version.objects.get_for_object(obj).select_related("revision__user").order_by("-pk")


def record(rows: Iterable[Model], *, editor: User | None, comment: str) -> None:
    """Keep the stored state of each row as its newest version."""
    with reversion.create_revision(manage_manually=True):
        reversion.set_user(editor)
        reversion.set_comment(comment)
        for row in rows:
            reversion.add_to_revision(row)


def record_unseen(rows: QuerySet) -> None:
    """Keep the stored state of rows whose newest version is not what is stored, before a person changes them."""
    for row in rows:
        newest = Version.objects.get_for_object(row).order_by("-pk").first()
        if newest is None or snapshot(newest) != present(row):
            record([row], editor=None, comment=FOUND)


def present(obj: Model) -> Snapshot:
    """The object as it is stored now."""
    tracked = _tracked[type(obj)]
    rows = {
        name: [_values(row, kept) for row in getattr(obj, name).order_by("pk")] for name, kept in tracked.rows.items()
    }
    return Snapshot(_values(obj, tracked.fields), rows)


def _values(row: Model, fields: tuple[str, ...]) -> dict[str, Any]:
    return json.loads(serializers.serialize("json", [row], fields=fields))[0]["fields"]


def snapshot(version: Version) -> Snapshot:
    """The object as it was in a version; of fields that did not exist then, nothing is said."""
    model = version.content_type.model_class()
    tracked = _tracked[model]
    rows: dict[str, list[dict[str, Any]]] = {}
    for name, kept in tracked.rows.items():
        relation = model._meta.get_field(name)
        same = Version.objects.get_for_model(relation.related_model).filter(revision_id=version.revision_id)
        found = [json.loads(row.serialized_data)[0] for row in same]
        mine = [row for row in found if str(row["fields"].get(relation.field.name)) == version.object_id]
        rows[name] = [
            {field: value for field, value in row["fields"].items() if field in kept}
            for row in sorted(mine, key=lambda row: row["pk"])
        ]
    values = json.loads(version.serialized_data)[0]["fields"]
    return Snapshot({field: value for field, value in values.items() if field in tracked.fields}, rows)


def unsaid(version: Version) -> str:
    """In words, how the version's fields differ from today's: those that it does not have, and those that are no more."""
    model = version.content_type.model_class()
    kept = json.loads(version.serialized_data)[0]["fields"]
    fields = _tracked[model].fields
    newer = [str(model._meta.get_field(name).verbose_name) for name in fields if name not in kept]
    gone = [name.replace("_", " ") for name in kept if name not in fields]
    said = [f"It is from before there was: {', '.join(newer)}. That stays as it is."] if newer else []
    said += [f"It also held what is not kept any more: {', '.join(gone)}."] if gone else []
    return " ".join(said)


def differences(model: type[Model], old: Snapshot, new: Snapshot) -> list[Difference]:
    """Where the snapshots differ, in the order of the fields."""
    found = []
    for name in _tracked[model].fields:
        if name in old.values and name in new.values and old.values[name] != new.values[name]:
            field = model._meta.get_field(name)
            shown = (in_words(field, old.values[name]), in_words(field, new.values[name]))
            found.append(Difference(capfirst(field.verbose_name), *shown))
    for name in _tracked[model].rows:
        if old.rows[name] != new.rows[name]:
            related = model._meta.get_field(name).related_model
            shown = tuple("\n".join(_row_in_words(related, row) for row in side.rows[name]) for side in (old, new))
            found.append(Difference(capfirst(related._meta.verbose_name_plural), *shown))
    return found


def _row_in_words(model: type[Model], row: dict[str, Any]) -> str:
    words = (in_words(model._meta.get_field(name), value) for name, value in row.items())
    return " · ".join(word for word in words if word)


def in_words(field: models.Field, value: Any) -> str:
    """A JSON value of the field as an editor would write it."""
    if value is None or value == "":
        return ""
    if isinstance(field, models.ManyToManyField | models.ForeignKey):
        keys = value if isinstance(value, list) else [value]
        named = {str(row.pk): str(row) for row in field.related_model._default_manager.filter(pk__in=keys)}
        return ", ".join(named.get(str(key), f"number {key}, which is deleted") for key in keys)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(field, models.DateTimeField) and (moment := parse_datetime(str(value))):
        return date_format(timezone.localtime(moment), "j M Y, H:i:s")
    return str(value)


@transaction.atomic
def put_back(obj: Model, then: Snapshot, *, besides: Iterable[str] = ()) -> dict[str, list[Any]]:
    """Give ``obj`` the values of a snapshot, ``besides`` excepted, and replace the rows that belong to it.

    The caller saves ``obj`` through its store and then sets the many-to-many fields to the keys returned by name.
    Raises ``CannotRestoreError`` if something that the snapshot refers to was deleted meanwhile.
    """
    model = type(obj)
    many: dict[str, list[Any]] = {}
    for name, value in then.values.items():
        if name in besides:
            continue
        field = model._meta.get_field(name)
        value = _still_there(field, value)
        if isinstance(field, models.ManyToManyField):
            many[name] = value
        else:
            setattr(obj, field.attname, None if value is None else field.to_python(value))
    for name, rows in then.rows.items():
        _replace(obj, name, rows)
    return many


def _replace(obj: Model, name: str, rows: list[dict[str, Any]]) -> None:
    relation = type(obj)._meta.get_field(name)
    model = relation.related_model
    made = []
    for values in rows:
        row = model(**{relation.field.name: obj})
        for column, value in values.items():
            field = model._meta.get_field(column)
            value = _still_there(field, value)
            setattr(row, field.attname, None if value is None else field.to_python(value))
        made.append(row)
    getattr(obj, name).all().delete()
    model._default_manager.bulk_create(made)


def _still_there(field: models.Field, value: Any) -> Any:
    """The value, or None where it refers to a row that is deleted and nothing may stand there instead."""
    if not isinstance(field, models.ManyToManyField | models.ForeignKey) or value is None:
        return value
    keys = value if isinstance(value, list) else [value]
    gone = set(map(str, keys)) - {str(row.pk) for row in field.related_model._default_manager.filter(pk__in=keys)}
    if gone and not (isinstance(field, models.ForeignKey) and field.null):
        what = f"{field.related_model._meta.verbose_name} number {', '.join(sorted(gone))}"
        raise CannotRestoreError(f"{capfirst(field.verbose_name)}: {what} is not there any more.")
    return None if gone else value
