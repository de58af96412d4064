"""Every public page is well-formed HTML, also when every field holds text that is out to break it."""

import pytest
from django.test import Client

from tests.site.html import faults, read, text
from tests.site.world import FIXED, World, make_world

PAGES = [
    *FIXED,
    "article",
    "topic",
    "list of articles",
    "list of quotes",
    "quote",
    "reported quote",
    "quote alone",
    "speaker",
    "speaker in a year",
]
HOSTILE = " <script>alert(1)</script>\"'><img src=x onerror=alert(2)> {{ 7|add:1 }} \u202eorder\u2028line &amp; ]]>"


@pytest.mark.parametrize("name", PAGES)
def test_page_is_well_formed(world: World, client: Client, name: str) -> None:
    response = client.get(world.addresses()[name])
    assert response.status_code == 200
    assert faults(response.content) == []


@pytest.mark.parametrize("name", PAGES)
def test_hostile_text_in_every_field_stays_text(db: None, client: Client, name: str) -> None:
    hostile = make_world(hostile=HOSTILE)
    response = client.get(hostile.addresses()[name])
    assert response.status_code == 200
    assert faults(response.content) == []
    assert b"<script>alert" not in response.content
    assert b"<img src=x" not in response.content
    assert read(response.content).tags["script"] == 1


def test_hostile_search_text_is_shown_as_text(world: World, client: Client) -> None:
    response = client.get("/search/", {"q": f"slipway{HOSTILE}"})
    assert faults(response.content) == []
    assert b"<script>alert" not in response.content


@pytest.mark.parametrize("address", ["/", "/articles/", "/quotes/", "/speakers/", "/topics/", "/lists/", "/archive/"])
def test_empty_site_explains_itself(db: None, client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200
    assert faults(response.content) == []
    assert " yet." in text(response.content) or "Nothing is published yet" in text(response.content)


def test_page_says_its_language_and_leads_to_its_content(world: World, client: Client) -> None:
    content = client.get(world.articles[0].get_absolute_url()).content.decode()
    assert '<html lang="en">' in content
    assert '<a class="skip-link" href="#content">' in content


def test_article_text_is_marked_with_its_language(world: World, client: Client) -> None:
    article = world.articles[0]
    article.language = "uk"
    article.save()
    assert '<div class="story__body prose" lang="uk"' in client.get(article.get_absolute_url()).content.decode()


def test_head_names_the_page_for_search_engines_and_shares(world: World, client: Client) -> None:
    article = world.articles[0]
    content = client.get(f"{article.get_absolute_url()}?utm_source=x").content.decode()
    address = f"http://testserver{article.get_absolute_url()}"
    assert f'<link rel="canonical" href="{address}">' in content
    assert f'<meta property="og:title" content="{article.headline}">' in content
    assert f'<meta name="description" content="{article.standfirst}">' in content


def test_search_pages_are_not_for_search_engines(world: World, client: Client) -> None:
    assert b'<meta name="robots" content="noindex">' in client.get("/search/?q=slipway").content
