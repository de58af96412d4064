"""Feeds: what is new on the site, on a topic or in a list, as RSS 2.0, Atom (RFC 4287) or JSON Feed 1.1.

The feed of a page has the page's address with ``feed.rss``, ``feed.atom`` or ``feed.json`` behind it, and heeds what the
page is narrowed by. An entry of an article whose date was not printed has no date of publication: none is made up.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.views.decorators.http import require_safe

from articles import addresses
from articles.filters import narrowed
from articles.listings import entries_of
from articles.merging import survivor
from articles.models import Article, CuratedList, DatePrecision, Topic
from articles.surrogates import tells_of
from articles.writing import teaser

SIZE = 50
SUMMARY_LENGTH = 300
# A feed that has no entry must say when it changed all the same, and say it the same way each time.
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, in plain text. ``key`` outlives changes of the address: "articles/12"."""

    key: str
    address: str
    title: str
    summary: str
    published: datetime | None
    updated: datetime
    author: str = ""
    topics: tuple[str, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed: ``address`` is the path of the page that shows the same."""

    title: str
    address: str
    entries: Iterable[Entry]
    description: str = ""


class _Stamped(SyndicationFeed):
    """A feed is as new as its newest entry, and never as new as the moment."""

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=_NEVER)


class _Rss(_Stamped, Rss201rev2Feed):
    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        # A description is HTML, and a title plain text, as the best practices of the RSS Advisory Board have it
        # (https://www.rssboard.org/rss-profile): readers that take it so would show what was escaped twice.
        super().add_item_elements(handler, item | {"description": html.escape(item["description"], quote=False)})


class _Atom(_Stamped, Atom1Feed):
    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item | {"description": html.escape(item["description"], quote=False)})

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        return {"xml:lang": item["language"]} if item["language"] else {}


class _Json(_Stamped):
    """https://www.jsonfeed.org/version/1.1/"""

    content_type = "application/feed+json; charset=utf-8"

    def write(self, outfile: Any, encoding: str) -> None:
        feed = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.feed["title"],
            "home_page_url": self.feed["link"],
            "feed_url": self.feed["feed_url"],
            "description": self.feed["description"],
            "language": self.feed["language"],
            "authors": [{"name": self.feed["author_name"]}],
            "items": [_json_item(item) for item in self.items],
        }
        outfile.write(json.dumps(feed, ensure_ascii=False).encode(encoding))


def _json_item(item: dict[str, Any]) -> dict[str, Any]:
    fields = {
        "id": item["unique_id"],
        "url": item["link"],
        "title": item["title"],
        "content_text": item["description"],
        "date_published": item["pubdate"] and item["pubdate"].isoformat(),
        "date_modified": item["updateddate"].isoformat(),
        "authors": item["author_name"] and [{"name": item["author_name"]}],
        "tags": item["categories"],
        "language": item["language"],
    }
    return {name: value for name, value in fields.items() if value or name == "content_text"}


FORMS: dict[str, type[SyndicationFeed]] = {"rss": _Rss, "atom": _Atom, "json": _Json}


def serve(request: HttpRequest, form: str, channel: Channel) -> HttpResponse:
    """The feed in the form asked for (a key of ``FORMS``).

    It carries an ETag (the middleware sees to that), and no Last-Modified by its entries: when one is withdrawn the newest
    date goes back, and who asks by date alone would keep what is no longer public. The page cache knows a better one.
    """
    feed = FORMS[form](
        title=clean(channel.title),
        link=request.build_absolute_uri(channel.address),
        description=clean(channel.description or channel.title),
        language="en",
        author_name=settings.SITE_NAME,
        feed_url=request.build_absolute_uri(),
    )
    host = request.get_host().partition(":")[0]
    entries = list(channel.entries)
    tells_of(request, (entry.key for entry in entries))
    for entry in entries:
        feed.add_item(
            title=clean(entry.title),
            link=request.build_absolute_uri(entry.address),
            description=clean(entry.summary),
            unique_id=f"tag:{host},2026:{entry.key}",
            unique_id_is_permalink=False,
            pubdate=entry.published,
            updateddate=entry.updated,
            author_name=clean(entry.author) or None,
            categories=[clean(topic) for topic in entry.topics],
            language=entry.language,
        )
    response = HttpResponse(content_type=feed.content_type)
    feed.write(response, "utf-8")
    return response


def clean(text: str) -> str:
    """The text without the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)


def moved(answer: HttpResponse, form: str) -> HttpResponse:
    """What a page answers to an address that it no longer has, for its feed: feeds move along with their pages."""
    if isinstance(answer, HttpResponsePermanentRedirect):
        return HttpResponsePermanentRedirect(f"{answer.url}feed.{form}")
    return answer


def of_page(request: HttpRequest, form: str, title: str, entries: Iterable[Entry]) -> HttpResponse:
    """The feed of a page with whatever the page is narrowed by: its address is the feed's without the form."""
    page = request.get_full_path().replace(f"feed.{form}", "", 1)
    return serve(request, form, Channel(f"{title} – {settings.SITE_NAME}", page, entries))


def of_subject(
    request: HttpRequest, form: str, slug: str, public: QuerySet, entries: Callable[[Any], list[Entry]]
) -> HttpResponse:
    """The feed of a topic or a speaker, which may have had another address, or have been merged into another."""
    shown = public.model.objects.filter(slug=slug).first()
    if shown is None:
        return moved(addresses.follow(request, public, slug), form)
    if shown.merged_into_id:
        return HttpResponsePermanentRedirect(f"{survivor(shown).get_absolute_url()}feed.{form}")
    found = entries(shown)
    if not found:
        raise Http404(f"No such {shown._meta.verbose_name}.")
    title = f"{shown.name} – {settings.SITE_NAME}"
    return serve(request, form, Channel(title, shown.get_absolute_url(), found, shown.description))


def article_entry(article: Article) -> Entry:
    """Of an article as read ``for_entries()``."""
    authors = article.byline or ", ".join(author.name for author in article.authors.all())
    exact = article.published_precision in (DatePrecision.TIME, DatePrecision.DAY)
    return Entry(
        key=f"articles/{article.pk}",
        address=article.get_absolute_url(),
        title=article.headline,
        summary=teaser(article, SUMMARY_LENGTH),
        published=article.published_at if exact else None,
        updated=max(article.updated_at, article.published_at),
        author=authors,
        topics=tuple(topic.name for topic in article.filed_under),
        language=article.language,
    )


def article_entries(articles: Any) -> list[Entry]:
    """The first of public articles, in their order."""
    return [article_entry(article) for article in articles.for_entries()[:SIZE]]


@require_safe
def site(request: HttpRequest, form: str) -> HttpResponse:
    rows = Article.objects.published().latest_first()
    return serve(request, form, Channel(settings.SITE_NAME, "/", article_entries(rows)))


@require_safe
def articles(request: HttpRequest, form: str) -> HttpResponse:
    _chosen, rows = narrowed(request.GET)
    return of_page(request, form, "Articles", article_entries(rows))


@require_safe
def topic(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    def entries(shown: Topic) -> list[Entry]:
        return article_entries(Article.objects.published().tagged(shown).latest_first())

    return of_subject(request, form, slug, Topic.objects.public(), entries)


@require_safe
def curated_list(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """The items of a list that have a page here, in its order."""
    shown = CuratedList.objects.published().filter(slug=slug).first()
    if shown is None:
        return moved(addresses.follow(request, CuratedList.objects.published(), slug), form)
    entries = entries_of(shown)
    if entries is None:
        rows = Article.objects.published().filter(list_items__list=shown)
        entries = article_entries(rows.order_by("list_items__position", "list_items__pk"))
    title = f"{shown.title} – {settings.SITE_NAME}"
    return serve(request, form, Channel(title, shown.get_absolute_url(), entries, shown.description))
