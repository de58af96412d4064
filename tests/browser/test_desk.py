"""An editor's shift on the desk, in a real browser, and no rule of accessibility broken on the pages that are our own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from articles import mergers, proposals
from articles.models import Article, Merger
from newsroom import uploads
from newsroom.ingest.jobs import Asked
from newsroom.models import ImportRun
from quotes.models import Quote, SpeakerSuggestion
from tests.browser.test_accessibility import AXE, RUN
from tests.factories import make_speaker

pytestmark = pytest.mark.browser

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
    newer = proposals.Proposal(article, article.document, {"headline": "A newer one"}, {"headline": article.headline})
    proposals.propose([newer])
    pages = {
        "front page": "",
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
        "account": f"auth/user/{chief.pk}/change/",
        "password": "password_change/",
    }
    state = desk.context.storage_state()
    found = {}
    for width, scheme in ((1280, "light"), (390, "dark")):
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, storage_state=state
        )
        window = context.new_page()
        for name, path in pages.items():
            window.goto(f"{live_server.url}/admin/{path}")
            window.evaluate(AXE)
            serious = RUN.replace(
                "result.violations", "result.violations.filter(one => /serious|critical/.test(one.impact))"
            )
            if violations := window.evaluate(serious):
                found[f"{name}, {width}, {scheme}"] = violations
            if window.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found[f"{name}, {width}: width"] = ["wider than the window"]
        context.close()
    assert found == {}, "\n".join(f"{page}: {rules}" for page, rules in found.items())
