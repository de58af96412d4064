"""Addresses of share pictures, and the answers to them.

What a picture shows is in its address, so it can be kept for ever: when the words change, so does the address.
"""

from __future__ import annotations

import logging
from datetime import date, datetime
from functools import lru_cache

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.formats import date_format
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from articles.cards import Card, draw
from articles.models import Article, DatePrecision

log = logging.getLogger(__name__)

_KEPT = 7 * 24 * 3600
_SHAPES = {DatePrecision.YEAR: "Y", DatePrecision.MONTH: "F Y"}


def printed(value: date | None, precision: str) -> str:
    """A date in words, as precise as it was printed; nothing where none was."""
    if value is None or precision == DatePrecision.UNKNOWN:
        return ""
    return _in_words(value.date() if isinstance(value, datetime) else value, _SHAPES.get(precision, "j F Y"))  # type: ignore[call-overload]


@lru_cache(maxsize=1024)
def _in_words(day: date, shape: str) -> str:
    return date_format(day, shape)


def article_card(article: Article) -> Card:
    return Card(
        words=article.headline,
        by=article.publisher.name if article.publisher else "",
        source=printed(article.published_at, article.published_precision),
        site=settings.SITE_NAME,
    )


def article_picture(article: Article) -> str:
    """The address of the article's share picture; empty where none can be drawn."""
    return picture_address("articles:share", article.pk, article_card(article))


@lru_cache(maxsize=1024)
def picture_address(view: str, pk: int, card: Card) -> str:
    """The address of a picture, from what it shows; empty where none can be drawn."""
    return reverse(view, args=[pk, card.digest]) if card.is_drawable else ""


@require_safe
def article(request: HttpRequest, pk: int, digest: str) -> HttpResponse:
    shown = get_object_or_404(Article.objects.published().select_related("publisher").defer("body", "text"), pk=pk)
    return serve(article_card(shown), digest, article_picture(shown))


def serve(card: Card, digest: str, address: str) -> HttpResponse:
    """The picture, or a redirect to where it is now (``address``), if the words are others than they were."""
    if not card.is_drawable:
        raise Http404("There is no picture of this.")
    if digest != card.digest:
        return HttpResponseRedirect(address)
    response = HttpResponse(_drawn(card), content_type="image/png")
    response["Cache-Control"] = f"public, max-age={365 * 24 * 3600}, immutable"
    return response


def _drawn(card: Card) -> bytes:
    """From the cache, if that can be reached: a picture takes some 100 ms to draw."""
    key = f"share-picture:{card.digest}"
    try:
        picture = cache.get(key)
        if picture is None:
            picture = draw(card)
            cache.set(key, picture, _KEPT)
    except (OSError, RedisError) as error:
        log.warning("The cache cannot be used: %s", error)
        picture = draw(card)
    return picture
