"""What the front page shows: the latest articles, a quote of the day, who speaks in the news, and lists."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import date
from typing import Any

from django.db import models

from articles.listings import fill
from articles.models import CuratedList
from articles.prepared import NOW, Asking, Prepared, Slot
from articles.shown import items_of
from quotes.models import Quote, Speaker

RECENT_QUOTES = 80
LISTS = 6
IN_THE_NEWS = 8
HIGH_CONFIDENCE = 0.9
QUOTE_OF_THE_DAY_LENGTH = range(40, 281)

_recent = Prepared(lambda: Quote.objects.public(NOW).attributed().dated().latest_first().for_names()[:RECENT_QUOTES])
_quote = Prepared(lambda: Quote.objects.for_cards().filter(pk=Slot("quote", models.BigIntegerField())).order_by())
_lists = Prepared(lambda: CuratedList.objects.on_homepage(NOW).select_related("publisher")[:LISTS])


def voices(day: date) -> Asking[dict[str, Any]]:
    """``quote_of_the_day`` and ``in_the_news``, both of the recent quotes. Two queries, one after the other."""
    recent = yield _recent.of()
    drawn = quote_of_the_day(recent, day)
    found = (yield _quote.of(quote=drawn.pk)) if drawn else []
    return {"quote_of_the_day": next(iter(found), None), "in_the_news": in_the_news(recent)}


def lists() -> Asking[list[CuratedList]]:
    """Those that are to stand on the front page, with their items."""
    found = yield _lists.of()
    items = yield from items_of(found)
    return fill(found, items)


def quote_of_the_day(recent: list[Quote], day: date) -> Quote | None:
    """One of the recent quotes: a person's own words, surely theirs, neither a scrap nor a speech.

    The same all day, also while others are added: each quote draws a number for the day, and the lowest wins.
    """
    fit = [
        quote
        for quote in recent
        if quote.kind == Quote.Kind.DIRECT
        and quote.speaker.kind == Speaker.Kind.PERSON
        and quote.article_id is not None
        and len(quote.text) in QUOTE_OF_THE_DAY_LENGTH
        and _is_trusted(quote)
    ]
    return min(fit, key=lambda quote: hashlib.sha256(f"{day}/{quote.pk}".encode()).digest(), default=None)


def _is_trusted(quote: Quote) -> bool:
    if quote.review_state == Quote.Review.UNREVIEWED:
        return quote.confidence >= HIGH_CONFIDENCE
    return quote.review_state == Quote.Review.VERIFIED


def in_the_news(recent: list[Quote]) -> list[dict[str, Any]]:
    """Who speaks most in the recent quotes, with the role printed last: speaker, role, count."""
    named = [quote for quote in recent if quote.speaker.kind != Speaker.Kind.UNNAMED]
    speakers = {quote.speaker_id: quote.speaker for quote in reversed(named)}
    roles: dict[int, str] = {}
    for quote in named:
        roles[quote.speaker_id] = roles.get(quote.speaker_id) or quote.role
    counts = Counter(quote.speaker_id for quote in named)
    return [
        {"speaker": speakers[key], "role": roles[key], "count": count} for key, count in counts.most_common(IN_THE_NEWS)
    ]
