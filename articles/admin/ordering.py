"""Rows that are put in order by dragging, or by typing their numbers where there is no mouse or no script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adminsortable2.admin import SortableInlineAdminMixin
from django import forms

from articles.admin.forms import RowsFormSet

UP, STAYS, DOWN = -1, 0, 1


class OrderedFormSet(RowsFormSet):
    """Rows with a ``position``. Unlike the library's own, it leaves the box for the number where it can be seen."""

    def __init__(
        self, *args: Any, default_order_direction: str = "", default_order_field: str = "position", **kwargs: Any
    ) -> None:
        # The library looks for the first when it makes rows draggable, and its script writes into boxes of this class.
        self.default_order_direction, self.default_order_field = default_order_direction, default_order_field
        if "position" in self.form.base_fields:
            box = self.form.base_fields["position"]
            box.required, box.initial = False, None
            box.widget = forms.NumberInput(attrs={"class": "_reorder_", "min": 1, "aria-label": "Position"})
        super().__init__(*args, **kwargs)

    def save_new(self, form: forms.ModelForm, commit: bool = True) -> Any:
        return super().save_new(_at_end(form), commit)

    def save_existing(self, form: forms.ModelForm, obj: Any, commit: bool = True) -> Any:
        return super().save_existing(_at_end(form), obj, commit)

    def moves(self) -> Mapping[int, int]:
        """Which rows an editor moved up or down, by key: of two rows with one number, who was moved there wins."""
        moved = {}
        for form in self.initial_forms:
            if "position" in form.changed_data and form.instance.pk:
                before, now = form.initial.get("position") or 0, form.instance.position
                moved[form.instance.pk] = UP if now < before else DOWN
        return moved


def _at_end(form: forms.ModelForm) -> forms.ModelForm:
    """A row without a number goes to the end."""
    if form.instance.position is None:
        form.instance.position = 2_000_000_000
    return form


class OrderedInline(SortableInlineAdminMixin):
    """For inlines of a model that is ordered by ``position``."""

    formset = OrderedFormSet
