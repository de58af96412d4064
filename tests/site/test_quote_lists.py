"""Lists of quotes, what they are narrowed by, and the index of those who speak."""

import re
from datetime import date

import pytest
from django.test import Client

from articles.models import Topic
from quotes import filters
from quotes.models import TaggedQuote
from tests.factories import make_article, make_publisher, make_quote, make_speaker, make_topic
from tests.site.html import faults, read, text
from tests.site.world import World


def test_merged_speaker_is_not_in_the_index(world: World, client: Client) -> None:
    make_speaker("Abraham Zander", merged_into=world.speakers[0])
    assert "Zander" not in text(client.get("/speakers/").content)


def test_unnamed_sources_are_listed_apart(world: World, client: Client) -> None:
    assert "docker" not in text(client.get("/speakers/").content)
    assert "a docker 0" in text(client.get("/speakers/?kind=unnamed").content)


def test_index_is_by_the_first_letter_of_the_last_name(world: World, client: Client) -> None:
    name = "Bram Oakley 0"
    assert name not in text(client.get("/speakers/?letter=z").content)
    sort_key = world.speakers[0].sort_key
    letter = sort_key[0] if sort_key[0].isalpha() else "other"
    assert name in text(client.get(f"/speakers/?letter={letter}").content)


@pytest.mark.parametrize("name", ["Ян Ковальчук", "李小龍"])
def test_name_in_another_script_is_under_other(db: None, client: Client, name: str) -> None:
    make_quote(speaker=make_speaker(name))
    assert name in text(client.get("/speakers/?letter=other").content)


def test_speaker_is_found_by_the_beginning_of_the_name(world: World, client: Client) -> None:
    assert "Bram Oakley 0" in text(client.get("/speakers/?q=oakl").content)


@pytest.mark.parametrize("who", ["bram-oakley-0", "Bram Oakley 0", "b. oakley 0", "BRAM OAKLEY 0"])
def test_quotes_are_narrowed_by_any_form_of_the_speakers_name(world: World, client: Client, who: str) -> None:
    make_quote("Somebody else said this.", speaker=make_speaker("Ida Fenn"))
    shown = text(client.get("/quotes/", {"speaker": who}).content)
    assert world.quotes[0].text in shown
    assert "Somebody else said this" not in shown


@pytest.mark.parametrize(
    ("who", "found"),
    [
        ("quill", {"Ada", "Mara"}),
        ("Mr Quill", {"Ada", "Mara"}),
        ("Mara Quill", {"Mara"}),
        ("The Quill", {"Mara"}),
        ("the-old-quill", {"Mara"}),
        ("Ødegård", {"Soren"}),
        ("odegard", {"Soren"}),
        ("soren odegard", {"Soren"}),
        ("harbour", set()),
        ("harbor", set()),
        ("fenn", {"Fenn"}),
        ("Fenn", {"Fenn", "Ida"}),
        ("quil", set()),
        ("!", set()),
    ],
)
def test_quotes_are_narrowed_by_a_family_name_and_without_accents(
    db: None, client: Client, who: str, found: set[str]
) -> None:
    """An address means the one speaker whose it is, though others have that family name."""
    said = {"Ada": "Ada Quill", "Mara": "Mara Quill", "Soren": "Søren Ødegård", "Fenn": "Fenn", "Ida": "Ida Fenn"}
    speakers = {word: make_speaker(name) for word, name in said.items()}
    make_speaker("The Quill", slug="the-old-quill", merged_into=speakers["Mara"])
    speakers["Harbour"] = make_speaker("Harbour Board", kind="organisation")
    for word, speaker in speakers.items():
        make_quote(f"{word} was here.", speaker=speaker)
    shown = text(client.get("/quotes/", {"speaker": who}).content)
    assert {word for word in speakers if f"{word} was here" in shown} == found


def test_names_with_letters_that_have_no_accent_to_lose_stand_under_the_plain_one(db: None, client: Client) -> None:
    for name in ("Søren Ødegård", "Oda Oakley", "Jan Łoś", "Ida Fenn"):
        make_quote(speaker=make_speaker(name))
    under = {letter: text(client.get(f"/speakers/?letter={letter}").content) for letter in ("o", "l", "other")}
    assert "Søren Ødegård" in under["o"]
    assert "Oda Oakley" in under["o"]
    assert "Jan Łoś" in under["l"]
    assert "Nobody quoted here has a name under this letter" in under["other"]


def test_names_that_are_mistyped_bring_the_nearest_among_the_speakers(db: None, client: Client) -> None:
    make_quote(speaker=make_speaker("Søren Ødegård"))
    shown = client.get("/speakers/?q=Odegart").content
    assert "Nobody by that name is quoted here" in text(shown)
    assert "Did you mean Søren Ødegård" in text(shown)
    assert faults(shown) == []
    assert "Did you mean" not in text(client.get("/speakers/?q=xylophone").content)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("publisher=the-harbour-post", {"first", "second"}),
        ("publisher=the-evening-tide", {"third"}),
        ("review=verified", {"second"}),
        ("review=unreviewed&since=2025", {"third"}),
        ("since=2024&until=2024", {"second"}),
        ("year=2024", {"second"}),
        ("until=2024", {"first", "second"}),
        ("review=rejected", set()),
        ("publisher=nobody", set()),
        ("since=x", set()),
    ],
)
def test_quotes_are_narrowed_by_publisher_review_and_years(
    db: None, client: Client, query: str, found: set[str]
) -> None:
    post, tide = make_publisher("The Harbour Post"), make_publisher("The Evening Tide")
    for words, publisher, year, state in (
        ("first", post, 2023, "disputed"), ("second", post, 2024, "verified"), ("third", tide, 2026, "unreviewed"),
        ("fourth", post, 2024, "rejected"),
    ):  # fmt: skip
        article = make_article(publisher=publisher)
        make_quote(f"The {words} boat is in.", article=article, said_on=date(year, 2, 3), review_state=state)
    shown = text(client.get(f"/quotes/?{query}").content)
    assert {words for words in ("first", "second", "third", "fourth") if f"The {words} boat" in shown} == found


@pytest.mark.parametrize(
    "query", ["speaker=nobody", "kind=sung", "topic=nothing", "year=1066", "year=x", "speaker=%00"]
)
def test_filter_that_fits_no_quote_says_so(world: World, client: Client, query: str) -> None:
    assert "No quote fits these choices" in text(client.get(f"/quotes/?{query}").content)


def test_quotes_without_a_date_are_not_among_the_latest(db: None, client: Client) -> None:
    quote = make_quote("Nobody wrote down when.", said_precision="unknown")
    make_quote("It was the second of May.", said_on=date(2020, 5, 2))
    for asked in ("", "?kind=direct"):
        page = client.get(f"/quotes/{asked}").content
        assert "It was the second of May." in text(page)
        assert quote.text not in text(page)
        [link] = re.findall(r'href="([^"]*date=unknown[^"]*)"', page.decode())
        undated = client.get(f"/quotes/{link.replace('&amp;', '&')}").content
        assert quote.text in text(undated)
        assert "It was the second of May." not in text(undated)
    assert "date=unknown" not in client.get("/quotes/?since=2020").content.decode()


def test_choices_that_only_undated_quotes_fit_lead_to_them(db: None, client: Client) -> None:
    quote = make_quote("Nobody wrote down when.", said_precision="unknown", kind="mixed")
    page = client.get("/quotes/?kind=mixed").content.decode()
    assert quote.text not in text(page.encode())
    assert "?kind=mixed&amp;date=unknown" in page


def test_words_printed_several_times_are_listed_once(db: None, client: Client) -> None:
    speaker = make_speaker("Ida Fenn")
    for _ in range(3):
        make_quote("The pier will be open by June.", speaker=speaker)
    shown = text(client.get(speaker.get_absolute_url()).content)
    assert shown.count("The pier will be open by June.") == 1
    assert "2 more printings" in shown


@pytest.mark.parametrize("few", [0, filters.FEW])
def test_quotes_are_narrowed_by_their_own_topics_and_by_those_of_articles(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(filters, "FEW", few)
    alone = make_quote("The slipway was never ours.", alone=True)
    TaggedQuote.objects.create(tag=Topic.objects.get(slug="slipways"), content_object=alone)
    TaggedQuote.objects.create(tag=make_topic("Only under a quote"), content_object=alone)
    found = {quote["id"] for quote in client.get("/api/v1/quotes?topic=slipways").json()["results"]}
    assert found == {world.quotes[0].pk, world.quotes[1].pk, alone.pk}
    assert alone.text in text(client.get("/quotes/?topic=slipways").content)
    links = read(client.get(alone.get_absolute_url()).content).links
    assert "/topics/slipways/" in links
    assert "/topics/only-under-a-quote/" not in links  # no article, no page


def test_further_pages_are_of_the_list_that_the_first_is_of(db: None, client: Client) -> None:
    dated = {make_quote(f"We counted {number} boats.", said_on=date(2026, 3, 1)).text for number in range(30)}
    undated = make_quote("Nobody wrote down when.", said_on=date(2026, 3, 2), said_precision="unknown").text
    pages = [text(client.get(f"/quotes/?page={number}").content) for number in (1, 2)]
    assert all(sum(words in page for page in pages) == 1 for words in dated)
    assert not any(undated in page for page in pages)
    assert undated not in text(client.get("/quotes/?kind=&topic=").content)  # a form with nothing chosen
    for asked in ("", "?kind=direct"):
        feed = client.get(f"/quotes/feed.json{asked}").content.decode()
        assert "boats" in feed
        assert undated not in feed
    assert undated in client.get("/quotes/feed.json?date=unknown").content.decode()


def test_api_gives_all_quotes_page_by_page_whether_dated_or_not(db: None, client: Client) -> None:
    wanted = {make_quote(said_precision=precision).text for precision in ("day", "unknown") for _ in range(4)}
    found: list[str] = []
    address = "/api/v1/quotes?limit=3"
    while address:
        answer = client.get(address).json()
        found += [quote["text"] for quote in answer["results"]]
        address = answer["next"]
    assert len(found) == len(wanted)
    assert set(found) == wanted
    assert set(client.get("/api/v1/quotes").json()["results"][0]) == set(answer["results"][0])
    assert {quote["text"] for quote in client.get("/api/v1/quotes").json()["results"]} == wanted


def test_feeds_of_a_page_of_everything_have_plain_addresses(db: None, client: Client) -> None:
    assert 'href="/quotes/feed.rss"' in client.get("/quotes/?page=2").content.decode()
    assert 'href="/quotes/feed.rss?kind=direct"' in client.get("/quotes/?kind=direct&page=2").content.decode()
