"""Where an article leads: to other printings of its story, and to what has speakers and topics in common with it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Printing, Story
from quotes.models import Speaker
from tests.factories import make_article, make_publisher, make_quote, make_speaker
from tests.site.html import read, text


def _related(client: Client, article: Article) -> str:
    return text(client.get(article.get_absolute_url()).content).partition("Related articles")[2]


def _link(*articles: Article) -> Story:
    story = Story.objects.create()
    for article in articles:
        Printing.objects.create(story=story, article=article)
    return story


@pytest.fixture
def shown(db: None) -> Article:
    return make_article("Pier opens", body="“We met at noon. We met at one.”", topics=("Piers", "Slipways"))


def test_articles_that_share_more_come_first_and_say_what(shown: Article, client: Client) -> None:
    fenn = make_speaker("Ida Fenn")
    make_quote("We met at noon.", article=shown, speaker=fenn)
    one = make_article("Rope runs short", topics=("Slipways",))
    both = make_article("Crane gets oil", topics=("Slipways",))
    make_quote("The crane is fine.", article=both, speaker=fenn)
    only = make_article("Bakery burns")
    make_quote("I smelled smoke.", article=only, speaker=fenn)
    far = make_article("Goat elected", topics=("Goats",))
    related = _related(client, shown)
    assert related.index(both.headline) < min(related.index(one.headline), related.index(only.headline))
    assert "Ida Fenn Slipways Crane gets oil" in related
    assert "Ida Fenn Bakery burns" in related
    assert far.headline not in related


def test_what_few_articles_share_counts_for_more(shown: Article, client: Client) -> None:
    rare = make_article("Oldest pier sinks", topics=("Piers",))
    common = [make_article(f"Slipway news {number}", topics=("Slipways",)) for number in range(6)]
    related = _related(client, shown)
    assert related.index(rare.headline) < min(
        related.index(each.headline) for each in common if each.headline in related
    )


def test_nothing_hidden_is_related(shown: Article, client: Client) -> None:
    fenn, docker = make_speaker("Ida Fenn"), make_speaker("a docker", kind=Speaker.Kind.UNNAMED)
    make_quote("We met at noon.", article=shown, speaker=fenn)
    make_quote("We met at one.", article=shown, speaker=docker)
    make_quote("Not yet.", article=make_article("Draft one", state="draft", topics=("Piers",)), speaker=fenn)
    make_quote("Not hers.", article=make_article("Rejected one"), speaker=fenn, review_state="rejected")
    make_quote("Another docker.", article=make_article("Docker one"), speaker=docker)
    assert _related(client, shown) == ""


def test_other_printings_are_other_coverage_and_not_related(shown: Article, client: Client) -> None:
    paper = make_publisher("The Evening Tide")
    copy = make_article("Pier is open", publisher=paper, topics=("Piers",))
    _link(shown, copy)
    content = client.get(shown.get_absolute_url()).content
    assert "Other coverage Pier is open The Evening Tide" in text(content)
    assert _related(client, shown) == ""
    assert copy.get_absolute_url() in read(content).links


@pytest.mark.parametrize("hidden", ["draft", "parted", "parted here"])
def test_printing_that_is_not_public_or_not_the_same_story_is_no_coverage(
    shown: Article, client: Client, hidden: str
) -> None:
    copy = make_article("Pier is open", state="draft" if hidden == "draft" else "published")
    _link(shown, copy)
    if hidden != "draft":
        parted = copy if hidden == "parted" else shown
        Printing.objects.filter(article=parted).update(state=Printing.State.PARTED)
    assert "Pier is open" not in text(client.get(shown.get_absolute_url()).content)


def test_article_with_everything_costs_as_few_queries_as_any(shown: Article, client: Client, warm: None) -> None:
    fenn = make_speaker("Ida Fenn")
    make_quote("We met at noon.", article=shown, speaker=fenn)
    _link(shown, *(make_article(f"Copy {number}", topics=("Piers",)) for number in range(5)))
    for number in range(10):
        make_quote(article=make_article(f"Other {number}", topics=("Piers",)), speaker=fenn, text="A boat came in.")
    with CaptureQueriesContext(connection) as captured:
        assert client.get(shown.get_absolute_url()).status_code == 200
    assert len(captured) <= 8
