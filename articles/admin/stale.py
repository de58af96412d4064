"""Two people at one form: whoever saves second is told, and shown what the first one saved."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import Model

from articles.admin.forms import PlainWordsForm


class StaleCheckForm(PlainWordsForm):
    """A form that says what it was opened with: a save is refused if that is not what is stored any more."""

    # Related names of rows that belong to the object and are edited in the same form.
    rows: ClassVar[tuple[str, ...]] = ()

    opened_version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # (label, stored value) of what differs from what was typed, once a save was refused.
        self.newer: list[tuple[str, str]] = []
        self.initial["opened_version"] = self.stamp()

    def stamp(self) -> str:
        """What tells one stored state of the object from another: by default, all that the form shows of it."""
        shown = [f"{name}={_plain(self.initial.get(name))}" for name in self.fields if name != "opened_version"]
        rows = [getattr(self.instance, name).order_by("pk").values_list() for name in self.rows if self.instance.pk]
        return hashlib.sha256("\n".join([*shown, *map(str, map(list, rows))]).encode()).hexdigest()[:24]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.instance.pk is not None and self.cleaned_data.get("opened_version") != self.initial["opened_version"]:
            self._refuse()
        return cleaned

    def _refuse(self) -> None:
        self.newer = [
            (str(self.fields[name].label), self._stored(name))
            for name in self.changed_data
            if name in self.initial and name != "opened_version"
        ]
        # Whoever has been told may save again, on top of that version.
        self.data = self.data.copy()
        self.data[self.add_prefix("opened_version")] = self.initial["opened_version"]
        what = self.instance._meta.verbose_name
        raise ValidationError(
            f"This {what} was changed by {self.last_editor() or 'somebody'} while you were writing. Nothing was saved, "
            "and what you typed is still below. Compare it with the newest version, then save again to replace that "
            "version with yours."
        )

    def last_editor(self) -> Any:
        """Who changed it last, as far as that is known."""
        kind = ContentType.objects.get_for_model(self.instance)
        entries = LogEntry.objects.filter(content_type=kind, object_id=str(self.instance.pk)).select_related("user")
        entry = entries.order_by("-pk").first()
        return entry.user if entry else None

    def _stored(self, name: str) -> str:
        value, field = self.initial[name], self.fields[name]
        if isinstance(field, forms.ModelChoiceField) and isinstance(value, int):
            value = field.queryset.filter(pk=value).first()
        if isinstance(value, list):
            return ", ".join(map(str, value))
        return "" if value is None else str(value)


def _plain(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ",".join(sorted(map(_plain, value)))
    return str(value.pk) if isinstance(value, Model) else str(value)
