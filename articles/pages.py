"""What the page of an article shows, for readers and in previews."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from articles.annotations import annotations_of
from articles.markdown import render
from articles.models import Article, Author, TaggedItem, Topic
from articles.printings import others_of
from articles.subjects import citations_of

RELATED = 4
PRINTINGS = 10


def article_context(
    article: Article,
    *,
    public: bool = True,
    topics: Iterable[Topic] | None = None,
    authors: Iterable[Author] | None = None,
) -> dict[str, Any]:
    """All that the template needs. Not ``public``: with what is marked in the text though readers may not see it yet.

    ``topics`` and ``authors`` are given where those that are stored are not the ones to show.
    """
    saved = article.pk is not None
    annotations = annotations_of(article, public=public) if saved else []
    topics = list(article.topics.all()) if topics is None else list(topics)
    return {
        "article": article,
        "authors": list(article.authors.all()) if authors is None else list(authors),
        "body": render(article.body, annotations),
        "annotations": annotations,
        "topics": topics,
        "related": related_to(article, topics),
        "printings": others_of(article).for_links()[:PRINTINGS] if saved and hasattr(article, "printing") else [],
        "cited": citations_of(article) if saved else [],
    }


def related_to(article: Article, topics: list[Topic]) -> list[Article]:
    """The latest articles that share a topic."""
    tagged = TaggedItem.objects.filter(tag__in=topics).values("content_object")
    rows = Article.objects.published().latest_first().filter(pk__in=tagged).exclude(pk=article.pk)
    return list(rows.for_cards().with_excerpts()[:RELATED]) if topics else []
