"""Feeds are valid, hold what their page shows and only what is public, and survive any text."""

import json
import re
from datetime import UTC, date, datetime
from urllib.parse import urljoin

import pytest
from django.test import Client
from lxml.etree import _Element as Element
from lxml.etree import fromstring

from articles import mergers
from articles.models import Article
from articles.store import index, save_article, save_list
from tests.factories import make_article, make_quote, make_topic
from tests.site.test_markup import HOSTILE
from tests.site.world import FEEDS, World, make_world

ATOM = "{http://www.w3.org/2005/Atom}"
CONTROL = "\x00\x08\x0b\x1f\ufffe\uffff"


def _feed(client: Client, address: str) -> Element | dict:
    response = client.get(address)
    assert response.status_code == 200, address
    if "feed.json" in address:
        assert response["Content-Type"].startswith("application/feed+json")
        return json.loads(response.content)
    return fromstring(response.content)


def _items(feed: Element | dict) -> list[tuple[str, str, str]]:
    """(identity, address, title) of each entry, with what its format requires."""
    if isinstance(feed, dict):
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert feed["title"]
        assert feed["home_page_url"].startswith("http://testserver/")
        assert all("content_text" in item and item["date_modified"] for item in feed["items"])
        return [(item["id"], item["url"], item["title"]) for item in feed["items"]]
    if feed.tag == "rss":
        channel = feed.find("channel")
        assert all(channel.findtext(name) for name in ("title", "link", "description", "lastBuildDate"))
        assert channel.find(f"{ATOM}link").get("rel") == "self"
        return [tuple(item.findtext(name) for name in ("guid", "link", "title")) for item in channel.findall("item")]
    assert feed.tag == f"{ATOM}feed"
    assert all(feed.findtext(f"{ATOM}{name}") for name in ("title", "id", "updated"))
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    found = []
    for entry in feed.findall(f"{ATOM}entry"):
        assert entry.findtext(f"{ATOM}updated")
        link = entry.find(f"{ATOM}link").get("href")
        found.append((entry.findtext(f"{ATOM}id"), link, entry.findtext(f"{ATOM}title")))
    return found


@pytest.mark.parametrize("name", FEEDS)
def test_feed_is_valid_and_its_entries_lead_to_pages(world: World, client: Client, name: str) -> None:
    found = _items(_feed(client, world.feeds()[name]))
    assert found
    assert len({key for key, _, _ in found}) == len(found)
    for _, address, title in found:
        assert title
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("name", FEEDS)
def test_hostile_text_and_control_characters_do_not_break_a_feed(db: None, client: Client, name: str) -> None:
    hostile = make_world(hostile=HOSTILE)
    for article in Article.objects.all():
        article.headline += CONTROL.replace("\x00", "")
        article.standfirst += CONTROL.replace("\x00", "")
        save_article(article)
    index(Article, list(Article.objects.all()))
    found = _items(_feed(client, hostile.feeds()[name]))
    assert found or "narrowed" in name  # the publisher has another address here


def test_titles_show_as_they_are(db: None, client: Client) -> None:
    make_article("Ties & <b>bonds</b>: don't ]]>")
    assert _items(_feed(client, "/feed.json"))[0][2] == "Ties & <b>bonds</b>: don't ]]>"
    assert _items(_feed(client, "/feed.atom"))[0][2] == "Ties & <b>bonds</b>: don't ]]>"
    assert _items(_feed(client, "/feed.rss"))[0][2] == "Ties & <b>bonds</b>: don't ]]>"


def test_feed_heeds_what_its_page_is_narrowed_by(world: World, client: Client) -> None:
    harbour = make_article("Museum opens", topics=("Museums",))
    assert [title for *_, title in _items(_feed(client, "/articles/feed.json?topic=museums"))] == [harbour.headline]
    assert _items(_feed(client, "/articles/feed.json?year=nonsense")) == []
    assert len(_items(_feed(client, "/quotes/feed.atom?kind=indirect"))) == 1


def test_search_feed_is_of_articles_or_of_quotes(world: World, client: Client) -> None:
    articles = [address for _, address, _ in _items(_feed(client, "/search/feed.rss?q=slipway&type=articles"))]
    quotes = [address for _, address, _ in _items(_feed(client, "/search/feed.rss?q=slipway&type=quotes"))]
    assert world.articles[0].get_absolute_url() in articles[0]
    assert all("/quotes/" in address for address in quotes)
    assert quotes
    assert _items(_feed(client, "/search/feed.rss")) == []
    assert _items(_feed(client, "/search/feed.rss?q=slipway&type=articles&year=2026"))
    assert _items(_feed(client, "/search/feed.rss?q=slipway&type=articles&year=1999")) == []


def test_feed_of_a_search_of_everything_has_articles_and_quotes_newest_first(db: None, client: Client) -> None:
    for day in (3, 7, 5):
        article = make_article(f"Barge {day}", published_at=datetime(2026, 3, day, 9, tzinfo=UTC))
        make_quote(f"The barge is late on the {day + 1}th.", article=article, said_on=date(2026, 3, day + 1))
    for kind in ("", "&type=nonsense"):
        titles = [title for *_, title in _items(_feed(client, f"/search/feed.json?q=barge{kind}"))]
        assert [int(re.findall(r"\d+", title)[-1]) for title in titles] == [8, 7, 6, 5, 4, 3]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("q=slipway", "slipway – Search – The Newsroom"),
        ("q=slipway&type=quotes", "slipway in quotes – Search – The Newsroom"),
        ("q=slipway&type=articles", "slipway in articles – Search – The Newsroom"),
        ("q=", "Search – The Newsroom"),
    ],
)
def test_feed_of_a_search_says_what_it_is(world: World, client: Client, query: str, title: str) -> None:
    assert _feed(client, f"/search/feed.rss?{query}").findtext("channel/title") == title
    page = client.get(f"/search/?{query}").content.decode()
    assert ('title="slipway' in page) == ("slipway" in query)
    assert f'title="{title.removesuffix(" – The Newsroom")} (RSS)"' in page or query == "q="


def test_date_that_nobody_printed_is_no_date_of_publication(db: None, client: Client) -> None:
    october = datetime(2026, 10, 5, tzinfo=UTC)
    make_article("Undated", published_at=october, published_precision="unknown")
    make_article("Some time in October", published_at=october, published_precision="month")
    assert b"pubDate" not in client.get("/feed.rss").content
    assert b"<published>" not in client.get("/feed.atom").content
    assert all("date_published" not in item for item in _feed(client, "/feed.json")["items"])


def test_pages_name_their_feeds(world: World, client: Client) -> None:
    for page in ("home", "articles narrowed", "topic", "speaker", "list of quotes", "quotes", "search quotes"):
        address = world.addresses()[page]
        head = client.get(address).content.decode().partition("</head>")[0]
        named = [line for line in head.split("<") if 'rel="alternate"' in line]
        hrefs = [line.partition('href="')[2].partition('"')[0].replace("&amp;", "&") for line in named]
        assert [href.partition("?")[0].rpartition(".")[2] for href in hrefs] == ["rss", "atom", "json"], page
        for href in hrefs:
            assert href.partition("?")[2] == address.partition("?")[2]
            assert client.get(urljoin("http://testserver", href)).status_code == 200, href


def test_unchanged_feed_is_not_sent_again(world: World, client: Client) -> None:
    for name, address in world.feeds().items():
        first = client.get(address)
        assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304, name
        assert "public" in first["Cache-Control"]


def test_withdrawal_changes_the_feed(world: World, client: Client) -> None:
    tag = client.get("/feed.rss")["ETag"]
    Article.objects.filter(pk=world.articles[0].pk).update(state="withdrawn")
    again = client.get("/feed.rss", headers={"If-None-Match": tag})
    assert again.status_code == 200
    assert world.articles[0].headline not in again.content.decode()


def test_feeds_move_along_with_their_pages(world: World, client: Client) -> None:
    mergers.merge(make_topic("Slips"), make_topic("Slipways"), editor=None)
    merged = client.get("/topics/slips/feed.atom")
    assert (merged.status_code, merged["Location"]) == (301, "/topics/slipways/feed.atom")
    renamed = world.lists[0]
    before = renamed.get_absolute_url()
    renamed.slug = "read-most"
    save_list(renamed)
    answer = client.get(f"{before}feed.json")
    assert (answer.status_code, answer["Location"]) == (301, "/lists/read-most/feed.json")
    for address in ("/topics/never-was/", "/lists/never-was/", "/speakers/never-was/"):
        assert client.get(f"{address}feed.rss").status_code == 404


def test_identity_survives_a_new_address(world: World, client: Client) -> None:
    before = {key for key, _, _ in _items(_feed(client, "/feed.atom"))}
    article = world.articles[0]
    article.slug = "another-address"
    save_article(article)
    after = _items(_feed(client, "/feed.atom"))
    assert {key for key, _, _ in after} == before
    assert any("another-address" in address for _, address, _ in after)


def test_summary_that_was_cut_ends_between_words_and_says_so(db: None, client: Client) -> None:
    sentence = "The harbour board of Merle spent the whole of the night counting boats that were moored there without a licence, "
    make_article(body=f"PORT MERLE, 5 October — {sentence * 4}", dateline="PORT MERLE, 5 October")
    found = [client.get("/api/v1/articles").json()["results"][0]["summary"]]
    found += [
        _feed(client, "/feed.json")["items"][0]["content_text"],
        _feed(client, "/feed.rss").findtext(".//item/description"),
    ]
    for summary in found:
        assert summary.startswith("The harbour board")
        assert summary.endswith("…")
        assert summary.removesuffix("…").split()[-1] in sentence.replace(",", "").split()
