"""An editor's shift on the desk, in a real browser, and no rule of accessibility broken on the pages that are our own."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.db.models import F
from playwright.sync_api import Page, expect

from articles import decisions, deletions, mergers, proposals
from articles.models import Article, CuratedListItem, Deletion, Merger, StateDecision
from newsroom import uploads
from newsroom.ingest.jobs import Asked
from newsroom.models import ImportRun
from quotes.models import Quote, Speaker, SpeakerSuggestion
from tests.browser.test_accessibility import AXE, RUN
from tests.factories import make_article, make_list, make_quote, make_speaker, make_topic

pytestmark = pytest.mark.browser

Act = StateDecision.Act
LOOKS = ((1280, "light"), (390, "dark"))
# Longer than a box that scrolls.
LONG = "\n\n".join(f"The tide came in for the {number}th time." for number in range(60))
WRITTEN = '"The lock is shut," said Ines Harrow.'
SERIOUS = RUN.replace("result.violations", "result.violations.filter(one => /serious|critical/.test(one.impact))")
SAMPLE = Path(settings.BASE_DIR) / "newsroom" / "samples" / "tram-vote.txt"


def upload(desk: Page, address: str) -> ImportRun:
    desk.goto(f"{address}/admin/newsroom/importrun/")
    desk.get_by_role("link", name="Upload a dump").click()
    desk.get_by_label("File").set_input_files(SAMPLE)
    desk.get_by_role("button", name="Show what would come of it").click()
    expect(desk.get_by_role("heading", name="What would be made")).to_be_visible()
    assert not Article.objects.exists()
    desk.get_by_role("button", name=re.compile("^Import 1 document")).click()
    expect(desk.get_by_text("is done. It can be undone here.")).to_be_visible()
    return ImportRun.objects.get()


def test_a_dump_is_uploaded_reviewed_with_one_key_a_quote_and_taken_back(
    desk: Page, live_server: Any, complaints: list[str]
) -> None:
    run = upload(desk, live_server.url)
    quotes = Quote.objects.count()
    assert quotes >= 3
    desk.goto(f"{live_server.url}/admin/quotes/quote/review/")
    presses = 0
    while desk.locator("[data-review]").count():
        with desk.expect_navigation():
            desk.keyboard.press("a")
        presses += 1
    assert presses == quotes
    assert set(Quote.objects.values_list("review_state", flat=True)) == {"verified"}
    with desk.expect_navigation():
        desk.keyboard.press("u")
    expect(desk.get_by_text("Undone: 1 quote is as before.")).to_be_visible()
    desk.keyboard.press("?")
    expect(desk.get_by_role("dialog", name="Keys")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("dialog", name="Keys")).to_be_hidden()
    with desk.expect_navigation():
        desk.keyboard.press("a")
    expect(desk.get_by_text("Every quote of this queue has been reviewed")).to_be_visible()
    desk.goto(f"{live_server.url}/admin/newsroom/importrun/{run.pk}/change/")
    expect(desk.get_by_role("link", name=re.compile("Undo"))).to_be_visible()
    assert complaints == []


def test_a_hundred_quotes_that_are_right_take_a_hundred_keys(desk: Page, live_server: Any) -> None:
    speakers = [make_speaker(f"Ada Morn {letter}") for letter in "ABCDE"]
    for number in range(20):
        said = [f"Boat {number}-{seat} left the quay before the tide turned." for seat in range(5)]
        paragraphs = [f'"{words}" {who.name} said.' for words, who in zip(said, speakers, strict=True)]
        article = make_article(body="\n\n".join(paragraphs))
        for words, who in zip(said, speakers, strict=True):
            make_quote(words, article=article, speaker=who, confidence=0.97)
    desk.goto(f"{live_server.url}/admin/quotes/quote/review/")
    presses = 0
    while desk.locator("[data-review]").count() and presses < 200:
        with desk.expect_navigation():
            desk.keyboard.press("a")
        presses += 1
    assert Quote.objects.filter(review_state="verified").count() == 100
    assert presses == 100


def test_a_new_speaker_is_made_and_a_doubt_is_explained_by_keyboard(desk: Page, live_server: Any) -> None:
    article = make_article(body='"Two boats," Ines Harrow said.\n\n"No boat," a clerk said.')
    made = make_quote("Two boats,", article=article, mention="Ines Harrow")
    doubted = make_quote("No boat,", article=article)
    desk.goto(f"{live_server.url}/admin/quotes/quote/review/")
    accept = desk.get_by_role("button", name="Accept")
    expect(accept).to_have_text("Accept without a speaker a")
    desk.keyboard.press("c")
    expect(desk.get_by_label("Or a new one")).to_have_value("Ines Harrow")
    expect(accept).to_have_text("Accept a", use_inner_text=True)
    desk.keyboard.press("Escape")
    expect(accept).to_have_text("Accept without a speaker a", use_inner_text=True)
    desk.keyboard.press("c")
    with desk.expect_navigation():
        desk.keyboard.press("Enter")
    made.refresh_from_db()
    assert (made.speaker.name, made.review_state) == ("Ines Harrow", "verified")
    with desk.expect_navigation():
        desk.keyboard.press("d")
    expect(desk.get_by_label("Note")).to_be_focused()
    desk.keyboard.type("The minutes say one.")
    with desk.expect_navigation():
        desk.keyboard.press("Control+Enter")
    doubted.refresh_from_db()
    assert (doubted.review_state, doubted.review_note) == ("disputed", "The minutes say one.")
    for _ in range(2):
        with desk.expect_navigation():
            desk.keyboard.press("u")
    assert not Speaker.objects.exists()


def test_what_takes_a_while_says_so_and_is_begun_once(desk: Page, live_server: Any) -> None:
    desk.goto(f"{live_server.url}/admin/newsroom/importrun/upload/")
    desk.evaluate("""() => {
      window.begun = 0;
      document.querySelector("form.upload").addEventListener("submit", (event) => {
        window.begun += !event.defaultPrevented;
        event.preventDefault();  // the server takes its time
      });
    }""")
    button = desk.get_by_role("button", name="Show what would come of it")
    button.click()
    expect(desk.get_by_text("It is being read.")).to_be_visible()
    button.click()
    assert desk.evaluate("window.begun") == 1


def looked_at(window: Page) -> list[str]:
    """What is wrong with the page as it is now: serious violations, and being wider than the window."""
    window.evaluate(AXE)
    too_wide = window.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*window.evaluate(SERIOUS), *(["wider than the window"] if too_wide else [])]


def test_axe_finds_nothing_on_our_own_pages_of_the_desk(
    desk: Page, chief: User, live_server: Any, chromium: Any
) -> None:
    run = upload(desk, live_server.url)
    article, quote = Article.objects.get(), Quote.objects.first()
    one, other = make_speaker("Harrow"), make_speaker("Ines Harrow")
    mergers.merge(make_speaker("I. Harrow"), other, editor=None)
    SpeakerSuggestion.objects.create(
        speaker=one, other=other, score=0.5, reasons=[["name", 0.5, "one ends as the other"]]
    )
    new = {"headline": "A newer one", "body": LONG}
    newer = proposals.Proposal(article, article.document, new, {"headline": article.headline, "body": article.body})
    proposals.propose([newer])
    pages = {
        "front page": "",
        "find": f"find/?q={article.headline.split()[0]}",
        "review": "quotes/quote/review/",
        "accept many": "quotes/quote/review/many/?confidence=0.5&rule=",
        "history": f"quotes/quote/{quote.pk}/history/",
        "compare": f"articles/article/{article.pk}/history/compare/",
        "merge": f"quotes/speaker/merge/?one={one.pk}&one={other.pk}",
        "merge with whom": f"quotes/speaker/merge/?one={one.pk}",
        "merger": f"articles/merger/{Merger.objects.get().pk}/change/",
        "upload": "newsroom/importrun/upload/",
        "run": f"newsroom/importrun/{run.pk}/change/",
        "undo": f"newsroom/importrun/{run.pk}/take-back/",
        "second factor": "second-factor/",
        "article": f"articles/article/{article.pk}/change/",
        "document": f"articles/rawdocument/{article.document_id}/change/",
        "preview of an upload": f"newsroom/importrun/upload/{uploads.keep('page.txt', SAMPLE.read_bytes(), Asked(), user=chief).pk}/",
        "nothing to review": "quotes/quote/review/?article=0",
        "review of a document": f"quotes/quote/review/?document={article.document_id}",
        "quote": f"quotes/quote/{quote.pk}/change/",
        "quotes": "quotes/quote/",
        "speaker": f"quotes/speaker/{other.pk}/change/",
        "speakers": "quotes/speaker/",
        "suggestions": "quotes/speakersuggestion/?state__exact=waiting",
        "new version": f"articles/proposedchange/{article.proposed_changes.get().pk}/change/",
        "articles": "articles/article/",
        "topics": "articles/topic/",
        "delete": f"articles/article/{article.pk}/delete/",
        "runs": "newsroom/importrun/",
        "document of a run": f"newsroom/rundocument/{run.documents.get().pk}/change/",
        "log": "admin/logentry/",
        "look for quotes": f"quotes/quote/look/{make_article(body=WRITTEN).pk}/",
        "account": f"auth/user/{chief.pk}/change/",
        "password": "password_change/",
    }
    state = desk.context.storage_state()
    found = {}
    for width, scheme in LOOKS:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, storage_state=state
        )
        window = context.new_page()
        for name, path in pages.items():
            window.goto(f"{live_server.url}/admin/{path}")
            if violations := looked_at(window):
                found[f"{name}, {width}, {scheme}"] = violations
        context.close()
    assert found == {}, "\n".join(f"{page}: {rules}" for page, rules in found.items())


def test_the_log_of_changes_fits_a_laptop(desk: Page, chief: User, live_server: Any) -> None:
    article = make_article("The council of the harbour town votes to close the old swing bridge for eleven months")
    for words in ("Changed Headline, Standfirst, Body, Published at, Lead image and Correction.", "harbour" * 30):
        LogEntry.objects.log_actions(chief.pk, [article], CHANGE, change_message=words)
    desk.set_viewport_size({"width": 1280, "height": 900})
    desk.goto(f"{live_server.url}/admin/admin/logentry/")
    assert (
        desk.evaluate("(({scrollWidth, clientWidth}) => scrollWidth - clientWidth)(document.querySelector('.results'))")
        <= 0
    )


def choose(action: str) -> Callable[[Page], None]:
    """Run an action on all rows of a list."""

    def press(window: Page) -> None:
        window.locator("#action-toggle").check()
        window.locator("select[name=action]").select_option(action)
        with window.expect_navigation():
            window.locator("button[name=index]").click()

    return press


def clash(window: Page) -> None:
    """Save what somebody else has changed since it was opened."""
    Article.objects.filter(headline__startswith="Slipway").update(
        version=F("version") + 1, headline="Slipway is shut for longer", body=LONG
    )
    window.locator("#id_headline").fill("Slipway stays shut")
    window.locator("#id_body").fill("One line of mine.")
    with window.expect_navigation():
        window.get_by_role("button", name="Save draft").click()
    expect(window.get_by_role("heading", name=re.compile("^Two versions"))).to_be_visible()


def clash_of_rows(window: Page) -> None:
    """Save a list of which somebody else has deleted an item since it was opened."""
    CuratedListItem.objects.filter(list__title="Harbour reads").order_by("position").last().delete()
    window.locator("#id_description").fill("What they read.")
    with window.expect_navigation():
        window.get_by_role("button", name="Save", exact=True).click()
    expect(window.get_by_role("heading", name=re.compile("^Two versions"))).to_be_visible()


def test_axe_finds_nothing_where_several_are_decided_on_or_two_wrote_or_something_was_deleted(
    desk: Page, chief: User, live_server: Any, chromium: Any
) -> None:
    draft = make_article("Slipway stays shut", body="The tide came in.", state="draft", published_at=None)
    reads = make_list("Harbour reads", headlines=("Pier shut", "Tram opens"))
    make_article("Ferry runs late", standfirst="")
    make_quote("We wait for the tide.", speaker=make_speaker("Ines Harrow"))
    published = decisions.decide(
        Article.objects.filter(pk=make_article(state="draft").pk), decisions.Wish(Act.PUBLISH), editor=chief
    )
    gone = make_topic("Old quays")
    deletions.note([gone], editor=chief)
    pages: dict[str, tuple[str, str, Callable[[Page], None]]] = {
        "publish many": ("articles/article/?state=draft", "Publish these articles?", choose("publish_selected")),
        "schedule many": ("articles/article/?state=draft", "Schedule these articles?", choose("schedule_selected")),
        "withdraw many": ("articles/article/", "Withdraw these articles?", choose("withdraw_selected")),
        "file articles": ("articles/article/", "File these articles", choose("file_selected")),
        "file quotes": ("quotes/quote/", "File these quotes", choose("list_selected")),
        "give quotes away": ("quotes/quote/", "Who said these?", choose("give_selected")),
        "delete many": ("articles/topic/", "Are you sure", choose("delete_selected")),
        "undo many": (f"articles/article/many/{published.pk}/undo/", "Undo this?", lambda window: None),
        "deleted": ("articles/deletion/?kind=articles.topic", "Old quays", lambda window: None),
        "bring back": (f"articles/deletion/{Deletion.objects.get().pk}/change/", "Old quays", lambda window: None),
        "conflict": (f"articles/article/{draft.pk}/change/", "Slipway", clash),
        "conflict of rows": (f"articles/curatedlist/{reads.pk}/change/", "Pier shut", clash_of_rows),
    }
    state, found = desk.context.storage_state(), {}
    for width, scheme in LOOKS:
        view = {"width": width, "height": 900}
        context = chromium.new_context(viewport=view, color_scheme=scheme, storage_state=state)
        window = context.new_page()
        for name, (path, heading, press) in pages.items():
            window.goto(f"{live_server.url}/admin/{path}")
            press(window)
            expect(window.locator("#content")).to_contain_text(heading)
            if violations := looked_at(window):
                found[f"{name}, {width}, {scheme}"] = violations
        context.close()
    assert found == {}, "\n".join(f"{page}: {rules}" for page, rules in found.items())
