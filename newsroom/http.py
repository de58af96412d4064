"""How long a public page may be kept by browsers and by a cache in front of the site."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

from articles.links import of_one_site
from articles.surrogates import shown_by

PUBLIC_NAMESPACES = {"articles", "quotes", "api"}
PUBLIC_NAMES = {
    "home",
    "about",
    "search",
    "search_feed",
    "search_suggest",
    "robots",
    "sitemap",
    "sitemap_part",
    "news_sitemap",
}
# Browsers ask each time (and mostly hear that nothing changed): an editor who looks at what was just published must not
# see what was there before. That keeps stale-while-revalidate out of Cache-Control, where browsers heed it too (and
# s-maxage forbids it: it implies proxy-revalidate, RFC 9111, 5.2.2.10). A cache in front may keep a page this many seconds,
# and show it as many again while it fetches the new one: what is scheduled appears, and what is withdrawn goes, within a
# minute. That is for it alone to read, in the field that is meant for it (RFC 9213), and in the older name of that field.
SHARED = 30
FOR_CACHES_IN_FRONT = f"max-age={SHARED}, stale-while-revalidate={SHARED}"


class PolicyMiddleware:
    """Gives every answer the content security policy: it is the same for all, so it is put together once a process."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._policy = build_policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault(HEADER, self._policy)
        return response


class PublicPagesMiddleware:
    """Lets public pages be cached, and nothing else.

    Public pages are the same for everybody and set no cookie. One that does, or that depends on one, is private.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with of_one_site():
            response = self.get_response(request)
        if not _is_public(request) or response.has_header("Cache-Control"):
            return response
        if response.cookies or "cookie" in response.get("Vary", "").lower() or response.status_code >= 500:
            response["Cache-Control"] = "private, no-store"
        else:
            patch_cache_control(response, public=True, max_age=0, s_maxage=SHARED)
            response["CDN-Cache-Control"] = response["Surrogate-Control"] = FOR_CACHES_IN_FRONT
            response["Surrogate-Key"] = " ".join(["site", *shown_by(request)])
            _give_etag(response)
        return response


def _give_etag(response: HttpResponse) -> None:
    """As ``ConditionalGetMiddleware`` would, by what processors have instructions for: in less than half the time."""
    if not response.streaming and not response.has_header("ETag"):
        response["ETag"] = f'"{sha256(response.content).hexdigest()[:32]}"'


def is_for_all(response: HttpResponse) -> bool:
    """Whether this is a page that ``PublicPagesMiddleware`` has let caches keep."""
    return "Surrogate-Key" in response and not response.has_header("Vary")


def client_address(request: HttpRequest) -> str:
    """The address that a request comes from: as our proxy saw it, if there is one; else as the connection says.

    The last entry of the header is the proxy's own; those before it are whatever the client sent.
    """
    direct = request.META.get("REMOTE_ADDR", "")
    passed_on = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
    return passed_on or direct if settings.BEHIND_PROXY else direct


def _is_public(request: HttpRequest) -> bool:
    match = request.resolver_match
    if match is None or request.method not in {"GET", "HEAD"}:
        return False
    return match.namespace in PUBLIC_NAMESPACES or (not match.namespace and match.url_name in PUBLIC_NAMES)
