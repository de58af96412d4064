"""Change lists of tables too large to count, and columns that cost one query a page."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Model
from django.http import HttpRequest
from django.utils.functional import cached_property

PAGES_AHEAD = 10


class LookAheadPaginator(Paginator):
    """Pages of a table too large to count: it looks ``PAGES_AHEAD`` pages past the one asked for, and no further.

    ``count`` is exact where the end is in sight; else ``more`` is true, and it counts what is known to be there.
    """

    def __init__(self, *args: Any, page: int = 1, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = page
        self.more = False
        # Of the rows of the page asked for, once they are counted.
        self.keys: list[Any] = []

    @cached_property
    def count(self) -> int:
        window = PAGES_AHEAD * self.per_page
        before = (self.asked - 1) * self.per_page
        keys = list(self.object_list.values_list("pk", flat=True)[before : before + window + 1])
        self.keys = keys[: self.per_page]
        self.more = len(keys) > window
        return before + min(len(keys), window)


class Column:
    """A list column whose values for all rows of a page come from one query.

    ``load`` takes the keys of the rows and gives ``{key: value}``; keys that it leaves out show as 0.
    """

    def __init__(self, name: str, description: str, load: Callable[[Collection[int]], Mapping[int, Any]]) -> None:
        self.__name__ = name
        self.short_description = description
        self._load = load

    def attach(self, rows: Collection[Model]) -> None:
        values = self._load([row.pk for row in rows])
        for row in rows:
            setattr(row, f"_column_{self.__name__}", values.get(row.pk, 0))

    def __call__(self, row: Model) -> Any:
        return getattr(row, f"_column_{self.__name__}")


def count_column(name: str, description: str, model: type[Model], field: str) -> Column:
    """The number of rows of ``model`` whose foreign key ``field`` is the row."""

    def load(keys: Collection[int]) -> Mapping[int, int]:
        rows = model._default_manager.filter(**{f"{field}__in": keys}).order_by()
        return dict(rows.values_list(field).annotate(number=models.Count("pk")))

    return Column(name, description, load)


class ColumnsChangeList(ChangeList):
    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if not (self.show_all and self.can_show_all):
            self.result_list = self._rows(self.paginator.keys)
        columns = [column for column in self.list_display if isinstance(column, Column)]
        if columns:
            self.result_list = list(self.result_list)
            for column in columns:
                column.attach(self.result_list)

    def _rows(self, keys: list[Any]) -> list[Model]:
        """The rows of these keys, in their order: by keys, since a database joins all rows that OFFSET makes it skip."""
        rows = (
            self.root_queryset
            if self.root_queryset.query.select_related
            else self.apply_select_related(self.root_queryset)
        )
        rows = rows.defer(*self.model_admin.list_defer)
        found = rows.order_by().in_bulk(keys)
        return [found[key] for key in keys if key in found]


def page_asked(request: HttpRequest) -> int:
    """The page asked for by a change list (``p``) or an autocomplete box (``page``); 1 where it makes no sense."""
    asked = request.GET.get(PAGE_VAR) or request.GET.get("page") or ""
    return max(1, int(asked[:7])) if asked.isascii() and asked.isdigit() else 1
