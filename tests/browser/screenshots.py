"""The README's pictures, taken from a running demo: ``python -m tests.browser.screenshots http://127.0.0.1:8000``."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.chromium import ARGUMENTS, executable

FOLDER = Path(__file__).with_name("screenshots")
PICTURES = {
    "home": ("/", "light"),
    "article": ("/articles/transport-minister-resigns-over-unpublished-sea-wall-report/", "light"),
}


def main() -> int:
    if len(sys.argv) != 2:
        sys.stderr.write("usage: python -m tests.browser.screenshots ADDRESS\n")
        return 2
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        for name, (path, scheme) in PICTURES.items():
            page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme=scheme)
            page.goto(sys.argv[1].rstrip("/") + path)
            page.screenshot(path=FOLDER / f"{name}.png")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
