"""``{{ article_data(article) }}`` and its kin: what a page shows, as JSON-LD in its head (see ``articles.structured``)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from jinja2 import pass_context
from jinja2.runtime import Context

from articles.links import absolute_to
from articles.listings import titles_of
from articles.models import Article, CuratedList, Topic
from articles.sharing import article_picture
from articles.structured import crumbs, item_list, news_article, script, stamp


def share_picture(article: Article) -> str:
    """The address of the picture to share."""
    return article_picture(article)


def published_stamp(article: Article) -> str:
    """When it appeared, as precise as it was printed."""
    return stamp(article.published_at, article.published_precision)


@pass_context
def site_data(context: Context) -> SafeString:
    absolute = absolute_to(context["request"])
    home = absolute("/")
    search = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": f"{absolute(reverse('search'))}?q={{search_term_string}}"},
        "query-input": "required name=search_term_string",
    }
    site = {"@type": "WebSite", "@id": home, "url": home, "name": settings.SITE_NAME, "potentialAction": search}
    return script(site)


@pass_context
def article_data(context: Context, article: Article) -> SafeString:
    """Of the article of the page, with what ``articles.pages.article_context`` gives beside it."""
    absolute = absolute_to(context["request"])
    topics = context["topics"]
    section = context["main_topic"]
    above = (section.name, section.get_absolute_url()) if section else ("Articles", reverse("articles:articles"))
    quotes = [annotation.url for annotation in context["annotations"]]
    data = news_article(article, absolute, authors=context["authors"], topics=topics, quotes=quotes)
    return script(data, crumbs(absolute, above, (article.headline, article.get_absolute_url())))


@pass_context
def list_data(context: Context, shown: CuratedList) -> SafeString:
    """Of a list that was filled."""
    absolute = absolute_to(context["request"])
    way = crumbs(absolute, ("Lists", reverse("articles:lists")), (shown.title, shown.get_absolute_url()))
    return script(item_list(shown.title, titles_of(shown), absolute), way)


@pass_context
def topic_data(context: Context, topic: Topic, articles: Iterable[Any]) -> SafeString:
    absolute = absolute_to(context["request"])
    items = [(article.headline, article.get_absolute_url()) for article in articles]
    way = crumbs(absolute, ("Topics", reverse("articles:topics")), (topic.name, topic.get_absolute_url()))
    return script(item_list(topic.name, items, absolute), way)
