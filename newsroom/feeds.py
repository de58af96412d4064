"""Feeds of searches: what is new with some words in it (see ``articles.feeds``)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from articles.feeds import SIZE, Channel, Entry, article_entry, serve
from articles.models import Article
from articles.search import Search, find_articles, needs_search, read
from quotes.feeds import quote_entry
from quotes.search import find_quotes


@require_safe
@needs_search
def search(request: HttpRequest, form: str) -> HttpResponse:
    """The latest articles, or with ``type=quotes`` the latest quotes, that have the words."""
    asked = read(request.GET.get("q", ""))
    entries: list[Entry] = []
    if asked.words and request.GET.get("type") == "quotes":
        entries = [quote_entry(quote) for quote in find_quotes(asked)[:SIZE]]
    elif asked.words:
        entries = _articles(asked)
    page = request.get_full_path().replace(f"feed.{form}", "", 1)
    return serve(request, form, Channel(f"{asked.text or 'Search'} – {settings.SITE_NAME}", page, entries))


def _articles(asked: Search) -> list[Entry]:
    keys = [article.pk for article in find_articles(asked)[:SIZE]]
    rows = Article.objects.published().filter(pk__in=keys).latest_first()
    return [article_entry(article) for article in rows.for_cards().with_excerpts()]
