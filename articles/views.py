"""Public pages of articles, topics, curated lists and the archive by date."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.db.models.functions import Lower
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.generic import TemplateView

from articles import addresses
from articles.filters import narrowed
from articles.listings import fill
from articles.merging import survivor
from articles.models import Article, CuratedList, Publisher, TaggedItem, Topic
from articles.pages import article_context
from articles.paging import page_of
from articles.querysets import is_live
from articles.surrogates import shows
from articles.voices import voices_on

FILTER_CHOICES = 200
# Of a topic's articles the latest are looked at for who speaks on it: a topic of ten thousand costs no more than one of a hundred.
RECENT = 100


class ArticlesView(TemplateView):
    template_name = "articles/articles.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chosen, rows = narrowed(self.request.GET)
        page = page_of(rows.for_cards().with_excerpts(), self.request)
        shows(self.request, page)
        first = Article.objects.published().order_by("published_at").values_list("published_at", flat=True).first()
        return super().get_context_data(
            page=page,
            filter=chosen,
            chosen={name: self.request.GET.get(name, "") for name in chosen.filters},
            topics=Topic.objects.public().values_list("slug", "name")[:FILTER_CHOICES],
            publishers=Publisher.objects.all()[:FILTER_CHOICES],
            years=range(timezone.now().year, (first.year if first else timezone.now().year) - 1, -1),
            **kwargs,
        )


def article(request: HttpRequest, slug: str) -> HttpResponse:
    shown = Article.objects.with_address().for_page().filter(slug=slug).first()
    if shown is None:
        return addresses.follow(request, Article.objects.with_address(), slug)
    if shown.state == Article.State.WITHDRAWN:
        words = "It was published here and then taken back by an editor. Its quotes are no longer shown either."
        return addresses.gone(request, "This article was withdrawn", words, shown.withdrawn_because)
    context = article_context(shown)
    quoted = [annotation.subject for annotation in context["annotations"]]
    shows(request, shown, quoted, context["topics"], context["related"], context["printings"])
    return render(request, "articles/article.html", context)


class TopicsView(TemplateView):
    template_name = "articles/topics.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = page_of(Topic.objects.public().order_by(Lower("name"), "pk"), self.request, size=100)
        live = TaggedItem.objects.filter(is_live("content_object__"), tag__in=list(page))
        counts = dict(live.values_list("tag").annotate(Count("pk")))
        for topic in page:
            topic.article_count = counts.get(topic.pk, 0)
        return super().get_context_data(page=page, **kwargs)


def topic(request: HttpRequest, slug: str) -> HttpResponse:
    shown = Topic.objects.filter(slug=slug).first()
    if shown is None:
        return addresses.follow(request, Topic.objects.public(), slug)
    if shown.merged_into_id:
        return redirect(survivor(shown), permanent=True)
    rows = Article.objects.published().tagged(shown).latest_first().for_cards().with_excerpts()
    page = page_of(rows, request)
    if not page and page.number == 1:
        raise Http404("No such topic.")
    recent = Article.objects.published().tagged(shown).latest_first().values("pk")[:RECENT]
    context = {"topic": shown, "page": page, "voices": voices_on(shown.slug, recent)}
    shows(request, shown, page)
    return render(request, "articles/topic.html", context)


class ListsView(TemplateView):
    template_name = "articles/lists.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = CuratedList.objects.published().select_related("publisher").with_items().order_by("title", "pk")
        page = page_of(rows, self.request, size=12)
        fill(page)
        return super().get_context_data(page=page, **kwargs)


def curated_list(request: HttpRequest, slug: str) -> HttpResponse:
    rows = CuratedList.objects.published().select_related("publisher").with_items()
    shown = rows.filter(slug=slug).first()
    if shown is None:
        return addresses.follow(request, CuratedList.objects.published(), slug)
    fill([shown])
    shows(request, shown, [getattr(entry, "live_article", entry) for entry in shown.entries])
    return render(request, "articles/list.html", {"list": shown})
