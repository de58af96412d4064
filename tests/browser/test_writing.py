"""Writing on the desk in a real browser: what buttons say while one types, dragging, and a session that ends midway."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Page, expect

from articles.models import Article, CuratedList
from tests.browser.login import PASSWORD, log_in
from tests.browser.test_accessibility import AXE, RUN
from tests.factories import make_article, make_list, make_quote

pytestmark = pytest.mark.browser
SERIOUS = RUN.replace("result.violations", "result.violations.filter(r => /serious|critical/.test(r.impact))")
LOOKS = os.environ.get("NEWSROOM_LOOKS")  # a folder, to look at the pages


def a_draft() -> Article:
    body = 'The tide came in at six.\n\n"We will open the slipway when it is safe," Mara Quill said on the quay.'
    article = make_article("Slipway stays shut", body=body, state="draft", published_at=None)
    make_quote("We will open the slipway when it is safe,", article=article)
    make_quote("The boats wait", article=article, start=None, end=None)
    return article


def test_an_article_goes_out_by_a_button_that_says_when(desk: Page, live_server: Any, complaints: list[str]) -> None:
    article = a_draft()
    form = f"{live_server.url}/admin/articles/article/{article.pk}/change/"
    desk.goto(form)
    expect(desk.get_by_role("heading", name="Before it is published")).to_be_visible()
    expect(desk.get_by_role("button", name="Publish now anyway")).to_be_visible()
    desk.get_by_label("Standfirst").fill("Typed, not saved.")
    with desk.context.expect_page() as opened:
        desk.get_by_role("button", name="Preview").click()
    preview = opened.value
    expect(preview.get_by_text("Typed, not saved.")).to_be_visible()
    expect(preview.locator(".story__body mark")).to_have_count(1)
    preview.close()
    desk.locator("#id_published_at_0").fill("2077-11-22")
    desk.locator("#id_published_at_1").fill("09:00:00")
    desk.get_by_role("button", name="Schedule for Mon 22 Nov 2077 09:00 UTC").click()
    # The standfirst is not empty any more: what there is to know has changed, so it is shown once more.
    desk.get_by_role("button", name="Schedule for Mon 22 Nov 2077 09:00 UTC anyway").click()
    expect(desk.get_by_text("Scheduled: it appears on Mon 22 Nov 2077 09:00 UTC.")).to_be_visible()
    desk.goto(form)
    desk.locator("#id_published_at_0").fill("2026-11-01")
    expect(desk.get_by_role("button", name="Save, and publish now")).to_be_visible()
    desk.get_by_role("button", name="Publish now", exact=True).click()
    expect(desk.get_by_text("Published: readers see it as it is now.")).to_be_visible()
    desk.goto(form)
    desk.get_by_role("link", name="Withdraw…").click()
    desk.get_by_label("Reason").fill("The figures were wrong.")
    desk.get_by_role("button", name="Withdraw it").click()
    assert desk.goto(f"{live_server.url}{article.get_absolute_url()}").status == 410
    expect(desk.get_by_text("The figures were wrong.")).to_be_visible()
    assert [words for words in complaints if "410" not in words] == []


@pytest.mark.parametrize("scripts", [True, False])
def test_what_was_typed_survives_the_end_of_the_session(
    live_server: Any, chief: User, chromium: Any, scripts: bool
) -> None:
    article = a_draft()
    context = chromium.new_context(java_script_enabled=scripts)
    window = context.new_page()
    window.goto(f"{live_server.url}/admin/articles/article/{article.pk}/change/")
    log_in(window)
    window.get_by_label("Body").fill("An evening’s work.\n\nIts second paragraph.")
    Session.objects.all().delete()
    window.get_by_role("button", name="Save draft").click()
    log_in(window)
    expect(window.get_by_text("You had been logged out.")).to_be_visible()
    expect(window.get_by_label("Body")).to_have_value("An evening’s work.\n\nIts second paragraph.")
    window.get_by_role("button", name="Save draft").click()
    expect(window.get_by_text("Saved as a draft.")).to_be_visible()
    article.refresh_from_db()
    assert article.text == "An evening’s work.\nIts second paragraph."
    context.close()


def kept_by_the_browser(window: Page) -> list[str]:
    return window.evaluate("Object.keys(localStorage).filter(key => key.startsWith('newsroom:typed:'))")


def until_kept(window: Page, number: int) -> None:
    """Wait until the browser keeps so many forms; the page's policy lets no other script wait for it."""
    for _ in range(50):
        if len(kept_by_the_browser(window)) == number:
            return
        window.wait_for_timeout(100)
    assert len(kept_by_the_browser(window)) == number


def test_what_was_not_saved_is_kept_by_the_browser_and_offered_until_it_is_saved(
    desk: Page, live_server: Any, complaints: list[str]
) -> None:
    article = a_draft()
    form, asked = f"{live_server.url}/admin/articles/article/{article.pk}/change/", []
    desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    desk.goto(form)
    desk.get_by_label("Standfirst").fill("Typed at deadline.")
    until_kept(desk, 1)
    desk.goto(f"{live_server.url}/admin/")
    assert asked == ["beforeunload"]
    desk.goto(form)
    expect(desk.get_by_label("Standfirst")).not_to_have_value("Typed at deadline.")
    expect(desk.get_by_text("and did not save: Standfirst.")).to_be_visible()
    desk.get_by_role("button", name="Put it back").click()
    expect(desk.get_by_label("Standfirst")).to_have_value("Typed at deadline.")
    with desk.expect_navigation():
        desk.keyboard.press("Control+s")
    expect(desk.get_by_text("Saved as a draft.")).to_be_visible()
    article.refresh_from_db()
    assert article.standfirst == "Typed at deadline."
    until_kept(desk, 0)
    desk.get_by_label("Standfirst").fill("Never mind.")
    until_kept(desk, 1)
    desk.goto(form)
    assert complaints == []
    desk.evaluate(AXE)  # whose own style the policy refuses, which is a complaint
    assert desk.evaluate(SERIOUS) == []
    desk.get_by_role("button", name="Forget it").click()
    assert kept_by_the_browser(desk) == []
    assert asked == ["beforeunload"] * 2
    desk.goto(f"{live_server.url}/admin/")  # nothing was touched: nobody is asked
    assert asked == ["beforeunload"] * 2


def test_what_a_browser_kept_goes_when_its_owner_logs_out(desk: Page, live_server: Any) -> None:
    desk.on("dialog", lambda dialog: dialog.accept())
    desk.goto(f"{live_server.url}/admin/articles/article/add/")
    desk.get_by_label("Headline").fill("For my eyes only")
    until_kept(desk, 1)
    desk.get_by_role("button", name="Log out").click()
    expect(desk.get_by_text("Thanks for spending some quality time")).to_be_visible()
    assert kept_by_the_browser(desk) == []


def test_what_is_dropped_after_a_login_is_not_offered_again(desk: Page, live_server: Any) -> None:
    asked: list[str] = []
    desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    desk.goto(f"{live_server.url}/admin/articles/article/{a_draft().pk}/change/")
    desk.get_by_label("Standfirst").fill("Never mind.")
    until_kept(desk, 1)
    Session.objects.all().delete()
    desk.get_by_role("button", name="Save draft").click()
    log_in(desk)
    desk.get_by_role("link", name="Drop it and show what is stored").click()
    expect(desk.get_by_label("Standfirst")).not_to_have_value("Never mind.")
    expect(desk.get_by_text("This browser kept")).to_have_count(0)
    assert asked == []


def test_a_key_saves_but_makes_nothing_public(desk: Page, live_server: Any) -> None:
    article = make_article("Ferry line opens early", published_at=timezone.now() + timedelta(days=300))
    desk.on("dialog", lambda dialog: dialog.accept())
    desk.goto(f"{live_server.url}/admin/articles/article/{article.pk}/change/")
    desk.locator("#id_published_at_0").fill("2020-11-01")
    saving = desk.get_by_role("button", name="Save, and publish now")
    desk.keyboard.press("Control+s")
    expect(saving).to_be_focused()
    article.refresh_from_db()
    assert article.published_at > timezone.now()


def test_marks_are_set_by_button_and_by_key_and_can_be_undone(desk: Page, live_server: Any) -> None:
    desk.goto(f"{live_server.url}/admin/articles/article/add/")
    desk.on("dialog", lambda dialog: dialog.accept())
    body = desk.get_by_label("Body")
    body.fill("The tide came in.\nIt left at six.")
    expect(desk.get_by_text("8 words")).to_be_visible()
    body.press("Control+Home")
    body.press("Shift+End")
    body.press("Control+b")
    expect(body).to_have_value("**The tide came in.**\nIt left at six.")
    body.press("Control+b")  # what it put in is still chosen: it takes the marks off again
    body.press("Control+z")
    body.press("Control+End")
    desk.get_by_role("button", name="Quotation").click()
    expect(body).to_have_value("**The tide came in.**\n> It left at six.")
    body.press("Control+End")
    body.press("Control+k")
    expect(body).to_have_value("**The tide came in.**\n> It left at six.[words](https://)")


def test_there_is_room_to_write_on_a_phone(desk: Page, live_server: Any) -> None:
    desk.set_viewport_size({"width": 390, "height": 800})
    desk.goto(f"{live_server.url}/admin/articles/article/add/")
    assert desk.get_by_label("Body").bounding_box()["height"] > 400


def test_a_list_is_put_in_order_by_dragging(desk: Page, live_server: Any, complaints: list[str]) -> None:
    curated = make_list("Weekend reads", headlines=("One", "Two", "Three"))
    desk.goto(f"{live_server.url}/admin/articles/curatedlist/{curated.pk}/change/")
    grips = desk.locator("fieldset.sortable td.original p")
    expect(grips.nth(2)).to_be_visible()
    grips.nth(2).drag_to(grips.nth(0))
    expect(desk.locator("#items-2 ._reorder_")).to_have_value("1")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.get_by_text("was changed successfully")).to_be_visible()
    assert list(curated.items.values_list("headline", flat=True)) == ["Three", "One", "Two"]
    assert complaints == []


def test_axe_finds_nothing_where_editors_write(desk: Page, live_server: Any, chromium: Any) -> None:
    live = make_article("Ferry line opens early")
    make_list("Most read", headlines=("Ferry line opens early", "Never printed"), managed_by="import",
              as_of=timezone.now())  # fmt: skip
    chosen = make_list("Most read", headlines=("Ferry line opens early", "Another"),
                       appears_at=timezone.now() + timedelta(days=1))  # fmt: skip
    draft = a_draft()
    pages = {
        "draft": f"admin/articles/article/{draft.pk}/change/",
        "new": "admin/articles/article/add/",
        "live": f"admin/articles/article/{live.pk}/change/",
        "withdraw": f"admin/articles/article/{live.pk}/withdraw/",
        "preview": f"admin/articles/article/{draft.pk}/preview/",
        "list": f"admin/articles/curatedlist/{chosen.pk}/change/",
        "lists": "admin/articles/curatedlist/",
        "item": f"admin/articles/curatedlistitem/{CuratedList.objects.get(pk=chosen.pk).items.last().pk}/change/",
    }
    other = User.objects.create_superuser("mara", password=PASSWORD, first_name="Mara", last_name="Quill")
    from articles import presence

    presence.enter(draft, other)
    state = desk.context.storage_state()
    found = {}
    for width, scheme in ((1280, "light"), (390, "dark")):
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, storage_state=state
        )
        window = context.new_page()
        for name, path in pages.items():
            window.goto(f"{live_server.url}/{path}")
            window.evaluate(AXE)
            if LOOKS:
                window.screenshot(path=Path(LOOKS) / f"{name}-{width}.png", full_page=True)
            if violations := window.evaluate(SERIOUS):
                found[f"{name}, {width}, {scheme}"] = violations
            if window.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found[f"{name}, {width}: width"] = ["wider than the window"]
        context.close()
    assert found == {}, "\n".join(f"{page}: {rules}" for page, rules in found.items())
