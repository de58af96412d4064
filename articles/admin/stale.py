"""Two people at one form: whoever saves second is told, shown both versions word by word, and asked which to keep."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.safestring import SafeString

from articles.admin.forms import PlainWordsForm
from articles.worddiff import side_by_side

# What a form was opened with, in boxes that nobody sees.
_OPENED = ("opened_version", "opened_fields")
TAKE, THEIRS, MINE = "_take-", "theirs", "mine"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field of which the stored version and the typed one differ, each with its own words marked.

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

    # Related names of rows that belong to the object and are edited in the same form.
    rows: ClassVar[tuple[str, ...]] = ()

    opened_version = forms.CharField(widget=forms.HiddenInput, required=False)
    opened_fields = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What was typed and what is stored, once a save was refused.
        self.conflicts: list[Conflict] = []
        self.initial["opened_version"] = self.stamp()
        self.initial["opened_fields"] = ",".join(
            f"{name}={_digest(self.get_initial_for_field(field, name))}"
            for name, field in self.fields.items()
            if name not in _OPENED
        )
        self.taken = [name for name in self.fields if self.data.get(f"{TAKE}{self.add_prefix(name)}") == THEIRS]
        for name in self.taken:
            # Django then goes by what is stored, and shows that, should the form have another fault.
            self.fields[name].disabled = True

    def stamp(self) -> str:
        """What tells one stored state of the object from another: by default, all that the form shows of it."""
        shown = [f"{name}={_plain(self.initial.get(name))}" for name in self.fields if name not in _OPENED]
        rows = [getattr(self.instance, name).order_by("pk").values_list() for name in self.rows if self.instance.pk]
        return hashlib.sha256("\n".join([*shown, *map(str, map(list, rows))]).encode()).hexdigest()[:24]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.instance.pk is not None and self.cleaned_data.get("opened_version") != self.initial["opened_version"]:
            self._refuse()
        return cleaned

    def _refuse(self) -> None:
        opened = dict(
            part.split("=", 1) for part in self.cleaned_data.get("opened_fields", "").split(",") if "=" in part
        )
        self.conflicts = [self._conflict(name, opened.get(name)) for name in self.changed_data if name not in _OPENED]
        # Whoever has been told may save again, on top of that version.
        self.data = self.data.copy()
        for name in _OPENED:
            self.data[self.add_prefix(name)] = self.initial[name]
        what = self.instance._meta.verbose_name
        raise ValidationError(
            f"This {what} was changed by {self.last_editor() or 'somebody'} while you were writing. Nothing was saved, "
            "and what you typed is still below. Say for each field whose version is to stay, then save again."
        )

    def _conflict(self, name: str, opened: str | None) -> Conflict:
        field = self.fields[name]
        stored = self.get_initial_for_field(field, name)
        typed = self.cleaned_data.get(name, self[name].data)
        mine, them = _digest(typed) != opened, _digest(stored) != opened
        who = "they" if them and not mine else "you" if mine and not them else "both"
        theirs, yours = side_by_side(self._words(name, stored), self._words(name, typed))
        return Conflict(name, str(field.label), theirs, yours, who)

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
