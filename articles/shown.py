"""What readers' pages show of articles, read by prepared queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from operator import itemgetter

from django.core.validators import slug_unicode_re
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from articles.dates import AnySpan, Span, ends
from articles.models import Article, Author, Citation, CuratedList, CuratedListItem, Publisher, TaggedItem, Topic
from articles.paging import Page, bounds, page_from
from articles.prepared import NOW, Asking, Keys, Prepared, Slot
from articles.querysets import ArticleQuerySet

# Above a list one chooses among the topics of so many articles, the latest, and among so many publishers.
OF_LATEST, CHOICES = 50, 200

_KEY = Slot("article", models.BigIntegerField())
_TOPIC = Slot("topic", models.BigIntegerField())

_at_address = Prepared(
    lambda: Article.objects.with_address(NOW).as_page().filter(slug=Slot("slug", models.CharField())).order_by()[:1]
)


def _filed() -> QuerySet[TaggedItem]:
    columns = ("content_object", "origin", "mentions", "tag__name", "tag__slug")
    return TaggedItem.objects.select_related("tag").only(*columns)


def _topics_of_latest() -> QuerySet[Topic]:
    latest = Article.objects.published(NOW).latest_first().values("pk")[:OF_LATEST]
    filed = TaggedItem.objects.filter(content_object__in=latest).order_by().values("tag")
    return Topic.objects.active().filter(pk__in=filed).order_by("name").values_list("slug", "name")


_filings = Prepared(lambda: _filed().filter(content_object__among=Keys("articles")))
_filings_of_one = Prepared(lambda: _filed().filter(content_object=_KEY))
_authors = Prepared(lambda: Author.objects.filter(articles=_KEY).only("name"))
_citations = Prepared(
    lambda: (
        Citation.objects.filter(article=_KEY)
        .select_related("publisher")
        .only("name", "evidence", "publisher__name", "publisher__homepage")
    )
)
_cards = Prepared(lambda: Article.objects.published(NOW).as_card().filter(pk__among=Keys("articles")).order_by())
_items = Prepared(lambda: CuratedListItem.objects.filter(list__among=Keys("lists")))
_links = Prepared(lambda: Article.objects.published(NOW).for_links().filter(pk__among=Keys("articles")).order_by())
_latest = Prepared(lambda start, end: Article.objects.published(NOW).latest_first().values_list("pk")[start:end])
_latest_on = Prepared(
    lambda start, end: Article.objects.published(NOW).tagged(_TOPIC).latest_first().values_list("pk")[start:end]
)
_latest_in = Prepared(
    lambda length, start, end: (
        Article.objects.published(NOW).within(AnySpan(length)).latest_first().values_list("pk")[start:end]
    )
)
_topic = Prepared(lambda: Topic.objects.filter(slug=Slot("slug", models.CharField())).order_by()[:1])
_first = Prepared(lambda: Article.objects.published(NOW).order_by("published_at").values_list("published_at")[:1])
_topics = Prepared(_topics_of_latest)
_public_topic = Prepared(
    lambda: (
        Topic.objects.public(NOW)
        .filter(slug=Slot("slug", models.CharField()))
        .order_by()
        .values_list("slug", "name")[:1]
    )
)
_publishers = Prepared(lambda: Publisher.objects.values_list("slug", "name")[:CHOICES])


def article_at(slug: str) -> Article | None:
    """What has a public address, published or withdrawn, as read ``as_page()``."""
    return next(iter(_at_address(slug=slug)), None)


def topic_at(slug: str) -> Topic | None:
    return next(iter(_topic(slug=slug)), None)


def filed(article: Article) -> Asking[None]:
    """Read what ``Article.filed_under`` and ``Article.main_topic`` look at."""
    article.filings = yield _filings_of_one.of(article=article.pk)


def authors_of(article: Article) -> Asking[list[Author]]:
    return article.in_signing_order((yield _authors.of(article=article.pk)))


def citations_of(article: Article) -> Asking[list[Citation]]:
    return (yield _citations.of(article=article.pk))


def cards_of(keys: Sequence[int]) -> Asking[list[Article]]:
    """Of these the public ones, in this order, with all that a card or the lead shows. Two queries, asked together."""
    if not keys:
        return []
    articles, filings = yield [_cards.of(articles=keys), _filings.of(articles=keys)]
    found = {article.pk: article for article in articles}
    for article in articles:
        article.filings = []
    for filing in filings:
        if article := found.get(filing.content_object_id):
            article.filings.append(filing)
    return [found[key] for key in keys if key in found]


def latest_cards(most: int) -> Asking[list[Article]]:
    keys = yield _latest.of(0, most)
    return (yield from cards_of([key for (key,) in keys]))


def page_of_cards(rows: ArticleQuerySet | None, request: HttpRequest) -> Asking[Page]:
    """The page of the list that was asked for, as ``cards_of`` reads it. No ``rows``: all, latest first."""
    number, start, end = bounds(request)
    if rows is None:
        return (yield from _page_of_keys((yield _latest.of(start, end)), number))
    return (yield from _page_of_keys(rows.values_list("pk")[start:end], number))


def page_of_topic(topic: Topic, request: HttpRequest) -> Asking[Page]:
    """The page that was asked for of a topic's articles, latest first, as ``cards_of`` reads it."""
    number, start, end = bounds(request)
    return (yield from _page_of_keys((yield _latest_on.of(start, end, topic=topic.pk)), number))


def page_of_span(shown: Span, request: HttpRequest) -> Asking[Page]:
    """The page that was asked for of the articles whose date lies in a span, latest first, as ``cards_of`` reads it."""
    number, start, end = bounds(request)
    found = yield _latest_in.of(shown.precision, start, end, **ends(shown))
    return (yield from _page_of_keys(found, number))


def _page_of_keys(found: Iterable[tuple[int]], number: int) -> Asking[Page]:
    page = page_from([key for (key,) in found], number)
    return replace(page, items=(yield from cards_of(page.items)))


def items_of(lists: Sequence[CuratedList]) -> Asking[dict[int, list[CuratedListItem]]]:
    """The items of lists of articles, by the list's key, as ``with_items`` reads them. Two queries, one after the other."""
    items = (yield _items.of(lists=[curated.pk for curated in lists])) if lists else []
    keys = {item.article_id for item in items if item.article_id}
    articles = (yield _links.of(articles=keys)) if keys else []
    live = {article.pk: article for article in articles}
    found: dict[int, list[CuratedListItem]] = defaultdict(list)
    for item in items:
        item.live_article = live.get(item.article_id)
        found[item.list_id].append(item)
    return found


def first_published() -> Asking[datetime | None]:
    """When the oldest of the public articles appeared."""
    found = yield _first.of()
    return next((moment for (moment,) in found), None)


def topics_to_choose(chosen: str) -> Asking[list[tuple[str, str]]]:
    """(slug, name) of those that the latest articles are on, and of the one that is chosen, if it leads somewhere."""
    topics = yield _topics.of()
    if not slug_unicode_re.match(chosen) or any(slug == chosen for slug, _name in topics):
        return topics
    return sorted([*topics, *(yield _public_topic.of(slug=chosen))], key=itemgetter(1))


def publishers_to_choose() -> Asking[list[tuple[str, str]]]:
    """(slug, name)."""
    return (yield _publishers.of())


def years_to_choose(first: int | None) -> list[tuple[str, str]]:
    """(value, label) of this year and those before it, to the first; of this year alone where there is none."""
    this_year = timezone.now().year
    return [(str(year), str(year)) for year in range(this_year, (first or this_year) - 1, -1)]
