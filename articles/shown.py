"""What readers' pages show of articles, read by prepared queries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import models
from django.http import HttpRequest
from django.utils import timezone

from articles.models import Article, Author, Citation, Publisher, TaggedItem, Topic
from articles.paging import Page, page_by_keys
from articles.prepared import NOW, Keys, Prepared, Slot
from articles.querysets import ArticleQuerySet

# Topics and publishers to choose among, above a list.
CHOICES = 200

_KEY = Slot("article", models.BigIntegerField())

_at_address = Prepared(
    lambda: Article.objects.with_address(NOW).as_page().filter(slug=Slot("slug", models.CharField())).order_by()[:1]
)
_filings = Prepared(
    lambda: (
        TaggedItem.objects.filter(content_object__among=Keys("articles"))
        .select_related("tag")
        .only("content_object", "origin", "mentions", "tag__name", "tag__slug")
    )
)
_authors = Prepared(lambda: Author.objects.filter(articles=_KEY).only("name"))
_citations = Prepared(
    lambda: (
        Citation.objects.filter(article=_KEY)
        .select_related("publisher")
        .only("name", "evidence", "publisher__name", "publisher__homepage")
    )
)
_cards = Prepared(lambda: Article.objects.published(NOW).as_card().filter(pk__among=Keys("articles")).order_by())
_latest = Prepared(lambda start, end: Article.objects.published(NOW).latest_first().values_list("pk")[start:end])
_first = Prepared(lambda: Article.objects.published(NOW).order_by("published_at").values_list("published_at")[:1])
_topics = Prepared(lambda: Topic.objects.public(NOW).values_list("slug", "name")[:CHOICES])
_publishers = Prepared(lambda: Publisher.objects.values_list("slug", "name")[:CHOICES])


def article_at(slug: str) -> Article | None:
    """What has a public address, published or withdrawn, as read ``as_page()``."""
    return next(iter(_at_address(slug=slug)), None)


def file(articles: Collection[Article]) -> None:
    """Read what ``Article.filed_under`` and ``Article.main_topic`` look at, of all of them at once."""
    for article in articles:
        article.filings = []
    by_key = {article.pk: article for article in articles}
    for filing in _filings(articles=by_key) if by_key else ():
        by_key[filing.content_object_id].filings.append(filing)


def authors_of(article: Article) -> list[Author]:
    return _authors(article=article.pk)


def citations_of(article: Article) -> list[Citation]:
    return _citations(article=article.pk)


def cards_of(keys: Sequence[int]) -> list[Article]:
    """Of these the public ones, in this order, with all that a card or the lead shows. Two queries."""
    found = {article.pk: article for article in _cards(articles=keys)} if keys else {}
    file(found.values())
    return [found[key] for key in keys if key in found]


def latest_cards(most: int) -> list[Article]:
    return cards_of(_latest_keys(0, most))


def page_of_cards(rows: ArticleQuerySet | None, request: HttpRequest) -> Page:
    """The page of the list that was asked for, as ``cards_of`` reads it. No ``rows``: all, latest first."""

    def keys(start: int, end: int) -> list[int]:
        return _latest_keys(start, end) if rows is None else list(rows.values_list("pk", flat=True)[start:end])

    return page_by_keys(keys, cards_of, request)


def _latest_keys(start: int, end: int) -> list[int]:
    return [key for (key,) in _latest(start, end)]


def first_published() -> datetime | None:
    """When the oldest of the public articles appeared."""
    return next((moment for (moment,) in _first()), None)


def topics_to_choose() -> list[tuple[str, str]]:
    """(slug, name) of those that lead somewhere."""
    return _topics()


def publishers_to_choose() -> list[tuple[str, str]]:
    """(slug, name)."""
    return _publishers()


def years_to_choose(first: int | None) -> list[tuple[str, str]]:
    """(value, label) of this year and those before it, to the first; of this year alone where there is none."""
    this_year = timezone.now().year
    return [(str(year), str(year)) for year in range(this_year, (first or this_year) - 1, -1)]
