"""Search finds what is public, whatever is typed."""

import re
from datetime import UTC, datetime
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from articles.search import MAX_LENGTH, MAX_WORDS, read
from articles.writing import excerpt
from tests.factories import make_article, make_document, make_publisher, make_quote, make_speaker, make_topic
from tests.site.html import faults, text
from tests.site.world import World

HOSTILE = [
    '"', "'", "\"unclosed", "AND", "OR NOT", "NEAR(a b)", "a*", "*", "-", "^a", "a:b", "title:a", "(((", "\\", "%", "%s", "_",
    "\x00", "a\x00b", "\ud800", "\u202e", "a" * 10_000, "a " * 5_000, '"' * 500, "🙂", "ß", "'; DROP TABLE quotes; --", "<b>a</b>",
    "don't", "a & b | !c", "a <-> b", ":*", "''''", "“sea wall”", "\t\n", "{title body} : a",
]  # fmt: skip


@pytest.mark.parametrize("kind", ["", "articles", "quotes", "speakers", "nonsense"])
@pytest.mark.parametrize("query", HOSTILE, ids=lambda query: ascii(query)[:20])
def test_nothing_that_is_typed_breaks_the_search(world: World, client: Client, query: str, kind: str) -> None:
    typed = query.encode("utf-8", "surrogatepass")
    assert client.get("/search/", {"q": typed, "type": kind}).status_code == 200


@pytest.mark.parametrize("query", HOSTILE, ids=lambda query: ascii(query)[:20])
def test_nothing_that_is_typed_breaks_the_search_for_names(world: World, client: Client, query: str) -> None:
    typed = query.encode("utf-8", "surrogatepass")
    assert client.get("/speakers/", {"q": typed}).status_code == 200
    assert client.get("/quotes/", {"speaker": typed}).status_code == 200


def test_articles_quotes_and_speakers_are_found_together(world: World, client: Client) -> None:
    make_speaker("Slipway Sam")
    make_quote("My slipway is my castle.", speaker=make_speaker("Ida Slipway"))
    shown = text(client.get("/search/?q=slipway").content)
    for part in ("Articles", "Slipway 0 stays shut", "Quotes", "My slipway is my castle.", "Speakers", "Ida Slipway"):
        assert part in shown


def test_speakers_are_shown_with_their_latest_role(db: None, client: Client) -> None:
    speaker = make_speaker("Ida Slipway")
    make_speaker("Slipway Sam")
    for year, role in ((2024, "dredger hand"), (2026, ""), (2025, "harbour pilot")):
        make_quote(f"It was {year}.", speaker=speaker, role=role, said_on=datetime(year, 1, 1, tzinfo=UTC).date())
    hidden = make_article(state="draft")
    make_quote("Not yet.", speaker=speaker, role="mayor to be", article=hidden)
    make_quote("I have no office.", speaker=make_speaker("Olle Slipway"))
    for kind in ("", "&type=speakers"):
        shown = text(client.get(f"/search/?q=slipway{kind}").content)
        assert "Ida Slipway Person harbour pilot" in shown
        assert "Olle Slipway Person" in shown
        assert "mayor" not in shown


def test_all_words_have_to_be_there(world: World, client: Client) -> None:
    assert "stays shut" in text(client.get("/search/?q=slipway+council&type=articles").content)
    assert "Nothing here has all" in text(client.get("/search/?q=slipway+tram&type=articles").content)


def test_words_in_marks_have_to_stand_together(world: World, client: Client) -> None:
    assert "stays shut" in text(client.get('/search/?q="outer+mole"&type=articles').content)
    assert "Nothing here has all" in text(client.get('/search/?q="mole+outer"&type=articles').content)


def test_words_in_marks_have_to_stand_together_in_names_too(world: World, client: Client) -> None:
    assert "Bram Oakley" in text(client.get('/search/?q="bram+oakley"').content)
    for typed in ('"oakley+bram"', '"oakley+bram"&type=speakers', '"0+slipway"', '"0+slipway"&type=articles'):
        assert "Nothing here has all" in text(client.get(f"/search/?q={typed}").content)


def test_of_a_long_phrase_the_first_words_have_to_stand_together(db: None, client: Client) -> None:
    words = "we count every boat that comes in before the tide turns and then some more"
    make_article("Tide", body=f"The clerk said {words}.")
    assert read(f'"{words}"').phrases == (tuple(words.split()[:MAX_WORDS]),)
    assert "The clerk said" in text(client.get(f'/search/?q="{words.replace(" ", "+")}"').content)
    turned = " ".join(reversed(words.split()))
    assert "Nothing here has all" in text(client.get(f'/search/?q="{turned.replace(" ", "+")}"').content)


def test_unfinished_last_word_finds_headlines_and_names(world: World, client: Client) -> None:
    assert "Slipway 0" in text(client.get("/search/?q=slipw&type=articles").content)
    assert "Bram Oakley" in text(client.get("/search/?q=bram+oakl&type=speakers").content)


@pytest.mark.parametrize("typed", ["passpo", "the passpo", '"no grey" passpo', "PASSPÖ"])
def test_unfinished_last_word_finds_any_word_of_articles_and_quotes(db: None, client: Client, typed: str) -> None:
    for year in (2024, 2026, 2025):
        at = datetime(year, 3, 1, tzinfo=UTC)
        article = make_article(f"Queue {year}", body="They gave out no grey passports at the quay.", published_at=at)
        make_quote(f"No grey passports in {year}, the clerks say.", article=article, said_on=at.date())
    hidden = make_article("A draft", body="No grey passports, the draft says.", state="draft")
    make_quote("No grey passports here, the draft says.", article=hidden)
    for kind in ("articles", "quotes"):
        for sort, years in (("newest", "2026 2025 2024"), ("oldest", "2024 2025 2026"), ("best", "2026 2025 2024")):
            query = urlencode({"q": typed, "type": kind, "sort": sort})
            results = _results(client, f"/search/?{query}")
            assert " ".join(re.findall(r"20\d\d", result)[0] for result in results) == years
        content = client.get("/search/", {"q": typed, "type": kind}).content
        assert "<mark>passports</mark>" in content.decode()
        assert 'tabs__count">3<' in content.decode()
        for link, number in _numbers(content).items():
            assert client.get(f"/search/{link}").content.decode().count('<li class="result"') == number, link
    assert len(_results(client, f"/search/?{urlencode({'q': typed})}")) == 6
    assert client.get("/search/suggest", {"q": typed}).json() == []


def test_what_only_begins_so_is_left_out_where_anything_has_the_whole_words(db: None, client: Client) -> None:
    make_quote("No passports do last, the clerks say.", article=make_article("Queue", body="They last."))
    for address in ("/search/?q=passpor", "/search/?q=passpor&type=quotes"):
        assert len(_results(client, address)) == 1
        assert ">1</span>" in client.get(address).content.decode()
    assert b"No passports" in client.get("/search/feed.rss?q=passpo").content
    make_article("Passpo towns", body="The passpo is old.")
    for address in ("/search/?q=passpo", "/search/?q=passpo&type=articles"):
        assert len(_results(client, address)) == 1, address
    assert _results(client, "/search/?q=passpo&type=quotes") == []
    assert b"clerks" not in client.get("/search/feed.rss?q=passpo").content


def test_whole_words_are_not_taken_for_beginnings_where_a_choice_leaves_none(db: None, client: Client) -> None:
    make_article("Queue", body="Passports.", topics=("Ferries",))
    assert len(_results(client, "/search/?q=passpo&type=articles&topic=ferries")) == 1
    assert _results(client, "/search/?q=passpo&type=articles&topic=cranes") == []
    make_article("Passpo in a draft", state="draft")
    assert len(_results(client, "/search/?q=passpo&type=articles&topic=ferries")) == 1
    make_article("Passpo", topics=("Cranes",))
    assert _results(client, "/search/?q=passpo&type=articles&topic=ferries") == []


@pytest.mark.parametrize("typed", ["pa", "zz passpo qq", "sport", '"grey passpo"'])
def test_what_is_too_short_or_no_beginning_finds_no_text(db: None, client: Client, typed: str) -> None:
    make_quote("No grey passports here.", article=make_article("Queue", body="No grey passports here."))
    assert _results(client, f"/search/?{urlencode({'q': typed})}") == []


def test_a_search_for_beginnings_of_every_kind_asks_no_more_than_others(db: None, client: Client) -> None:
    for number in range(3):
        article = make_article(f"Queue {number}", body="Passports.", topics=("Quays",))
        make_quote(f"Passports {number}.", article=article, speaker=make_speaker(f"Passporter {number}"))
    for query in ("", "&type=articles", "&type=quotes", "&type=quotes&kind=direct", "&type=articles&topic=quays"):
        with CaptureQueriesContext(connection) as captured:
            assert len(_results(client, f"/search/?q=passpo{query}")) >= 3
        assert len(captured) <= 8, query


def test_names_and_headlines_are_proposed_while_somebody_types(world: World, client: Client) -> None:
    assert client.get("/search/suggest?q=bram+oa").json() == ["Bram Oakley 0"]
    assert client.get("/search/suggest?q=slipw").json() == ["Slipway 0 stays shut"]
    assert client.get("/search/suggest?q=%3F").json() == client.get("/search/suggest").json() == []


def test_quotes_are_found_by_who_said_them(world: World, client: Client) -> None:
    assert world.quotes[0].text in text(client.get("/search/?q=oakley&type=quotes").content)


ACCENTS = ["Søren Ødegård", "soren odegard", "SOREN ØDEGARD", "So\u0308ren", "sören ödegard", '"soren odegard"']


@pytest.mark.parametrize("typed", ACCENTS)
def test_accents_make_no_difference(db: None, client: Client, typed: str) -> None:
    article = make_article("Mayor Søren Ødegård opens the Straße")
    make_quote("Ça va très bien.", speaker=make_speaker("Søren Ødegård"), article=article)
    content = client.get("/search/", {"q": typed}).content.decode()
    assert "<mark>Søren</mark>" in content
    for kind in ("articles", "quotes", "speakers"):
        assert "ren</mark>" in client.get("/search/", {"q": typed, "type": kind}).content.decode()


@pytest.mark.parametrize("typed", ["strasse", "straße", "oppnar", "öppnar", "kyiw", "її"])
def test_letters_are_found_by_their_plain_forms_and_marked(db: None, client: Client, typed: str) -> None:
    make_article("Straße öppnar Kyiw її")
    assert re.search("<mark>[^<]+</mark>", client.get("/search/", {"q": typed}).content.decode())


def _numbers(content: bytes) -> dict[str, int]:
    """The links to narrow down by, and the numbers beside them."""
    links = re.findall(
        r'<a href="([^"]*(?:publisher|year|type|speaker|topic|kind)=[^"]*)"[^>]*>(?:(?!</a>).)*?_count">(\d+)',
        content.decode(),
    )
    return {unescape(link): int(number) for link, number in links if "page=" not in link}


@pytest.mark.parametrize("kind", ["articles", "quotes"])
def test_numbers_beside_choices_are_those_of_their_results(db: None, client: Client, kind: str) -> None:
    papers = [make_publisher("The Harbour Post"), make_publisher("The Evening Tide"), None]
    speakers = [make_speaker("Ida Fenn"), make_speaker("Olle Rask"), None]
    for number in range(9):
        at = datetime(2022 + number % 4, 3, 1, tzinfo=UTC)
        topics = ("Cranes", "Ports") if number % 2 else ("Cranes",)
        article = make_article(f"Crane {number}", publisher=papers[number % 3], published_at=at, topics=topics)
        who = {"speaker": speakers[number % 3], "kind": "indirect" if number % 4 else "direct"}
        make_quote(f"The crane {number} is old.", article=article, said_on=at.date(), **who)
    make_article("Crane in a draft", state="draft", publisher=papers[0])
    make_article("Crane without a date", publisher=papers[0], published_precision="unknown")
    make_quote("A crane alone.", alone=True, document=make_document("A crane alone.", publisher=papers[1]))
    numbers = _numbers(client.get(f"/search/?q=crane&type={kind}").content)
    assert len([link for link in numbers if "publisher=" in link]) == 2
    assert len([link for link in numbers if "year=" in link]) >= 4
    others = {"articles": ["topic=cranes", "topic=ports"], "quotes": ["speaker=ida-fenn", "speaker=olle-rask", "kind="]}
    assert [part for part in others[kind] if not any(part in link for link in numbers)] == []
    for link, number in numbers.items():
        narrowed = client.get(f"/search/{link}").content
        assert narrowed.decode().count('<li class="result"') == number, link
        for further, fewer in _numbers(narrowed).items():
            if "type=" + kind in further:
                assert client.get(f"/search/{further}").content.decode().count('<li class="result"') == fewer, further


def test_of_what_is_chosen_the_others_are_not_shown(db: None, client: Client) -> None:
    for number in range(15):  # the one that is chosen is not among the first of as many that all results have
        make_topic(f"A topic {number}")
    make_article("Crane", topics=("Zebras", *(f"A topic {number}" for number in range(15))))
    make_article("Crane again", topics=("Ports",))
    shown = client.get("/search/?q=crane&type=articles&topic=zebras").content.decode()
    topics = shown.partition("Topic</h3>")[2].partition("</ul>")[0]
    assert re.findall(r'<span dir="auto">([^<]*)</span>', topics) == ["Zebras"]
    assert 'aria-current="true"' in topics
    assert "All topics" in topics


def test_results_are_sorted_by_date_either_way(db: None, client: Client) -> None:
    for year in (2024, 2022, 2026):
        make_article(f"Crane of {year}", published_at=datetime(year, 3, 1, tzinfo=UTC))
    for sort, years in (("", "2026 2024 2022"), ("&sort=oldest", "2022 2024 2026"), ("&sort=x", "2026 2024 2022")):
        shown = client.get(f"/search/?q=crane&type=articles{sort}").content.decode()
        assert " ".join(re.findall(r"</mark> of (\d+)</a>", shown)) == years


@pytest.mark.parametrize("kind", ["articles", "quotes"])
def test_best_match_comes_first_and_nothing_is_lost(db: None, client: Client, kind: str) -> None:
    for number in range(3):
        passing = make_article(f"Boats {number}", body=f"{'The quay was full and the day was long. ' * 9}A crane.")
        make_quote(f"{'We waited for hours and hours in the rain, ' * 4}crane {number}", article=passing)
    make_article("Crane, crane, crane", body="Crane.", published_at=datetime(2020, 1, 1, tzinfo=UTC))
    make_quote("Crane, crane!", alone=True, said_on=datetime(2020, 1, 1, tzinfo=UTC).date())
    newest = _results(client, f"/search/?q=crane&type={kind}")
    best = _results(client, f"/search/?q=crane&type={kind}&sort=best")
    assert sorted(best) == sorted(newest)
    assert "Crane, crane" in best[0]
    assert "Crane, crane" not in newest[0]


def _results(client: Client, address: str) -> list[str]:
    pieces = client.get(address).content.decode().split('<li class="result"')[1:]
    return [" ".join(re.sub("<[^>]+>", "", piece.partition("</li>")[0].partition(">")[2]).split()) for piece in pieces]


def test_words_half_remembered_bring_the_quote(db: None, client: Client) -> None:
    wanted = make_quote("I never thought I would hear that horn again over the harbour")
    make_quote("The harbour is closed")
    hidden = make_article('"We hear the horn in the harbour," he said.', state="draft")
    make_quote("We hear the horn in the harbour", article=hidden)
    for kind in ("", "quotes"):
        typed = {"q": "I never believed I would hear the old horn of the harbour", "type": kind}
        found = _results(client, f"/search/?{urlencode(typed)}")
        assert len(found) == 1, kind
        assert wanted.text in found[0]


@pytest.mark.parametrize("typed", ["horn trumpet", "they would hardly", "horn trumpet bassoon viola"])
def test_words_that_are_too_few_or_mostly_wrong_bring_no_quote(db: None, client: Client, typed: str) -> None:
    make_quote("I never thought I would hear that horn again over the harbour")
    assert _results(client, f"/search/?{urlencode({'q': typed})}") == []


@pytest.mark.parametrize("typed", ["Brem Okley", "oaklay", "bram oakeley", "Oakly"])
def test_name_that_is_mistyped_brings_the_nearest(db: None, client: Client, typed: str) -> None:
    make_quote(speaker=make_speaker("Bram Oakley"))
    hidden = make_speaker("Bram Oakleigh")
    make_quote(speaker=hidden, article=make_article(state="draft"))
    content = client.get("/search/", {"q": typed}).content
    assert "Did you mean Bram Oakley Try" in text(content)
    assert "Oakleigh" not in text(content)


def test_nearest_name_may_begin_with_an_accent(db: None, client: Client) -> None:
    make_quote(speaker=make_speaker("Søren Ødegård"))
    assert "Did you mean Søren Ødegård" in text(client.get("/search/?q=odegart").content)


def test_name_that_is_nothing_like_any_brings_none(world: World, client: Client) -> None:
    assert "Did you mean" not in text(client.get("/search/?q=xylophone").content)


@pytest.mark.parametrize(
    "address",
    [
        "/search/?q=slipway",
        "/search/?q=slipway&type=quotes",
        "/speakers/?q=bram",
        "/search/feed.rss?q=a",
        "/search/suggest?q=a",
    ],
)
def test_broken_index_is_told_in_plain_words(
    world: World, client: Client, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(execute: Any, sql: str, *rest: Any) -> Any:
        if "modelsearch" in sql:
            raise OperationalError("no such table: modelsearch_indexentry_fts")
        return execute(sql, *rest)

    with connection.execute_wrapper(refuse):
        response = client.get(address)
        assert client.get("/search/").status_code == client.get("/speakers/").status_code == 200
    assert response.status_code == 503
    assert "Search is out of order" in text(response.content)
    assert faults(response.content) == []
    assert "no such table" not in response.content.decode()
    assert "rebuild_modelsearch_index" in caplog.text
    assert "public" not in response["Cache-Control"]


def test_hits_are_marked(world: World, client: Client) -> None:
    assert "<mark>Slipway</mark> 0" in client.get("/search/?q=slipway").content.decode()


def test_nothing_typed_explains_what_to_type(db: None, client: Client) -> None:
    assert "Type a name" in text(client.get("/search/").content)
    assert "There is no word in what you typed" in text(client.get("/search/?q=%3F%21").content)


def test_results_are_paged(db: None, client: Client) -> None:
    for number in range(25):
        make_article(f"Crane {number} stops")
    content = client.get("/search/?q=crane&type=articles").content
    assert "Page 1" in text(content)
    assert "Page 2" in text(client.get("/search/?q=crane&type=articles&page=2").content)


def test_long_query_is_cut() -> None:
    assert len(read("word " * 1000).text) <= MAX_LENGTH
    assert len(read(" ".join(f"w{number}" for number in range(100))).words) == MAX_WORDS


@given(st.text())
def test_any_text_reads_as_a_search(typed: str) -> None:
    search = read(typed)
    assert all(word and not set(word) & set("\x00\"'*():") for word in search.words)
    assert (search.query is None) == (not search.words)


def test_excerpt_is_cut_between_words() -> None:
    assert excerpt("one two three four", 12) == "one two…"
    assert excerpt("one\n two", 12) == "one two"
    assert excerpt("x" * 30, 10) == "x" * 10 + "…"


def test_page_repeats_no_more_of_what_was_typed_than_is_searched_for(world: World, client: Client) -> None:
    for kind in ("", "&type=quotes"):
        content = client.get(f"/search/?q=slipway+{'mole+' * 1000}{kind}").content
        assert content.count(b"mole") < 2000
        assert b"mole+" * 50 not in content
