"""Publishing, scheduling and withdrawing several articles at once: asked back first, undone as one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html

from articles import decisions, publishing
from articles.admin.publishing import WithdrawForm
from articles.models import Article, DatePrecision, StateDecision

Act = StateDecision.Act
# What an editor can look over on one page.
AT_ONCE = 50
TITLES = {
    Act.PUBLISH: ("Publish these articles?", "Publish them"),
    Act.SCHEDULE: ("Schedule these articles?", "Schedule them"),
    Act.WITHDRAW: ("Withdraw these articles?", "Withdraw them"),
}


class ScheduleForm(forms.Form):
    at = forms.SplitDateTimeField(label="They appear", widget=AdminSplitDateTime)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"].help_text = f"All of them at this moment. Time zone: {publishing.zone_name()}."
        for part, box in zip(("date", "time"), self.fields["at"].widget.widgets, strict=True):
            box.attrs["aria-label"] = f"They appear: {part}"

    def clean_at(self) -> Any:
        if self.cleaned_data["at"] <= timezone.now():
            raise forms.ValidationError("This moment has passed. To publish them now, use the other action.")
        return self.cleaned_data["at"]


class ManyMixin(admin.ModelAdmin):
    FORMS: dict[str, type[forms.Form]] = {
        Act.PUBLISH: forms.Form,
        Act.SCHEDULE: ScheduleForm,
        Act.WITHDRAW: WithdrawForm,
    }

    def get_urls(self) -> list[Any]:
        undo = self.admin_site.admin_view(self.undo_many_view)
        return [path("many/<int:pk>/undo/", undo, name="articles_article_many_undo"), *super().get_urls()]

    @admin.action(description="Publish selected articles…", permissions=["publish"])
    def publish_selected(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponse | None:
        return self._decide(request, queryset, Act.PUBLISH)

    @admin.action(description="Schedule selected articles…", permissions=["publish"])
    def schedule_selected(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponse | None:
        return self._decide(request, queryset, Act.SCHEDULE)

    @admin.action(description="Withdraw selected articles…", permissions=["publish"])
    def withdraw_selected(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponse | None:
        return self._decide(request, queryset, Act.WITHDRAW)

    def _decide(self, request: HttpRequest, queryset: QuerySet[Article], act: Act) -> HttpResponse | None:
        """Show what would happen to each article; once that is confirmed as it was shown, do it."""
        chosen = list(queryset.select_related(None).order_by().values_list("pk", flat=True)[: AT_ONCE + 1])
        if len(chosen) > AT_ONCE:
            words = f"At most {AT_ONCE} at a time, so that you can look them over. Nothing was done."
            self.message_user(request, words, messages.WARNING)
            return None
        everything = Article.objects.filter(pk__in=chosen)
        rows = list(decisions.concerned(everything, act).defer("body").order_by("pk"))
        if not rows:
            self.message_user(request, f"None of them can be {act.label.lower()}. Nothing was done.", messages.WARNING)
            return None
        form = self.FORMS[act](request.POST if "confirmed" in request.POST else None)
        looked_at = [{"article": row, "what": _what(row, act), "concerns": self._concerns(row, act)} for row in rows]
        seen = _digest(looked_at)
        if form.is_valid() and request.POST.get("seen") == seen:
            wish = decisions.Wish(act, form.cleaned_data.get("at"), form.cleaned_data.get("because", "").strip())
            self._do(request, rows, wish)
            return None
        return self._ask(request, act, form, looked_at, seen, left=len(chosen) - len(rows))

    def _concerns(self, article: Article, act: Act) -> list[str]:
        return [] if act == Act.WITHDRAW else publishing.concerns(article)

    def _ask(
        self, request: HttpRequest, act: Act, form: forms.Form, rows: list[dict[str, Any]], seen: str, *, left: int
    ) -> HttpResponse:
        title, button = TITLES[act]
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "form": form,
            "media": self.media + form.media,
            "rows": rows,
            "left": left,
            "action": f"{act}_selected",
            "button": button,
            "checkbox": ACTION_CHECKBOX_NAME,
            "seen": seen,
            "outdated": "confirmed" in request.POST and form.is_valid(),
            "withdraws": act == Act.WITHDRAW,
        }
        return TemplateResponse(request, "admin/articles/article/many.html", context)

    def _do(self, request: HttpRequest, rows: list[Article], wish: decisions.Wish) -> None:
        with transaction.atomic():
            keys = [row.pk for row in rows]
            self.keep_unseen(keys)
            decision = decisions.decide(Article.objects.filter(pk__in=keys), wish, editor=request.user)
            self.log_changes(request, rows, f"{decision.get_act_display()} from the list.")
        number = len(decision.changes)
        undo = reverse("admin:articles_article_many_undo", args=[decision.pk])
        words = f"{number} {'article' if number == 1 else 'articles'} {decision.get_act_display().lower()}."
        self.message_user(request, format_html('{} <a href="{}">Undo…</a>', words, undo), messages.SUCCESS)

    def undo_many_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask (GET), then put each article back to what it was before, if nothing was done to it since (POST)."""
        if not self.has_publish_permission(request) or not self.has_view_permission(request):
            raise PermissionDenied
        decision = StateDecision.objects.select_related("editor", "undone_by").filter(pk=pk).first()
        if decision is None:
            raise Http404("No such decision.")
        if request.method == "POST":
            self._undo(request, decision)
            return HttpResponseRedirect(reverse("admin:articles_article_changelist"))
        before = {key: (version, values) for key, version, values in decision.changes}
        rows = [
            {
                "article": article,
                "before": Article.State(before[article.pk][1]["state"]).label.lower(),
                "goes": article.version == before[article.pk][0],
            }
            for article in Article.objects.filter(pk__in=before).only("headline", "version").order_by("pk")
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": "Undo this?",
            "opts": self.opts,
            "decision": decision,
            "rows": rows,
        }
        return TemplateResponse(request, "admin/articles/article/many_undo.html", context)

    def _undo(self, request: HttpRequest, decision: StateDecision) -> None:
        with transaction.atomic():
            back = decisions.undo(decision, editor=request.user)
            rows = list(Article.objects.filter(pk__in=back))
            self.log_changes(request, rows, f"Undone: {decision.get_act_display().lower()} from the list.")
        number, of = len(back), len(decision.changes)
        words = f"{number} {'article is' if number == 1 else 'articles are'} as before."
        rest = f" {of - number} were changed since, and stay as they are." if number < of else ""
        self.message_user(request, f"Undone: {words}{rest}", messages.SUCCESS if number else messages.WARNING)


def _what(article: Article, act: Act) -> str:
    """What the decision means for the article, in words."""
    if act == Act.WITHDRAW:
        return f"published since {publishing.in_words(article.published_at, time=False)}"
    if act == Act.SCHEDULE:
        scheduled = article.state == Article.State.PUBLISHED
        return f"scheduled for {publishing.in_words(article.published_at)}" if scheduled else _state(article)
    if article.published_at is None:
        return f"{_state(article)}, appears at once"
    if article.published_at > timezone.now():
        return f"{_state(article)}, appears on {publishing.in_words(article.published_at)}"
    if article.published_precision == DatePrecision.UNKNOWN:
        return f"{_state(article)}, appears at once, undated"
    return f"{_state(article)}, appears at once, dated {publishing.in_words(article.published_at, time=False)}"


def _state(article: Article) -> str:
    return str(article.get_state_display()).lower()


def _digest(rows: list[dict[str, Any]]) -> str:
    """One word for what was shown: of another version of an article, or with other concerns, it is another."""
    return publishing.digest(
        " ".join([str(row["article"].pk), str(row["article"].version), *row["concerns"]]) for row in rows
    )
