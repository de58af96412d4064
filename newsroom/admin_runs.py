"""An import run on the desk: how far it is, what it came to, its quarantine tried again, the whole of it undone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.admin.base import NewsroomAdmin, ReadOnlyMixin
from articles.models import Article, RawDocument
from newsroom import progress, runs
from newsroom.admin_upload import UploadMixin
from newsroom.ingest import jobs
from newsroom.ingest.report import place
from newsroom.ingest.stopping import StopSignals
from newsroom.models import ImportRun
from newsroom.undoing.undo import CannotUndoError, Kept, Undone, undo, undone_of
from newsroom.undoing.words import IN_VAIN, of_rows, plural
from quotes.models import Quote

ISSUES_SHOWN = 20
KEPT_SHOWN = 100
# Of how many documents a run may be to have its way on shown document by document, and quotes counted for it.
STEPS_FOR = 10
COUNTED = 1000
SECONDS_TO_NEXT_LOOK = 5
# What a page can wait for; more is work for a command.
DOCUMENTS_UNDONE_HERE = 2_000
DOCUMENTS_RETRIED_HERE = 20


class ImportAdmin(ReadOnlyMixin, NewsroomAdmin):
    """Rows that an import wrote. They stay as a record, even of a run that is undone."""

    sortable_by = ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ImportRun)
class ImportRunAdmin(UploadMixin, ImportAdmin):
    change_form_template = "admin/newsroom/run.html"
    list_display = (
        "__str__", "state", "started_at", "user", "how_far", "created", "updated", "unchanged", "quarantined",
    )  # fmt: skip
    list_filter = ("state", "started_at")
    list_select_related = ("user",)
    search_fields = ("user__username",)
    search_help_text = "Name of the user who started it."
    ordering = ("-pk",)
    fieldsets = (
        ("Run", {"fields": ("state", "progress_shown", ("started_at", "finished_at"), "user", "process", "options_shown")}),
        ("Documents", {"fields": (("created", "updated", "unchanged", "quarantined"), "counts_shown", "documents_link")}),
        ("What to look at", {"fields": ("issues_shown", "undone_shown")}),
    )  # fmt: skip
    readonly_fields = (
        "progress_shown", "options_shown", "counts_shown", "documents_link", "issues_shown", "undone_shown",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportRun]:
        return super().get_queryset(request).select_related("user", "undone_by")

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                "<int:pk>/take-back/", self.admin_site.admin_view(self.undo_view), name="newsroom_importrun_take_back"
            ),
            path("<int:pk>/retry/", self.admin_site.admin_view(self.retry_view), name="newsroom_importrun_retry"),
            *super().get_urls(),
        ]

    def has_undo_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("newsroom.undo_importrun")

    def has_start_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("newsroom.start_importrun")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        runs.settle()
        return super().changelist_view(request, extra_context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        runs.settle()
        response = super().change_view(request, object_id, form_url, extra_context)
        run = getattr(response, "context_data", {}).get("original")
        if run is not None and run.state == ImportRun.State.RUNNING:
            # Without any script, and without one the page's policy would have to allow.
            response["Refresh"] = str(SECONDS_TO_NEXT_LOOK)
        return response

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        run: ImportRun | None = kwargs.get("obj")
        if run is not None:
            ended = run.state not in {ImportRun.State.RUNNING, ImportRun.State.UNDONE}
            context["may_undo"] = ended and self.has_undo_permission(request)
            context["next_steps"] = _next_steps(run, request) if ended else []
            context["waiting"] = run.issues.quarantine().count()
            context["may_retry"] = bool(context["waiting"]) and ended and self.has_start_permission(request)
        return super().render_change_form(request, context, **kwargs)

    # doing

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What undoing the run would come to; by POST, undoes it."""
        run = self._run(request, pk, allowed=self.has_undo_permission(request))
        page = reverse("admin:newsroom_importrun_change", args=[pk])
        if run.documents.count() > DOCUMENTS_UNDONE_HERE:
            self.message_user(
                request,
                f"{run} read too many documents to be undone here. Use the command: python manage.py undo_import {pk}",
                messages.ERROR,
            )
            return HttpResponseRedirect(page)
        asks = request.method != "POST"
        try:
            undone = undo(run, user=request.user, dry_run=asks)
        except CannotUndoError as error:
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(page)
        if not asks and undone.in_vain:
            self.message_user(request, f"Nothing was undone. {IN_VAIN}", messages.WARNING)
            return HttpResponseRedirect(page)
        if not asks:
            self.log_changes(request, [run], f"Undone: {of_rows(undone.removed)} removed.")
            self.message_user(request, f"{run} is undone: {of_rows(undone.removed)} removed.", messages.SUCCESS)
            return HttpResponseRedirect(page)
        context = self.admin_site.each_context(request) | {
            "title": f"Undo {run}",
            "opts": self.opts,
            "run": run,
            "removed": of_rows(undone.removed),
            "restored": of_rows(undone.restored),
            "kept": _kept(undone),
            "in_vain": IN_VAIN if undone.in_vain else "",
        }
        return TemplateResponse(request, "admin/newsroom/undo_run.html", context)

    def retry_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """By POST, tries again what the run set aside."""
        run = self._run(request, pk, allowed=self.has_start_permission(request))
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        page = reverse("admin:newsroom_importrun_change", args=[pk])
        if run.issues.quarantine().count() > DOCUMENTS_RETRIED_HERE:
            command = f"{jobs.COMMAND} --retry-quarantined {pk}"
            self.message_user(request, f"Too many to be tried again here. Use the command: {command}", messages.ERROR)
            return HttpResponseRedirect(page)
        try:
            [job] = jobs.retries(pk, False, StopSignals(lambda: None))
            job.user, job.workers = request.user, 1
            for _ in job.progress():
                pass
        except (jobs.NothingToDoError, runs.InUseError) as error:
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(page)
        self.log_changes(request, [run], f"Quarantine tried again by {job.run}.")
        came_in = job.run.read - job.run.quarantined
        level = messages.WARNING if job.run.quarantined else messages.SUCCESS
        self.message_user(
            request, f"Tried again: {came_in} came in, {job.run.quarantined} were set aside again.", level
        )
        return HttpResponseRedirect(reverse("admin:newsroom_importrun_change", args=[job.run.pk]))

    def _run(self, request: HttpRequest, pk: int, *, allowed: bool) -> ImportRun:
        if not (allowed and self.has_view_permission(request)):
            raise PermissionDenied
        run = ImportRun.objects.filter(pk=pk).first()
        if run is None:
            raise Http404
        return run

    # showing

    @admin.display(description="read")
    def how_far(self, run: ImportRun) -> str:
        return f"{run.read:,}" if run.total in (None, run.read) else f"{run.read:,} of {run.total:,}"

    @admin.display(description="Progress")
    def progress_shown(self, run: ImportRun) -> SafeString:
        bar = format_html('<progress max="{}" value="{}"></progress> ', run.total, run.read) if run.total else ""
        goes_on = run.state in {ImportRun.State.INTERRUPTED, ImportRun.State.FAILED}
        how = format_html("<br>To go on: <code>{}</code>", jobs.go_on_command(run)) if goes_on else ""
        return format_html("{}{}{}", bar, progress.in_words(run), how)

    @admin.display(description="Options")
    def options_shown(self, run: ImportRun) -> SafeString | str:
        return _pairs({"begun in" if name == "cwd" else name: value for name, value in run.options.items()})

    @admin.display(description="Rows by kind")
    def counts_shown(self, run: ImportRun) -> SafeString | str:
        return _pairs(run.counts)

    @admin.display(description="One by one")
    def documents_link(self, run: ImportRun) -> SafeString:
        address = f"{reverse('admin:newsroom_rundocument_changelist')}?run__id__exact={run.pk}"
        found = {outcome: getattr(run, outcome) for outcome in ("created", "updated", "quarantined")}
        links = [
            (address, "The document of this run" if run.read == 1 else f"All {run.read:,} documents of this run"),
            *((f"{address}&outcome__exact={outcome}", f"{n:,} {outcome}") for outcome, n in found.items() if n),
        ]
        return format_html_join(" · ", '<a href="{}">{}</a>', links)

    @admin.display(description="Issues")
    def issues_shown(self, run: ImportRun) -> SafeString | str:
        issues = list(run.issues.select_related("document").defer("document__raw", "document__text", "document__blocks")
                      .order_by("pk")[: ISSUES_SHOWN + 1])  # fmt: skip
        if not issues:
            return "None: every document was taken as it is."
        rows = [
            (
                reverse("admin:newsroom_importissue_change", args=[issue.pk]),
                issue.name,
                place(issue),
                issue.reason,
                f" (read again by import {issue.resolved_by_id})" if issue.resolved_at else "",
                _dump(issue.document_id),
            )
            for issue in issues[:ISSUES_SHOWN]
        ]
        shown = format_html_join("", '<li><a href="{}">{}</a>{}: {}{} {}</li>', rows)
        address = reverse("admin:newsroom_importissue_changelist")
        rest = format_html('<a href="{}?run__id__exact={}">All issues of this run</a>', address, run.pk)
        return format_html('<ul class="plain-list">{}</ul>{}', shown, rest if len(issues) > ISSUES_SHOWN else "")

    @admin.display(description="Undone")
    def undone_shown(self, run: ImportRun) -> SafeString | str:
        if run.undone_at is None:
            return "No."
        undone = undone_of(run)
        who = f" by {run.undone_by}" if run.undone_by else ""
        facts: list[tuple[str, Any]] = [
            ("When", f"{run.undone_at:%d %b %Y, %H:%M}{who}"),
            ("Removed", of_rows(undone.removed)),
            ("Restored", of_rows(undone.restored)),
            ("Kept", _kept(undone) or "nothing"),
        ]
        return as_facts(facts)


def as_facts(facts: Iterable[tuple[str, Any]]) -> SafeString:
    """Names and values, as a list; values safe HTML or text."""
    return format_html('<dl class="facts">{}</dl>', format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", facts))


def _next_steps(run: ImportRun, request: HttpRequest) -> list[dict[str, Any]]:
    """Of each document of a small run: its articles, and how many quotes wait for a review; the way on from an import."""
    keys = list(run.documents.filter(document__isnull=False).values_list("document_id", flat=True)[: STEPS_FOR + 1])
    if not keys or len(keys) > STEPS_FOR:
        return []
    articles, waiting = defaultdict(list), Counter[int]()
    if request.user.has_perm("articles.view_article"):
        for article in (
            Article.objects.filter(document__in=keys).only("headline", "state", "document_id").order_by("pk")
        ):
            articles[article.document_id].append(article)
    if request.user.has_perm("quotes.review_quote"):
        unreviewed = Quote.objects.unreviewed().filter(document__in=keys).order_by()
        waiting.update(unreviewed.values_list("document_id", flat=True)[:COUNTED])
    documents = RawDocument.objects.only("name").in_bulk(keys)
    return [
        {"document": documents[key], "articles": articles[key], "waiting": waiting[key]}
        for key in keys
        if articles[key] or waiting[key]
    ]


def _kept(undone: Undone) -> SafeString | str:
    """Each row that stays, with the reason, and a link to it."""
    if not undone.kept:
        return ""
    rows = [(_link(row), plural(row.label, 1), row.why) for row in undone.kept[:KEPT_SHOWN]]
    shown = format_html_join("", "<li>{} ({}) {}</li>", rows)
    more = undone.kept_in_all - len(rows)
    return format_html('<ul class="plain-list">{}</ul>{}', shown, f"and {more:,} more" if more > 0 else "")


def _link(row: Kept) -> SafeString | str:
    if not admin.site.is_registered(apps.get_model(row.label)):
        return row.name
    address = reverse(f"admin:{row.label.replace('.', '_')}_change", args=[row.key])
    return format_html('<a href="{}">{}</a>', address, row.name)


def _dump(key: int | None) -> SafeString | str:
    if key is None:
        return ""
    return format_html('<a href="{}">its bytes</a>', reverse("admin:articles_rawdocument_change", args=[key]))


def _pairs(values: Any) -> SafeString | str:
    """A JSON object as a list of names and values; whatever else it may be, as text."""
    if not isinstance(values, dict):
        return str(values)
    return as_facts((name, _value(value)) for name, value in values.items()) if values else "None."


def _value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_value(inner)}" for name, inner in value.items())
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "–" if value in (None, "") else str(value)
