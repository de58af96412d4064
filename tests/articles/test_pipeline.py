"""Questions asked together are answered like those asked one by one, and what befalls the connection befalls no page."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, DataError, OperationalError, connection, connections, models, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import pipeline, prepared
from articles.models import Article
from articles.prepared import (
    _PAGES,
    NOW,
    Asking,
    Prepared,
    Slot,
    as_last_time,
    given,
    in_step,
    together,
)
from tests.factories import make_article

pytestmark = pytest.mark.django_db(transaction=True)
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL is asked straight")

_headlines = Prepared(
    lambda: Article.objects.filter(slug=Slot("slug", models.CharField())).values_list("headline", flat=False)
)
_divided = Prepared(
    lambda: Article.objects.annotate(part=1 / Slot("by", models.IntegerField())).order_by("pk").values_list("part")
)
_moments = Prepared(lambda: Article.objects.values_list("published_at"))


def _headline(slug: str) -> list[Any]:
    return _headlines(slug=slug)


@pytest.fixture(autouse=True)
def article() -> Article:
    return make_article("Pier opens", slug="pier")


def _end_of_its_session() -> None:
    """The server ends our session, as one that is started anew does."""
    connection.ensure_connection()
    session = connection.connection.info.backend_pid
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [session])
    finally:
        other.close()


def _next_request(*, checks: bool = True) -> None:
    connection.health_check_enabled = checks
    connection.health_check_done = False


def test_each_question_gets_its_answer() -> None:
    make_article("It's 100% open", slug="open")
    asked = [_headlines.of(slug=slug) for slug in ("open", "none", "pier")]
    assert together(*asked) == [[("It's 100% open",)], [], [("Pier opens",)]]
    with transaction.atomic():
        assert together(*asked) == [[("It's 100% open",)], [], [("Pier opens",)]]


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 1, 12, 30, tzinfo=UTC),
        datetime(1, 1, 1, 0, 0, 0, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 120_000, tzinfo=UTC),
    ],
)
def test_moments_are_those_that_the_framework_reads(moment: datetime) -> None:
    Article.objects.update(published_at=moment)
    [[(read,)]] = together(_moments.of())
    assert (read, read.tzinfo) == (moment, Article.objects.get().published_at.tzinfo)


def test_what_goes_on_with_the_answers_goes_on_in_step() -> None:
    rounds: list[str] = []

    def twice(first: str, second: str) -> Asking[list[Any]]:
        rounds.append(first)
        found = yield _headlines.of(slug=first)
        rounds.append(second)
        return found + (yield _headlines.of(slug=second))

    def both() -> Asking[int]:
        rounds.append("both")
        one, other = yield [_headlines.of(slug="pier"), _headlines.of(slug="none")]
        return len(one) + len(other)

    assert in_step(twice("pier", "none"), given("x"), both(), twice("none", "none")) == [[("Pier opens",)], "x", 1, []]
    assert rounds == ["pier", "both", "none", "none", "none"]


def test_whoever_listens_to_queries_hears_of_each() -> None:
    with CaptureQueriesContext(connection) as captured:
        together(_headlines.of(slug="pier"), _headlines.of(slug="none"))
    assert len(captured) == 2


@on_postgresql
def test_nothing_is_sent_straight_where_the_server_keeps_no_statements(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pipeline.is_open(connection)
    monkeypatch.setattr(connection.connection, "prepare_threshold", None)
    assert not pipeline.is_open(connection)
    assert _headline("pier") == [("Pier opens",)]


@on_postgresql
def test_fault_of_one_question_is_an_error_of_the_framework_and_the_connection_goes_on() -> None:
    with pytest.raises(DataError, match="division by zero"):
        together(_headlines.of(slug="pier"), _divided.of(by=0), _headlines.of(slug="pier"))
    assert _headline("pier") == [("Pier opens",)]
    with pytest.raises(DataError, match="NUL"):
        _headline("pi\0er")
    assert _headline("pier") == [("Pier opens",)]


@on_postgresql
def test_statements_that_the_server_dropped_are_given_to_it_again() -> None:
    _headline("pier")
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    assert _headline("pier") == [("Pier opens",)]


@on_postgresql
def test_statements_kept_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    connection.close()
    monkeypatch.setattr(pipeline, "MOST", 3)
    some = Prepared(lambda most: Article.objects.order_by("pk").values_list("headline")[:most])
    for most in (1, 2, 3, 4, 5, 1):
        assert some(most) == [("Pier opens",)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'newsroom%%'")
        assert cursor.fetchone() == (3,)


@on_postgresql
def test_connection_lost_since_the_last_request_is_opened_anew() -> None:
    _headline("pier")
    _end_of_its_session()
    _next_request()
    assert _headline("pier") == [("Pier opens",)]


@on_postgresql
@pytest.mark.parametrize("checks", [False, True])
def test_connection_lost_within_a_request_is_told(checks: bool) -> None:
    _next_request(checks=checks)
    _headline("pier")
    _end_of_its_session()
    with pytest.raises(OperationalError):
        _headline("pier")
    connections["default"].close_if_unusable_or_obsolete()
    assert _headline("pier") == [("Pier opens",)]


_live = Prepared(lambda: Article.objects.published(NOW).order_by("slug").values_list("headline"))


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many questions were sent each time."""
    sizes: list[int] = []
    ask = pipeline.ask

    def noted(connection: Any, questions: Any) -> Any:
        sizes.append(len(questions))
        return ask(connection, questions)

    monkeypatch.setattr(pipeline, "ask", noted)
    connections[DEFAULT_DB_ALIAS].__dict__.pop(_PAGES, None)
    return sizes


@on_postgresql
def test_a_page_that_asks_what_it_asked_the_last_time_waits_once(sent: list[int]) -> None:
    for expected in ([1, 1, 2], [4]):
        sent.clear()
        with as_last_time("pier"):
            assert _live() == [("Pier opens",)]
            assert _headline("pier") == [("Pier opens",)]
            assert together(_headlines.of(slug="none"), _headlines.of(slug="quay")) == [[], []]
        assert sent == expected
    sent.clear()
    assert _headline("pier") == [("Pier opens",)]
    with as_last_time("quay"):
        assert _headline("pier") == [("Pier opens",)]
    assert sent == [1, 1]


@on_postgresql
def test_what_a_page_is_told_is_of_now_and_of_what_it_asks_now(sent: list[int], article: Article) -> None:
    def page(second: str) -> list[Any]:
        with as_last_time("pier"):
            return [*_live(), *_headline(second)]

    assert page("pier") == [("Pier opens",), ("Pier opens",)]
    Article.objects.filter(pk=article.pk).update(headline="Pier shuts")
    make_article("Soon", slug="soon", published_at=timezone.now() + timedelta(milliseconds=300))
    sent.clear()
    assert page("pier") == [("Pier shuts",), ("Pier shuts",)]
    time.sleep(0.4)
    assert page("soon") == [("Pier shuts",), ("Soon",), ("Soon",)]
    assert page("soon") == [("Pier shuts",), ("Soon",), ("Soon",)]
    assert sent == [2, 2, 1, 2]


@on_postgresql
def test_a_page_that_fails_is_forgotten_and_others_are_while_there_are_many(
    sent: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared, "MOST_PAGES", 2)
    with pytest.raises(ZeroDivisionError), as_last_time("broken"):
        _headline("pier")
        raise ZeroDivisionError
    for name in ("a", "b", "a", "c"):
        with as_last_time(name):
            _headline("pier")
    state = connections[DEFAULT_DB_ALIAS].__dict__
    assert list(state[_PAGES]) == ["a", "c"]
    assert prepared._asking.page is None
    with pytest.raises(DataError), as_last_time("a"):
        _divided(by=0)
    assert _headline("pier") == [("Pier opens",)]


@on_postgresql
def test_a_page_asks_again_on_a_connection_that_was_lost(sent: list[int]) -> None:
    for _time in range(2):
        with as_last_time("pier"):
            assert _live() == _headline("pier")
        _end_of_its_session()
        _next_request()
    with as_last_time("pier"):
        assert _live() == _headline("pier")
