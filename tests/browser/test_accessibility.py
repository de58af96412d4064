"""No page breaks a rule of WCAG 2.2 AA that axe can see, in light and dark, narrow and wide."""

from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest

from tests.site.world import World

pytestmark = pytest.mark.browser

# Put in through the debugger: the pages' policy lets no foreign script in, and should not for a test.
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
WITH_QUERY = {"search everything", "search quotes", "search in vain", "unnamed speakers"}
RUN = """() => axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
  .then(result => result.violations.map(rule =>
    `${rule.id}: ${rule.nodes.map(node => node.target.join(" ")).slice(0, 4).join(" | ")}`))"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(site: tuple[str, World], visit: Any, complaints: list[str], width: int, scheme: str) -> None:
    address, world = site
    window = visit(width, scheme)
    found = {}
    for name, path in {**world.addresses(), "not found": "/no/such/page/"}.items():
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
    assert [complaint for complaint in complaints if "404" not in complaint] == []
