"""The page about the archive, and what an address where nothing is suggests."""

import pytest
from django.test import Client

from articles.models import Article
from newsroom.about import README, facts, read
from tests.factories import make_article, make_list, make_quote, make_speaker, make_topic
from tests.site.html import faults, text


def test_about_tells_method_figures_limits_and_corrections(client: Client, db: None) -> None:
    response = client.get("/about/")
    shown = text(response.content)
    for part in (
        "How it is made",
        "What the marks mean",
        "How often it is right",
        "What it cannot do",
        "How mistakes are",
    ):
        assert part in shown
    assert faults(response.content) == []


def test_figures_are_those_of_the_readme(client: Client, db: None) -> None:
    source = " ".join(README.read_text(encoding="utf-8").split())
    shown = text(client.get("/about/").content)
    assert len(facts().tables) >= 2
    for table in facts().tables:
        assert f"`{table.command}`" in source
        for row in table.rows:
            assert "| " + " | ".join(row) + " |" in source
            assert " ".join(row) in shown
    assert len(facts().limits) >= 3


def test_readme_without_figures_leaves_them_out() -> None:
    assert read("# Nothing\n\nHere.") == type(facts())([], [])


def test_about_is_linked_on_every_page(client: Client, db: None) -> None:
    assert 'href="/about/"' in client.get("/topics/").content.decode()


@pytest.fixture
def things(db: None) -> Article:
    article = make_article("Ferry captain resigns over fog report", topics=("Ferries",))
    make_quote(speaker=make_speaker("Søren Ødegård"))
    make_article("Ferry captain secretly sacked", state="draft", topics=("Ferrets",))
    make_quote(speaker=make_speaker("Sören Odegaard"), article=make_article(state="draft"))
    make_list("Most read")
    make_list("Most read secretly", is_published=False)
    return article


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("/articles/ferry-captain-resigns/", "Ferry captain resigns over fog report"),
        ("/articles/ferry-captian-resings-over-fog-report/", "Ferry captain resigns over fog report"),
        ("/2026/ferry-captain-resigns-over-fog-report.html", "Ferry captain resigns over fog report"),
        ("/speakers/soren-odegard-2/", "Søren Ødegård"),
        ("/topics/ferrys/", "Ferries"),
        ("/old/thing/ferry-captain-resigns.html", "Ferry captain resigns over fog report"),
        ("/ferry-captain-resigns/comments/", "Ferry captain resigns over fog report"),
        ("/lists/most-readd/", "Most read"),
        ("/lists/most-read/feed.xml", "Most read"),
    ],
)
def test_address_of_nothing_suggests_what_it_may_have_meant(
    things: Article, client: Client, address: str, wanted: str
) -> None:
    response = client.get(address)
    assert response.status_code == 404
    near = text(response.content).partition("Perhaps you meant")[2].partition("Latest")[0]
    assert wanted in near
    for hidden in ("secretly", "Ferrets", "Sören"):
        assert hidden not in text(response.content)
    assert make_topic("Ferrets").get_absolute_url() not in response.content.decode()


@pytest.mark.parametrize("address", ["/qqq/", "/%00/", "/%ff%fe/", "/" + "a-" * 3000, "/<b>x</b>/", "/ж/", "/1/2/3/"])
def test_address_that_suggests_nothing_is_only_not_found(things: Article, client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert "Perhaps you meant" not in text(response.content)
    assert faults(response.content) == []


def test_readers_are_told_no_commands_between_the_words() -> None:
    readme = (
        "## How well it works\n\nOf 9 pages (`a --b`, then `c`), by hand\n\n| `d` | F1 |\n|---|---|\n| All | 0.9 |\n"
    )
    assert [table.about for table in read(f"\n{readme}").tables] == ["Of 9 pages, by hand"]
