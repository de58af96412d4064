"""What the page of an article shows, for readers and in previews."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from articles.annotations import annotations_of
from articles.kin import kin_of
from articles.markdown import render
from articles.models import Article, Author, Topic
from articles.prepared import given, in_step
from articles.shown import authors_of, citations_of, filed


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
    annotations, written_by, cited, _filed = in_step(
        annotations_of(article, public=public) if saved else given([]),
        authors_of(article) if authors is None else given(list(authors)),
        citations_of(article) if saved else given([]),
        filed(article) if topics is None else given(None),
    )
    main_topic = article.main_topic if topics is None else next(iter(topics), None)
    topics = article.filed_under if topics is None else list(topics)
    printings, related = kin_of(article, annotations, topics)
    return {
        "article": article,
        "authors": written_by,
        "body": render(article.body, annotations),
        "annotations": annotations,
        "topics": topics,
        "main_topic": main_topic,
        "related": related,
        "printings": printings,
        "cited": cited,
    }
