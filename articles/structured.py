"""Pages as data for search engines: schema.org terms in JSON-LD.

Only what a page shows is in its data. Dates are as precise as they were printed, and left out where none was.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from articles.models import Article, Author, DatePrecision, Publisher, Topic
from articles.sharing import article_picture
from articles.writing import teaser

Absolute = Callable[[str], str]
Data = dict[str, Any]

DESCRIPTION_LENGTH = 200
_STAMPS = {DatePrecision.YEAR: "%Y", DatePrecision.MONTH: "%Y-%m", DatePrecision.DAY: "%Y-%m-%d"}
_encoder = json.JSONEncoder(ensure_ascii=False)
# As JSON may write any character, nothing in the data can end the script element or begin a comment in it.
_ESCAPES = [(char, f"\\u{ord(char):04x}") for char in "<>&\u2028\u2029"]


def script(*things: Data) -> SafeString:
    """A ``<script>`` that holds the things and that no browser runs: a block of data, which needs no leave of the
    content security policy."""
    graph = {"@context": "https://schema.org", "@graph": [_filled(thing) for thing in things]}
    text = _encoder.encode(graph)
    for char, escaped in _ESCAPES:
        text = text.replace(char, escaped)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))


def _filled(thing: Data) -> Data:
    """The thing without what is not known of it."""
    return {name: value for name, value in thing.items() if value or value == 0}


def stamp(value: date | datetime | None, precision: str) -> str:
    """ISO 8601, as much of a date as is known; empty where nothing is."""
    if value is None or precision == DatePrecision.UNKNOWN:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value)
        if precision == DatePrecision.TIME:
            return value.isoformat(timespec="seconds")
    shape = _STAMPS.get(precision, "%Y-%m-%d")  # type: ignore[call-overload]
    return value.strftime(shape)


def crumbs(absolute: Absolute, *steps: tuple[str, str]) -> Data:
    """The way to a page: (name, address) from below the front page to the page itself."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": absolute(address)}
            for place, (name, address) in enumerate([(settings.SITE_NAME, "/"), *steps], 1)
        ],
    }


def organisation(publisher: Publisher | None) -> Data:
    """Whose page printed it; the site itself where that is not known."""
    if publisher is None:
        return {"@type": "Organization", "name": settings.SITE_NAME}
    return _filled({"@type": "Organization", "name": publisher.name, "url": publisher.homepage})


def article_reference(article: Article, absolute: Absolute) -> Data:
    """An article as another thing refers to it."""
    address = absolute(article.get_absolute_url())
    return _filled(
        {
            "@type": "NewsArticle",
            "@id": address,
            "url": address,
            "headline": article.headline,
            "datePublished": stamp(article.published_at, article.published_precision),
            "publisher": organisation(article.publisher),
        }
    )


def news_article(
    article: Article, absolute: Absolute, *, authors: Sequence[Author], topics: Sequence[Topic], quotes: Iterable[str]
) -> Data:
    """``quotes``: the addresses of the quotes marked in the text."""
    names = [author.name for author in authors] or [name for name in [article.byline] if name]
    return article_reference(article, absolute) | _filled(
        {
            "mainEntityOfPage": absolute(article.get_absolute_url()),
            "description": teaser(article, DESCRIPTION_LENGTH),
            "inLanguage": article.language,
            "dateModified": article.updated_at.isoformat(timespec="seconds"),
            "author": [{"@type": "Person", "name": name} for name in names],
            "image": [absolute(picture) for picture in _pictures(article)],
            "keywords": [topic.name for topic in topics],
            "isBasedOn": article.source_url,
            "correction": article.correction,
            "isAccessibleForFree": True,
            "hasPart": [{"@type": "Quotation", "@id": absolute(address)} for address in quotes],
        }
    )


def _pictures(article: Article) -> list[str]:
    drawn = article_picture(article)
    return [article.lead_image.url] if article.lead_image else [drawn] if drawn else []


def item_list(name: str, items: Iterable[tuple[str, str]], absolute: Absolute) -> Data:
    """``items``: (name, address) in order; those without a page here have an empty address."""
    elements = [
        _filled({"@type": "ListItem", "position": place, "name": title, "url": absolute(address) if address else ""})
        for place, (title, address) in enumerate(items, 1)
    ]
    return {"@type": "ItemList", "name": name, "numberOfItems": len(elements), "itemListElement": elements}
