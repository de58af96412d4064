"""Two people at one form: whoever saves second is told, shown both versions word by word, and asked which to keep."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms import BaseInlineFormSet
from django.utils.safestring import SafeString

from articles.admin import stale_rows
from articles.admin.forms import PlainWordsForm
from articles.admin.stale_rows import MINE, OPENED, TAKE, THEIRS
from articles.worddiff import side_by_side

# What a form was opened with, in boxes that nobody sees.
_OPENED = ("opened_version", OPENED)


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field (or all rows of a relation) whose stored version and typed one differ, each with its own words marked.

    ``who`` changed it since the form was opened: "you", "they" or "both". ``take``: the choice that is made beforehand:
    theirs where only they changed it.
    """

    name: str
    label: str
    theirs: SafeString
    yours: SafeString
    who: str

    @property
    def take(self) -> str:
        return THEIRS if self.who == "they" else MINE


class StaleCheckForm(PlainWordsForm):
    """A form that says what it was opened with: a save is refused if that is not what is stored any more.

    Of a field for which ``_take-NAME`` is sent as "theirs", the stored value stays, whatever was typed.
    """

    # Related names of rows that belong to the object and are edited in the same form, by a ``RowsFormSet``.
    rows: ClassVar[tuple[str, ...]] = ()

    opened_version = forms.CharField(widget=forms.HiddenInput, required=False)
    opened_fields = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What was typed and what is stored, once a save was refused.
        self.conflicts: list[Conflict] = []
        self.refused = False
        self.stored_rows = {name: stale_rows.stored(self.instance, name) for name in self.rows if self.instance.pk}
        self.initial["opened_version"] = self.stamp()
        shown = [
            f"{name}={_digest(self.get_initial_for_field(field, name))}"
            for name, field in self.fields.items()
            if name not in _OPENED
        ]
        rows = [f"{name}={rows.digest}" for name, rows in self.stored_rows.items()]
        self.initial[OPENED] = ",".join([*shown, *rows])
        names = [*self.fields, *self.rows]
        self.taken = [name for name in names if self.data.get(f"{TAKE}{self.add_prefix(name)}") == THEIRS]
        for name in self.fields.keys() & set(self.taken):
            # Django then goes by what is stored, and shows that, should the form have another fault.
            self.fields[name].disabled = True

    def stamp(self) -> str:
        """What tells one stored state of the object from another: by default, all that the form shows of it."""
        shown = [f"{name}={_plain(self.initial.get(name))}" for name in self.fields if name not in _OPENED]
        return hashlib.sha256("\n".join([*shown, *map(str, self.stored_rows.values())]).encode()).hexdigest()[:24]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.instance.pk is not None and self.cleaned_data.get("opened_version") != self.initial["opened_version"]:
            self._refuse()
        return cleaned

    def _refuse(self) -> None:
        self.refused, self._opened = True, stale_rows.opened(self.data)
        self.conflicts = [self._conflict(name) for name in self.changed_data if name not in _OPENED]
        # Whoever has been told may save again, on top of that version.
        self.data = self.data.copy()
        for name in _OPENED:
            self.data[self.add_prefix(name)] = self.initial[name]
        what = self.instance._meta.verbose_name
        raise ValidationError(
            f"This {what} was changed by {self.last_editor() or 'somebody'} while you were writing. Nothing was saved, "
            "and what you typed is still below. Say for each field whose version is to stay, then save again."
        )

    def _conflict(self, name: str) -> Conflict:
        field = self.fields[name]
        stored = self.get_initial_for_field(field, name)
        typed = self.cleaned_data.get(name, self[name].data)
        sides = side_by_side(self._words(name, stored), self._words(name, typed))
        return Conflict(name, str(field.label), *sides, self._who(name, _digest(stored), _digest(typed)))

    def _who(self, name: str, stored: str, typed: str) -> str:
        mine, them = typed != self._opened.get(name), stored != self._opened.get(name)
        return "they" if them and not mine else "you" if mine and not them else "both"

    def compare_rows(self, formsets: Iterable[BaseInlineFormSet]) -> None:
        """Once a save was refused: what differs in the rows, too."""
        owner = type(self.instance)
        for formset in formsets if self.refused else ():
            name = formset.prefix
            if name not in self.stored_rows:
                continue
            typed, stored = stale_rows.as_typed(formset), self.stored_rows[name].digest
            digest = stale_rows.digest_of(typed, owner)
            if digest != stored:
                kept = stale_rows.in_words(stale_rows.as_stored(self.instance, name), owner)
                sides = side_by_side(kept, stale_rows.in_words(typed, owner))
                label = f"{formset.model._meta.verbose_name_plural} and their order".capitalize()
                self.conflicts.append(Conflict(name, label, *sides, self._who(name, stored, digest)))

    def last_editor(self) -> Any:
        """Who changed it last, as far as that is known."""
        kind = ContentType.objects.get_for_model(self.instance)
        entries = LogEntry.objects.filter(content_type=kind, object_id=str(self.instance.pk)).select_related("user")
        entry = entries.order_by("-pk").first()
        return entry.user if entry else None

    def _words(self, name: str, value: Any) -> str:
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField) and isinstance(value, int):
            value = field.queryset.filter(pk=value).first()
        if isinstance(value, list | tuple | QuerySet):
            return ", ".join(map(str, value))
        if isinstance(field, forms.ChoiceField) and not isinstance(value, Model):
            return str(dict(field.choices).get(value, value or ""))
        if isinstance(value, bool):
            return "yes" if value else "no"
        return "" if value is None else str(value).replace("\r\n", "\n")


def _digest(value: Any) -> str:
    """A short word for a value, whether it comes out of the database or out of a form."""
    return hashlib.sha256(_plain(value).encode()).hexdigest()[:12]


def _plain(value: Any) -> str:
    if isinstance(value, list | tuple | QuerySet):
        return ",".join(sorted(map(_plain, value)))
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(microsecond=0).isoformat()
    if isinstance(value, Model):
        return str(value.pk)
    return "" if value is None else str(value).replace("\r\n", "\n").strip()
