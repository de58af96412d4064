"""What crawlers ask for first: robots.txt, the index of sitemaps, their parts, and the sitemap of the news."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles import sitemaps as of_articles
from articles.feeds import clean
from articles.models import DatePrecision
from articles.sitemaps import Section, with_rows
from newsroom import pieces
from quotes import sitemaps as of_quotes

SECTIONS: dict[str, Section] = of_articles.SECTIONS | of_quotes.SECTIONS
PAGES = ["home", *pieces.SECTIONS, "about"]
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWS_SPACE = "http://www.google.com/schemas/sitemap-news/0.9"


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    rows = [_row(request, "sitemap", reverse("sitemap_part", args=["pages"]), None)]
    possible = (part for section in SECTIONS.values() for part in section.parts())
    rows += [
        _row(request, "sitemap", reverse("sitemap_part", args=[part.name]), part.changed)
        for part in with_rows(possible)
    ]
    return _xml("sitemapindex", rows)


@require_safe
def part(request: HttpRequest, name: str) -> HttpResponse:
    pages: Iterable[tuple[str, datetime | None]] | None
    if name == "pages":
        pages = [(reverse(page), None) for page in PAGES]
    else:
        section, _, rest = name.partition("-")
        pages = SECTIONS[section].pages(rest) if section in SECTIONS else None
    rows = [_row(request, "url", address, changed) for address, changed in pages or ()]
    if not rows:
        raise Http404("No such part of the sitemap.")
    return _xml("urlset", rows)


@require_safe
def news(request: HttpRequest) -> HttpResponse:
    """https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap"""
    rows = []
    for article in of_articles.news():
        moment = timezone.localtime(article.published_at)
        exact = article.published_precision == DatePrecision.TIME
        rows.append(
            f"<url><loc>{escape(request.build_absolute_uri(article.get_absolute_url()))}</loc><news:news>"
            f"<news:publication><news:name>{escape(clean(settings.SITE_NAME))}</news:name>"
            f"<news:language>{escape(_language(article.language))}</news:language></news:publication>"
            f"<news:publication_date>{moment.isoformat(timespec='seconds') if exact else moment.date().isoformat()}"
            f"</news:publication_date><news:title>{escape(clean(article.headline))}</news:title></news:news></url>"
        )
    return _xml("urlset", rows, f' xmlns:news="{_NEWS_SPACE}"')


def _language(tag: str) -> str:
    """ISO 639, as news sitemaps want it: "en-GB" is "en". Chinese alone is told apart by its script."""
    tag = tag.lower()
    if tag.startswith("zh"):
        return "zh-tw" if tag in ("zh-tw", "zh-hk", "zh-hant") else "zh-cn"
    return tag.partition("-")[0]


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", f"Disallow: {reverse('admin:index')}", f"Disallow: {reverse('search')}", ""]
    lines += [f"Sitemap: {request.build_absolute_uri(reverse(name))}" for name in ("sitemap", "news_sitemap")]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _row(request: HttpRequest, tag: str, address: str, changed: datetime | None) -> str:
    lastmod = f"<lastmod>{changed.isoformat(timespec='seconds')}</lastmod>" if changed else ""
    return f"<{tag}><loc>{escape(request.build_absolute_uri(address))}</loc>{lastmod}</{tag}>"


def _xml(root: str, rows: Iterable[str], more: str = "") -> HttpResponse:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<{root} xmlns="{_SPACE}"{more}>', *rows, f"</{root}>", ""]
    return HttpResponse("\n".join(lines), content_type="application/xml; charset=utf-8")
