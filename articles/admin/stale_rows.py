"""Rows edited in the form of what they belong to, when two people are at it: those of one relation count as one field."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Field, Model
from django.forms.formsets import DELETION_FIELD_NAME, INITIAL_FORM_COUNT, ORDERING_FIELD_NAME, TOTAL_FORM_COUNT
from django.utils.datastructures import MultiValueDict

TAKE, THEIRS, MINE = "_take-", "theirs", "mine"
OPENED = "opened_fields"
PLACE = "position"
_LAST = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Stored:
    """The rows of a relation as they are stored, in their order: their keys, and a short word for what people see."""

    keys: tuple[int, ...]
    digest: str


def stored(obj: Model, relation: str) -> Stored:
    rows = getattr(obj, relation)
    shown = [field.attname for field in _columns(rows.model, type(obj))]
    found = list(rows.values_list("pk", *shown))
    return Stored(tuple(key for key, *_ in found), _digest(values for _, *values in found))


def opened(data: MultiValueDict[str, Any]) -> dict[str, str]:
    """What each field and relation was when the form was opened, as short words by name."""
    return dict(part.split("=", 1) for part in data.get(OPENED, "").split(",") if "=" in part)


def digest_of(rows: Iterable[Model], owner: type[Model]) -> str:
    return _digest([getattr(row, field.attname) for field in _columns(type(row), owner)] for row in rows)


def in_words(rows: Iterable[Model], owner: type[Model]) -> str:
    """The rows as a numbered list, with all that people see of each."""
    return "\n".join(f"{number}. {_row_in_words(row, owner)}" for number, row in enumerate(rows, 1))


def as_stored(obj: Model, relation: str) -> list[Model]:
    rows = getattr(obj, relation)
    others = [field.name for field in _columns(rows.model, type(obj)) if field.is_relation]
    return list(rows.select_related(*others) if others else rows.all())


def as_typed(formset: forms.BaseInlineFormSet) -> list[Model]:
    """The rows as they would be stored now, in the order that was typed."""
    kept = [form for form in formset.forms if not (formset.can_delete and formset._should_delete_form(form))]
    rows = [form.instance for form in kept if form.instance.pk or form.has_changed()]
    return sorted(rows, key=lambda row: _LAST if (place := getattr(row, PLACE, 0)) is None else place)


def settled(formset: forms.BaseInlineFormSet) -> Any:
    """What was sent for the rows, fitted to those that are stored now: to be shown again, and saved if that is wanted.

    Rows that others deleted come back as new ones, rows that others added are ticked for deletion, and all have the
    order in which they were sent. Where theirs were taken, the rows are as they are stored.
    """
    sent, relation = formset.data, formset.prefix
    before = opened(sent).get(relation)
    # What makes a row that row stands in none of these boxes.
    besides = {"id", formset.fk.name, PLACE, DELETION_FIELD_NAME, ORDERING_FIELD_NAME}
    rows = _sent_rows(sent, relation, besides)
    taken = sent.get(f"{TAKE}{relation}") == THEIRS
    if before is None or rows is None:
        return sent
    now = stored(formset.instance, relation)
    if not taken and now.digest == before and {key for row in rows if (key := row.get("id"))} <= {*map(str, now.keys)}:
        return sent
    untouched = type(formset)(instance=formset.instance, prefix=relation, queryset=formset.queryset)
    kept = [_values(form) for form in untouched.initial_forms]
    new: list[dict[str, Any]] = []
    if not taken:
        _number(rows)
        kept, new = _matched(kept, rows, besides)
    data = MultiValueDict({name: sent.getlist(name) for name in sent if not _place_of(name, relation)})
    for index, row in enumerate([*kept, *new]):
        for name, value in row.items():
            data[f"{relation}-{index}-{name}"] = value
    data[f"{relation}-{INITIAL_FORM_COUNT}"] = str(len(kept))
    data[f"{relation}-{TOTAL_FORM_COUNT}"] = str(len(kept) + len(new))
    return data


def _sent_rows(sent: MultiValueDict[str, Any], relation: str, besides: Container[str]) -> list[dict[str, Any]] | None:
    """The rows as they were sent, by the names of their boxes, without the empty ones; None if there were none at all."""
    if f"{relation}-{TOTAL_FORM_COUNT}" not in sent:
        return None
    rows: dict[int, dict[str, Any]] = {}
    for name in sent:
        if found := _place_of(name, relation):
            rows.setdefault(int(found[1]), {})[found[2]] = sent[name]
    return [row for _, row in sorted(rows.items()) if row.get("id") or any(_typed(row, besides))]


def _place_of(name: str, relation: str) -> re.Match[str] | None:
    return re.fullmatch(rf"{re.escape(relation)}-([0-9]{{1,4}})-(\w+)", name)


def _typed(row: dict[str, Any], besides: Container[str]) -> list[str]:
    return [" ".join(str(row[name]).split()) for name in sorted(row) if row[name] and name not in besides]


def _number(rows: Sequence[dict[str, Any]]) -> None:
    """Number the rows by what was typed; of two with one number, the one that was moved there comes first."""
    going = [(number, row) for number, row in enumerate(rows, 1) if DELETION_FIELD_NAME not in row and PLACE in row]

    def place(one: tuple[int, dict[str, Any]]) -> tuple[int, int]:
        was, typed = one[0], str(one[1][PLACE])
        now = int(typed) if typed.isdecimal() and len(typed) < 10 else _LAST
        return now, (now > was) - (now < was)

    for number, (_, row) in enumerate(sorted(going, key=place), 1):
        row[PLACE] = str(number)


def _matched(
    kept: list[dict[str, Any]], rows: Sequence[dict[str, Any]], besides: Container[str]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What was sent for each row that is stored, and, as new rows, what was sent for those that are gone."""
    sent = {row["id"]: row for row in rows if row.get("id")}
    free = [row for row in kept if row["id"] not in sent]
    new = []
    for row in rows:
        if row.get("id") in {one["id"] for one in kept}:
            continue
        # An import that writes a list anew gives its rows new keys: the same words are the same row.
        same = next((one for one in free if _typed(one, besides) == _typed(row, besides)), None)
        if same is not None:
            free.remove(same)
            sent[same["id"]] = row | {"id": same["id"]}
        elif DELETION_FIELD_NAME not in row:
            new.append(row | {"id": ""})
    return [sent.get(row["id"], row | {DELETION_FIELD_NAME: "on"}) for row in kept], new


def _values(form: forms.BaseForm) -> dict[str, Any]:
    """What a browser sends of a row that nobody touched."""
    values = {box.name: box.value() for box in form}
    return {
        name: value if value is True else str(value) for name, value in values.items() if value not in (None, False)
    }


def _columns(model: type[Model], owner: type[Model]) -> list[Field[Any, Any]]:
    """What people see and change of a row, but for its place."""
    shown = (field for field in model._meta.concrete_fields if field.editable and not field.primary_key)
    return [field for field in shown if field.name != PLACE and field.related_model is not owner]


def _digest(rows: Iterable[Iterable[Any]]) -> str:
    lines = ["\t".join("" if value is None else " ".join(str(value).split()) for value in row) for row in rows]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]


def _row_in_words(row: Model, owner: type[Model]) -> str:
    first, *others = _columns(type(row), owner)
    words = [str(value)] if (value := getattr(row, first.name)) else []
    words += [f"{field.verbose_name}: {value}" for field in others if (value := getattr(row, field.name))]
    return " · ".join(words)
