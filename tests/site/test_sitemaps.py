"""Sitemaps name every public page, nothing else, and follow the protocol."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml.etree import fromstring

from articles import sitemaps
from articles.models import Article
from tests.factories import make_article, make_quote
from tests.site.test_markup import HOSTILE
from tests.site.world import SITEMAPS, World, make_world

SPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "n": "http://www.google.com/schemas/sitemap-news/0.9"}


def _locations(client: Client, address: str) -> list[str]:
    response = client.get(address)
    assert response.status_code == 200, address
    assert response["Content-Type"].startswith("application/xml")
    return [
        found.text.removeprefix("http://testserver")
        for found in fromstring(response.content).iterfind(".//s:loc", SPACE)
    ]


def _all(client: Client) -> list[str]:
    return [page for part in _locations(client, "/sitemap.xml") for page in _locations(client, part)]


def test_every_kind_of_page_is_named_once(world: World, client: Client) -> None:
    pages = _all(client)
    assert len(set(pages)) == len(pages)
    shown = {
        address for name, address in world.addresses().items()
        if "?" not in address and name not in {"search", "year", "month", "day"}
    }  # fmt: skip
    assert shown <= set(pages)
    assert all(client.get(page).status_code == 200 for page in pages)


def test_months_without_articles_and_parts_that_cannot_be_are_left_out(db: None, client: Client) -> None:
    make_article(published_at=datetime(2021, 3, 31, 23, 59, tzinfo=UTC))
    make_article(published_at=datetime(2026, 1, 1, tzinfo=UTC))
    parts = _locations(client, "/sitemap.xml")
    assert [part for part in parts if "articles" in part] == ["/sitemap/articles-2021-03.xml", "/sitemap/articles-2026-01.xml"]  # fmt: skip
    for name in ("articles-2021-04", "articles-2021-13", "articles-2021", "articles-2021-03-0", "articles-2021-03-2",
                 "articles-x-y", "quotes-0", "quotes-999999", "quotes-9999999999999999999", "nothing", "quotes", "articles-1-2-3-4"):  # fmt: skip
        assert client.get(f"/sitemap/{name}.xml").status_code == 404, name


def test_crowded_month_goes_on_in_further_parts(db: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "PART", 2)
    made = [make_article(published_at=datetime(2026, 5, day, tzinfo=UTC)) for day in range(1, 6)]
    parts = [part for part in _locations(client, "/sitemap.xml") if "articles" in part]
    assert parts == [f"/sitemap/articles-2026-05{number}.xml" for number in ("", "-2", "-3")]
    found = [page for part in parts for page in _locations(client, part)]
    assert found == [article.get_absolute_url() for article in reversed(made)]


def test_wide_gaps_between_keys_cost_nothing(db: None, client: Client) -> None:
    for key in (4, 10_000, 3_000_000_005):
        make_quote(f"The ferry has been late {key} times.", pk=key)
    with CaptureQueriesContext(connection) as captured:
        parts = re.findall(r"/sitemap/quotes-(\d+)\.xml", client.get("/sitemap.xml").content.decode())
    assert parts == ["1", "2", "300001"]
    assert len(captured) <= 8
    for part in parts:
        assert client.get(f"/sitemap/quotes-{part}.xml").content.count(b"<loc>") == 1


def test_change_of_an_article_shows_in_the_index(world: World, client: Client) -> None:
    changed = datetime(2026, 11, 1, 12, tzinfo=UTC)
    Article.objects.update(updated_at=changed - timedelta(days=1))
    Article.objects.filter(pk=world.articles[0].pk).update(updated_at=changed)
    assert b"<lastmod>2026-11-01T12:00:00+00:00</lastmod>" in client.get("/sitemap.xml").content
    assert b"<lastmod>2026-11-01T12:00:00+00:00</lastmod>" in client.get("/sitemap/articles-2026-10.xml").content


def test_news_sitemap_holds_two_days_with_their_printed_dates(db: None, client: Client) -> None:
    now = timezone.now()
    fresh = make_article("Ferry & pier", published_at=now - timedelta(hours=1), language="en-GB")
    make_article("Day only", published_at=now - timedelta(hours=2), published_precision="day", language="zh-Hant")
    make_article("Too old", published_at=now - timedelta(hours=49))
    make_article("Arrived today", published_at=now, published_precision="unknown")
    make_article("To come", published_at=now + timedelta(hours=1))
    root = fromstring(client.get("/sitemap/news.xml").content)
    assert [title.text for title in root.iterfind(".//n:title", SPACE)] == ["Ferry & pier", "Day only"]
    assert [found.text for found in root.iterfind(".//n:language", SPACE)] == ["en", "zh-tw"]
    dates = [found.text for found in root.iterfind(".//n:publication_date", SPACE)]
    assert datetime.fromisoformat(dates[0]) == fresh.published_at.replace(microsecond=0)
    assert len(dates[1]) == 10
    assert {found.text for found in root.iterfind(".//n:name", SPACE)} == {"The Newsroom"}


@pytest.mark.parametrize("name", SITEMAPS)
def test_unchanged_sitemap_is_not_sent_again(world: World, client: Client, name: str) -> None:
    first = client.get(SITEMAPS[name])
    assert "public" in first["Cache-Control"]
    assert client.get(SITEMAPS[name], headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_robots_name_the_sitemaps(db: None, client: Client) -> None:
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert "Sitemap: http://testserver/sitemap.xml" in lines
    assert "Sitemap: http://testserver/sitemap/news.xml" in lines
    assert "Disallow: /admin/" in lines


def test_hostile_text_does_not_break_the_sitemaps(db: None, client: Client) -> None:
    make_world(hostile=HOSTILE)
    make_article(f"News{HOSTILE}\x0b\uffff", published_at=timezone.now())
    assert _all(client)
    assert len(_locations(client, "/sitemap/news.xml")) == 1


def test_empty_site_has_a_sitemap_of_its_fixed_pages(db: None, client: Client) -> None:
    assert _locations(client, "/sitemap.xml") == ["/sitemap/pages.xml"]
    assert _locations(client, "/sitemap/news.xml") == []
