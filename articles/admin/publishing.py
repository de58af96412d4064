"""From draft to public and back: one button for each step, what should be known before, the reason afterwards."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles import held, publishing, store
from articles.admin import buttons
from articles.admin.article_form import ArticleForm
from articles.models import Article, DatePrecision

State = Article.State


class WithdrawForm(forms.Form):
    because = forms.CharField(
        label="Reason",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        help_text="Readers are shown it at the article’s address. Leave it empty to say only that it was withdrawn.",
    )


class PublishingMixin(admin.ModelAdmin):
    """The steps of an article on its page: what its buttons do."""

    class Media:
        js = (
            forms.Script("admin_newsroom/article.js", defer=True),
            forms.Script("admin_newsroom/markdown.js", defer=True),
        )

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        withdraw = path("<path:object_id>/withdraw/", wrap(self.withdraw_view), name="articles_article_withdraw")
        return [withdraw, *super().get_urls()]

    # the page

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        article, form = context["original"], context["adminform"].form
        may_change = self.has_change_permission(request, article) if article else self.has_add_permission(request)
        if may_change:
            worries = publishing.concerns(article) if article else []
            now = timezone.localtime()
            context |= {
                "buttons": form.plan().buttons(),
                "concerns": worries,
                "acknowledged": publishing.digest(worries),
                "may_withdraw": bool(article) and article.state == State.PUBLISHED and not form.plan().is_scheduled,
                "zone": publishing.zone_name(),
                "now": f"{now:%Y-%m-%dT%H:%M:%S}",
            }
        return super().render_change_form(request, context, *args, **kwargs)

    # saving

    def save_model(self, request: HttpRequest, obj: Article, form: forms.Form, change: bool) -> None:
        form.known = set(publishing.concerns(obj)) if change else set()
        act = getattr(form, "act", buttons.SAVE)
        if act == buttons.REVIEW:
            obj.state = State.IN_REVIEW
        elif act == buttons.DRAFT:
            obj.state = State.DRAFT
        elif act == buttons.NOW:
            obj.published_at, obj.published_precision = timezone.now(), DatePrecision.TIME
        if getattr(form, "had_address", False):
            request.slug_before = form.initial.get("slug", "")
        store.save_article(obj, editor=request.user)

    def save_related(self, request: HttpRequest, form: ArticleForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        article = form.instance
        form.held = []
        # Asked of what is stored: an edit of the text may have lost the places of quotes.
        worries = publishing.concerns(article)
        if form.act == buttons.PUBLISH:
            if publishing.digest(worries) in {"", request.POST.get("_acknowledged")}:
                store.publish(Article.objects.filter(pk=article.pk), editor=request.user)
                article.refresh_from_db()
            else:
                form.held = worries
        elif change:
            request.arisen = [words for words in worries if words not in form.known]

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        message = super().construct_change_message(request, form, formsets, add)
        was, now = form.initial.get("state_before"), form.instance.state
        if was != now and not (add and now == State.DRAFT):
            message.append({"changed": {"fields": [f"state, to {State(now).label.lower()}"]}})
        return message

    # afterwards

    def response_add(self, request: HttpRequest, obj: Article, post_url_continue: str | None = None) -> HttpResponse:
        return self._response(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        return self._response(request, obj) or super().response_change(request, obj)

    def _response(self, request: HttpRequest, obj: Article) -> HttpResponse | None:
        """Where to go, and what to say of what was done; None for what is no button of ours: pop-ups, other clients."""
        act = request.POST.get("_act", "").partition(":")[0]
        if act not in buttons.ACTS or "_popup" in request.POST:
            return None
        held = act == buttons.PUBLISH and obj.state != State.PUBLISHED
        words = (
            "Saved, and not published yet: see beside the buttons what you may want to look at first."
            if held
            else _done(obj)
        )
        self.message_user(request, words, messages.WARNING if held else messages.SUCCESS)
        for concern in getattr(request, "arisen", ()):
            self.message_user(request, f"With this change: {concern}", messages.WARNING)
        slug = getattr(request, "slug_before", "")
        if slug and slug != obj.slug:
            old = reverse("articles:article", args=[slug])
            self.message_user(request, f"Its old address {old} leads to the new one from now on.", messages.SUCCESS)
        if act in {buttons.SAVE, buttons.DRAFT} or held:
            page = reverse("admin:articles_article_change", args=[obj.pk])
            return HttpResponseRedirect(f"{page}#concerns" if held else page)
        return self.response_post_save_change(request, obj)

    # withdrawing

    def withdraw_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for the reason (GET), then take the article back from the public (POST)."""
        article = self.get_object(request, unquote(object_id))
        if not (self.has_change_permission(request, article) and self.has_publish_permission(request)):
            raise PermissionDenied
        if article is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        page = HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))
        if article.state != State.PUBLISHED:
            self.message_user(request, "Only what is published can be withdrawn.", messages.WARNING)
            return page
        typed = held.typed(request, WithdrawForm.base_fields) if request.method == "GET" else {}
        if typed:
            self.message_user(request, "You had been logged out. What you typed then is below, and not saved yet.",
                              messages.WARNING)  # fmt: skip
        form = WithdrawForm(request.POST if request.method == "POST" else None, initial=typed)
        if form.is_valid():
            held.drop(request)
            with transaction.atomic():
                self.keep_unseen([article.pk])
                rows = Article.objects.filter(pk=article.pk)
                store.withdraw(rows, editor=request.user, because=form.cleaned_data["because"].strip())
                self.log_changes(request, [article], "Withdrawn.")
            self.message_user(request, "Withdrawn. Its address says so from now on.", messages.SUCCESS)
            return page
        context = {
            **self.admin_site.each_context(request),
            "title": "Withdraw this article?",
            "opts": self.opts,
            "original": article,
            "form": form,
            "form_token": held.token(request),
            "remaining": publishing.remaining(article),
        }
        return TemplateResponse(request, "admin/articles/article/withdraw.html", context)


def _done(article: Article) -> SafeString | str:
    link = format_html('<a href="{}">See it on the site</a>', article.get_absolute_url())
    if article.state == State.PUBLISHED and article.published_at is not None:
        if article.published_at > timezone.now():
            return f"Scheduled: it appears on {publishing.in_words(article.published_at)}."
        return format_html("Published: readers see it as it is now. {}", link)
    words = {
        State.DRAFT: "Saved as a draft.",
        State.IN_REVIEW: "Saved: it is in review.",
        State.WITHDRAWN: "Saved. It stays withdrawn.",
    }
    return words[State(article.state)]
