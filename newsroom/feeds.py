"""Feeds of searches: what is new with some words in it (see ``articles.feeds``)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from heapq import merge
from itertools import islice
from operator import itemgetter

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.feeds import SIZE, Entry, article_entry, of_page
from articles.models import Article
from articles.prepared import in_step
from articles.search import Search, needs_search, read
from newsroom.search import narrowing_of
from newsroom.searchkinds import KINDS, NEWEST, whole_first
from quotes.feeds import quote_entry
from quotes.models import Quote


@needs_search
@require_safe
def search(request: HttpRequest, form: str) -> HttpResponse:
    """The latest articles and quotes that have the words; with ``type`` those of one kind, and what it is narrowed by."""
    asked, kind = read(request.GET.get("q", "")), request.GET.get("type", "")
    return of_page(request, form, title(asked, kind), _entries(asked, kind, request) if asked.words else [])


def title(asked: Search, kind: str) -> str:
    """What a feed holds: "sea wall in quotes – Search"."""
    among = f" in {KINDS[kind].label.lower()}" if kind in _ENTRIES else ""
    return f"{asked.text}{among} – Search" if asked.text else "Search"


def _entries(asked: Search, kind: str, request: HttpRequest) -> list[Entry]:
    kinds = [kind] if kind in _ENTRIES else list(_ENTRIES)
    narrowing = narrowing_of(kind, request.GET) if kind in _ENTRIES else {}
    found = in_step(*(KINDS[name].find(asked, narrowing, NEWEST) for name in kinds))
    shown = whole_first(dict(zip(kinds, found, strict=True)))
    dated = (_ENTRIES[name](each.keys[:SIZE]) for name, each in shown.items())
    return [entry for _day, entry in islice(merge(*dated, key=itemgetter(0), reverse=True), SIZE)]


def _articles(keys: Collection[int]) -> Iterator[tuple[date, Entry]]:
    for article in Article.objects.published().filter(pk__in=keys).latest_first().for_entries():
        yield timezone.localdate(article.published_at), article_entry(article)


def _quotes(keys: Collection[int]) -> Iterator[tuple[date, Entry]]:
    for quote in Quote.objects.public().filter(pk__in=keys).latest_first().for_cards():
        yield quote.said_on, quote_entry(quote)


_ENTRIES = {"articles": _articles, "quotes": _quotes}
