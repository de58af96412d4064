"""Share pictures of quotes (see ``articles.sharing``)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from articles.cards import Card
from articles.sharing import picture_address, printed, serve
from quotes.models import Quote
from quotes.writing import quoted


def quote_card(quote: Quote) -> Card:
    """Of a quote as read ``for_page``. Doubts that editors have about it go along wherever the picture goes."""
    date = printed(quote.said_on, quote.said_precision)
    parts = [quote.doubt.upper(), quote.role_then, date]
    return Card(
        words=quoted(quote),
        by=quote.speaker.name if quote.speaker else "Speaker not known",
        source=", ".join(part for part in parts if part),
        site=settings.SITE_NAME,
    )


def quote_picture(quote: Quote) -> str:
    """The address of the quote's share picture; empty where none can be drawn."""
    return picture_address("quotes:share", quote.pk, quote_card(quote))


@require_safe
def quote(request: HttpRequest, pk: int, digest: str) -> HttpResponse:
    shown = get_object_or_404(Quote.objects.public().with_role_beside().select_related("speaker"), pk=pk)
    return serve(quote_card(shown), digest, quote_picture(shown))
