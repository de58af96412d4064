"""Quotes in other sites' pages: a ``<blockquote>`` with a link, by hand or through oEmbed (https://oembed.com).

No frame and no script: the words stand in the page that quotes them, and lead back to where they come from.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, resolve
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from articles.cards import HEIGHT, WIDTH
from quotes.models import Quote
from quotes.sharing import quote_picture
from quotes.writing import quoted, quoted_with_doubt

BEST_WIDTH = 600
TITLE_LENGTH = 90
_HOUR = 3600  # no longer: an editor may find the words disputed, or take them back


def embed_html(quote: Quote, absolute: Callable[[str], str]) -> SafeString:
    """Of a quote as read ``for_page``."""
    address = absolute(quote.get_absolute_url())
    who = quote.speaker.name if quote.speaker else "Speaker not known"
    says = ", ".join(part for part in (who, quote.role_then) if part)
    return format_html(
        '<blockquote cite="{}"><p dir="auto">{}</p><footer>— {}{}. <a href="{}">{}</a></footer></blockquote>',
        address,
        quoted(quote),
        says,
        f" ({quote.doubt.lower()})" if quote.doubt else "",
        address,
        quote.article.headline if quote.article else settings.SITE_NAME,
    )


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """``url``: the address of a quote's page here; ``maxwidth``, ``maxheight``: of the picture that goes along."""
    if request.GET.get("format", "json") != "json":
        return _refuse(501, "Only format=json is spoken here.")
    quote = _asked_for(request)
    if quote is None:
        return _refuse(404, "Give url=, the address of the page of a quote on this site.")
    absolute = request.build_absolute_uri
    width, height = (_size(request, name) for name in ("maxwidth", "maxheight"))
    answer = {
        "version": "1.0",
        "type": "rich",
        "title": quoted_with_doubt(quote, TITLE_LENGTH),
        "author_name": quote.speaker.name if quote.speaker else "",
        "author_url": absolute(quote.speaker.get_absolute_url()) if quote.speaker else "",
        "provider_name": settings.SITE_NAME,
        "provider_url": absolute("/"),
        "cache_age": _HOUR,
        "html": embed_html(quote, absolute),
    }
    answer = {name: value for name, value in answer.items() if value}
    answer |= {"width": min(BEST_WIDTH, width or BEST_WIDTH), "height": None}
    picture = quote_picture(quote)
    if picture and (width or WIDTH) >= WIDTH and (height or HEIGHT) >= HEIGHT:
        answer |= {"thumbnail_url": absolute(picture), "thumbnail_width": WIDTH, "thumbnail_height": HEIGHT}
    return _open(JsonResponse(answer))


def _asked_for(request: HttpRequest) -> Quote | None:
    """The public quote whose page the request names."""
    try:
        asked = urlsplit(request.GET.get("url", ""))
        match = resolve(asked.path)
    except (ValueError, Resolver404):
        return None
    if asked.netloc != request.get_host() or asked.scheme not in ("http", "https") or match.view_name != "quotes:quote":
        return None
    return Quote.objects.public().for_page().filter(pk=match.kwargs["pk"]).first()


def _size(request: HttpRequest, name: str) -> int | None:
    given = request.GET.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and 0 < len(given) < 6 else None


def _refuse(status: int, words: str) -> HttpResponse:
    return _open(JsonResponse({"error": words}, status=status))


def _open(response: HttpResponse) -> HttpResponse:
    """Editors of other sites ask from their own pages."""
    response["Access-Control-Allow-Origin"] = "*"
    return response
