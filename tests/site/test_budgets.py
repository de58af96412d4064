"""What a reader has to load: pages with twenty of everything, styles and scripts stay within their budgets."""

import gzip
import re

import pytest
from django.conf import settings
from django.test import Client

from tests.site.test_markup import PAGES
from tests.site.world import make_world

STATIC = settings.BASE_DIR / "static"
HTML, CSS, JS, JS_LINES, FONT, FIRST_FONTS = 60_000, 30_000, 6_000, 150, 32_000, 80_000


@pytest.mark.django_db
def test_pages_are_small() -> None:
    addresses = make_world(20).addresses()
    sizes = {name: len(Client().get(addresses[name]).content) for name in PAGES}
    assert {name: size for name, size in sizes.items() if size > HTML} == {}


def test_styles_are_small_when_compressed() -> None:
    assert sum(len(gzip.compress(path.read_bytes())) for path in (STATIC / "css").rglob("*.css")) <= CSS


def test_faces_are_small_and_never_put_in_late() -> None:
    files = sorted((STATIC / "fonts").glob("*.woff2"))
    faces = (STATIC / "css" / "fonts.css").read_text("utf-8").split("@font-face")[1:]
    assert [path.name for path in files if path.stat().st_size > FONT] == []
    assert [face for face in faces if "font-display: optional" not in face] == []
    assert sorted(re.findall(r"fonts/([\w-]+\.woff2)", "".join(faces))) == [path.name for path in files]


def test_faces_of_every_page_are_few() -> None:
    first = re.findall(
        r"/([\w-]+\.woff2)", (settings.BASE_DIR / "templates" / "public" / "base.html").read_text("utf-8")
    )
    assert sum((STATIC / "fonts" / name).stat().st_size for name in first) <= FIRST_FONTS


def test_scripts_are_few_and_small() -> None:
    scripts = [path.read_text(encoding="utf-8") for path in (STATIC / "js").rglob("*.js")]
    assert sum(map(len, scripts)) <= JS
    assert sum(script.count("\n") for script in scripts) <= JS_LINES
