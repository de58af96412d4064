"""Imports on the editors' desk: what was read, what became of it, what went wrong. Nobody changes these by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.admin import provenance
from articles.models import RawDocument
from articles.people import tables
from newsroom.admin_accounts import AccountAdmin, LogEntryAdmin
from newsroom.admin_runs import ImportAdmin, ImportRunAdmin, as_facts
from newsroom.models import ImportIssue, RunDocument
from newsroom.undoing.words import plural

__all__ = ["AccountAdmin", "ImportIssueAdmin", "ImportRunAdmin", "LogEntryAdmin", "RunDocumentAdmin"]

RUNS_NAMED = 5
ROWS_SHOWN = 50


@admin.register(RunDocument)
class RunDocumentAdmin(ImportAdmin):
    list_display = ("name", "run", "position", "outcome", "document")
    list_filter = ("outcome",)
    list_select_related = ("run", "document")
    list_defer = ("changes", "document__raw", "document__text", "document__blocks")
    search_fields = ("name",)
    ordering = ("-pk",)
    fields = ("name", "run", "position", "document", "outcome", "changes_shown")
    readonly_fields = ("changes_shown",)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup in {"run__id__exact", "document__id__exact"} or super().lookup_allowed(lookup, value, request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[RunDocument]:
        queryset = super().get_queryset(request).select_related("run", "document")
        return queryset.defer("document__raw", "document__text", "document__blocks")

    @admin.display(description="Rows made and changed")
    def changes_shown(self, row: RunDocument) -> SafeString | str:
        facts = [
            (f"{what}: {plural(label, 2)}", _rows(self.admin_site, label, list(keys)))
            for what in ("created", "updated", "deleted")
            for label, keys in row.changes.get(what, {}).items()
            if label not in tables.unseen
        ]
        return as_facts(facts) if facts else "None."


class WaitingFilter(admin.SimpleListFilter):
    title = "quarantine"
    parameter_name = "quarantine"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", "Still waiting"), ("in", "Read again since")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ImportIssue]) -> QuerySet[ImportIssue]:
        if self.value() == "waiting":
            return queryset & ImportIssue.objects.quarantine()
        return queryset.filter(resolved_at__isnull=False) if self.value() == "in" else queryset


@admin.register(ImportIssue)
class ImportIssueAdmin(ImportAdmin):
    list_display = ("name", "severity", "reason", "line", "byte_offset", "run", "read_again_by")
    list_filter = ("severity", WaitingFilter)
    list_select_related = ("run", "resolved_by")
    search_fields = ("name", "reason")
    ordering = ("-pk",)
    fields = (
        "name", "severity", "reason", "run", "document", "line", "byte_offset", "size", "sha256", "resolved_at",
        "resolved_by",
    )  # fmt: skip

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup in {"run__id__exact", "document__id__exact"} or super().lookup_allowed(lookup, value, request)

    @admin.display(description="read again by")
    def read_again_by(self, issue: ImportIssue) -> str:
        return f"Import {issue.resolved_by_id}" if issue.resolved_at else ""

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportIssue]:
        queryset = super().get_queryset(request).select_related("run", "document")
        return queryset.defer("document__raw", "document__text", "document__blocks")


def _rows(site: admin.AdminSite, label: str, keys: list[Any]) -> SafeString | str:
    """The rows of a table, those that have a page of their own with a link to it; deleted ones only as many as they are."""
    if keys and isinstance(keys[0], dict):
        return f"{len(keys):,}"
    model = apps.get_model(label)
    found = model._base_manager.in_bulk([int(key) for key in keys[:ROWS_SHOWN]])
    more = f"and {len(keys) - ROWS_SHOWN:,} more" if len(keys) > ROWS_SHOWN else ""
    if not site.is_registered(model):
        return f"{len(keys):,}"
    address = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
    links = [(reverse(address, args=[key]), row) for key, row in found.items()]
    shown = format_html_join("", '<li><a href="{}">{}</a></li>', links)
    gone = min(len(keys), ROWS_SHOWN) - len(found)
    return format_html('<ul class="plain-list">{}{}</ul>{}', shown, f"{gone:,} gone since" if gone else "", more)


def _runs_of(document: RawDocument) -> Iterator[provenance.Fact]:
    """The runs that read the document, the newest first."""
    rows = list(
        RunDocument.objects.filter(document=document).select_related("run").order_by("-run_id")[: RUNS_NAMED + 1]
    )
    links = [
        (reverse("admin:newsroom_importrun_change", args=[row.run_id]), row.run, row.run.started_at.date(), row.get_outcome_display().lower())
        for row in rows[:RUNS_NAMED]
    ]  # fmt: skip
    shown = format_html_join("", '<li><a href="{}">{}</a> of {}: {}</li>', links)
    more = format_html("<li>and earlier ones</li>") if len(rows) > RUNS_NAMED else ""
    yield "Runs", format_html('<ul class="plain-list">{}{}</ul>', shown, more) if rows else "none on record"


provenance.register_facts(_runs_of)
