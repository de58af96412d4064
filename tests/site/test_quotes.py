"""Quotes and speakers, as readers see them."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from articles.models import Topic
from quotes import filters
from quotes.models import Position, Quote, TaggedQuote
from tests.factories import make_article, make_document, make_publisher, make_quote, make_speaker, make_topic
from tests.site.html import faults, read, text
from tests.site.world import World


def _page(client: Client, quote: Quote) -> str:
    return text(client.get(quote.get_absolute_url()).content)


def test_quote_page_shows_words_speaker_context_and_grounds(world: World, client: Client) -> None:
    quote = world.quotes[0]
    shown = _page(client, quote)
    assert f"“{quote.text}”" in shown
    for part in ("Bram Oakley 0", "harbour master of Merle", "The tide came in at six.", "In context", "How we know"):
        assert part in shown
    for part in ("The Harbour Post", "Direct quote", "Disputed", "High", "Cite this quote"):
        assert part in shown
    anchor = f"{quote.article.get_absolute_url()}#quote-{quote.pk}"
    assert anchor in read(client.get(quote.get_absolute_url()).content).links


def test_quote_page_tells_when_it_was_said_what_is_kept_and_when_it_was_judged(world: World, client: Client) -> None:
    quote = world.quotes[0]
    quote.reviewed_at = datetime(2026, 10, 9, 12, tzinfo=UTC)
    quote.save()
    shown = _page(client, quote)
    assert "Said 5 October 2026" in shown
    assert "Decided on 9 October 2026" in shown
    assert (
        f"Kept copy Archived on 5 October 2026 The page is kept as it came. Its SHA-256: {quote.article.document.sha256}"
        in shown
    )
    assert quote.document is None
    assert f"Its SHA-256: {world.quotes[-1].document.sha256}" in _page(client, world.quotes[-1])


def test_reported_speech_has_no_quotation_marks_and_says_what_it_is(world: World, client: Client) -> None:
    reported = world.quotes[1]
    shown = _page(client, reported)
    assert f"“{reported.text}" not in shown
    assert "Reported speech" in shown
    assert "Bram Oakley 0 added that the slipway would stay shut until the new year" in shown


def test_quote_without_a_speaker_says_so(db: None, client: Client) -> None:
    assert "Speaker not known" in _page(client, make_quote())


def test_how_sure_it_is_who_spoke_is_not_said_where_nobody_is_named(db: None, client: Client) -> None:
    shown = _page(client, make_quote(origin="import", confidence=0.97))
    assert "No speaker named" in shown
    assert "right speaker" not in shown
    entered = _page(client, make_quote(origin="editor"))
    assert "A person recorded this quote." in entered


def test_speaker_whom_an_editor_found_wrong_is_not_called_certain(db: None, client: Client) -> None:
    made = {"speaker": make_speaker(), "origin": "import", "confidence": 0.97}
    shown = _page(client, make_quote(review_state="misattributed", **made))
    assert "Overruled by an editor" in shown
    assert "right speaker" not in shown
    assert "right speaker" in _page(client, make_quote(**made))


def test_answer_without_quotation_marks_is_not_said_to_stand_in_them(db: None, client: Client) -> None:
    answer = make_quote("The tide did.", article=make_article(body="Q: Who won?\n\nA: The tide did.\n\nQ: Again?"))
    assert "without quotation marks, as answers in an interview do" in _page(client, answer)
    assert "The words stand in quotation marks in the source." in _page(client, make_quote())


def test_disputed_quote_carries_its_note(world: World, client: Client) -> None:
    assert "Note" in _page(client, world.quotes[0])


def test_note_of_an_undisputed_quote_stays_with_the_editors(db: None, client: Client) -> None:
    quote = make_quote(review_state="verified", review_note="Heard on tape")
    assert "Heard on tape" not in _page(client, quote)
    assert "An editor checked the words" in _page(client, quote)


def test_same_words_elsewhere_are_listed(db: None, client: Client) -> None:
    first = make_quote("The pier will be open by June.")
    second = make_quote("The pier will be open by June.")
    assert second.get_absolute_url() in read(client.get(first.get_absolute_url()).content).links


def test_quote_that_stands_alone_says_that_its_article_was_not_found(world: World, client: Client) -> None:
    assert "The article they come from was not found here" in _page(client, world.quotes[-1])


def test_quote_broken_by_its_attribution_shows_both_parts_and_not_the_attribution(db: None, client: Client) -> None:
    body = '"We counted the boats," Ida Fenn said, "and two were missing."'
    article = make_article(body=body)
    text_of = article.text
    start, end = text_of.index("We counted"), text_of.index('."') + 1
    segments = [[start, text_of.index('," Ida') + 1], [text_of.index("and two"), end]]
    quote = make_quote(text_of[start:end], article=article, segments=segments)
    assert "“We counted the boats … and two were missing.”" in _page(client, quote)


def test_words_that_go_on_in_a_new_paragraph_open_with_a_mark_again(db: None, client: Client) -> None:
    article = make_article(body='"We counted the boats.\n\n"Two were missing," Ida Fenn said.')
    whole = article.text
    second = whole.index("Two were")
    end = whole.index('," Ida') + 1
    words = whole[1:end]
    quote = make_quote(words, article=article, segments=[[1, whole.index("\n")], [second, end]])
    assert "“We counted the boats. “Two were missing”" in _page(client, quote)


@pytest.mark.parametrize(
    ("confidence", "word"), [(1.0, "High"), (0.9, "High"), (0.8, "Good"), (0.6, "Fair"), (0.59, "Low"), (0.0, "Low")]
)
def test_confidence_is_told_in_words(db: None, client: Client, confidence: float, word: str) -> None:
    assert f"Confidence {word}" in _page(
        client, make_quote(speaker=make_speaker(), confidence=confidence, origin="import")
    )


def test_quote_that_an_editor_entered_has_no_score(db: None, client: Client) -> None:
    assert "Entered by an editor" in _page(client, make_quote(confidence=0.2, origin="editor"))


def test_speaker_page_gathers_what_is_known(world: World, client: Client) -> None:
    speaker = world.speakers[0]
    Position.objects.create(speaker=speaker, title="Pilot", start="2020-01-01", end="2024-06-30", precision="year")
    shown = text(client.get(speaker.get_absolute_url()).content)
    for part in ("Bram Oakley 0", "Person", "2 quotes", "harbour master of Merle", "Pilot", "from 2020 to 2024"):
        assert part in shown
    assert world.articles[0].headline in shown
    assert "Slipways" in shown


def test_name_an_editor_entered_is_shown(world: World, client: Client) -> None:
    assert "B. Oakley 0" in text(client.get(world.speakers[0].get_absolute_url()).content)


def test_merged_speaker_redirects_for_good(world: World, client: Client) -> None:
    last = world.speakers[0]
    middle = make_speaker("Abraham Oakley", merged_into=last)
    first = make_speaker("Captain Oakley", merged_into=middle)
    response = client.get(first.get_absolute_url())
    assert (response.status_code, response["Location"]) == (301, last.get_absolute_url())


def test_merged_speaker_is_not_in_the_index(world: World, client: Client) -> None:
    make_speaker("Abraham Zander", merged_into=world.speakers[0])
    assert "Zander" not in text(client.get("/speakers/").content)


def test_page_of_an_unnamed_source_does_not_make_one_person_of_it(db: None, client: Client) -> None:
    speaker = make_speaker("a harbour official", kind="unnamed")
    make_quote(speaker=speaker)
    assert "may be the words of different people" in text(client.get(speaker.get_absolute_url()).content)


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
    quote = make_quote(said_precision="unknown")
    assert quote.text not in text(client.get("/quotes/").content)
    assert quote.text in text(client.get("/quotes/?date=unknown").content)


def test_quote_of_a_withdrawn_article_says_why_it_is_gone(db: None, client: Client) -> None:
    article = make_article(
        body='"The crane is safe," Ida Fenn said.', state="withdrawn", withdrawn_because="A forged letter."
    )
    quote = make_quote("The crane is safe,", article=article)
    response = client.get(quote.get_absolute_url())
    shown = text(response.content)
    assert response.status_code == 410
    assert "The article of this quote was withdrawn" in shown
    assert "A forged letter." in shown
    assert "crane" not in shown
    assert response["Surrogate-Key"] == f"site quote-{quote.pk} article-{article.pk}"
    answer = client.get(f"/api/v1/quotes/{quote.pk}")
    assert (answer.status_code, answer.json()["detail"]) == (410, "The article of this quote was withdrawn.")


def test_rejected_quote_says_that_it_was_taken_back(db: None, client: Client) -> None:
    quote = make_quote("The crane is safe,", review_state="rejected", review_note="The crane was never safe.")
    response = client.get(quote.get_absolute_url())
    shown = text(response.content)
    assert response.status_code == 410
    assert "This quote was taken back by an editor" in shown
    assert "crane" not in shown
    answer = client.get(f"/api/v1/quotes/{quote.pk}")
    assert (answer.status_code, answer.json()["detail"]) == (410, "This quote was taken back by an editor.")


@pytest.mark.parametrize("pk", ["0", "999999", "9223372036854775807", "9223372036854775808", "99999999999999999999999"])
def test_number_of_no_quote_is_not_found(db: None, client: Client, pk: str) -> None:
    assert client.get(f"/quotes/{pk}/").status_code == 404


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


def test_further_quotes_of_the_speaker_are_each_shown_once(db: None, client: Client) -> None:
    who = make_speaker("Mara Quill")
    shown = make_quote("We counted the boats.", speaker=who)
    for _printing in range(3):
        make_quote("The pier is closed to everybody.", speaker=who)
    assert _page(client, shown).count("“The pier is closed to everybody.”") == 1


def test_reported_words_are_cited_with_what_reports_them(world: World, client: Client) -> None:
    quote = next(quote for quote in world.quotes if quote.kind == Quote.Kind.INDIRECT)
    shown = _page(client, quote)
    assert f"Bram Oakley 0 added {quote.text}. (reported speech) — Bram Oakley 0" in shown
    assert f"“{world.quotes[0].text}” (disputed) — Bram Oakley 0" in _page(client, world.quotes[0])


def test_further_pages_are_of_the_list_that_the_first_is_of(db: None, client: Client) -> None:
    dated = {make_quote(f"We counted {number} boats.", said_on=date(2026, 3, 1)).text for number in range(30)}
    undated = make_quote("Nobody wrote down when.", said_on=date(2026, 3, 2), said_precision="unknown").text
    pages = [text(client.get(f"/quotes/?page={number}").content) for number in (1, 2)]
    assert all(sum(words in page for page in pages) == 1 for words in dated)
    assert not any(undated in page for page in pages)
    assert undated in text(client.get("/quotes/?kind=direct").content)
    assert undated not in text(client.get("/quotes/?kind=&topic=").content)  # a form with nothing chosen
    feed = client.get("/quotes/feed.json").content.decode()
    assert "boats" in feed
    assert undated not in feed


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


def test_teaser_leads_to_its_words_in_the_story_that_says_more_of_them(db: None, client: Client) -> None:
    speaker = make_speaker("Ida Fenn")
    body = "“It can’t float,” Fenn said on Monday. “It can hardly stand.”"
    words = "It can’t float,” Fenn said on Monday. “It can hardly stand."
    article = make_article(body=body)
    parts = [[1, 16], [article.text.rindex("“") + 1, len(article.text) - 1]]
    story = make_quote(words, article=article, speaker=speaker, segments=parts)
    make_quote("It can’t float. Nobody asked.", speaker=speaker)
    teaser = make_quote(
        "It can't float,", alone=True, speaker=speaker, document=make_document('"It can\'t float," Fenn said.')
    )
    response = client.get(teaser.get_absolute_url())
    assert f"{article.get_absolute_url()}#{story.anchor}" in read(response.content).links
    assert "was not found" not in text(response.content)
    elsewhere = make_quote("It can't float,", alone=True, speaker=make_speaker("Another Fenn"))
    assert "The article they come from was not found here." in _page(client, elsewhere)


def test_role_printed_once_in_an_article_is_shown_with_the_speakers_other_quotes(db: None, client: Client) -> None:
    article = make_article(
        body='"It rained," President Ida Fenn said.\n\n"It rained again," Fenn said.\n\n"No," Roe said.'
    )
    who = make_speaker("Ida Fenn")
    make_quote("It rained,", article=article, speaker=who, role="president")
    quote = make_quote("It rained again,", article=article, speaker=who)
    other = make_quote("No,", article=article, speaker=make_speaker("Adam Roe"))
    shown = _page(client, quote)
    assert "Ida Fenn president" in shown
    assert "— Ida Fenn , president ." in shown
    assert "Printed with another quote of the same speaker in the article." in shown
    answer = client.get("/oembed", {"url": f"http://testserver{quote.get_absolute_url()}"}).json()
    assert "Ida Fenn, president" in answer["html"]
    assert client.get(answer["thumbnail_url"]).status_code == 200
    assert client.get(f"/api/v1/quotes/{quote.pk}").json()["role"] == ""
    assert "president" not in _page(client, other).partition("In context")[0]


def test_quote_alone_is_cited_with_where_and_when_it_was_archived(db: None, client: Client) -> None:
    quote = make_quote(
        "We asked.", alone=True, document=make_document('"We asked." Fenn said.', publisher=make_publisher())
    )
    assert "In: The Harbour Post , a page archived on 5 October 2026 ." in _page(client, quote)
    assert "In: a page archived on 5 October 2026 ." in _page(client, make_quote("We asked twice.", alone=True))


@pytest.mark.parametrize("state", ["disputed", "misattributed"])
def test_doubt_goes_along_wherever_the_words_go(db: None, client: Client, state: str) -> None:
    words = "The crane is safe."
    article = make_article(body=f'"{words}" Ida Fenn said.')
    quote = make_quote(words, article=article, speaker=make_speaker("Ida Fenn"), review_state=state)
    page = client.get(quote.get_absolute_url()).content.decode()
    assert f'<meta property="og:title" content="Ida Fenn ({state})">' in page
    assert page.count(f'content="{state.title()}: “{words}”') == 3
    assert f"<title>Ida Fenn ({state}): “{words}”" in page
    for feed in ("rss", "atom", "json"):
        assert f"Ida Fenn ({state}): “{words}”" in client.get(f"/quotes/feed.{feed}").content.decode()
    oembed = client.get("/oembed", {"url": f"http://testserver{quote.get_absolute_url()}"}).json()
    assert oembed["title"] == f"{state.title()}: “{words}”"
    assert f">1 {state}</a>" in client.get(article.get_absolute_url()).content.decode()


def test_quote_that_nobody_doubts_says_nothing_of_doubt(db: None, client: Client) -> None:
    page = client.get(make_quote(speaker=make_speaker("Ida Fenn")).get_absolute_url()).content.decode()
    assert '<meta property="og:title" content="Ida Fenn">' in page
    assert "isputed" not in page


def test_feeds_of_a_page_of_everything_have_plain_addresses(db: None, client: Client) -> None:
    assert 'href="/quotes/feed.rss"' in client.get("/quotes/?page=2").content.decode()
    assert 'href="/quotes/feed.rss?kind=direct"' in client.get("/quotes/?kind=direct&page=2").content.decode()
