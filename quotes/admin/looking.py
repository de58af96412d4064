"""Looking for quotes in an article that was written or changed on the desk: what would come, then the button."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from articles import deletions
from articles.models import Article
from quotes import reading


class LookMixin:
    def get_urls(self) -> list[Any]:
        look = path("look/<int:pk>/", self.admin_site.admin_view(self.look_view), name="quotes_quote_look")
        return [look, *super().get_urls()]

    def look_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The quotes that an article's text has and the archive has not (GET); take them up (POST)."""
        articles = self.admin_site.get_model_admin(Article)
        article = Article.objects.filter(pk=pk).select_related("document").first()
        if not (self.has_add_permission(request) and articles.has_change_permission(request, article)):
            raise PermissionDenied
        if article is None:
            return articles._get_obj_does_not_exist_redirect(request, Article._meta, str(pk))
        if request.method == "POST":
            return self._take_up(request, article)
        found = reading.look(article)
        context = {
            **self.admin_site.each_context(request),
            "title": "Look for quotes",
            "opts": self.opts,
            "article": article,
            "new": found.new,
            "gone": found.gone,
        }
        return TemplateResponse(request, "admin/newsroom/look.html", context)

    def _take_up(self, request: HttpRequest, article: Article) -> HttpResponse:
        with transaction.atomic():
            article = Article.objects.select_for_update().get(pk=article.pk)
            found = reading.look(article)
            deletions.note(found.gone, editor=request.user)
            reading.take_up(found)
            made = [row for _, row in found.new]
            for row in made:
                self.log_addition(request, row, "Found in the text.")
        words = f"{len(made)} quote{'' if len(made) == 1 else 's'} taken up; each waits for review."
        if found.gone:
            words += f" {len(found.gone)} whose words are gone went; whoever may delete quotes can bring them back."
        self.message_user(request, words, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))
