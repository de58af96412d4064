"""Sitemaps of speakers and quotes (see ``articles.sitemaps``)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import OuterRef, Subquery

from articles.sitemaps import Section, in_range, ranges
from quotes.models import Quote, Speaker


def _speaker_pages(part: str) -> Iterator[tuple[str, datetime | None]] | None:
    """A speaker's page changed, as far as an index can tell, when the latest public quote came in."""
    latest = Quote.objects.public().filter(speaker=OuterRef("pk")).dated_first().values("created_at")[:1]
    rows = in_range(Speaker.objects.active().annotate(changed=Subquery(latest)), part)
    if rows is None:
        return None
    return ((who.get_absolute_url(), who.changed) for who in rows.only("slug").filter(changed__isnull=False))


def _quote_pages(part: str) -> Iterator[tuple[str, datetime | None]] | None:
    rows = in_range(Quote.objects.public(), part)
    if rows is None:
        return None
    rows = rows.only("created_at", "edited_at", "reviewed_at")
    return (
        (quote.get_absolute_url(), max(filter(None, (quote.created_at, quote.edited_at, quote.reviewed_at))))
        for quote in rows
    )


SECTIONS = {
    "speakers": Section(lambda: ranges("speakers", Speaker.objects.public()), _speaker_pages),
    "quotes": Section(lambda: ranges("quotes", Quote.objects.public()), _quote_pages),
}
