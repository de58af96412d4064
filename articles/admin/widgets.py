"""Boxes that rows are chosen in: told what is chosen by the form that read it, so that it is not read again."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib.admin.widgets import (
    AutocompleteMixin,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
    RelatedFieldWidgetWrapper,
)
from django.db.models import Field, Model
from django.forms import ModelForm
from django.http import HttpRequest


def without_delete(field: Any) -> Any:
    """Take the cross beside a box away: it deletes what is chosen, where a slip of the hand means to unchoose it."""
    if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
        field.widget.can_delete_related = False
    return field


class KnownMixin(AutocompleteMixin):
    """An autocomplete box that knows rows, where the stock one asks the database for what is chosen, once a box.

    Once anything else is chosen, as in a form that is shown again, it asks as well.
    """

    known: Collection[Model] = ()

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        chosen = [row for row in self.known if str(row.pk) in value]
        if not chosen or len(chosen) < len(set(value)):
            return super().optgroups(name, value, attrs)
        blank = not self.is_required and not self.allow_multiple_selected
        options = [self.create_option(name, "", "", selected=False, index=0)] if blank else []
        for row in chosen:
            label = self.choices.field.label_from_instance(row)
            options.append(self.create_option(name, row.pk, label, selected=True, index=len(options)))
        return [(None, options, 0)]


class KnownAutocompleteSelect(KnownMixin, AutocompleteSelect):
    pass


class KnownAutocompleteSelectMultiple(KnownMixin, AutocompleteSelectMultiple):
    pass


class KnownChoiceMixin:
    """For admin classes and inlines: their ``autocomplete_fields`` are such boxes.

    Of a foreign key the box knows what the query of the class reads along with ``select_related``.
    """

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest | None, **kwargs: Any) -> Any:
        return without_delete(super().formfield_for_dbfield(db_field, request, **kwargs))

    def formfield_for_foreignkey(self, db_field: Field, request: HttpRequest | None, **kwargs: Any) -> Any:
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = KnownAutocompleteSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Field, request: HttpRequest | None, **kwargs: Any) -> Any:
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = KnownAutocompleteSelectMultiple(db_field, self.admin_site)
        return super().formfield_for_manytomany(db_field, request, **kwargs)


def tell_box(form: ModelForm, name: str) -> None:
    """Tell the box of a field what its form has read: the initial rows, or the row behind a key that came along."""
    box = getattr(form.fields[name].widget, "widget", form.fields[name].widget)
    if not isinstance(box, KnownMixin):
        return
    initial = form.initial.get(name)
    if isinstance(initial, list | tuple):
        box.known = [row for row in initial if isinstance(row, Model)]
    elif name in form.instance._state.fields_cache:
        row = getattr(form.instance, name)
        box.known = [] if row is None else [row]
