"""Imports in processes of their own: killed at random, two at once, with the database taken away.

The longest of these run by ``pytest -m crash`` (``make test-crash``), on SQLite and, with a server at hand, PostgreSQL.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings

from tests import postgres
from tests.benchmarks.corpus import Corpus
from tests.newsroom.test_ledger import FIRST, SECOND, THIRD

ROOT = Path(__file__).resolve().parents[2]
ON_POSTGRES = "postgres" in settings.DATABASES["default"]["ENGINE"]
DOCUMENTS = 28
# Random moments, of a generator that says what it was seeded with: a failure can be had again.
SEED = int(os.environ.get("CRASH_SEED", "20261122"))


class Site:
    """A database of its own and a folder of dumps, used through the command line only."""

    def __init__(self, url: str, folder: Path) -> None:
        self.folder = folder
        self.environment = os.environ | {
            "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(ROOT),
            "NEWSROOM_IMPORT_BATCH": "4", "NEWSROOM_IMPORT_WORKERS": "2",
        }  # fmt: skip

    def python(self, *arguments: str, cwd: Path | None = None) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *arguments], cwd=cwd or self.folder, env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def manage(self, *arguments: str, cwd: Path | None = None) -> subprocess.Popen[str]:
        return self.python(str(ROOT / "manage.py"), *arguments, cwd=cwd)

    def start(self, cwd: Path | None = None) -> subprocess.Popen[str]:
        return self.manage("import_dump", "dumps", "--publisher", "Verland Post", cwd=cwd)

    def state(self) -> dict[str, Any]:
        running = self.python("-m", "tests.canonical")
        out, errors = running.communicate(timeout=300)
        assert running.returncode == 0, errors
        found: dict[str, Any] = json.loads(out)
        assert found["faults"] == []
        return found


def finished(running: subprocess.Popen[str], code: int = 0) -> str:
    out, errors = running.communicate(timeout=300)
    assert running.returncode == code, out + errors
    return out + errors


@pytest.fixture(scope="module")
def dumps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    (folder / "dumps").mkdir()
    for number, incoming in enumerate(Corpus(2).documents(DOCUMENTS - 5)):
        (folder / "dumps" / f"{number:03}.txt").write_bytes(incoming.data or b"")
    # Versions of one story, and one that cannot be read, between the others.
    for name, text in (("005b", FIRST), ("012b", SECOND), ("020b", THIRD), ("021b", "\0\1\2" * 40), ("030b", FIRST)):
        (folder / "dumps" / f"{name}.txt").write_text(text)
    return folder


@pytest.fixture(scope="module")
def make_site(dumps: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Site]:
    """Gives sites with empty databases, of the kind that the tests run on."""
    place = tmp_path_factory.mktemp("databases")
    made: list[str] = []

    def on_sqlite() -> Site:
        file = place / f"{len(made)}.sqlite3"
        made.append(str(file))
        shutil.copy(_empty_sqlite(dumps), file)
        return Site(f"sqlite:///{file}", dumps)

    def on_postgres() -> Site:
        url = os.environ["DATABASE_URL"]
        name = f"crash_{os.getpid()}_{len(made)}"
        made.append(name)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {made[0]}" if len(made) > 1 else ""))
        site = Site(url.rsplit("/", 1)[0] + f"/{name}", dumps)
        if len(made) == 1:  # stays empty: the others are copies of it
            finished(site.manage("migrate", "-v0"))
            return on_postgres()
        return site

    return on_postgres if ON_POSTGRES else on_sqlite


def _empty_sqlite(folder: Path) -> Path:
    place = folder / "empty.sqlite3"
    if not place.exists():
        finished(Site(f"sqlite:///{place}", folder).manage("migrate", "-v0"))
        finished(Site(f"sqlite:///{place}", folder).python("-c", _CHECKPOINT))
    return place


_CHECKPOINT = (
    "import django; django.setup(); from django.db import connection; "
    "connection.cursor().execute('PRAGMA wal_checkpoint(TRUNCATE)')"
)


@pytest.fixture(scope="module")
def undisturbed(make_site: Callable[[], Site]) -> tuple[dict[str, Any], float]:
    """What an import that nothing disturbs comes to, and how long it takes."""
    site = make_site()
    began = time.monotonic()
    finished(site.start(), 1)  # one document is set aside
    return site.state(), time.monotonic() - began


def kill_again_and_again(site: Site, kills: int, seconds: float, chance: random.Random) -> int:
    """Start the import and kill it, so many times at most; then let it end. Returns how often it was killed at work."""
    killed = 0
    for _ in range(kills):
        running = site.start()
        try:
            running.wait(chance.uniform(0.3, 1) * seconds)
        except subprocess.TimeoutExpired:
            running.send_signal(signal.SIGKILL)
            killed += 1
        running.communicate()
    finished(site.start(), 1)
    return killed


@pytest.mark.parametrize("kills", [2, pytest.param(52, marks=pytest.mark.crash)])
def test_killed_at_any_moment_and_run_again_it_ends_as_if_undisturbed(make_site, undisturbed, kills):
    wanted, seconds = undisturbed
    chance = random.Random(SEED)  # noqa: S311 - not for secrets
    killed = 0
    while killed < kills:
        site = make_site()
        # A few times for each database: after so many its import has come to the end.
        killed += kill_again_and_again(site, min(6, kills - killed), seconds, chance)
        assert site.state() == wanted, f"seed {SEED}, {killed} kills"


def test_two_imports_of_the_same_documents_at_once_end_as_one(make_site, undisturbed, tmp_path: Path):
    wanted, _ = undisturbed
    site = make_site()
    # The same names and bytes in two places: imports of one place would keep each other off.
    for name in ("one", "two"):
        shutil.copytree(site.folder / "dumps", tmp_path / name / "dumps")
    both = [site.start(tmp_path / name) for name in ("one", "two")]
    for running in both:
        finished(running, 1)
    assert site.state() == wanted


@pytest.mark.crash
@pytest.mark.skipif(not ON_POSTGRES, reason="a database that can go away is on a server")
def test_a_database_that_is_gone_for_ten_seconds_is_waited_for(dumps, undisturbed):
    wanted, _ = undisturbed
    with postgres.server(durable=True) as server:
        site = Site(server.url, dumps)
        finished(site.manage("migrate", "-v0"))
        running = site.start()
        with psycopg.connect(server.url, autocommit=True) as connection:
            while not connection.execute("SELECT count(*) FROM newsroom_rundocument").fetchone()[0]:
                time.sleep(0.01)
        server.stop()
        time.sleep(10)
        assert running.poll() is None
        server.start()
        assert "Trying again in" in finished(running, 1)
        assert site.state() == wanted


@pytest.mark.crash
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_batch_and_what_is_said_to_go_on_does(make_site, undisturbed, number):
    wanted, seconds = undisturbed
    site = make_site()
    running = site.start()
    time.sleep(0.6 * seconds)
    running.send_signal(number)
    out, errors = running.communicate(timeout=60)
    if running.returncode != 1:  # 1: it had come to its end
        assert running.returncode == 128 + number, out + errors
        assert "To go on: python manage.py import_dump --resume" in errors or "Nothing was imported" in errors
        assert "Traceback" not in out + errors
        finished(site.start(), 1)
    assert site.state() == wanted
