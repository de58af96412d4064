"""Whatever door a script comes in by, no browser runs it, on no page of the site or the desk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Page

from articles.models import Article
from quotes.models import Quote, Speaker
from tests.site.world import make_world

pytestmark = pytest.mark.browser
RUN = "window.ran = true; alert(1)"
HOSTILE = [
    f" <script>{RUN}</script>", f"\"'><img src=x onerror=\"{RUN}\">", f"</script><svg onload='{RUN}'>",
    f"[click](javascript:{RUN})", "{{ 7|add:1 }}{% debug %}", f"<iframe srcdoc='<script>{RUN}</script>'>",
]  # fmt: skip
DUMP = (
    "Harbour{0} fees to rise\n\nBy Ines Falk{1}\nNovember 14, 2026\n\nThe port of Lindhaven{2} will raise its fees in March.\n"
    '"We have kept prices still{3} for six years," said Greta Lindahl{4}, head of the pilots\' association.\n'
    "Shippers have until January to comment.\nTags: ports{5}, Lindhaven\n\nMost Popular\n\nFerry{0} line adds a boat\n"
)


def _visit(window: Page, address: str) -> None:
    window.goto(address)
    window.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    assert window.evaluate("window.ran") is None, address


def test_no_stored_script_runs(desk: Page, visit: Any, live_server: Any, complaints: list[str], tmp_path: Path) -> None:
    world = make_world(hostile="".join(HOSTILE)[:150])
    dump = tmp_path / "hostile.txt"
    dump.write_text(DUMP.format(*HOSTILE))
    call_command("import_dump", str(dump), publish=True, publisher="Port <b>Post</b>", verbosity=0)
    dialogs: list[str] = []
    reader = visit()
    for window in (desk, reader):
        window.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    complaints.clear()
    rows = [*Article.objects.all(), *Speaker.objects.all(), *Quote.objects.order_by("-pk")[:3]]
    for address in {*world.addresses().values(), *(row.get_absolute_url() for row in rows)}:
        _visit(reader, f"{live_server.url}{address}")
    for row in (
        Article.objects.latest("pk"),
        Speaker.objects.latest("pk"),
        Quote.objects.latest("pk"),
        world.articles[0],
    ):
        model = f"{live_server.url}/admin/{row._meta.app_label}/{row._meta.model_name}/"
        for page in ("", f"{row.pk}/change/", f"{row.pk}/history/"):
            _visit(desk, f"{model}{page}")
    for page in ("", "newsroom/importrun/", "articles/topic/", "articles/curatedlist/", "quotes/quote/review/"):
        _visit(desk, f"{live_server.url}/admin/{page}")
    assert dialogs == []
    assert complaints == []
