"""What a reader has to load: pages with twenty of everything, styles and scripts stay within their budgets."""

import gzip

import pytest
from django.conf import settings
from django.test import Client

from tests.site.test_markup import PAGES
from tests.site.world import make_world

STATIC = settings.BASE_DIR / "static"
HTML, CSS, JS, JS_LINES, FONT = 60_000, 30_000, 6_000, 150, 32_000


@pytest.mark.django_db
def test_pages_are_small() -> None:
    addresses = make_world(20).addresses()
    sizes = {name: len(Client().get(addresses[name]).content) for name in PAGES}
    assert {name: size for name, size in sizes.items() if size > HTML} == {}


def test_styles_are_small_when_compressed() -> None:
    assert sum(len(gzip.compress(path.read_bytes())) for path in (STATIC / "css").rglob("*.css")) <= CSS


def test_display_face_is_small_and_never_put_in_late() -> None:
    assert max(path.stat().st_size for path in (STATIC / "fonts").glob("*.woff2")) <= FONT
    assert (STATIC / "css" / "tokens.css").read_text("utf-8").count("font-display: optional") == 2


def test_scripts_are_few_and_small() -> None:
    scripts = [path.read_text(encoding="utf-8") for path in (STATIC / "js").rglob("*.js")]
    assert sum(map(len, scripts)) <= JS
    assert sum(script.count("\n") for script in scripts) <= JS_LINES
