"""Articles, topics, lists and the archive, as readers see them."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, connections
from django.test import Client

from articles import shown
from articles.models import Article, TaggedItem, Topic
from articles.prepared import _KEPT
from articles.writing import direction, teaser
from tests.factories import make_article, make_list, make_quote, make_speaker, make_topic
from tests.site.html import read, text
from tests.site.world import World

OCTOBER = datetime(2026, 10, 5, tzinfo=UTC)


def test_article_page_shows_its_parts(world: World, client: Client) -> None:
    article = world.articles[0]
    shown = text(client.get(article.get_absolute_url()).content)
    for part in (article.headline, article.standfirst, "By Tess Arden", "The Harbour Post", "5 October 2026", "1 min"):
        assert part in shown
    assert "Correction An earlier version misnamed the mole" in shown
    assert "Taken from a page archived on" in shown


def test_quote_is_marked_in_the_text_and_linked_both_ways(world: World, client: Client) -> None:
    article, quote = world.articles[0], world.quotes[0]
    content = client.get(article.get_absolute_url()).content
    html = content.decode()
    assert f'id="quote-{quote.pk}"' in html
    assert "quoted quoted--direct" in html
    assert "quoted quoted--indirect" in html
    reader = read(content)
    assert quote.get_absolute_url() in reader.links
    assert f"#quote-{quote.pk}" in reader.links
    assert quote.speaker.get_absolute_url() in reader.links


def test_quote_whose_place_was_lost_is_not_marked(world: World, client: Client) -> None:
    quote = world.quotes[0]
    quote.start = quote.end = None
    quote.segments = []
    quote.save()
    html = client.get(world.articles[0].get_absolute_url()).content.decode()
    assert f"quote-{quote.pk}" not in html
    assert client.get(quote.get_absolute_url()).status_code == 200


def test_date_of_arrival_is_never_shown_as_date_of_publication(db: None, client: Client) -> None:
    article = make_article(published_at=OCTOBER, published_precision="unknown")
    shown = text(client.get(article.get_absolute_url()).content)
    assert "Date not printed; archived on 5 October 2026" in shown
    assert b"article:published_time" not in client.get(article.get_absolute_url()).content
    listed = text(client.get("/articles/").content)
    assert "Date not printed" in listed
    assert "5 October 2026" not in listed
    assert article.headline not in text(client.get("/archive/2026/10/05/").content)
    assert article.headline not in text(client.get("/archive/2026/").content)
    assert article.headline in text(client.get("/articles/?date=unknown").content)


def test_what_has_a_source_was_not_written_here(db: None, client: Client) -> None:
    ours, theirs = make_article(publisher=None), make_article(publisher=None, source_url="https://example.org/pier")
    assert "Written here." in text(client.get(ours.get_absolute_url()).content)
    shown = text(client.get(theirs.get_absolute_url()).content)
    assert "Read it at the source" in shown
    assert "Written here." not in shown


def test_only_a_list_that_is_narrowed_offers_to_show_all(world: World, client: Client) -> None:
    assert "Show all" not in text(client.get("/articles/?page=2").content)
    assert "Show all" in text(client.get("/articles/?year=2026").content)


def test_month_that_is_all_that_was_printed_is_all_that_is_shown(db: None, client: Client) -> None:
    article = make_article(published_at=OCTOBER, published_precision="month")
    assert '<time datetime="2026-10">October 2026</time>' in client.get(article.get_absolute_url()).content.decode()
    assert article.headline in text(client.get("/archive/2026/10/").content)
    assert article.headline not in text(client.get("/archive/2026/10/05/").content)


def test_withdrawn_article_is_gone_and_says_so(db: None, client: Client) -> None:
    article = make_article("Pier fire was set", state="withdrawn")
    response = client.get(article.get_absolute_url())
    assert response.status_code == 410
    assert "This article was withdrawn" in text(response.content)
    assert "Pier fire" not in text(response.content)


@pytest.mark.parametrize("slug", ["no-such-article", "a b", "%00", "ж" * 200, "..%2f"])
def test_address_of_no_article_is_not_found(db: None, client: Client, slug: str) -> None:
    assert client.get(f"/articles/{slug}/").status_code == 404


@pytest.mark.parametrize("name", ["!!!", "Зима", "水", "C++", "a/b", "a_b", "Ελλάς & co"])
def test_topic_of_any_name_has_a_page(db: None, client: Client, name: str) -> None:
    article = make_article(topics=(name, f"{name}!"))
    content = client.get(article.get_absolute_url()).content
    address = make_topic(name).get_absolute_url()
    assert address in read(content).links
    assert article.headline in text(client.get(address).content)


def test_merged_topic_redirects_for_good_to_where_it_went(world: World, client: Client) -> None:
    last = Topic.objects.get(slug="slipways")
    middle, first = make_topic("Ramps"), make_topic("Launching places")
    middle.merged_into, first.merged_into = last, middle
    middle.save()
    first.save()
    response = client.get(first.get_absolute_url())
    assert (response.status_code, response["Location"]) == (301, last.get_absolute_url())


def test_topics_merged_into_each_other_are_not_found(db: None, client: Client) -> None:
    one, other = make_topic("Ramps"), make_topic("Slopes")
    one.merged_into, other.merged_into = other, one
    one.save()
    other.save()
    assert client.get(one.get_absolute_url()).status_code == 404


def test_list_links_what_is_here_and_prints_what_is_not(db: None, client: Client) -> None:
    here = make_article("Pier reopens")
    curated = make_list("Most read", headlines=("Pier reopens", "Bakery burns"))
    reader = read(client.get(curated.get_absolute_url()).content)
    assert here.get_absolute_url() in reader.links
    assert "Bakery burns" in " ".join(reader.text)


def test_empty_list_says_so(db: None, client: Client) -> None:
    assert "no items" in text(client.get(make_list("Most read").get_absolute_url()).content)


def test_filters_narrow_together_and_survive_paging(db: None, client: Client) -> None:
    for number in range(25):
        make_article(f"Crane {number} stops", topics=("Cranes",))
    other = make_article("Pier reopens", topics=("Piers",))
    first = client.get("/articles/?topic=cranes&year=2026")
    assert other.headline not in text(first.content)
    assert "?topic=cranes&year=2026&page=2" in read(first.content).links
    second = client.get("/articles/?topic=cranes&year=2026&page=2")
    assert "Page 2" in text(second.content)


@pytest.mark.parametrize(
    "query", ["topic=nothing", "year=1066", "publisher=nobody", "year=20x6", "topic=%00", "year=1e999"]
)
def test_filter_that_fits_nothing_says_so(world: World, client: Client, query: str) -> None:
    response = client.get(f"/articles/?{query}")
    assert response.status_code == 200
    assert "No article fits these choices" in text(response.content)


@pytest.mark.parametrize("page", ["abc", "-1", "0", "99999999999999999999", "²", "", "1.5", "%00"])
@pytest.mark.parametrize("address", ["/articles/", "/quotes/", "/speakers/", "/topics/", "/lists/", "/archive/2026/"])
def test_odd_page_number_does_no_harm(world: World, client: Client, address: str, page: str) -> None:
    assert client.get(f"{address}?page={page}").status_code == 200


@pytest.mark.parametrize("address", ["2026/13", "2026/02/30", "0", "99999", "99999999999999999999", "2026/0", "9999"])
def test_date_that_the_calendar_lacks_is_not_found(db: None, client: Client, address: str) -> None:
    assert client.get(f"/archive/{address}/").status_code == 404


def test_archive_leads_from_year_to_day(world: World, client: Client) -> None:
    assert "/archive/2026/" in read(client.get("/archive/").content).links
    assert "/archive/2026/10/" in read(client.get("/archive/2026/").content).links
    assert "/archive/2026/10/05/" in read(client.get("/archive/2026/10/").content).links
    assert world.articles[0].headline in text(client.get("/archive/2026/10/05/").content)


@pytest.mark.parametrize(
    ("written", "linked"),
    [
        ("2026/10/5/", "2026/10/05/"),
        ("2026/10/5/?page=2", "2026/10/05/?page=2"),
        ("2026/3/", "2026/03/"),
        ("02026/3/", "2026/03/"),
        ("002026/", "2026/"),
    ],
)
def test_a_date_written_otherwise_leads_to_the_address_that_is_linked(
    db: None, client: Client, written: str, linked: str
) -> None:
    response = client.get(f"/archive/{written}")
    assert (response.status_code, response.headers["Location"]) == (301, f"/archive/{linked}")
    assert client.get(f"/archive/{linked}").status_code == 200


def test_day_without_articles_says_so(world: World, client: Client) -> None:
    assert "No article with a printed date" in text(client.get("/archive/2026/10/06/").content)


def test_front_page_leads_with_the_latest(world: World, client: Client) -> None:
    latest = make_article("Harbour master steps down", published_at=datetime(2026, 11, 1, tzinfo=UTC))
    reader = read(client.get("/").content)
    assert latest.get_absolute_url() in reader.links
    shown = text(client.get("/").content)
    assert shown.index(latest.headline) < shown.index(world.articles[0].headline)


def test_article_without_a_date_does_not_lead(db: None, client: Client) -> None:
    dated = make_article("Harbour master steps down")
    make_article("Page of unknown age", published_at=datetime(2026, 11, 1, tzinfo=UTC), published_precision="unknown")
    shown = text(client.get("/").content)
    assert shown.index(dated.headline) < shown.index("Page of unknown age")


def test_quote_of_the_day_is_a_trusted_persons_own_words(db: None, client: Client) -> None:
    article = make_article(body="Nothing.")
    person, paper = make_speaker("Ida Fenn"), make_speaker("The Port Board", kind="organisation")
    words = "We will have the pier open again before the swallows are back"
    make_quote(f"{words} at last", article=article, speaker=person, confidence=0.5)
    make_quote(f"{words} for good", article=article, speaker=paper, confidence=0.99)
    make_quote(f"{words} or else", article=article, speaker=person, confidence=0.99, kind="indirect")
    make_quote(f"{words} in doubt", article=article, speaker=person, confidence=0.99, review_state="disputed")
    assert "Quote of the day" not in text(client.get("/").content)
    make_quote(words, article=article, speaker=person, confidence=0.3, review_state="verified")
    assert f"Quote of the day “{words}”" in text(client.get("/").content)


def test_story_in_a_script_from_right_to_left_is_laid_out_so(db: None, client: Client) -> None:
    article = make_article("الميناء يفتح أبوابه", language="ar", body="وصلت أول سفينة.")
    content = client.get(article.get_absolute_url()).content.decode()
    assert '<article class="story" dir="rtl">' in content
    assert '<aside class="story__aside" dir="ltr"' in content


@pytest.mark.parametrize(
    ("text", "expected"), [("", "ltr"), ("12 – Ñu", "ltr"), ("«سنبقى» said", "rtl"), ("שלום", "rtl")]
)
def test_direction_is_that_of_the_first_letter(text: str, expected: str) -> None:
    assert direction(text) == expected


def test_topic_above_a_headline_is_the_one_it_was_filed_under(db: None, client: Client) -> None:
    article = make_article("Museum reopens after the flood", body="Budget, budget and budget again.")
    found = {"content_object": article, "origin": "found"}
    TaggedItem.objects.create(tag=make_topic("Budget"), mentions=3, **found)
    TaggedItem.objects.create(tag=make_topic("Museums"), content_object=article, origin="printed")
    TaggedItem.objects.create(tag=make_topic("Floods"), mentions=9, **found)
    assert [topic.name for topic in article.filed_under] == ["Museums", "Floods", "Budget"]
    for address in ("/", "/articles/", article.get_absolute_url()):
        html = client.get(address).content.decode()
        assert re.findall(r'class="kicker"[^>]*><a href="([^"]+)', html) == ["/topics/museums/"]


@pytest.mark.parametrize(("mentions", "shown"), [(1, False), (2, False), (3, True)])
def test_topic_that_is_only_mentioned_stands_above_no_headline(
    db: None, client: Client, mentions: int, shown: bool
) -> None:
    article = make_article()
    TaggedItem.objects.create(tag=make_topic("Strikes"), content_object=article, origin="found", mentions=mentions)
    for address in ("/articles/", article.get_absolute_url()):
        assert ('class="kicker"' in client.get(address).content.decode()) is shown
    assert "/topics/strikes/" in read(client.get(article.get_absolute_url()).content).links


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The wall held. The town slept on, and nobody heard the sea until the morning.", "The wall held."),
        ("The mayor of Merle met U.S. officials on Oct. 12 about it all again.", "The mayor of Merle met U.S…"),
        ("“It held.” That was all that she would say about the wall.", "“It held.” That was all that…"),
        ("No end in sight for all those who wait here", "No end in sight for all…"),
        ("Short.", "Short."),
    ],
)
def test_teaser_ends_with_a_sentence_where_one_fills_it(text: str, expected: str) -> None:
    assert teaser(Article(standfirst=text), 28) == expected


def test_archive_leads_to_the_nearest_spans_with_articles(db: None, client: Client) -> None:
    for year, month, day in ((2024, 3, 9), (2026, 8, 1), (2026, 10, 2), (2026, 10, 5), (2026, 10, 9)):
        make_article(published_at=datetime(year, month, day, 9, tzinfo=UTC))
    make_article(published_at=datetime(2026, 10, 4, tzinfo=UTC), published_precision="month")
    make_article(published_at=datetime(2026, 9, 4, tzinfo=UTC), state="draft")
    make_article(published_at=datetime(2025, 9, 4, tzinfo=UTC), published_precision="unknown")
    expected = {
        "/archive/2026/10/05/": ["/archive/2026/10/02/", "/archive/2026/10/09/"],
        "/archive/2026/10/07/": ["/archive/2026/10/05/", "/archive/2026/10/09/"],
        "/archive/2026/10/": ["/archive/2026/08/"],
        "/archive/2026/": ["/archive/2024/"],
        "/archive/2024/": ["/archive/2026/"],
    }
    for address, neighbours in expected.items():
        html = client.get(address).content.decode()
        assert re.findall(r'rel="(?:prev|next)" href="(/archive[^"]+)"', html) == neighbours, address


@pytest.mark.parametrize("address", ["/articles/", "/quotes/"])
def test_topics_to_choose_are_those_of_the_latest_articles_and_the_chosen_one(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(shown, "OF_LATEST", 2)
    kept = connections[DEFAULT_DB_ALIAS].__dict__
    kept.pop(_KEPT, None)
    for day, name in enumerate(("Lighthouses", "Moorings", "Ferries", "Drafts"), 1):
        state = "draft" if name == "Drafts" else "published"
        article = make_article(published_at=datetime(2026, 3, day, tzinfo=UTC), state=state)
        TaggedItem.objects.create(tag=make_topic(name), content_object=article)
    for chosen, names in (
        ("", ["Ferries", "Moorings"]),
        ("ferries", ["Ferries*", "Moorings"]),
        ("lighthouses", ["Ferries", "Lighthouses*", "Moorings"]),
        ("drafts", ["Ferries", "Moorings"]),
        ("\0", ["Ferries", "Moorings"]),
    ):
        html = client.get(address, {"topic": chosen}).content.decode()
        select = html.partition('id="filter-topic"')[2].partition("</select>")[0]
        options = re.findall(r"<option value=\"[^\"]+\"( selected)?>([^<]+)", select)
        assert [name + "*" * bool(selected) for selected, name in options] == names
    kept.pop(_KEPT, None)


def test_archive_counts_the_days_of_the_sites_own_zone(db: None, client: Client, settings: Any) -> None:
    settings.TIME_ZONE = "Pacific/Auckland"
    for hour in (9, 20, 21):  # the last two are tomorrow there
        make_article(published_at=datetime(2026, 10, 5, hour, tzinfo=UTC))
    make_article(published_at=datetime(2026, 10, 5, 9, tzinfo=UTC), published_precision="month")
    month, year = (client.get(f"/archive/2026/{rest}").content.decode() for rest in ("10/", ""))
    assert re.findall(r'href="/archive/2026/10/(\d\d)/">.*?days__count">(\d+)', month) == [("05", "1"), ("06", "2")]
    assert re.findall(r'href="/archive/2026/(\d\d)/">.*?months__count">(\d+)', year) == [("10", "4")]


def test_topic_names_who_speaks_on_it(db: None, client: Client) -> None:
    speaker, other = make_speaker("Ida Fenn"), make_speaker("Olle Rask")
    for number in range(2):
        article = make_article(f"Ferry {number}", topics=("Ferries",))
        make_quote(f"One {number}", article=article, speaker=speaker)
        make_quote(f"Two {number}", article=article, speaker=speaker)
    make_quote("Three", article=make_article(topics=("Ferries",), state="draft"), speaker=other)
    make_quote("Four", article=article, speaker=other, review_state="rejected")
    make_quote("Five", article=article, speaker=make_speaker("a docker", kind="unnamed"))
    content = client.get("/topics/ferries/").content
    assert "Who speaks on it Ida Fenn in 2 articles" in text(content)
    assert "Olle Rask" not in text(content)
    assert "a docker" not in text(content)
    assert f"{speaker.get_absolute_url()}?topic=ferries" in read(content).links


def test_description_begins_with_the_story_and_not_with_its_dateline(db: None, client: Client) -> None:
    article = make_article(
        body="PORT MERLE, 5 October — The pier is shut.\n\nBoats wait.", dateline="PORT MERLE, 5 October"
    )
    page = client.get(article.get_absolute_url()).content.decode()
    for begin in (
        '<meta name="description" content="',
        '<meta property="og:description" content="',
        '"description": "',
    ):
        assert f'{begin}The pier is shut. Boats wait."' in page


@pytest.mark.parametrize(
    ("precision", "stamp"), [("time", "2026-10-05T09:30:00+00:00"), ("day", "2026-10-05"), ("month", "2026-10")]
)
def test_time_of_publication_is_told_as_precisely_as_it_was_printed(
    db: None, client: Client, precision: str, stamp: str
) -> None:
    page = client.get(make_article(published_precision=precision).get_absolute_url()).content.decode()
    assert f'<meta property="article:published_time" content="{stamp}">' in page
