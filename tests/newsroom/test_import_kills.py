"""Imports in processes of their own: killed at random, two at once, with the database taken away.

The longest of these run by ``pytest -m crash`` (``make test-crash``), on SQLite and, with a server at hand, PostgreSQL.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests import postgres
from tests.newsroom.crashes import ON_POSTGRES, Site, empty_sites, finished, write_dumps

# Random moments, of a generator that says what it was seeded with: a failure can be had again.
SEED = int(os.environ.get("CRASH_SEED", "20261122"))
KILLS = 13
# A few for each database: after so many its import has come to the end.
KILLS_A_DATABASE = 5


@pytest.fixture(scope="module")
def dumps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    write_dumps(folder)
    return folder


@pytest.fixture(scope="module")
def make_site(dumps: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Site]:
    return empty_sites(dumps, tmp_path_factory.mktemp("databases"))


@pytest.fixture(scope="module")
def undisturbed(make_site: Callable[[], Site]) -> tuple[dict[str, Any], float]:
    """What an import that nothing disturbs comes to, and how long it takes in a forked process."""
    site = make_site()
    began = time.monotonic()
    site.fork().finished(1)  # one document is set aside
    seconds = time.monotonic() - began
    return site.state(), seconds


@pytest.mark.crash
@pytest.mark.parametrize("part", range(4))
def test_killed_at_any_moment_and_run_again_it_ends_as_if_undisturbed(make_site, undisturbed, part):
    wanted, seconds = undisturbed
    chance = random.Random(SEED + part)  # noqa: S311 - not for secrets
    killed = 0
    while killed < KILLS:
        site = make_site()
        for _ in range(min(KILLS_A_DATABASE, KILLS - killed)):
            killed += site.fork().killed_after(chance.uniform(0, 1) * seconds)
        site.fork().finished(1)
        assert site.state() == wanted, f"seed {SEED + part}, {killed} kills"


def test_the_command_killed_with_its_processes_and_run_again_ends_as_if_undisturbed(make_site, undisturbed):
    wanted, _ = undisturbed
    chance = random.Random(SEED)  # noqa: S311 - not for secrets
    site = make_site()
    began = time.monotonic()
    finished(site.start(), 1)
    seconds = time.monotonic() - began
    assert site.state() == wanted
    site = make_site()
    for _ in range(2):
        running = site.start()
        try:
            running.wait(chance.uniform(0.4, 1) * seconds)
        except subprocess.TimeoutExpired:
            running.send_signal(signal.SIGKILL)
        running.communicate()
    finished(site.start(), 1)
    assert site.state() == wanted


def test_two_imports_of_the_same_documents_at_once_end_as_one(make_site, undisturbed, tmp_path: Path):
    wanted, _ = undisturbed
    site = make_site()
    # The same names and bytes in two places: imports of one place would keep each other off.
    for name in ("one", "two"):
        shutil.copytree(site.folder / "dumps", tmp_path / name / "dumps")
    both = [site.start(cwd=tmp_path / name) for name in ("one", "two")]
    for running in both:
        finished(running, 1)
    assert site.state() == wanted


@pytest.mark.crash
@pytest.mark.skipif(not ON_POSTGRES, reason="a database that can go away is on a server")
def test_a_database_that_is_gone_for_ten_seconds_is_waited_for(dumps, undisturbed):
    wanted, _ = undisturbed
    with postgres.server(durable=True) as server:
        site = Site("postgres", dumps, server.url)
        finished(site.start("migrate", "-v0"))
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
    wanted, _ = undisturbed
    site = make_site()
    began = time.monotonic()
    finished(site.start(), 1)
    seconds = time.monotonic() - began
    site = make_site()
    running = site.start()
    time.sleep(0.7 * seconds)
    running.send_signal(number)
    out, errors = running.communicate(timeout=60)
    if "is done." not in out:
        assert running.returncode == 128 + number, out + errors
        assert "To go on: python manage.py import_dump --resume" in errors or "Nothing was imported" in errors
        assert "Traceback" not in out + errors
        site.fork().finished(1)
    assert site.state() == wanted
