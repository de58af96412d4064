"""The queue of newer versions that wait for an editor, and the page on which they are compared and decided."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from articles import proposals
from articles.admin.base import NewsroomAdmin, ReadOnlyMixin
from articles.admin.changelists import Column
from articles.models import Article, ProposedChange, ProposedField
from articles.worddiff import side_by_side

ACCEPTED, REJECTED = ProposedField.State.ACCEPTED, ProposedField.State.REJECTED


def _fields_of(keys: Any) -> dict[int, str]:
    names: dict[int, list[str]] = {}
    for row in ProposedField.objects.filter(change__in=keys):
        names.setdefault(row.change_id, []).append(row.get_name_display().lower())
    return {key: ", ".join(found) for key, found in names.items()}


@admin.register(ProposedChange)
class ProposedChangeAdmin(ReadOnlyMixin, NewsroomAdmin):
    list_display = (
        "article_shown",
        Column("fields_shown", "differs in", _fields_of),
        "state",
        "created_at",
        "decided_by",
    )
    list_filter = ("state",)
    list_select_related = ("article", "decided_by")
    list_defer = ("article__body", "article__text")
    search_fields = ("article__headline",)
    search_help_text = "Words of the article’s headline."
    ordering = ("-pk",)
    sortable_by = ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def may_decide(self, request: HttpRequest) -> bool:
        """Whoever may change articles: a decision is a change of one."""
        return request.user.has_perm("articles.change_article") and self.has_view_permission(request)

    @admin.display(description="article")
    def article_shown(self, change: ProposedChange) -> str:
        return Truncator(change.article.headline).chars(100)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Both versions side by side; by POST, the decision on each field, on all at once, or its undoing."""
        if object_id is None or not self.has_view_permission(request):
            raise PermissionDenied
        change = self.get_object(request, object_id)
        if change is None:
            raise Http404
        if request.method == "POST":
            return self._decided(request, change)
        return TemplateResponse(request, "admin/newsroom/proposal.html", self._context(request, change))

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProposedChange]:
        return super().get_queryset(request).select_related("article", "decided_by")

    def _context(self, request: HttpRequest, change: ProposedChange) -> dict[str, Any]:
        rows = [{"field": row, "sides": side_by_side(here, row.new)} for row, here in proposals.shown_values(change)]
        return self.admin_site.each_context(request) | {
            "title": f"New version of “{change.article}”",
            "opts": self.opts,
            "change": change,
            "article": change.article,
            "article_link": self._article_link(request, change.article),
            "rows": rows,
            "waits": change.state == ProposedChange.State.WAITING,
            "decided": any(row["field"].state != ProposedField.State.WAITING for row in rows)
            and change.state != ProposedChange.State.REPLACED,
            "may_decide": self.may_decide(request),
        }

    def _article_link(self, request: HttpRequest, article: Article) -> SafeString | str:
        if not self.admin_site.get_model_admin(Article).has_view_permission(request):
            return article.headline
        address = reverse("admin:articles_article_change", args=[article.pk])
        return format_html('<a href="{}">{}</a>', address, article.headline)

    def _decided(self, request: HttpRequest, change: ProposedChange) -> HttpResponse:
        if not self.may_decide(request):
            raise PermissionDenied
        here = HttpResponseRedirect(request.path)
        try:
            with transaction.atomic():
                self.admin_site.get_model_admin(Article).keep_unseen([change.article_id])
                message = self._undo(request, change) if "_undo" in request.POST else self._decide(request, change)
        except proposals.ProposalError as error:
            self.message_user(request, str(error), messages.ERROR)
            return here
        self.message_user(request, message, messages.SUCCESS)
        change.refresh_from_db()
        if change.state == ProposedChange.State.DECIDED:
            return HttpResponseRedirect(f"{reverse('admin:articles_proposedchange_changelist')}?state__exact=waiting")
        return here

    def _decide(self, request: HttpRequest, change: ProposedChange) -> str:
        waiting = [row for row in change.fields.all() if row.state == ProposedField.State.WAITING]
        if "_accept" in request.POST or "_reject" in request.POST:
            verdict = ACCEPTED if "_accept" in request.POST else REJECTED
            decisions = {row.name: str(verdict) for row in waiting}
        else:
            chosen = {row.name: request.POST.get(f"field-{row.name}") for row in waiting}
            decisions = {name: verdict for name, verdict in chosen.items() if verdict in {ACCEPTED, REJECTED}}
        if not decisions:
            raise proposals.ProposalError("Choose for at least one field whether to take the new version.")
        article = proposals.decide(change, decisions, editor=request.user, version=_version(request))
        words = _sentence(waiting, decisions)
        self._log(request, change, article, words)
        return f"{words} “{article}” is up to date."

    def _undo(self, request: HttpRequest, change: ProposedChange) -> str:
        article, kept = proposals.take_back(change, editor=request.user)
        words = "Took back what was decided on a new version."
        if kept:
            words += f" Changed again since, and left as it is: {', '.join(kept).lower()}."
        self._log(request, change, article, words)
        return words

    def _log(self, request: HttpRequest, change: ProposedChange, article: Article, words: str) -> None:
        self.log_changes(request, [change], words)
        self.admin_site.get_model_admin(Article).log_changes(request, [article], words)


def _version(request: HttpRequest) -> int:
    """The version of the article that the page showed; one that no article has, where the form does not say."""
    said = request.POST.get("version", "")[:9]
    return int(said) if said.isascii() and said.isdigit() else -1


def _sentence(rows: list[ProposedField], decisions: dict[str, str]) -> str:
    parts = []
    for verdict, words in ((ACCEPTED, "Took from the new version"), (REJECTED, "Kept as it is")):
        names = [row.get_name_display().lower() for row in rows if decisions.get(row.name) == verdict]
        parts += [f"{words}: {', '.join(names)}."] if names else []
    return " ".join(parts)
