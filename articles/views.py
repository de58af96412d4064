"""Public pages of articles, topics, curated lists and the archive by date."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.db.models.functions import Lower
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.generic import TemplateView

from articles import addresses
from articles.filters import ArticleFilter, narrowed, narrows
from articles.listings import fill
from articles.merging import survivor
from articles.models import Article, CuratedList, TaggedItem, Topic
from articles.pages import article_context
from articles.paging import page_of
from articles.prepared import as_last_time, in_step
from articles.querysets import is_live
from articles.shown import (
    article_at,
    first_published,
    page_of_cards,
    page_of_topic,
    publishers_to_choose,
    topic_at,
    topics_to_choose,
    years_to_choose,
)
from articles.surrogates import shows
from articles.voices import voices_on


class ArticlesView(TemplateView):
    template_name = "articles/articles.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET
        is_narrowed = narrows(ArticleFilter, asked)
        page, first, topics, publishers = in_step(
            page_of_cards(narrowed(asked)[1] if is_narrowed else None, self.request),
            first_published(),
            topics_to_choose(asked.get("topic", "")),
            publishers_to_choose(),
        )
        shows(self.request, page)
        return super().get_context_data(
            page=page,
            is_narrowed=is_narrowed,
            chosen={name: asked.get(name, "") for name in ArticleFilter.base_filters},
            topics=topics,
            publishers=publishers,
            years=years_to_choose(first.year if first else None),
            **kwargs,
        )


def article(request: HttpRequest, slug: str) -> HttpResponse:
    with as_last_time(f"articles/{slug}"):
        shown = article_at(slug)
        context = article_context(shown) if shown is not None and shown.is_live else {}
    if shown is None:
        return addresses.follow(request, Article.objects.with_address(), slug)
    if not context:
        shows(request, shown)
        words = "It was published here and then taken back by an editor. Its quotes are no longer shown either."
        return addresses.gone(request, "This article was withdrawn", words, shown.withdrawn_because)
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
    shown = topic_at(slug)
    if shown is None:
        return addresses.follow(request, Topic.objects.public(), slug)
    if shown.merged_into_id:
        return redirect(survivor(shown), permanent=True)
    page, voices = in_step(page_of_topic(shown, request), voices_on(shown))
    if not page and page.number == 1:
        raise Http404("No such topic.")
    context = {"topic": shown, "page": page, "voices": voices}
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
