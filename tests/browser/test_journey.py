"""A reader's way through the site, in a real browser."""

import io
import re
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.factories import make_article
from tests.site.world import World, make_world

pytestmark = pytest.mark.browser

SHIFTS = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(entry => { sum += entry.value; }))
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 400);
})"""


def test_reader_goes_from_front_page_to_speaker(site: tuple[str, World], visit: Any, complaints: list[str]) -> None:
    address, world = site
    window = visit()
    window.goto(address)
    window.get_by_role("link", name=world.articles[0].headline).first.click()
    expect(window.get_by_role("heading", level=1)).to_have_text(world.articles[0].headline)
    quote = world.quotes[0]
    expect(window.locator(f"mark#quote-{quote.pk}")).to_contain_text(quote.text)
    window.locator(f"sup a[href='{quote.get_absolute_url()}']").click()
    expect(window).to_have_url(re.compile(quote.get_absolute_url()))
    expect(window.locator(".said__words")).to_contain_text(quote.text)
    window.get_by_role("link", name="Read it in the article").click()
    expect(window.locator(f"mark#quote-{quote.pk}")).to_be_in_viewport()
    window.get_by_role("list").get_by_role("link", name=quote.speaker.name).first.click()
    expect(window.get_by_role("heading", level=1)).to_have_text(quote.speaker.name)
    assert complaints == []


def test_first_tab_stop_skips_to_the_content(site: tuple[str, World], visit: Any) -> None:
    window = visit()
    window.goto(site[0])
    window.keyboard.press("Tab")
    skip = window.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    window.keyboard.press("Enter")
    expect(window.locator("#content")).to_be_focused()


def test_chosen_theme_stays_on_the_next_page(site: tuple[str, World], visit: Any, complaints: list[str]) -> None:
    window = visit()
    window.goto(site[0])
    toggle = window.get_by_role("button", name="Theme")
    shade = "getComputedStyle(document.documentElement).backgroundColor"
    light = window.evaluate(shade)
    toggle.click()
    toggle.click()
    expect(toggle).to_have_text("Theme: dark")
    assert window.evaluate(shade) != light
    window.goto(f"{site[0]}/quotes/")
    expect(window.get_by_role("button", name="Theme")).to_have_text("Theme: dark")
    assert window.evaluate(shade) != light
    window.get_by_role("button", name="Theme").click()
    expect(window.get_by_role("button", name="Theme")).to_have_text("Theme: auto")
    assert window.evaluate(shade) == light
    assert complaints == []


def test_citation_is_copied(site: tuple[str, World], visit: Any, complaints: list[str]) -> None:
    address, world = site
    window = visit()
    window.context.grant_permissions(["clipboard-read", "clipboard-write"])
    window.goto(f"{address}{world.quotes[0].get_absolute_url()}")
    window.get_by_role("button", name="Copy citation").click()
    expect(window.get_by_role("button", name="Copied")).to_be_visible()
    copied = window.evaluate("navigator.clipboard.readText()")
    assert world.quotes[0].text in copied
    assert world.quotes[0].get_absolute_url() in copied
    assert complaints == []


def test_embed_code_is_copied(site: tuple[str, World], visit: Any, complaints: list[str]) -> None:
    address, world = site
    window = visit()
    window.context.grant_permissions(["clipboard-read", "clipboard-write"])
    window.goto(f"{address}{world.quotes[0].get_absolute_url()}")
    window.get_by_role("button", name="Copy embed code").click()
    expect(window.get_by_role("button", name="Copied")).to_be_visible()
    copied = window.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("<blockquote cite=")
    assert f'<a href="{address}{world.quotes[0].get_absolute_url()}">' in copied
    assert complaints == []


def test_site_works_without_scripts(site: tuple[str, World], chromium: Any) -> None:
    address, world = site
    context = chromium.new_context(java_script_enabled=False)
    window = context.new_page()
    window.goto(f"{address}/search/?q=slipway")
    window.get_by_role("link", name=world.articles[0].headline).first.click()
    expect(window.get_by_role("heading", level=1)).to_have_text(world.articles[0].headline)
    expect(window.get_by_role("button", name="Theme")).to_be_hidden()
    context.close()


@pytest.mark.parametrize("width", [320, 2000])
def test_long_words_fit_into_every_page(live_server: Any, transactional_db: None, visit: Any, width: int) -> None:
    address, world = live_server.url, make_world(hostile=f" {'Donaudampfschiff' * 9}")
    window = visit(width)
    too_wide = []
    for name, path in world.addresses().items():
        window.goto(f"{address}{path}")
        if window.evaluate("document.documentElement.scrollWidth > innerWidth"):
            too_wide.append(name)
    assert too_wide == []


def test_nothing_jumps_while_a_page_loads(live_server: Any, transactional_db: None, visit: Any) -> None:
    article = make_article("Night boats are back", lead_image="quay.png", lead_image_alt="A quay")
    picture = io.BytesIO()
    Image.new("RGB", (500, 700), "navy").save(picture, "PNG")
    window = visit(390)
    window.route("**/media/*", lambda route: route.fulfill(body=picture.getvalue(), content_type="image/png"))
    for path in ("/", article.get_absolute_url()):
        window.goto(f"{live_server.url}{path}")
        expect(window.locator("main img")).to_have_js_property("naturalHeight", 700)
        shifts = window.evaluate(SHIFTS)
        assert shifts == 0, path


def test_search_box_proposes_names(site: tuple[str, World], visit: Any, complaints: list[str]) -> None:
    window = visit()
    window.goto(site[0])
    window.get_by_role("combobox", name="Search articles, quotes and speakers").press_sequentially("bram oa")
    expect(window.locator("datalist option").first).to_have_attribute("value", site[1].speakers[0].name)
    assert complaints == []
