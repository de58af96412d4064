"""Imports on the editors' desk: what was read, what became of it, what went wrong. Nobody changes these by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.admin import provenance
from articles.admin.base import NewsroomAdmin, ReadOnlyMixin
from articles.models import RawDocument
from newsroom.admin_accounts import AccountAdmin, LogEntryAdmin
from newsroom.models import ImportIssue, ImportRun, RunDocument

__all__ = ["AccountAdmin", "ImportIssueAdmin", "ImportRunAdmin", "LogEntryAdmin", "RunDocumentAdmin"]

RUNS_NAMED = 5
ISSUES_SHOWN = 20


class ImportAdmin(ReadOnlyMixin, NewsroomAdmin):
    """Rows that an import wrote. Even to delete them is to undo the import, which is a command's work."""

    sortable_by = ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ImportRun)
class ImportRunAdmin(ImportAdmin):
    list_display = (
        "__str__", "state", "started_at", "finished_at", "user", "read", "created", "updated", "unchanged", "quarantined",
    )  # fmt: skip
    list_filter = ("state", "started_at")
    list_select_related = ("user",)
    search_fields = ("user__username",)
    search_help_text = "Name of the user who started it."
    ordering = ("-pk",)
    fieldsets = (
        ("Run", {"fields": ("state", ("started_at", "finished_at"), "user", "options_shown")}),
        (
            "Documents",
            {"fields": (("read", "created", "updated", "unchanged", "quarantined"), "counts_shown", "documents_link")},
        ),
        ("What to look at", {"fields": ("issues_shown",)}),
    )
    readonly_fields = ("options_shown", "counts_shown", "documents_link", "issues_shown")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportRun]:
        return super().get_queryset(request).select_related("user")

    @admin.display(description="Options")
    def options_shown(self, run: ImportRun) -> SafeString | str:
        return _pairs(run.options)

    @admin.display(description="Rows by kind")
    def counts_shown(self, run: ImportRun) -> SafeString | str:
        return _pairs(run.counts)

    @admin.display(description="One by one")
    def documents_link(self, run: ImportRun) -> SafeString:
        address = reverse("admin:newsroom_rundocument_changelist")
        return format_html('<a href="{}?run__id__exact={}">All documents of this run</a>', address, run.pk)

    @admin.display(description="Issues")
    def issues_shown(self, run: ImportRun) -> SafeString | str:
        issues = list(run.issues.order_by("pk")[: ISSUES_SHOWN + 1])
        if not issues:
            return "None: every document was taken as it is."
        rows = [
            (reverse("admin:newsroom_importissue_change", args=[issue.pk]), issue.name, issue.reason)
            for issue in issues[:ISSUES_SHOWN]
        ]
        shown = format_html_join("", '<li><a href="{}">{}</a>: {}</li>', rows)
        address = reverse("admin:newsroom_importissue_changelist")
        rest = format_html('<a href="{}?run__id__exact={}">All issues of this run</a>', address, run.pk)
        return format_html('<ul class="plain-list">{}</ul>{}', shown, rest if len(issues) > ISSUES_SHOWN else "")


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
        return _pairs(row.changes)


@admin.register(ImportIssue)
class ImportIssueAdmin(ImportAdmin):
    list_display = ("name", "severity", "reason", "line", "byte_offset", "run")
    list_filter = ("severity",)
    list_select_related = ("run",)
    search_fields = ("name", "reason")
    ordering = ("-pk",)
    fields = ("name", "severity", "reason", "run", "document", "line", "byte_offset")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup in {"run__id__exact", "document__id__exact"} or super().lookup_allowed(lookup, value, request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportIssue]:
        queryset = super().get_queryset(request).select_related("run", "document")
        return queryset.defer("document__raw", "document__text", "document__blocks")


def _pairs(values: Any) -> SafeString | str:
    """A JSON object as a list of names and values; whatever else it may be, as text."""
    if not isinstance(values, dict):
        return str(values)
    if not values:
        return "None."
    rows = [(name, _value(value)) for name, value in values.items()]
    return format_html('<dl class="facts">{}</dl>', format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", rows))


def _value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_value(inner)}" for name, inner in value.items())
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "–" if value in (None, "") else str(value)


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
