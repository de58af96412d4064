"""Previews: the saved article, what is typed and not saved, and links for people without an account."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse

from articles import previews
from articles.admin.article_form import ArticleForm
from articles.markdown import to_text
from articles.models import Article
from articles.publishing import in_words


class PreviewMixin(admin.ModelAdmin):
    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("add/preview/", wrap(self.preview_new_view), name="articles_article_draft_preview_new"),
            path("<path:object_id>/preview/", wrap(self.preview_view), name="articles_article_draft_preview"),
            path("<path:object_id>/preview/void/", wrap(self.void_view), name="articles_article_draft_preview_void"),
            *super().get_urls(),
        ]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        article = context["original"]
        if article is None:
            context["preview_address"] = reverse("admin:articles_article_draft_preview_new")
        else:
            context["preview_address"] = reverse("admin:articles_article_draft_preview", args=[article.pk])
            out = article.is_live or article.state == Article.State.WITHDRAWN
            if not out and self.has_change_permission(request, article):
                address = reverse("articles:preview", args=[previews.sign(article)])
                context["shared_address"] = request.build_absolute_uri(address)
                context["shared_until"] = in_words(previews.expires())
        return super().render_change_form(request, context, *args, **kwargs)

    def preview_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The article as it is saved (GET), or as it is typed in the form (POST, which saves nothing)."""
        article = Article.objects.for_page().filter(pk=object_id).first() if object_id.isdecimal() else None
        if not self.has_view_or_change_permission(request, article):
            raise PermissionDenied
        if article is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if request.method == "POST":
            if not self.has_change_permission(request, article):
                raise PermissionDenied
            return self._typed(request, article)
        page = reverse("admin:articles_article_change", args=[article.pk])
        return previews.show(request, article, {"words": "This is how it is saved.", "back": page})

    def preview_new_view(self, request: HttpRequest) -> HttpResponse:
        """An article that was never saved, as it is typed in the form."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        return self._typed(request, None)

    def _typed(self, request: HttpRequest, article: Article | None) -> HttpResponse:
        names = flatten_fieldsets(self.get_fieldsets(request, article))
        form: ArticleForm = self.get_form(request, article, change=article is not None, fields=names)(
            request.POST, instance=article
        )
        form.full_clean()
        shown, typed = form.instance, form.cleaned_data
        # A preview shows what there is: what a save would refuse is shown all the same, with the reason.
        for name in ("headline", "standfirst", "body"):
            setattr(shown, name, typed.get(name, request.POST.get(name, "")))
        shown.headline = shown.headline or "(no headline yet)"
        shown.text = to_text(shown.body)
        doubts = [f"{form[name].label}: {words}" for name, errors in form.errors.items() if name in form.fields
                  for words in errors]  # fmt: skip
        notice = {"words": "This is what you typed. Nothing was saved; close this tab to go on.", "doubts": doubts}
        return previews.show(
            request, shown, notice, topics=typed.get("topics", []), authors=list(typed.get("authors", []))
        )

    def void_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """End all preview links of an article."""
        article = self.get_object(request, unquote(object_id))
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if article is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        with transaction.atomic():
            previews.void(article)
            self.log_changes(request, [article], "Ended its preview links.")
        self.message_user(request, "No preview link given out before works any more.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))
