"""Merging in the admin: what seems to be one, side by side; which stays; and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from articles import mergers
from articles.admin.base import NewsroomAdmin, ReadOnlyMixin
from articles.models import Merger

AT_ONCE = 6
COUNTED = 100
MERGERS_SHOWN = 20
Fact = tuple[str, list[Any]]


class MergeMixin(NewsroomAdmin):
    """For admins of models with ``merged_into``, which is set by merging and in no other way."""

    change_form_template = "admin/newsroom/mergeable_form.html"
    # A foreign key to the model: the autocomplete box for the other one asks on its behalf.
    merge_key: Any = None

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return (*super().get_readonly_fields(request, obj), "merged_into")

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Of one that was not merged, there is nothing to say of what it was merged into."""
        found = super().get_fieldsets(request, obj)
        if obj is not None and obj.merged_into_id is not None:
            return found
        left = [
            (name, {**options, "fields": [entry for entry in options["fields"] if entry != "merged_into"]})
            for name, options in found
        ]
        return [(name, options) for name, options in left if options["fields"]]

    def has_merge_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.merge_{self.opts.model_name}")

    def merge_facts(self, obj: Model) -> Iterator[Fact]:
        """What tells whether two are one: (name, values)."""
        raise NotImplementedError

    def keeping_weight(self, obj: Model) -> tuple[int, ...]:
        """Of those that are merged, the one with the greatest is offered to stay: most often the fullest name."""
        return len(str(obj).split()), len(str(obj))

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_merge"
        return [path("merge/", self.admin_site.admin_view(self.merge_view), name=name), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        obj = kwargs.get("obj")
        may = obj is not None and obj.merged_into_id is None and self.has_merge_permission(request)
        context["merge_address"] = f"{self._merge_address()}?one={obj.pk}" if may else ""
        if obj is not None and request.user.has_perm("articles.view_merger"):
            context["mergers"] = list(self._mergers_into(obj))
        return super().render_change_form(request, context, **kwargs)

    def _mergers_into(self, obj: Model) -> QuerySet[Merger]:
        """Those that made others lead to it, the newest first."""
        led_here = self.model._default_manager.filter(merged_into=obj.pk).values("pk")
        rows = Merger.objects.filter(kind=self.opts.label_lower, source_id__in=led_here, undone_at=None, is_split=False)
        return rows.only("source_name").order_by("-pk")[:MERGERS_SHOWN]

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """Where one is chosen, those that were merged are not: whom they were merged into is found by their names."""
        found, duplicates = super().get_search_results(request, queryset, search_term)
        chosen = request.resolver_match is not None and request.resolver_match.url_name == "autocomplete"
        return found.filter(merged_into=None) if chosen else found, duplicates

    def first_found(self, request: HttpRequest, words: str, number: int) -> QuerySet:
        return super().first_found(request, words, number).select_related("merged_into")

    @admin.action(description="Merge selected…", permissions=["merge"])
    def merge_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        keys = list(queryset.order_by("pk").values_list("pk", flat=True)[: AT_ONCE + 1])
        if not 2 <= len(keys) <= AT_ONCE:
            self.message_user(request, f"Select two to {AT_ONCE} that are one. Nothing was merged.", messages.WARNING)
            return None
        return HttpResponseRedirect(f"{self._merge_address()}?{'&'.join(f'one={key}' for key in keys)}")

    def merge_view(self, request: HttpRequest) -> HttpResponse:
        """GET ``one`` (several times, or once with ``other``): side by side. POST with ``kept``: merge the others into it."""
        if not self.has_merge_permission(request):
            raise PermissionDenied
        asked = request.POST if request.method == "POST" else request.GET
        wanted = [key for key in (*asked.getlist("one"), asked.get("other", "")) if key.isdecimal() and len(key) < 19]
        rows = list(self.model._default_manager.filter(pk__in=wanted).order_by("pk")[:AT_ONCE])
        if request.method == "POST":
            return self._merge(request, rows, asked.get("kept", ""))
        context = {
            **self.admin_site.each_context(request),
            "title": f"Merge {self.opts.verbose_name_plural}",
            "opts": self.opts,
            "sides": [{"obj": row, "facts": list(self.merge_facts(row))} for row in rows],
            "offered": max(rows, key=self.keeping_weight, default=None),
            "other": self._other(rows) if len(rows) < 2 else None,
            "media": self.media + (self._other(rows).media if len(rows) < 2 else forms.Media()),
        }
        return TemplateResponse(request, "admin/newsroom/merge.html", context)

    def _merge(self, request: HttpRequest, rows: list[Model], kept: str) -> HttpResponse:
        target = next((row for row in rows if str(row.pk) == kept), None)
        if target is None or len(rows) < 2:
            self.message_user(request, "Choose the one that stays. Nothing was merged.", messages.ERROR)
            return HttpResponseRedirect(f"{self._merge_address()}?{'&'.join(f'one={row.pk}' for row in rows)}")
        self.keep_unseen([row.pk for row in rows])
        for source in rows:
            if source is not target:
                self._merge_one(request, source, target)
        return HttpResponseRedirect(reverse(f"admin:{self._name()}_change", args=[target.pk]))

    def _merge_one(self, request: HttpRequest, source: Model, target: Model) -> None:
        try:
            with transaction.atomic():
                record = mergers.merge(source, target, editor=request.user)
                self.log_changes(request, [source], f"Merged into “{target}”.")
                self.log_changes(request, [target], f"“{source}” was merged into it.")
        except mergers.CannotMergeError as error:
            self.message_user(request, str(error), messages.ERROR)
            return
        self.message_user(request, done(record), messages.SUCCESS)

    def _other(self, rows: list[Model]) -> forms.Form:
        box = AutocompleteSelect(self.merge_key, self.admin_site)
        choices = self.model._default_manager.filter(merged_into__isnull=True)
        field = forms.ModelChoiceField(choices, widget=box, label=f"The other {self.opts.verbose_name}")
        return type("OtherForm", (forms.Form,), {"other": field})(auto_id="id_merge_%s")

    def _merge_address(self) -> str:
        return reverse(f"admin:{self._name()}_merge")

    def _name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}"


def done(record: Merger) -> SafeString:
    """What to tell an editor, with the way back."""
    moved = sum(map(len, record.moved["moved"].values()))
    rows = "1 entry" if moved == 1 else f"{moved:,} entries"
    address = reverse("admin:articles_merger_change", args=[record.pk])
    return format_html('{}: {} moved. <a href="{}">Look at it, or undo it</a>', record, rows, address)


def how_many(rows: QuerySet) -> str:
    """The number of rows, as far as it is worth counting."""
    number = len(rows.order_by().values_list("pk")[: COUNTED + 1])
    return f"more than {COUNTED}" if number > COUNTED else str(number)


class MergedKindFilter(admin.SimpleListFilter):
    title = "kind"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [
            (model._meta.label_lower, capfirst(model._meta.verbose_name_plural))
            for model, one in model_admin.admin_site._registry.items()
            if isinstance(one, MergeMixin)
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Merger)
class MergerAdmin(ReadOnlyMixin, NewsroomAdmin):
    """What was merged and split, and by whom; each can be undone by those who may merge."""

    change_form_template = "admin/newsroom/merger.html"
    list_display = ("__str__", "kind_shown", "editor", "at", "undone_at")
    list_filter = (MergedKindFilter, "is_split", "at")
    list_select_related = ("editor",)
    list_defer = ("moved",)
    search_fields = ("source_name", "target_name")
    ordering = ("-pk",)
    fields = (
        "kind_shown",
        "is_split",
        "source_name",
        "target_name",
        "rows_moved",
        "editor",
        "at",
        "undone_by",
        "undone_at",
    )
    readonly_fields = ("kind_shown", "rows_moved")

    def has_delete_permission(self, request: HttpRequest, obj: Merger | None = None) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        undo = path("<int:pk>/undo/", self.admin_site.admin_view(self.undo_view), name="articles_merger_undo")
        return [undo, *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        record = kwargs.get("obj")
        context["may_undo"] = record is not None and record.undone_at is None and self._may_undo(request, record)
        return super().render_change_form(request, context, **kwargs)

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        record = Merger.objects.filter(pk=pk).first()
        if not self.has_view_permission(request) or (record is not None and not self._may_undo(request, record)):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))
        model = apps.get_model(record.kind)
        both: Any = self.admin_site.get_model_admin(model)
        pair = [record.source_id, record.target_id]
        try:
            with transaction.atomic():
                both.keep_unseen(pair)
                number = mergers.undo(record, editor=request.user)
                if record.undone_at is None:
                    self.log_changes(request, [record], "Undone.")
                    both.log_changes(request, list(model._default_manager.filter(pk__in=pair)), f"Undone: {record}.")
        except mergers.CannotMergeError as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            rows = "1 entry" if number == 1 else f"{number:,} entries"
            self.message_user(request, f"Undone: {record}. {rows} moved back.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:articles_merger_change", args=[pk]))

    def _may_undo(self, request: HttpRequest, record: Merger) -> bool:
        app, model = record.kind.split(".")
        return request.user.has_perm(f"{app}.merge_{model}")

    @admin.display(description="kind", ordering="kind")
    def kind_shown(self, record: Merger) -> str:
        return capfirst(apps.get_model(record.kind)._meta.verbose_name)

    @admin.display(description="moved")
    def rows_moved(self, record: Merger) -> str:
        return f"{sum(map(len, record.moved['moved'].values())):,}"
