"""Feeds of quotes: all, narrowed ones, and those of a speaker (see ``articles.feeds``)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from articles.feeds import SIZE, Entry, of_page, of_subject
from articles.models import DatePrecision
from quotes.filters import OneSpeakerFilter, latest_among
from quotes.models import Quote, Speaker
from quotes.writing import quoted

TITLE_LENGTH = 90
_SAID = {DatePrecision.YEAR: "Y", DatePrecision.MONTH: "F Y"}


def quote_entry(quote: Quote) -> Entry:
    """Of a quote as read ``for_cards()``."""
    who = quote.speaker.name if quote.speaker else "Speaker not known"
    article = quote.article
    exact = article is not None and article.published_precision in (DatePrecision.TIME, DatePrecision.DAY)
    moments = [quote.created_at, quote.edited_at, quote.reviewed_at, article and article.published_at]
    return Entry(
        key=f"quotes/{quote.pk}",
        address=quote.get_absolute_url(),
        title=f"{who}{f' ({quote.doubt.lower()})' if quote.doubt else ''}: {quoted(quote, TITLE_LENGTH)}",
        summary=f"{quoted(quote)} — {_attribution(quote, who)}",
        published=article.published_at if article and exact else None,
        updated=max(moment for moment in moments if moment),
        author=quote.speaker.name if quote.speaker else "",
        language=article.language if article else "",
    )


def _attribution(quote: Quote, who: str) -> str:
    """Who said it, as what, when and where, and what editors found: “Mara Quill, harbour master, 5 October 2026. …”"""
    said_on = date_format(quote.said_on, _SAID.get(quote.said_precision, "j F Y")) if quote.date_known else ""  # type: ignore[call-overload]
    parts = [", ".join(part for part in (who, quote.role, said_on) if part)]
    if quote.article:
        publisher = quote.article.publisher
        parts.append(f"In: {quote.article.headline}{f' ({publisher.name})' if publisher else ''}")
    if quote.doubt:
        parts.append(quote.doubt)
    return ". ".join(parts) + "."


def quote_entries(quotes: Any) -> list[Entry]:
    """The first of public quotes, in their order."""
    return [quote_entry(quote) for quote in quotes.for_cards()[:SIZE]]


@require_safe
def quotes(request: HttpRequest, form: str) -> HttpResponse:
    return of_page(request, form, "Quotes", quote_entries(latest_among(request.GET)))


@require_safe
def speaker(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    def entries(shown: Speaker) -> list[Entry]:
        chosen = OneSpeakerFilter(request.GET, queryset=Quote.objects.public().filter(speaker=shown).dated_first())
        return quote_entries(chosen.qs if chosen.is_valid() else Quote.objects.none())

    return of_subject(request, form, slug, Speaker.objects.public(), entries)
