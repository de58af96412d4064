"""Pages say what they show in JSON-LD: it parses, has what schema.org and search engines require, and stays data."""

import json
from typing import Any

import pytest
from django.test import Client

from articles.models import Author
from quotes.models import Quote, Speaker
from tests.factories import make_article, make_quote, make_speaker
from tests.site.html import faults, read
from tests.site.test_markup import HOSTILE
from tests.site.world import World, make_world

REQUIRED = {
    "NewsArticle": {"@id", "headline", "publisher", "datePublished"},
    "Quotation": {"@id", "text", "genre", "creativeWorkStatus"},
    "Person": {"@id", "name", "url"},
    "ItemList": {"itemListElement", "numberOfItems"},
    "BreadcrumbList": {"itemListElement"},
    "WebSite": {"url", "potentialAction"},
}
PAGES = {
    "home": ["WebSite"],
    "article": ["NewsArticle", "BreadcrumbList"],
    "quote": ["Quotation", "BreadcrumbList"],
    "reported quote": ["Quotation", "BreadcrumbList"],
    "quote alone": ["Quotation", "BreadcrumbList"],
    "speaker": ["Person", "BreadcrumbList"],
    "topic": ["ItemList", "BreadcrumbList"],
    "list of articles": ["ItemList", "BreadcrumbList"],
    "list of quotes": ["ItemList", "BreadcrumbList"],
}


def _graph(client: Client, address: str) -> list[dict[str, Any]]:
    content = client.get(address).content
    assert faults(content) == []
    [block] = read(content).data
    data = json.loads(block)
    assert data["@context"] == "https://schema.org"
    return data["@graph"]


@pytest.mark.parametrize("hostile", ["", f"{HOSTILE}</script><!--<script>\u2029"], ids=["plain", "hostile"])
@pytest.mark.parametrize("page", PAGES)
def test_page_holds_its_data(db: None, client: Client, page: str, hostile: str) -> None:
    world = make_world(hostile=hostile)
    graph = _graph(client, world.addresses()[page])
    assert [thing["@type"] for thing in graph] == PAGES[page]
    for thing in graph:
        assert set(thing) >= REQUIRED[thing["@type"]]
        assert "" not in thing.values()


def test_article_data_leads_to_its_quotes(world: World, client: Client) -> None:
    article = _graph(client, world.articles[0].get_absolute_url())[0]
    assert article["headline"] == world.articles[0].headline
    assert article["datePublished"] == "2026-10-05T09:00:00+00:00"
    assert article["author"] == [{"@type": "Person", "name": "Tess Arden"}]
    assert article["publisher"]["name"] == "The Harbour Post"
    parts = {part["@id"].removeprefix("http://testserver") for part in article["hasPart"]}
    assert parts == {quote.get_absolute_url() for quote in world.quotes[:2]}


def test_quotation_names_its_speaker_and_its_source(world: World, client: Client) -> None:
    quote = world.quotes[0]
    data = _graph(client, quote.get_absolute_url())[0]
    assert data["text"] == quote.text
    assert data["dateCreated"] == "2026-10-05"
    assert data["spokenByCharacter"]["name"] == data["creator"]["name"] == quote.speaker.name
    assert data["spokenByCharacter"]["jobTitle"] == "harbour master of Merle"
    assert data["isPartOf"]["headline"] == quote.article.headline
    Quote.objects.filter(pk=quote.pk).update(review_state="misattributed")
    assert "creator" not in _graph(client, quote.get_absolute_url())[0]


def test_unnamed_source_is_no_identity(world: World, client: Client) -> None:
    data = _graph(client, world.quotes[2].get_absolute_url())[0]
    assert data["spokenByCharacter"] == {"@type": "Person", "description": "a docker 0"}
    assert [thing["@type"] for thing in _graph(client, world.speakers[1].get_absolute_url())] == ["BreadcrumbList"]


@pytest.mark.parametrize(("precision", "stamp"), [("year", "2026"), ("month", "2026-10"), ("unknown", None)])
def test_dates_are_as_precise_as_printed(db: None, client: Client, precision: str, stamp: str | None) -> None:
    article = make_article(published_precision=precision)
    assert _graph(client, article.get_absolute_url())[0].get("datePublished") == stamp


def test_item_whose_article_is_not_here_is_named_without_address(world: World, client: Client) -> None:
    items = _graph(client, world.lists[0].get_absolute_url())[0]["itemListElement"]
    assert [("url" in item, item["position"]) for item in items] == [(True, 1), (False, 2)]


def test_organisation_that_speaks_is_one_and_has_no_job(db: None, client: Client) -> None:
    bank = make_speaker("Bank of Verland", kind=Speaker.Kind.ORGANISATION)
    quote = make_quote(speaker=bank, role="central bank")
    said_by = _graph(client, quote.get_absolute_url())[0]["spokenByCharacter"]
    assert said_by["@type"] == _graph(client, bank.get_absolute_url())[0]["@type"] == "Organization"
    assert set(said_by) >= REQUIRED["Person"]
    assert "jobTitle" not in said_by


def test_authors_stand_in_the_order_of_the_byline(db: None, client: Client) -> None:
    article = make_article("Queue", byline="By Tess Arden and Ann Boyle")
    article.authors.add(
        *(Author.objects.create(name=name, slug=name[:3]) for name in ("Ann Boyle", "Tess Arden", "Aaron C."))
    )
    names = ["Tess Arden", "Ann Boyle", "Aaron C."]
    data, _crumbs = _graph(client, article.get_absolute_url())
    assert [author["name"] for author in data["author"]] == names
    assert client.get(f"/api/v1/articles/{article.slug}").json()["authors"] == names
