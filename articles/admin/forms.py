"""Forms that say in plain words what the database's constraints would refuse."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError
from django.db.models import BaseConstraint
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

from articles import addresses
from articles.admin import stale_rows
from articles.admin.widgets import tell_box

# Name of the constraint -> the field whose fault it is (None: of several), and what to say.
_WORDS: dict[str, tuple[str | None, str]] = {}
# Before the name of a box for a file, in a refused form: which file came with it.
SENT = "_sent-"
_GENERAL = (
    "The database refused this, because another entry has the same values or was changed at the same moment. "
    "Nothing was saved; what you typed is still below."
)


def explain_constraint(name: str, field: str | None, message: str) -> None:
    """Say what to tell an editor whose input breaks the constraint ``name``."""
    _WORDS[name] = (field, message)


def refusal(error: IntegrityError) -> str:
    """What the database refused, in words for an editor."""
    text = str(error)
    broken = (name for name in _WORDS if name in text or _columns_of(name) in text)
    return next((_WORDS[name][1] for name in broken), _GENERAL)


def _columns_of(name: str) -> str:
    """A unique constraint as SQLite names it in its messages: by its columns."""
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name and getattr(constraint, "fields", ()):
                columns = (model._meta.get_field(field).column for field in constraint.fields)
                return "failed: " + ", ".join(f"{model._meta.db_table}.{column}" for column in columns)
    return name


def _plain_line_ends(data: MultiValueDict[str, Any]) -> MultiValueDict[str, Any]:
    """Browsers send CRLF for each line end: a text that nobody touched would count as changed."""
    plain = MultiValueDict(data)
    for name, values in data.lists():
        plain.setlist(name, [each.replace("\r\n", "\n") if isinstance(each, str) else each for each in values])
    return plain


class PlainWordsForm(forms.ModelForm):
    """A form whose constraint errors stand at the field at fault, in words."""

    request: ClassVar[HttpRequest | None] = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(self.data, MultiValueDict):
            self.data = _plain_line_ends(self.data)
        for name in self.fields:
            tell_box(self, name)

    def is_valid(self) -> bool:
        """Never where the form only shows again what was typed before: nobody pressed a button yet."""
        return super().is_valid() and getattr(self.request, "held", None) is None

    def clean_slug(self) -> str:
        """Not one that readers still come by to something else: it would lead there no more."""
        slug = self.cleaned_data["slug"] or ""
        other = (
            addresses.leads_to(type(self.instance), slug, besides=self.instance)
            if "slug" in self.changed_data
            else None
        )
        if other is not None:
            raise ValidationError(f"This is an old address of “{other}”, and leads there. Choose another one.")
        return slug

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        refused = getattr(self.request, "refusal", None)
        if refused and not self.prefix:
            self.add_error(None, refused)
        for name, field in self.fields.items():
            wanted = self.data.get(f"{SENT}{self.add_prefix(name)}")
            if wanted and not field.disabled and not self.files.get(self.add_prefix(name)):
                self.add_error(
                    name, f"“{wanted}” was not sent again: choose it once more, or save again to leave it out."
                )
        return cleaned

    def ask_for_files(self) -> dict[str, str]:
        """Of a form that was refused: the files that came with it, by the name of their box.

        No browser fills such a box again, so the form says beside it that the file has to be chosen anew.
        """
        sent = {name: file.name for name in self.fields if (file := self.files.get(self.add_prefix(name)))}
        for name, file in sent.items():
            box = self[name]
            again = f"“{file}” has to be chosen again: it was not kept, because nothing was saved."
            box.help_text = f"{again} {box.help_text}".strip()
        return sent

    def add_error(self, field: str | None, error: Any) -> None:
        faults = error.error_dict if hasattr(error, "error_dict") else {field or NON_FIELD_ERRORS: [error]}
        for name, errors in faults.items():
            for fault in errors:
                place, words = _explained(fault) or (name, fault)
                super().add_error(place if place in self.fields else None, words)


def _explained(fault: Any) -> tuple[str | None, str] | None:
    """What to say for a broken constraint, which Django knows by nothing but its name in the message."""
    for name, words in _WORDS.items():
        if getattr(fault, "message", None) == BaseConstraint.default_violation_error_message % {"name": name}:
            return words
    return None


class RowsFormSet(forms.BaseInlineFormSet):
    """Rows of an inline. What was sent is fitted to rows that others changed, where the form of their owner minds them
    (``StaleCheckForm``); elsewhere it says so when rows that were opened are gone, where Django points at a hidden field.

    The heads of columns name their boxes for the eye; each box is given the name for screen readers, too.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound and self.instance.pk:
            self.data = stale_rows.settled(self)

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        for name, field in form.fields.items():
            box = getattr(field.widget, "widget", field.widget)
            box.attrs.setdefault("aria-label", str(field.label or name.replace("_", " ").capitalize()))

    def clean(self) -> None:
        if any(form.instance.pk is None for form in self.initial_forms):
            raise ValidationError(
                "These rows were changed while you were editing, by an import or by somebody else. Nothing was saved, "
                "and what you typed is still here. Open the page anew to see the rows as they are now."
            )
        super().clean()
