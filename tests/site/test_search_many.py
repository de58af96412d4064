"""Searches for what more of the archive has than is looked up one by one: the same results, in the same order."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import searchmatch
from articles.models import Article
from articles.prepared import _KEPT
from newsroom import search, searchkinds
from quotes.models import Quote
from tests.factories import make_article, make_quote, make_speaker

MOST = 6
FEW = 7
PAGE = 2
DAY = date(2026, 3, 1)
ROWS = 40


@pytest.fixture
def bounds(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As if the archive were a hundred times as large."""
    for module, name, value in (
        (searchkinds, "MOST_FOUND", MOST),
        (searchkinds, "FEW_FOUND", FEW),
        (searchmatch, "_FEW", MOST),
    ):
        monkeypatch.setattr(module, name, value)
    monkeypatch.setattr(search, "PAGE", PAGE)
    # Statements that were prepared with other bounds are made anew, and these are not kept.
    kept = connections[DEFAULT_DB_ALIAS].__dict__
    kept.pop(_KEPT, None)
    yield
    kept.pop(_KEPT, None)


@pytest.fixture
def archive(db: None) -> None:
    """The words: "crane" in everything, "barge" in all that is old, "sluice" in a few; one in four is no one's to see."""
    speakers = [make_speaker("Ida Fenn"), make_speaker("Olle Rask")]
    for number in range(ROWS):
        words = ["crane", *["barge"] * (number < ROWS // 2), *["sluice"] * (number % 13 == 0)]
        day = DAY + timedelta(days=number)
        is_hidden = number % 4 == 1
        article = make_article(
            f"A {' and a '.join(words)} {number}",
            state="draft" if is_hidden else "published",
            published_at=datetime(day.year, day.month, day.day, 8, tzinfo=UTC),
        )
        text = f"The {' or the '.join(words)} {number}."
        make_quote(text, article=article, said_on=day, speaker=speakers[number > 5])


def _expected(kind: str, word: str, sort: str, speaker: str = "") -> list[int]:
    """The numbers of what is public and has the word, brute force, up to the bound."""
    rows: list[tuple[datetime | date, int, str]]
    if kind == "articles":
        rows = [(row.published_at, row.pk, row.headline) for row in Article.objects.published() if row.published_at]
    else:
        of = Quote.objects.public().filter(speaker__slug=speaker) if speaker else Quote.objects.public()
        rows = [(row.said_on, row.pk, row.text) for row in of]
    found = [row for row in rows if word in row[2]]
    found.sort(key=lambda row: (row[0], -row[1]) if sort == "oldest" else (row[0], row[1]), reverse=sort != "oldest")
    return [int(re.findall(r"\d+", text)[0]) for _date, _key, text in found[:MOST]]


def _shown(content: str) -> list[int]:
    pieces = content.split('<li class="result"')[1:]
    plain = [re.sub("<[^>]+>", "", piece.partition(">")[2]) for piece in pieces]
    return [int(re.findall(r"(?:crane|barge|sluice) (\d+)", piece)[0]) for piece in plain]


def _pages(client: Client, query: str, pages: int) -> list[str]:
    """The first pages of a search, none of which asks more than eight queries."""
    found = []
    for number in range(1, pages + 1):
        with CaptureQueriesContext(connection) as captured:
            found.append(client.get(f"/search/?{query}&page={number}").content.decode())
        assert len(captured) <= 8
    return found


@pytest.mark.parametrize("sort", ["newest", "oldest"])
@pytest.mark.parametrize("word", ["crane", "barge", "sluice"])
@pytest.mark.parametrize("kind", ["articles", "quotes"])
def test_pages_show_what_there_is_in_order(
    bounds: None, archive: None, client: Client, kind: str, word: str, sort: str
) -> None:
    expected = _expected(kind, word, sort)
    assert expected
    pages = _pages(client, f"q={word}&type={kind}&sort={sort}", 4)
    assert [number for page in pages for number in _shown(page)] == expected
    for number, page in enumerate(pages, 1):
        assert (f"page={number + 1}" in page) == (len(expected) > number * PAGE)
    count = f"{MOST}+" if word != "sluice" else str(len(expected))
    assert f'<span class="tabs__count">{count}</span>' in pages[-1]


@pytest.mark.parametrize("word", ["crane", "barge", "sluice"])
@pytest.mark.parametrize("speaker", ["ida-fenn", "olle-rask"])
def test_narrowed_ones_too(bounds: None, archive: None, client: Client, speaker: str, word: str) -> None:
    pages = _pages(client, f"q={word}&type=quotes&speaker={speaker}", 3)
    assert [number for page in pages for number in _shown(page)] == _expected("quotes", word, "newest", speaker)
    assert "Only what" in pages[-1]


@pytest.mark.parametrize("word", ["crane", "barge"])
@pytest.mark.parametrize("speaker", ["ida-fenn", "olle-rask"])
def test_of_many_that_are_narrowed_the_first_are_enough(
    bounds: None, archive: None, client: Client, monkeypatch: pytest.MonkeyPatch, speaker: str, word: str
) -> None:
    monkeypatch.setattr(searchkinds, "ENOUGH", PAGE)
    pages = _pages(client, f"q={word}&type=quotes&speaker={speaker}", 3)
    shown = [number for page in pages for number in _shown(page)]
    expected = _expected("quotes", word, "newest", speaker)
    assert shown == expected[: len(shown)]
    assert len(shown) >= min(PAGE, len(expected))
    assert len(shown) == len(expected) or f"{len(shown)}+</span>" in pages[0]


def test_of_many_with_an_unfinished_word_the_newest_are_found(
    bounds: None, archive: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = 4
    monkeypatch.setattr(searchkinds, "LATELY", most)
    monkeypatch.setattr(search, "SUGGESTED", most)
    expected = _expected("articles", "crane", "newest")[:most]
    pages = _pages(client, "q=cra&type=articles", 2)
    assert [number for page in pages for number in _shown(page)] == expected
    suggested = client.get("/search/suggest?q=cra").json()
    assert [int(re.findall(r"\d+", headline)[0]) for headline in suggested] == expected


@pytest.mark.parametrize("sort", ["newest", "oldest"])
@pytest.mark.parametrize("kind", ["articles", "quotes"])
def test_of_many_with_an_unfinished_word_in_a_text_the_nearest_are_found(
    bounds: None, archive: None, client: Client, monkeypatch: pytest.MonkeyPatch, kind: str, sort: str
) -> None:
    monkeypatch.setattr(searchkinds, "LATELY", 4)
    for word, is_found in (("crane", 4), ("sluice", 3)):
        pages = _pages(client, f"q={word[:-1]}&type={kind}&sort={sort}", 2)
        assert [number for page in pages for number in _shown(page)] == _expected(kind, word, sort)[:is_found]
        count = str(is_found) if word == "sluice" else f"{4 if connection.vendor == 'postgresql' else MOST}+"
        assert f'<span class="tabs__count">{count}</span>' in pages[0]


@pytest.mark.parametrize("word", ["crane", "barge", "sluice"])
@pytest.mark.parametrize("speaker", ["ida-fenn", "olle-rask"])
def test_unfinished_words_that_are_narrowed_are_found_among_the_first(
    bounds: None, archive: None, client: Client, speaker: str, word: str
) -> None:
    pages = _pages(client, f"q={word[:-1]}&type=quotes&speaker={speaker}", 3)
    shown = [number for page in pages for number in _shown(page)]
    expected = _expected("quotes", word, "newest", speaker)
    assert shown == expected[: len(shown)]
    assert len(shown) == len(expected) or f">{len(shown)}+</span>" in pages[0]
    assert len(shown) == len(expected) or word == "barge"


@pytest.mark.parametrize("word", ["crane", "barge"])
def test_best_matches_are_of_the_newest(bounds: None, archive: None, client: Client, word: str) -> None:
    pages = _pages(client, f"q={word}&type=quotes&sort=best", 3)
    shown = [number for page in pages for number in _shown(page)]
    assert sorted(shown) == sorted(_expected("quotes", word, "newest"))


def test_first_few_of_each_kind_are_the_newest(bounds: None, archive: None, client: Client) -> None:
    shown = _shown(client.get("/search/?q=crane").content.decode())
    few = search.SHOWN_OF_EACH
    assert shown == _expected("articles", "crane", "newest")[:few] + _expected("quotes", "crane", "newest")[:few]
