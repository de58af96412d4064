"""The API gives what is public, page by page, as its schema says, and says in plain words what is wrong with a request."""

import json
from datetime import UTC, datetime

import pytest
from django.test import Client

from articles.models import Article, CuratedList
from quotes.models import Quote, Speaker
from tests.factories import make_article, make_list, make_quote, make_speaker
from tests.site.test_markup import HOSTILE
from tests.site.world import API, World, make_world

SAME_MOMENT = datetime(2026, 10, 5, tzinfo=UTC)


def _get(client: Client, address: str, status: int = 200) -> dict:
    response = client.get(address)
    assert response.status_code == status, response.content
    assert response["Content-Type"].startswith("application/json")
    assert response["Access-Control-Allow-Origin"] == "*"
    return response.json()


def _walk(client: Client, address: str) -> list[dict]:
    found: list[dict] = []
    while address:
        page = _get(client, address)
        found += page["results"]
        address = page["next"]
    return found


@pytest.mark.parametrize("name", API)
def test_answer_may_be_kept_and_is_not_sent_twice(world: World, client: Client, name: str) -> None:
    address = world.api()[name]
    first = client.get(address)
    assert "public" in first["Cache-Control"]
    assert not first.cookies
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_addresses_in_answers_lead_to_pages(world: World, client: Client) -> None:
    for kind in ("articles", "quotes", "speakers", "lists"):
        rows = _walk(client, f"/api/v1/{kind}")
        assert rows
        assert all(client.get(row["url"]).status_code == 200 for row in rows)


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 200])
def test_pages_hold_everything_once_and_in_order(db: None, client: Client, limit: int) -> None:
    for number in range(7):
        article = make_article(f"Boat {number // 2}", published_at=SAME_MOMENT.replace(day=5 + number // 3))
        make_quote(article=article, speaker=make_speaker(f"Quill {number // 2}{number}"), text=f"Boat {number}, ahoy.")
        make_list(f"List {number // 3}", kind="quotes", managed_by="editors")
    wanted = {
        "articles": [row.slug for row in Article.objects.order_by("-published_at", "-pk")],
        "quotes": [row.pk for row in Quote.objects.order_by("-said_on", "-pk")],
        "speakers": [row.slug for row in Speaker.objects.order_by("sort_key", "pk")],
        "lists": [row.slug for row in CuratedList.objects.order_by("title", "pk")],
    }
    for kind, keys in wanted.items():
        rows = _walk(client, f"/api/v1/{kind}?limit={limit}")
        assert [row.get("slug", row.get("id")) for row in rows] == keys, kind


def test_article_comes_with_its_text_and_quotes_at_their_places(world: World, client: Client) -> None:
    whole = _get(client, f"/api/v1/articles/{world.articles[0].slug}")
    assert whole["published"] == "2026-10-05T09:00:00+00:00"
    assert len(whole["quotes"]) == 2
    direct = whole["quotes"][0]
    assert whole["text"][direct["start"] : direct["end"]] == direct["text"] == world.quotes[0].text
    assert direct["speaker"]["name"] == world.speakers[0].name
    assert direct["review"] == "disputed"


def test_narrowed_pages_stay_narrowed(world: World, client: Client) -> None:
    make_article("Elsewhere", topics=("Museums",))
    assert {row["slug"] for row in _walk(client, "/api/v1/articles?topic=slipways&limit=1")} == {
        world.articles[0].slug, "ferry-pier-gets-a-new-roof",
    }  # fmt: skip


def test_list_names_what_is_not_here_without_an_address(world: World, client: Client) -> None:
    items = _get(client, f"/api/v1/lists/{world.lists[0].slug}")["items"]
    assert [bool(item["url"]) for item in items] == [True, False]


def test_merged_speaker_answers_as_the_other(world: World, client: Client) -> None:
    old = make_speaker("B. Oak")
    Speaker.objects.filter(pk=old.pk).update(merged_into=world.speakers[0])
    assert _get(client, f"/api/v1/speakers/{old.slug}")["slug"] == world.speakers[0].slug


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("articles?limit=0", "limit"),
        ("articles?limit=many", "limit"),
        ("quotes?limit=201", "limit"),
        ("articles?year=soon", "year"),
        ("quotes?kind=rumour", "kind"),
        *[(f"{kind}?cursor={cursor}", "no cursor of ours") for kind in ("articles", "quotes", "speakers", "lists")
          for cursor in ("x", "!", "WyJhIl0", "é", "bnVsbA", "WzEsICIxIl0", "W251bGwsIDFd")],
        ("articles?cursor=WyJzb29uIiwgMV0", "no cursor of ours"),
        ("quotes?cursor=WyJzb29uIiwgMV0", "no cursor of ours"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_request_is_said(world: World, client: Client, address: str, words: str) -> None:
    assert words in _get(client, f"/api/v1/{address}", 400)["detail"]


@pytest.mark.parametrize("address", ["articles/none", "quotes/999999", "speakers/none", "lists/none", "nothing/at/all"])
def test_what_is_not_there_is_said(world: World, client: Client, address: str) -> None:
    assert "There is no" in _get(client, f"/api/v1/{address}", 404)["detail"]


def test_withdrawn_article_is_gone(world: World, client: Client) -> None:
    article = make_article("Taken back", state="withdrawn")
    assert "withdrawn" in _get(client, f"/api/v1/articles/{article.slug}", 410)["detail"]


def test_notes_for_the_desk_are_not_given_away(db: None, client: Client) -> None:
    quote = make_quote(review_state="verified", review_note="checked with the harbour office")
    assert _get(client, f"/api/v1/quotes/{quote.pk}")["review_note"] == ""


def test_nothing_can_be_written(world: World, client: Client) -> None:
    for method in (client.post, client.put, client.delete, client.patch):
        assert method("/api/v1/articles").status_code == 405
    schema = _get_schema(client)
    assert {method for path in schema["paths"].values() for method in path} == {"get"}


def _get_schema(client: Client) -> dict:
    return json.loads(client.get("/api/v1/openapi.json").content)


def test_schema_lists_every_address(db: None, client: Client) -> None:
    assert set(_get_schema(client)["paths"]) == {
        f"/api/v1/{kind}{one}" for kind, key in (("articles", "slug"), ("quotes", "key"), ("speakers", "slug"), ("lists", "slug"))
        for one in ("", f"/{{{key}}}")
    }  # fmt: skip


def test_no_page_of_documentation_from_elsewhere(db: None, client: Client) -> None:
    assert client.get("/api/v1/docs").status_code == 404


def test_hostile_text_comes_through_unharmed(db: None, client: Client) -> None:
    make_world(hostile=HOSTILE)
    assert any(HOSTILE.strip() in row["headline"] for row in _walk(client, "/api/v1/articles"))
