"""Sitemaps (sitemaps.org 0.9) of articles by month, of topics and of lists.

A part is a range of dates or of keys, so that neither the index nor any part reads the whole archive: the index asks of
each range only whether it holds anything, and knows of changes from the latest ones.
"""

# ruff: noqa: S608 - the name of a table, and numbers

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import connections, router
from django.db.models import Exists, Model, QuerySet
from django.utils import timezone

from articles.dates import Span, span
from articles.models import Article, CuratedList, Topic

# The protocol allows 50,000 addresses in a part.
PART = 10_000
LATEST_CHANGES = 1000
# Databases bound the columns of a query: PostgreSQL at 1,664.
_ASKED_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class Part:
    """A part that the index names if ``rows`` has any. ``changed``: when anything in it was changed last, if that is
    cheap to know; ``following``: the part to ask for next, if there is anything in this one."""

    name: str
    rows: QuerySet
    changed: datetime | None = None
    following: Callable[[], Part] | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """``parts`` gives those there may be; ``pages`` gives the pages of one (by what follows the section's name and a
    hyphen), None if there can be no such part; each page has an address and, perhaps, the moment of its last change.
    """

    parts: Callable[[], Iterable[Part]]
    pages: Callable[[str], Iterable[tuple[str, datetime | None]] | None]


def with_rows(parts: Iterable[Part]) -> Iterator[Part]:
    """Those of the parts that hold something, and those that follow on them: few queries, whatever the number."""
    parts = list(parts)
    while parts:
        held = [
            part for part, holds in zip(parts, which_hold_rows([part.rows for part in parts]), strict=True) if holds
        ]
        yield from held
        parts = [part.following() for part in held if part.following]


def which_hold_rows(asked: list[QuerySet]) -> list[bool]:
    """Of each QuerySet, whether it has a row: a look into an index each, and a query for some hundreds of them."""
    found: list[bool] = []
    for first in range(0, len(asked), _ASKED_AT_ONCE):
        questions = [Exists(rows) for rows in asked[first : first + _ASKED_AT_ONCE]]
        # Any table will do that is never empty.
        found += ContentType.objects.order_by("pk").values_list(*questions)[0]
    return [bool(answer) for answer in found]


def _article_parts() -> Iterator[Part]:
    changed = _latest_changes()
    for month in _months():
        yield _article_part(month, 1, changed.get(month.first))


def _article_part(month: Span, number: int, changed: datetime | None) -> Part:
    """Most months have one part; the month of a large import of undated articles may have many."""
    name = f"articles-{month.first:%Y-%m}" if number == 1 else f"articles-{month.first:%Y-%m}-{number}"
    rows = _of_month(month)[(number - 1) * PART :]
    return Part(name, rows, changed, lambda: _article_part(month, number + 1, changed))


def _months() -> Iterator[Span]:
    """The months from the first public article to the last, in the site's time zone."""
    dates = Article.objects.published().order_by("published_at").values_list("published_at", flat=True)
    first, last = dates.first(), dates.last()
    while first and last and first <= last:
        month = span(timezone.localtime(first).year, timezone.localtime(first).month)
        if month is None:
            return
        yield month
        first = month.moments()[1]


def _of_month(month: Span) -> QuerySet[Article]:
    start, end = month.moments()
    return Article.objects.published().filter(published_at__gte=start, published_at__lt=end)


def _latest_changes() -> dict[date, datetime]:
    """When the articles of a month were changed last, by its first day; of months that were changed lately."""
    latest = Article.objects.published().order_by("-updated_at").values_list("published_at", "updated_at")
    changed: dict[date, datetime] = {}
    for published_at, updated_at in latest[:LATEST_CHANGES]:
        changed.setdefault(timezone.localdate(published_at).replace(day=1), updated_at)
    return changed


def _article_pages(part: str) -> Iterator[tuple[str, datetime | None]] | None:
    year, month, number = (*part.split("-"), "1")[:3] if part.count("-") in (1, 2) else ("", "", "")
    if not all(piece.isascii() and piece.isdigit() and len(piece) < 5 for piece in (year, month, number)):
        return None
    within = span(int(year), int(month))
    if within is None or int(number) < 1:
        return None
    last = int(number) * PART
    rows = _of_month(within).latest_first().only("slug", "updated_at", "published_at")[last - PART : last]
    return ((article.get_absolute_url(), max(article.updated_at, article.published_at)) for article in rows)


def ranges(section: str, rows: QuerySet) -> Iterator[Part]:
    """The parts of rows by ranges of ``PART`` keys, numbered from 1."""
    for number in _ranges_in_use(rows.model):
        yield Part(f"{section}-{number}", in_range(rows, str(number)))


def _ranges_in_use(model: type[Model]) -> list[int]:
    """The numbers of ranges with any key at all. Each is found from the one before: keys have gaps, some of them wide."""
    connection, table = connections[router.db_for_read(model)], model._meta.db_table
    first = f"SELECT MIN(id) / {PART} FROM {table}"
    following = f"SELECT ({first} WHERE id >= (number + 1) * {PART}) FROM part WHERE number IS NOT NULL"
    recursive = f"WITH RECURSIVE part(number) AS ({first} UNION ALL {following})"
    used = f"{recursive} SELECT number + 1 AS used FROM part WHERE number IS NOT NULL"
    with connection.cursor() as cursor:
        # It begins so that it is seen to write nothing (articles.changes).
        cursor.execute(f"SELECT used FROM ({used}) AS ranges")
        return [number for (number,) in cursor.fetchall()]


def in_range(rows: QuerySet, part: str) -> QuerySet | None:
    """The rows of a part that ``ranges`` has named."""
    if not (part.isascii() and part.isdigit() and 0 < len(part) < 13) or int(part) < 1:
        return None
    return rows.filter(pk__gte=(int(part) - 1) * PART, pk__lt=int(part) * PART).order_by("pk")


def _topic_pages(part: str) -> Iterator[tuple[str, datetime | None]] | None:
    rows = in_range(Topic.objects.public().only("slug"), part)
    return None if rows is None else ((topic.get_absolute_url(), None) for topic in rows)


def _list_pages(part: str) -> Iterator[tuple[str, datetime | None]] | None:
    """Lists are made by hand, or one a label of a publisher: a single part holds them all."""
    rows = CuratedList.objects.published().order_by("pk").only("slug", "updated_at")[:PART]
    return ((shown.get_absolute_url(), shown.updated_at) for shown in rows) if part == "all" else None


SECTIONS = {
    "articles": Section(_article_parts, _article_pages),
    "topics": Section(lambda: ranges("topics", Topic.objects.public()), _topic_pages),
    "lists": Section(lambda: [Part("lists-all", CuratedList.objects.published())], _list_pages),
}

NEWS_AGE = timedelta(hours=48)
NEWS_SIZE = 1000


def news() -> QuerySet[Article]:
    """What a news sitemap may name: the articles of the last two days, by the date printed, at most a thousand."""
    since = timezone.now() - NEWS_AGE
    recent = Article.objects.published().filter(published_at__gte=since, published_precision__in=["time", "day"])
    return recent.latest_first().only("headline", "slug", "language", "published_at", "published_precision")[:NEWS_SIZE]
