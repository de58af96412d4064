"""No page breaks a rule of WCAG 2.2 AA that axe can see, in light and dark, narrow and wide."""

from datetime import date
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from django.template.loader import render_to_string

from tests.factories import make_article, make_quote, make_speaker
from tests.site.world import World

pytestmark = pytest.mark.browser

# Put in through the debugger: the pages' policy lets no foreign script in, and should not for a test.
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
WITH_QUERY = {
    "articles narrowed",
    "search everything",
    "search articles",
    "search quotes",
    "search half remembered",
    "search in vain",
    "speaker in a year",
    "unnamed speakers",
}
RUN = """() => axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
  .then(result => result.violations.map(rule =>
    `${rule.id}: ${rule.nodes.map(node => node.target.join(" ")).slice(0, 4).join(" | ")}`))"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(site: tuple[str, World], visit: Any, complaints: list[str], width: int, scheme: str) -> None:
    address, world = site
    window = visit(width, scheme)
    found = {}
    window.route("**/broken/", lambda route: route.fulfill(status=500, body=render_to_string("500.html")))
    for name, path in {**world.addresses(), **_more_pages()}.items():
        if "?" in path and name not in WITH_QUERY:  # the same templates again
            continue
        window.goto(f"{address}{path}")
        window.evaluate(AXE)
        violations = window.evaluate(RUN)
        if window.evaluate("document.documentElement.scrollWidth > innerWidth"):
            violations.append("wider than the window")
        if violations:
            found[name] = violations
    assert found == {}
    expected = ("404", "410", "500")
    assert [complaint for complaint in complaints if not any(status in complaint for status in expected)] == []


@pytest.mark.parametrize("width", [320, 1280])
def test_newest_years_of_a_speaker_are_in_view_without_a_script(
    site: tuple[str, World], chromium: Any, width: int
) -> None:
    speaker = make_speaker("Vera Long")
    for year in range(1996, 2027):
        make_quote(speaker=speaker, said_on=date(year, 5, 1))
    context = chromium.new_context(viewport={"width": width, "height": 900}, java_script_enabled=False)
    window = context.new_page()
    window.goto(f"{site[0]}{speaker.get_absolute_url()}")
    years = window.locator(".chart__year").all()
    assert [years[0].inner_text(), years[-1].inner_text()] == ["1996", "2026"]
    chart = window.locator(".chart").bounding_box()
    first, last = years[0].bounding_box(), years[-1].bounding_box()
    assert first["x"] < last["x"]
    assert chart["x"] <= last["x"] and last["x"] + last["width"] <= chart["x"] + chart["width"] + 1
    context.close()


def _more_pages() -> dict[str, str]:
    """Pages that a healthy site has none of, and an article with all that an article can have, from right to left."""
    withdrawn = make_article("Taken back", state="withdrawn", withdrawn_because="It named the wrong person.")
    words = "سنبقى هنا مهما طال الشتاء"
    full = make_article(
        "الميناء يفتح أبوابه",
        body=f'قالت مريم نصار: "{words}".\n\n## A heading\n\n- one\n- two\n\n> Words of another.',
        language="ar",
        correction="A name was wrong.",
        lead_image="quay.png",
        lead_image_alt="A quay",
        lead_image_caption="The quay",
        lead_image_credit="Picture: Oda Brandt",
    )
    quote = make_quote(words, article=full, speaker=make_speaker("مريم نصار"))
    return {
        "not found": "/no/such/page/",
        "withdrawn": withdrawn.get_absolute_url(),
        "broken": "/broken/",
        "article with everything": full.get_absolute_url(),
        "quote from right to left": quote.get_absolute_url(),
    }
