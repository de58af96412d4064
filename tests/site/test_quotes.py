"""Quotes and speakers, as readers see them."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from quotes.models import Position, Quote
from tests.factories import make_article, make_document, make_publisher, make_quote, make_speaker
from tests.site.html import read, text
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
    assert "The article they come from is not here" in _page(client, world.quotes[-1])


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


def test_page_of_an_unnamed_source_does_not_make_one_person_of_it(db: None, client: Client) -> None:
    speaker = make_speaker("a harbour official", kind="unnamed")
    make_quote(speaker=speaker)
    assert "may be the words of different people" in text(client.get(speaker.get_absolute_url()).content)


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
    assert "The article they come from is not here." in _page(client, elsewhere)


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
