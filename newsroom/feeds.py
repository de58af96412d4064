"""Feeds of searches: what is new with some words in it (see ``articles.feeds``)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from articles.feeds import SIZE, Entry, article_entries, of_page
from articles.models import Article
from articles.prepared import in_step
from articles.search import Search, needs_search, read
from newsroom.search import narrowing_of
from newsroom.searchkinds import KINDS, NEWEST
from quotes.feeds import quote_entries
from quotes.models import Quote


@needs_search
@require_safe
def search(request: HttpRequest, form: str) -> HttpResponse:
    """The latest articles, or with ``type=quotes`` the latest quotes, that have the words and what it is narrowed by."""
    asked = read(request.GET.get("q", ""))
    return of_page(request, form, asked.text or "Search", _entries(asked, request))


def _entries(asked: Search, request: HttpRequest) -> list[Entry]:
    if not asked.words:
        return []
    kind = request.GET.get("type", "")
    narrowing = narrowing_of(kind, request.GET) if kind in KINDS else {}
    name = "quotes" if kind == "quotes" else "articles"
    [found] = in_step(KINDS[name].find(asked, narrowing, NEWEST))
    keys = found.keys[:SIZE]
    if name == "quotes":
        return quote_entries(Quote.objects.public().filter(pk__in=keys).latest_first())
    return article_entries(Article.objects.published().filter(pk__in=keys).latest_first())
