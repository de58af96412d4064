"""Rows for tests: plain functions with defaults, so that a test states only what it is about."""

from __future__ import annotations

import hashlib
import itertools
from datetime import UTC, datetime
from typing import Any

from articles import store as article_store
from articles.models import Article, CuratedList, CuratedListItem, Publisher, RawDocument, TaggedItem, Topic
from articles.text import headline_key
from quotes import store as quote_store
from quotes.anchors import context
from quotes.models import Quote, Speaker

_number = itertools.count(1)
PUBLISHED_AT = datetime(2026, 10, 5, 9, 30, tzinfo=UTC)


def make_publisher(name: str = "The Harbour Post") -> Publisher:
    return article_store.publisher_named(name)


def make_topic(name: str = "Shipping") -> Topic:
    return Topic.objects.get_or_create(name=name)[0]


def make_document(text: str = "A ferry was late.", **fields: Any) -> RawDocument:
    number = next(_number)
    raw = f"{text}\n\n{number}\n".encode()  # no two documents have the same bytes
    defaults: dict[str, Any] = {
        "sha256": hashlib.sha256(raw).hexdigest(),
        "raw": raw,
        "size": len(raw),
        "name": f"dump-{number}.txt",
        "encoding": "utf-8",
        "text": text,
        "blocks": [["furniture", 0, len(text), None, "other"]],
        "retrieved_at": PUBLISHED_AT,
    }
    return RawDocument.objects.create(**(defaults | fields))


def make_article(
    headline: str | None = None, *, body: str | None = None, topics: tuple[str, ...] = (), **fields: Any
) -> Article:
    """A published article, indexed for search."""
    number = next(_number)
    article = Article(
        headline=headline or f"Ferry line {number} opens early",
        body=body if body is not None else "The first boat left at dawn.\n\nIt was full, the company said.",
        **({"state": "published", "published_at": PUBLISHED_AT} | fields),
    )
    article_store.save_article(article)
    for name in topics:
        TaggedItem.objects.create(tag=make_topic(name), content_object=article)
    return article


def make_speaker(name: str | None = None, **fields: Any) -> Speaker:
    speaker = Speaker(name=name or f"Mara Quill {next(_number)}", **fields)
    quote_store.save_speaker(speaker)
    return speaker


def make_quote(text: str | None = None, *, article: Article | None = None, alone: bool = False, **fields: Any) -> Quote:
    """A quote in a published article of its own, or, ``alone``, one that stands by itself in a dump."""
    words = text or f"We counted {next(_number)} boats before noon."
    if alone:
        document = fields.pop("document", None) or make_document(f'"{words}" Mara Quill said.')
        source = document.text
        place: dict[str, Any] = {"document": document, "published_at": PUBLISHED_AT}
    else:
        article = article or make_article(body=f'"{words}" Mara Quill said.\n\nNobody else spoke.')
        source = article.text
        place = {"article": article}
    start = source.find(words)
    if start >= 0:
        prefix, suffix = context(source, start, start + len(words))
        place |= {"start": start, "end": start + len(words), "prefix": prefix, "suffix": suffix}
        place["segments"] = [[start, start + len(words)]]
    quote = Quote(
        text=words, **(place | {"cue": "said", "said_on": PUBLISHED_AT.date(), "rule": "quote_name_cue"} | fields)
    )
    quote_store.prepare(quote)
    quote.save()
    article_store.index(Quote, [quote])
    return quote


def make_list(title: str = "Most Popular", *, headlines: tuple[str, ...] = (), **fields: Any) -> CuratedList:
    curated = CuratedList(title=title, **({"is_published": True, "on_homepage": True} | fields))
    article_store.save_list(curated)
    for position, headline in enumerate(headlines):
        item = CuratedListItem(list=curated, position=position, headline=headline, headline_key=headline_key(headline))
        article_store.save_list_item(item)
    return curated
