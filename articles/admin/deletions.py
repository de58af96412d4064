"""What was deleted and by whom, and the way back: for those who may make and delete such entries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator, capfirst

from articles import deletions, history
from articles.admin.base import NewsroomAdmin
from articles.admin.deleting import ReadOnlyMixin
from articles.models import Deletion

LONGEST = 2_000


class KindFilter(admin.SimpleListFilter):
    title = "kind"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: DeletionAdmin) -> list[tuple[str, str]]:
        return [(label, _plural(label)) for label in model_admin.kinds(request)]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class StillFilter(admin.SimpleListFilter):
    title = "brought back"
    parameter_name = "back"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("no", "Still deleted"), ("yes", "Brought back")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(back_at__isnull=self.value() == "no") if self.value() in {"no", "yes"} else queryset


@admin.register(Deletion)
class DeletionAdmin(ReadOnlyMixin, NewsroomAdmin):
    change_form_template = "admin/newsroom/deletion.html"
    list_display = ("name", "kind_shown", "editor", "at", "back_at")
    list_filter = (StillFilter, KindFilter)
    list_select_related = ("editor",)
    list_defer = ("rows",)
    search_fields = ("name",)
    search_help_text = "Words of its name."
    ordering = ("-pk",)
    sortable_by = ()
    fields = ("name", "kind_shown", "at", "editor", "with_it", "held", "back_at", "back_by")
    readonly_fields = ("kind_shown", "with_it", "held")

    def kinds(self, request: HttpRequest) -> list[str]:
        """Labels of what the user may bring back."""
        return [
            model._meta.label_lower
            for model, model_admin in self.admin_site._registry.items()
            if isinstance(model_admin, NewsroomAdmin) and model_admin.may_bring_back(request)
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Deletion]:
        rows = super().get_queryset(request).select_related("editor", "back_by")
        return rows.filter(kind__in=self.kinds(request))

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.bring_back_view)
        return [path("<int:pk>/bring-back/", view, name="articles_deletion_bring_back"), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        deletion: Deletion | None = kwargs.get("obj")
        if deletion is not None:
            context["waits"] = deletion.back_at is None
            context["address"] = "" if deletion.back_at is None else _page_of(deletion)
        return super().render_change_form(request, context, **kwargs)

    def bring_back_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        deletion = self.get_queryset(request).filter(pk=pk).first()
        if deletion is None or not self.has_view_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            with transaction.atomic():
                row = deletions.bring_back(deletion, editor=request.user)
                self.admin_site.get_model_admin(type(row)).log_changes(request, [row], "Brought back after deletion.")
                self.log_changes(request, [deletion], "Brought back.")
        except deletions.CannotBringBackError as error:
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:articles_deletion_change", args=[pk]))
        self.message_user(request, f"“{row}” is back. Nothing was made public.", messages.SUCCESS)
        return HttpResponseRedirect(_page_of(deletion))

    @admin.display(description="kind", ordering="kind")
    def kind_shown(self, deletion: Deletion) -> str:
        return capfirst(apps.get_model(deletion.kind)._meta.verbose_name)

    @admin.display(description="deleted along with it")
    def with_it(self, deletion: Deletion) -> str:
        parts = [f"{_plural(label)}: {len(rows):,}" for label, rows in deletion.rows["deleted"].items()
                 if label != deletion.kind]  # fmt: skip
        return "; ".join(parts) or "nothing"

    @admin.display(description="what it held")
    def held(self, deletion: Deletion) -> SafeString:
        facts = format_html_join("", '<div><dt>{}</dt><dd class="dump-text">{}</dd></div>', _held(deletion))
        return format_html('<dl class="facts">{}</dl>', facts)


def _held(deletion: Deletion) -> Iterator[tuple[str, str]]:
    """The fields that editors know, in words, but for what is empty."""
    model = apps.get_model(deletion.kind)
    root = next(row for row in deletion.rows["deleted"][deletion.kind] if row["id"] == deletion.object_id)
    for field in model._meta.concrete_fields:
        if field.editable and not field.primary_key and (words := history.in_words(field, root.get(field.attname))):
            yield capfirst(field.verbose_name), Truncator(words).chars(LONGEST)


def _plural(label: str) -> str:
    return str(apps.get_model(label)._meta.verbose_name_plural)


def _page_of(deletion: Deletion) -> str:
    return reverse(f"admin:{deletion.kind.replace('.', '_')}_change", args=[deletion.object_id])
