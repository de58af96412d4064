"""What a speaker's page tells beyond the quotes: years, topics, company; and that it counts only what is public."""

from datetime import date

import pytest
from django.test import Client

from articles.prepared import in_step
from quotes.models import Quote, Speaker
from quotes.profiles import bars, profile
from tests.factories import make_article, make_quote, make_speaker
from tests.site.html import read, text


@pytest.fixture
def fenn(db: None) -> Speaker:
    """Two quotes in 2023, one in 2025, one without a date; one more of 2025 in a draft."""
    speaker = make_speaker("Ida Fenn")
    for day in (date(2023, 1, 5), date(2023, 7, 9), date(2025, 2, 3)):
        make_quote(f"We met on {day}.", speaker=speaker, said_on=day)
    make_quote("Nobody wrote down when.", speaker=speaker, said_precision="unknown")
    make_quote(
        "This was never printed.", speaker=speaker, said_on=date(2025, 3, 3), article=make_article(state="draft")
    )
    return speaker


def _page(client: Client, speaker: Speaker, query: str = "") -> str:
    return text(client.get(f"{speaker.get_absolute_url()}{query}").content)


def test_chart_counts_public_quotes_by_year_and_leads_to_them(fenn: Speaker, client: Client) -> None:
    response = client.get(fenn.get_absolute_url())
    shown = text(response.content)
    assert "4 quotes" in shown
    assert "Quotes by year 2 quotes, 2023 0 quotes, 2024 1 quote, 2025 1 quote, no date" in shown
    links = read(response.content).links
    assert {"?year=2023", "?year=2025", "?date=unknown"} <= set(links)
    assert "?year=2024" not in links


def test_year_narrows_the_quotes_and_nothing_else(fenn: Speaker, client: Client) -> None:
    shown = _page(client, fenn, "?year=2023")
    assert "Quotes of 2023" in shown
    assert "We met on 2023-01-05." in shown
    assert "We met on 2025-02-03." not in shown
    assert "4 quotes" in shown
    assert (
        'href="?year=2023" aria-current="true"' in client.get(f"{fenn.get_absolute_url()}?year=2023").content.decode()
    )
    assert "Nobody wrote down when." in _page(client, fenn, "?date=unknown")
    assert "We met on" not in _page(client, fenn, "?date=unknown")


@pytest.mark.parametrize("query", ["?year=2024", "?year=1066", "?year=x", "?year=99999", "?date=never"])
def test_year_without_quotes_says_so(fenn: Speaker, client: Client, query: str) -> None:
    shown = _page(client, fenn, query)
    assert "No quote here is dated so." in shown
    assert "We met on" not in shown


def test_chart_of_a_single_year_is_left_out(db: None, client: Client) -> None:
    speaker = make_speaker()
    make_quote(speaker=speaker)
    assert "Quotes by year" not in _page(client, speaker)


def test_bars_are_as_tall_as_their_share_of_the_tallest() -> None:
    drawn = bars({2020: 200, 2022: 1, None: 50})
    assert [(bar.year, bar.count, bar.height, bar.top) for bar in drawn] == [
        (2020, 200, 100, 0),
        (2021, 0, 0, 100),
        (2022, 1, 1, 99),
        (None, 50, 25, 75),
    ]


def test_years_far_apart_are_drawn_without_the_empty_ones_between() -> None:
    assert [bar.year for bar in bars({1066: 1, 1999: 3, 2024: 2})] == [1066, 1999, 2024]
    assert len(bars(dict.fromkeys(range(1900, 2026), 1))) == 40


def test_company_is_of_named_speakers_of_public_quotes_in_the_same_articles(db: None, client: Client) -> None:
    fenn, often, once = make_speaker("Ida Fenn"), make_speaker("Olle Varg"), make_speaker("Pia Stone")
    hidden, docker = make_speaker("Hal Hidden"), make_speaker("a docker", kind="unnamed")
    for number in range(2):
        article = make_article(body=f'"One {number}," x. "Two {number}," y. "Three {number}," z. "Four," w.')
        make_quote(f"One {number}", article=article, speaker=fenn)
        make_quote(f"Two {number}", article=article, speaker=often)
    make_quote("Three 1", article=article, speaker=once)
    make_quote("Four", article=article, speaker=docker)
    make_quote("One 1,", article=article, speaker=hidden, review_state=Quote.Review.REJECTED)
    make_quote("Elsewhere entirely.", speaker=make_speaker("Una Far"))
    shown = _page(client, fenn)
    assert "Quoted with Olle Varg in 2 articles Pia Stone in 1 article" in shown
    for name in ("Hal Hidden", "a docker", "Una Far"):
        assert name not in shown


def test_topics_are_in_the_order_of_their_frequency(db: None, client: Client) -> None:
    speaker = make_speaker("Ida Fenn")
    for topics in (("Harbours", "Zebras"), ("Zebras",)):
        make_quote(article=make_article(topics=topics), speaker=speaker)
    assert "Speaks on Zebras Harbours" in _page(client, speaker)


def test_topic_narrows_quotes_chart_and_feed(fenn: Speaker, client: Client) -> None:
    about = make_article("Ferry line closes", topics=("Ferries",))
    draft = make_article("Ferry line opens", topics=("Ferries",), state="draft")
    for article, year in ((about, 2023), (about, 2024), (draft, 2022)):
        make_quote(f"Ferries of {year}.", speaker=fenn, said_on=date(year, 5, 5), article=article)
    links = read(client.get(fenn.get_absolute_url()).content).links
    assert "?topic=ferries" in links
    response = client.get(f"{fenn.get_absolute_url()}?topic=ferries")
    shown = text(response.content)
    assert "6 quotes" in shown
    assert "Quotes on Ferries" in shown
    assert "/topics/ferries/" in read(response.content).links
    assert "Quotes by year Show all 1 quote, 2023 1 quote, 2024" in shown
    assert "Ferries of 2023." in shown
    assert "We met on" not in shown
    assert "Ferries of 2022." not in shown
    feed = client.get(f"{fenn.get_absolute_url()}feed.json?topic=ferries").json()
    assert len(feed["items"]) == 2
    assert "?topic=ferries&amp;year=2024" in response.content.decode()
    both = _page(client, fenn, "?topic=ferries&year=2024")
    assert "Ferries of 2024." in both
    assert "Ferries of 2023." not in both


def test_topic_that_is_not_the_speakers_says_so(fenn: Speaker, client: Client) -> None:
    shown = _page(client, fenn, "?topic=<b>")
    assert "No quote here fits these choices." in shown
    assert "Quotes on <b>" in shown


def test_words_of_one_speaker_are_searched(fenn: Speaker, client: Client) -> None:
    make_quote("We met on the quay.", speaker=make_speaker("Olle Rask"), said_on=date(2024, 1, 1))
    assert f'name="speaker" value="{fenn.slug}"' in client.get(fenn.get_absolute_url()).content.decode()
    found = text(client.get("/search/", {"q": "met", "type": "quotes", "speaker": fenn.slug}).content)
    assert "Only what Ida Fenn said." in found
    assert "on the quay" not in found
    assert "Quotes 3" in found


def test_printings_of_one_utterance_count_as_one(db: None, client: Client) -> None:
    speaker = make_speaker("Ida Fenn")
    for said_on, precision in (
        (date(2025, 12, 31), "day"),
        (date(2026, 1, 1), "day"),
        (date(2026, 1, 1), "day"),
        (date(2026, 1, 1), "unknown"),
    ):
        make_quote("The pier will be open by June.", speaker=speaker, said_on=said_on, said_precision=precision)
    make_quote("Nobody asked the pilots.", speaker=speaker, said_on=date(2026, 3, 1))
    found = in_step(profile(speaker))[0]
    assert found.count == 2
    assert found.counts == {2025: 1, 2026: 2, None: 1}
    assert "2 quotes" in text(client.get(speaker.get_absolute_url()).content)


def test_printing_off_the_topic_does_not_make_two_of_one_utterance(db: None, client: Client) -> None:
    speaker = make_speaker("Ida Fenn")
    for topics in (("Piers",), ()):
        words = "The pier will be open by June."
        make_quote(words, speaker=speaker, article=make_article(body=f"“{words}” she said.", topics=topics))
    found = in_step(profile(speaker, "piers"))[0]
    assert (found.count, found.counts) == (1, {2026: 1})


def test_undated_quotes_come_last_on_the_page_of_their_speaker_and_in_its_feed(db: None, client: Client) -> None:
    speaker = make_speaker("Ida Fenn")
    article = make_article(topics=("Piers",))
    for number in range(32):
        precision = "unknown" if number % 16 == 0 else "day"
        words = f"We counted {number} boats{' once' if precision == 'unknown' else ''}."
        day = date(2026, 9, 30) if precision == "unknown" else date(2026, 3, 1)
        make_quote(words, article=article, speaker=speaker, said_on=day, said_precision=precision)
    address = speaker.get_absolute_url()
    for narrowed in ("?", "?topic=piers&"):
        pages = [text(client.get(f"{address}{narrowed}page={number}").content) for number in (1, 2)]
        assert [page.count(" once.") for page in pages] == [0, 2]
        assert pages[0].index("We counted 31 boats.") < pages[0].index("We counted 30 boats.")
        assert sum(page.count("We counted") for page in pages) == 32
    titles = [item["title"] for item in client.get(f"{address}feed.json").json()["items"]]
    assert [" once." in title for title in titles] == [False] * 30 + [True] * 2
