"""What the clock publishes: at its moment, without anything that has to run, on days of 23 and 25 hours and by clocks that jump."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles import store
from articles.models import Article
from tests.adminpages import submit
from tests.factories import make_article, make_list, make_quote
from tests.site.test_page_cache import FILES

# A zone, and the days on which it sets its clocks forward and back.
ZONES = [
    ("Europe/Kyiv", date(2027, 3, 28), date(2027, 10, 31)),
    ("America/New_York", date(2027, 3, 14), date(2027, 11, 7)),
    ("Australia/Lord_Howe", date(2027, 10, 3), date(2027, 4, 4)),  # by half an hour
]


def at(moment: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the clock."""
    monkeypatch.setattr(timezone, "now", lambda: moment)


def midnight(zone: str, day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(("zone", "forward", "back"), ZONES, ids=[zone for zone, _, _ in ZONES])
def test_what_is_scheduled_appears_at_its_moment_on_days_of_odd_length(
    db: None, client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch, zone: str, forward: date, back: date
) -> None:
    settings.TIME_ZONE = zone
    for day in (forward, back):
        moments = [midnight(zone, day) + timedelta(minutes=minutes) for minutes in range(0, 26 * 60, 97)]
        pages = [make_article(published_at=moment).get_absolute_url() for moment in moments]
        for moment, page in zip(moments, pages, strict=True):
            at(moment - timedelta(seconds=1), monkeypatch)
            assert client.get(page).status_code == 404, moment
            at(moment, monkeypatch)
            assert client.get(page).status_code == 200, moment


@pytest.mark.parametrize(("zone", "forward", "back"), ZONES, ids=[zone for zone, _, _ in ZONES])
def test_each_article_is_on_the_page_of_one_day(
    db: None, client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch, zone: str, forward: date, back: date
) -> None:
    settings.TIME_ZONE = zone
    at(datetime(2028, 1, 1, tzinfo=UTC), monkeypatch)
    for day in (forward, back):
        days = [day + timedelta(days=number) for number in (-1, 0, 1)]
        first, last = midnight(zone, day), midnight(zone, day + timedelta(days=1))
        assert last - first != timedelta(days=1)
        for name, moment in {"first": first, "last": last - timedelta(seconds=1), "next": last}.items():
            make_article(f"The {name} of {day}", published_at=moment)
        shown = [client.get(f"/archive/{each:%Y/%m/%d}/").content.decode() for each in days]
        for name, where in {"first": 1, "last": 1, "next": 2}.items():
            found = [number for number, page in enumerate(shown) if f"The {name} of {day}" in page]
            assert found == [where], (name, day)


@pytest.mark.parametrize(
    ("day", "time"), [("2027-03-28", "03:30"), ("2027-10-31", "03:30")], ids=["never comes", "comes twice"]
)
def test_a_time_that_the_clock_never_shows_or_shows_twice_is_asked_about(
    admin_client: Client, settings: Any, day: str, time: str
) -> None:
    settings.TIME_ZONE = "Europe/Kyiv"
    article = make_article(state="draft", published_at=None)
    page = reverse("admin:articles_article_change", args=[article.pk])
    refused = submit(admin_client, page, published_at_0=day, published_at_1=time, headline="Typed")
    assert refused.status_code == 200
    assert "it may be ambiguous or it may not exist" in refused.content.decode()
    assert 'value="Typed"' in refused.content.decode()
    assert Article.objects.get().published_at is None


def test_a_clock_that_jumps_does_no_harm(
    transactional_db: None, client: Client, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CACHES = {"default": {"BACKEND": FILES, "LOCATION": tmp_path}}
    settings.PAGE_CACHE_SECONDS = 60
    now = timezone.now()
    make_article("It is out", published_at=now)
    make_article("It comes later", published_at=now + timedelta(hours=2))
    seen = {}
    for jump in (0, 1, -1, 1, 3, -3, 3):
        moment = now + timedelta(hours=jump, seconds=1)
        at(moment, monkeypatch)
        monkeypatch.setattr("django.core.cache.backends.filebased.time.time", moment.timestamp)
        response = client.get("/")
        assert response.status_code == 200
        seen[jump] = (b"It is out" in response.content, b"It comes later" in response.content)
        # The article's own page is that of the clock, whatever was kept.
        assert client.get("/articles/it-comes-later/").status_code == (200 if jump > 2 else 404)
    assert seen[0] == seen[1] == (True, False)
    assert seen[3] == (True, True)
    assert Article.objects.filter(state="published").count() == 2  # nothing was written: there is nothing to go wrong


def test_everything_that_appears_by_the_clock_does_so_without_a_write(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = timezone.now() + timedelta(days=1)
    article = make_article("Later boats", published_at=later)
    quote = make_quote("Boats come later.", alone=True, published_at=later)
    listed = make_list("Later reads", headlines=("Boats",), appears_at=later, until=later + timedelta(hours=1))
    pages = [row.get_absolute_url() for row in (article, quote, listed)]
    assert [client.get(page).status_code for page in pages] == [404, 404, 404]
    at(later, monkeypatch)
    assert [client.get(page).status_code for page in pages] == [200, 200, 200]
    at(later + timedelta(hours=1), monkeypatch)
    assert [client.get(page).status_code for page in pages] == [200, 200, 404]


def test_two_who_publish_at_once_publish_once(transactional_db: None) -> None:
    articles = [make_article(state="draft", published_at=None) for _ in range(20)]
    keys = [article.pk for article in articles]
    begin, counts = threading.Barrier(2), []

    def publish() -> None:
        counts.append(store.publish(Article.objects.filter(pk__in=keys)))

    def publish_with_the_other() -> None:
        try:
            begin.wait(30)
            publish()
        finally:
            connection.close()

    if connection.vendor == "sqlite":  # which lets one write at a time: one after the other is all there can be
        publish()
        publish()
    else:
        publishers = [threading.Thread(target=publish_with_the_other) for _ in range(2)]
        for each in publishers:
            each.start()
        for each in publishers:
            each.join()
    rows = Article.objects.filter(pk__in=keys)
    assert {row.state for row in rows} == {"published"}
    assert all(row.is_live for row in rows)
    assert sum(counts) == len(keys)
    assert {row.version for row in rows} == {2}
