"""The page cache where several processes serve and others write: nobody shows what was there before a commit."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ASKED = 24  # often enough that each of two workers answers some
CHANGE = """
from articles import store
from articles.models import Article
article = Article.objects.order_by("pk").first()
article.headline = "The {number}th headline"
store.save_article(article)
"""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return os.environ | {
        "NEWSROOM_ENV": "development",
        "NEWSROOM_DEBUG": "0",
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}",
        "CACHE_URL": f"file://{tmp_path / 'cache'}",
        "NEWSROOM_PAGE_CACHE_SECONDS": "3600",
    }


def _run(environment: dict[str, str], *arguments: str, words: str = "") -> None:
    command = [sys.executable, ROOT / "manage.py", *arguments]
    done = subprocess.run(
        command, input=words, env=environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture
def site(environment: dict[str, str]) -> Iterator[str]:
    """The address of a site of two workers, with one imported article."""
    _run(environment, "migrate", "-v0")
    _run(
        environment, "import_dump", "--publish", "--workers", "1", str(ROOT / "newsroom" / "samples" / "tram-vote.txt")
    )
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", "newsroom.wsgi", "--workers", "2", "--bind", f"127.0.0.1:{port}"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}/"
        for _ in range(300):
            try:
                _page(f"{address}healthz")
                break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(30)


def _page(address: str) -> str:
    with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 - a server of our own
        return answer.read().decode()


def test_no_worker_shows_what_another_process_changed(site: str, environment: dict[str, str]) -> None:
    for number in (1, 2):
        _run(environment, "shell", "-v0", words=CHANGE.format(number=number))
        for _ in range(ASKED):
            page = _page(site)
            assert f"The {number}th headline" in page
            assert number == 1 or "The 1th headline" not in page


def test_an_import_in_another_process_shows_in_every_worker(site: str, environment: dict[str, str]) -> None:
    before = {_page(site) for _ in range(ASKED)}
    _run(
        environment,
        "import_dump",
        "--publish",
        "--workers",
        "1",
        str(ROOT / "newsroom" / "samples" / "rate-hold-october.txt"),
    )
    after = {_page(site) for _ in range(ASKED)}
    assert len(before) == len(after) == 1
    assert before != after
    _run(environment, "undo_import", "2", "--no-input")
    assert {_page(site) for _ in range(ASKED)} == before
