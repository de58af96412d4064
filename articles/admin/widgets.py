"""Form widgets for inlines of many rows."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.widgets import AutocompleteSelect, RelatedFieldWidgetWrapper
from django.db.models import Field, Model
from django.forms import ModelForm
from django.http import HttpRequest


def without_delete(field: Any) -> Any:
    """Take the cross beside a box away: it deletes what is chosen, where a slip of the hand means to unchoose it."""
    if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
        field.widget.can_delete_related = False
    return field


class KnownAutocompleteSelect(AutocompleteSelect):
    """An autocomplete box that is told what is chosen, where the stock one asks the database, once a row."""

    known: Model | None = None

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        if self.known is None or value != [str(self.known.pk)]:
            return super().optgroups(name, value, attrs)
        option = self.create_option(name, value[0], str(self.known), selected=True, index=0)
        blank = [] if self.is_required else [self.create_option(name, "", "", selected=False, index=0)]
        return [(None, [*blank, option], 0)]


class KnownChoiceMixin:
    """For inlines whose query fetches the rows behind ``autocomplete_fields`` with ``select_related``.

    Their form takes ``KnownChoiceForm`` among its bases.
    """

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        return without_delete(super().formfield_for_dbfield(db_field, request, **kwargs))

    def formfield_for_foreignkey(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = KnownAutocompleteSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class KnownChoiceForm(ModelForm):
    """Tells its boxes what is chosen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            if isinstance(widget, KnownAutocompleteSelect) and self.instance.pk:
                widget.known = getattr(self.instance, name)
