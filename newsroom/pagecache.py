"""Whole public pages in the cache: what a reader sees who has no session, without a query while nothing changed.

A page is shown as long as the version of the archive is the one it was made in (``articles.changes``), and no longer than
``NEWSROOM_PAGE_CACHE_SECONDS``, nor than to the next moment at which the clock alone changes what is public.
A cache that is away costs time, not pages.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import DisallowedHost
from django.db import DatabaseError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import http_date

from articles.changes import KEPT, KEY, begun, complain, new_version, renew
from articles.models import Article, CuratedList
from newsroom.http import is_for_all
from quotes.models import Quote

NEXT_MOMENT = "next-moment"
# What addresses may be narrowed by; with anything else (the marks of campaigns and the like) a page is made anew.
PARAMETERS = frozenset(
    [
        "q",
        "type",
        "sort",
        "page",
        "year",
        "publisher",
        "topic",
        "speaker",
        "kind",
        "review",
        "since",
        "until",
        "date",
        "letter",
        "url",
    ]
)
MOST_IN_QUERY = 200
MOST_BYTES = 512 * 1024
_UNAVAILABLE = "The cache cannot be used, so each page is made anew: %s"


# In the cache: the version of the archive that the page shows, its headers, its bytes, and when it was made.
Kept = tuple[str, dict[str, str], bytes, float]


class PageCacheMiddleware:
    """Answers from the cache where it can. Inside of what turns answers into 304; outside of all that costs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = _key(request) if settings.PAGE_CACHE_SECONDS else ""
        if not key:
            return self.get_response(request)
        version, page = _look_up(key)
        if page is not None:
            return HttpResponse(page[2], headers=page[1])
        until = _next_moment(version) if version and request.method == "GET" else 0.0
        response = self.get_response(request)
        if until and response.status_code == 200 and is_for_all(response) and not response.streaming:
            _date(request, response, version)
            _keep(key, (version, dict(response.items()), response.content, time.time()), until)
        return response


def _date(request: HttpRequest, response: HttpResponse, version: str) -> None:
    """Nothing on the page changed since its version began, unless it looks at the clock.

    Only once that second is over: a change within it would have to have the same date.
    """
    match = request.resolver_match
    if begun(version) < time.time() and match is not None and match.url_name != "news_sitemap":
        response["Last-Modified"] = http_date(begun(version))


def _key(request: HttpRequest) -> str:
    """Under which the page is kept; empty if it is none for the cache."""
    meta = request.META
    if request.method not in ("GET", "HEAD") or "HTTP_AUTHORIZATION" in meta:
        return ""
    if "HTTP_COOKIE" in meta and (settings.SESSION_COOKIE_NAME in request.COOKIES or "messages" in request.COOKIES):
        return ""
    query = meta.get("QUERY_STRING", "")
    if query and (len(query) > MOST_IN_QUERY or not request.GET.keys() <= PARAMETERS):
        return ""
    try:
        whole = f"{request.scheme}://{request.get_host()}{request.path}?{query}"
    except DisallowedHost:
        return ""  # refused further in, where the headers of all answers are added
    return f"page:{blake2b(whole.encode(errors='surrogatepass'), digest_size=16).hexdigest()}"


def _look_up(key: str) -> tuple[str, Kept | None]:
    """The version of the archive, empty if the cache is away, and the page, if one of that version is kept."""
    try:
        found = cache.get_many([KEY, key])
        version = found.get(KEY)
        if version is None:
            cache.add(KEY, new_version(), KEPT)
            return cache.get(KEY, ""), None
    except Exception as error:  # noqa: BLE001 - each kind of cache has errors of its own
        complain(_UNAVAILABLE, error)
        renew()  # where one entry cannot be read, writing it anew mends that
        return "", None
    page = found.get(key)
    # A page from the future, as after a clock was set back, shows what is not out yet.
    fits = page is not None and page[0] == version and page[3] <= time.time()
    return version, page if fits else None


def _keep(key: str, page: Kept, until: float) -> None:
    seconds = min(settings.PAGE_CACHE_SECONDS, until - time.time())
    if seconds > 0 and len(page[2]) <= MOST_BYTES:
        try:
            cache.set(key, page, seconds)
        except Exception as error:  # noqa: BLE001 - as above
            complain(_UNAVAILABLE, error)


def _next_moment(version: str) -> float:
    """When (POSIX time) the clock changes what is public; 0 if that is now, or cannot be told. Asked of the database once
    a version, which ends at that moment.

    Right whoever else writes meanwhile: what is scheduled after the version was read begins another one.
    """
    now = timezone.now()
    try:
        known: tuple[str, float] | None = cache.get(NEXT_MOMENT)
        if known is None or known[0] != version:
            known = version, next_moment(now).timestamp()
            cache.set(NEXT_MOMENT, known, KEPT)
    except DatabaseError:
        return 0.0
    except Exception as error:  # noqa: BLE001 - as above
        complain(_UNAVAILABLE, error)
        return 0.0
    if known[1] > now.timestamp():
        return known[1]
    renew()
    return 0.0


def next_moment(now: datetime) -> datetime:
    """The first moment after ``now`` at which something appears or goes by the clock, or a day begins. Four queries."""
    tomorrow = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    scheduled: list[tuple[QuerySet[Any], str]] = [
        (Article.objects.filter(state=Article.State.PUBLISHED), "published_at"),
        (Quote.objects.filter(article__isnull=True), "published_at"),
        (CuratedList.objects.filter(is_published=True), "appears_at"),
        (CuratedList.objects.filter(is_published=True), "until"),
    ]
    moments: list[datetime] = [tomorrow]
    for rows, column in scheduled:
        coming = rows.filter(**{f"{column}__gt": now}).order_by(column)
        moments += coming.values_list(column, flat=True)[:1]
    return min(moments)
