"""What all admin classes of the project share: lists that do not count, forms that explain, registered extras."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.views.main import ChangeList
from django.db import IntegrityError, models, transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse

from articles import publishing
from articles.admin.changelists import PAGES_AHEAD, Column, ColumnsChangeList, LookAheadPaginator, page_asked
from articles.admin.deleting import DeletingMixin, ReadOnlyMixin
from articles.admin.forms import PlainWordsForm, refusal
from articles.admin.history import HistoryMixin
from articles.admin.together import TogetherMixin
from articles.admin.widgets import KnownChoiceMixin


class NewsroomAdmin(KnownChoiceMixin, TogetherMixin, DeletingMixin, HistoryMixin):
    """Base of the admin classes: survives a million rows, and answers what the database refuses in plain words."""

    form = PlainWordsForm
    list_per_page = 50
    paginator = LookAheadPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    # Long columns that lists and look-ups need not fetch.
    list_defer: ClassVar[tuple[str, ...]] = ()
    # Foreign keys whose rows the form shows: read along with the object.
    form_select_related: ClassVar[tuple[str, ...]] = ()
    # Long columns, of these rows or of the object, that the form does not show.
    form_defer: ClassVar[tuple[str, ...]] = ()
    # What messages call a row and several, if not as the model does.
    nouns: ClassVar[tuple[str, str] | None] = None
    # Height of the boxes for long text, in lines.
    rows_of_text: ClassVar[dict[str, int]] = {}
    _columns: ClassVar[list[Column]] = []
    _inlines: ClassVar[list[tuple[type[admin.options.InlineModelAdmin], Callable[[Model | None], bool]]]] = []

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._columns, cls._inlines = [], []

    @classmethod
    def register_column(cls, column: Column) -> None:
        """Add a column to the change list, from an app that stands above this one."""
        cls._columns.append(column)

    @classmethod
    def register_inline(
        cls,
        inline: type[admin.options.InlineModelAdmin],
        *,
        when: Callable[[Model | None], bool] = lambda obj: obj is not None,
    ) -> None:
        """Add an inline to the change page, from an app that stands above this one, for objects that pass ``when``.

        The object is None on the add page.
        """
        cls._inlines.append((inline, when))

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        queryset = super().get_queryset(request)
        if not _is_form(request):
            return queryset
        if self.form_select_related:
            queryset = queryset.select_related(*self.form_select_related).defer(*self.form_defer)
        # Held until the save: who saves at the same moment waits, and is then told that somebody else did.
        return queryset.select_for_update(of=("self",)) if request.method == "POST" else queryset

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return [*super().get_list_display(request), *self._columns]

    def get_inlines(self, request: HttpRequest, obj: Model | None) -> list[type[admin.options.InlineModelAdmin]]:
        return [*super().get_inlines(request, obj), *(inline for inline, when in self._inlines if when(obj))]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ColumnsChangeList

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        found, duplicates = super().get_search_results(request, queryset, search_term)
        return found.defer(*self.list_defer), duplicates

    def first_found(self, request: HttpRequest, words: str, number: int) -> QuerySet:
        """The first rows that a search of this list finds."""
        found, _ = self.get_search_results(request, self.get_queryset(request), words)
        return found.order_by(*self.get_ordering(request))[:number]

    def get_paginator(self, request: HttpRequest, queryset: QuerySet, per_page: int, *args: Any, **kwargs: Any) -> Any:
        return self.paginator(queryset, per_page, *args, page=page_asked(request), **kwargs)

    def response_action(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """An action on "all" must mean no more than the list said there are; beyond that it is work for a command."""
        limit = PAGES_AHEAD * self.list_per_page
        if request.POST.get("select_across") == "1" and queryset.order_by().values_list("pk")[limit : limit + 1]:
            self.message_user(
                request,
                f"More than {limit} are selected: nothing was done. Narrow the list down and try again.",
                messages.ERROR,
            )
            return None
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        every = request.POST.get("select_across") == "1"
        self.keep_unseen(queryset.order_by().values_list("pk", flat=True) if every else chosen)
        return super().response_action(request, queryset)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except IntegrityError as error:
            # Rolled back by now. The form is shown again with what was typed, and says why.
            request.refusal = refusal(error)
            for upload in request.FILES.values():
                upload.seek(0)
            return super().changeform_view(request, *args, **kwargs)

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.request = request
        return form

    def log_changes(self, request: HttpRequest, rows: Collection[Model], message: str) -> None:
        """Note in the log, and in their histories, that an action changed each of ``rows``."""
        self.keep_versions(request, rows, message)
        LogEntry.objects.log_actions(request.user.pk, rows, CHANGE, change_message=message)

    def change_selected(
        self, request: HttpRequest, queryset: QuerySet, write: Callable[[QuerySet], int], one: str, many: str = ""
    ) -> None:
        """Have an action ``write`` the chosen rows, all or none, note it in the log, and say how many changed.

        ``write`` returns that number. ``one`` and ``many`` are what was done to a row and to several: "published".
        """
        with transaction.atomic():
            rows = list(queryset.order_by())
            chosen = self.model._default_manager.filter(pk__in=[row.pk for row in rows])
            number = write(chosen)
            self.log_changes(request, rows, f"{one.capitalize()}, from the list.")
        noun, nouns = self.nouns or (self.opts.verbose_name, self.opts.verbose_name_plural)
        words = f"1 {noun} {one}." if number == 1 else f"{number} {nouns} {many or one}."
        self.message_user(request, words, messages.SUCCESS if number else messages.WARNING)

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest | None, **kwargs: Any) -> Any:
        if isinstance(db_field, models.URLField):
            kwargs.setdefault("assume_scheme", "https")
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(db_field, models.TextField) and field is not None:
            field.widget.attrs["rows"] = self.rows_of_text.get(db_field.name, 3)
        if isinstance(db_field, models.DateTimeField) and field is not None:
            field.help_text = f"{field.help_text} Time zone: {publishing.zone_name()}.".strip()
        for part, box in zip(("date", "time"), getattr(getattr(field, "widget", None), "widgets", ()), strict=False):
            box.attrs["aria-label"] = f"{field.label}: {part}"  # the stock labels point at neither box
        return field


def _is_form(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and (match.url_name or "").endswith("_change")


class ReadOnlyInline(ReadOnlyMixin, admin.TabularInline):
    """Rows shown on the page of what they belong to."""

    extra = 0
    max_num = 0
    can_delete = False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
