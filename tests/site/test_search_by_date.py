"""PostgreSQL finds the newest and the oldest that have words by dates beside the words, which the database itself keeps right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from modelsearch.index import insert_or_update_object

from articles import searchmatch, wordindex
from articles.models import Article
from articles.prepared import Prepared
from articles.searchmatch import Shape, slots_for
from articles.store import index
from newsroom.searchkinds import KINDS, _newest_with_words
from quotes.models import Quote
from tests.factories import make_article, make_quote

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no dates beside the words"),
]
# Some of them older or younger than any month that has a word of its own, two on one day.
YEARS = (1907, 1999, 2000, 2001, 2014, 2014, 2026, 2049, 2050, 2103)
FEW = 2


def _day(year: int) -> datetime:
    return datetime(year, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(params=["many", "few"])
def archive(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, db: None) -> list[Article]:
    """As many as are found month by month, or as few as are put in order at once."""
    wordindex.ensure(connection)
    monkeypatch.setattr(searchmatch, "_FEW", FEW if request.param == "many" else 10 * len(YEARS))
    articles = []
    for number, year in enumerate(YEARS):
        words = "A grey crane" if number % 2 else "A crane, grey"
        articles.append(make_article(f"{words} {number}", published_at=_day(year)))
        make_quote(f"{words}, number {number}.", article=articles[-1], said_on=_day(year).date())
    return articles


def _found(kind: str, phrases: list[str], most: int, *, from_oldest: bool) -> list[int]:
    shape = Shape.of(KINDS[kind].model, phrases)
    asked = KINDS[kind], shape, from_oldest, most
    prepared = Prepared(lambda *asked: _newest_with_words(*asked).values_list("pk"))
    return [key for (key,) in prepared(*asked, **slots_for(phrases))]


def _expected(kind: str, phrases: list[str], *, from_oldest: bool) -> list[int]:
    rows: list[Any] = list(KINDS[kind].model.objects.all())
    if "grey crane" in phrases:
        rows = [row for row in rows if "grey crane" in str(row)]
    when = KINDS[kind].date
    rows.sort(key=lambda row: (getattr(row, when), -row.pk if from_oldest else row.pk), reverse=not from_oldest)
    return [row.pk for row in rows]


@pytest.mark.parametrize("from_oldest", [False, True])
@pytest.mark.parametrize("phrases", [["crane"], ["crane", "grey"], ["grey crane"], ["grey crane", "a"]])
@pytest.mark.parametrize("kind", ["articles", "quotes"])
def test_first_are_the_newest_or_oldest_of_all(
    archive: list[Article], kind: str, phrases: list[str], from_oldest: bool
) -> None:
    expected = _expected(kind, phrases, from_oldest=from_oldest)
    assert len(expected) in (5, 10)
    for most in (1, 2, 3, 3 * len(YEARS)):
        assert _found(kind, phrases, most, from_oldest=from_oldest) == expected[:most]


def test_another_date_is_another_place_whoever_sets_it(archive: list[Article]) -> None:
    for number, year in ((0, 2021), (3, 2022)):
        Article.objects.filter(pk=archive[number].pk).update(published_at=_day(year))
        Quote.objects.filter(article=archive[number]).update(said_on=date(year, 1, 1))
        assert _found("articles", ["crane"], 50, from_oldest=False)[4] == archive[number].pk
        assert _found("quotes", ["crane"], 50, from_oldest=False)[4] == Quote.objects.get(article=archive[number]).pk


@pytest.mark.parametrize("enter", [insert_or_update_object, lambda row: index(type(row), [row])])
def test_whoever_enters_a_row_gives_it_its_date(db: None, enter: Callable[[Any], None]) -> None:
    wordindex.ensure(connection)
    article = make_article("A crane", published_at=_day(2019))
    quote = make_quote("The crane is up.", article=article, said_on=date(2018, 5, 4))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM modelsearch_indexentry")
        enter(article)
        enter(quote)
        cursor.execute("SELECT dated FROM modelsearch_indexentry ORDER BY dated")
        assert [row[0].date() for row in cursor.fetchall()] == [date(2018, 5, 4), date(2019, 3, 1)]
