"""Sites of their own to be crashed: a database, a folder of dumps, and imports in processes that can be killed.

Most run in processes forked from one that has imported everything (``multiprocessing``'s fork server): what a command
takes to start would be most of its time, and all that a kill costs.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings

from tests.benchmarks.corpus import Corpus
from tests.newsroom.test_ledger import FIRST, SECOND, THIRD

ROOT = Path(__file__).resolve().parents[2]
ON_POSTGRES = "postgres" in settings.DATABASES["default"]["ENGINE"]
DOCUMENTS = 28
BATCH = 4
WARM = "tests.newsroom.crashes_warm"
IMPORT = ("import_dump", "dumps", "--publisher", "Verland Post")

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload([WARM])


@dataclass
class Site:
    """``database``: a file, or the name of a database on ``server`` (by default that of the tests)."""

    database: str
    folder: Path
    server: str = os.environ.get("DATABASE_URL", "")

    @property
    def url(self) -> str:
        return f"{self.server.rsplit('/', 1)[0]}/{self.database}" if ON_POSTGRES else f"sqlite:///{self.database}"

    def fork(self, *arguments: str) -> Forked:
        """A command of manage.py, or ``canonical``, in a forked process; documents are read in that process."""
        return Forked(self, arguments or IMPORT)

    def state(self) -> dict[str, Any]:
        running = self.fork("canonical")
        found: dict[str, Any] = json.loads(running.finished().splitlines()[-1])
        assert found["faults"] == []
        return found

    def start(self, *arguments: str, cwd: Path | None = None) -> subprocess.Popen[str]:
        """A command of manage.py as an operator starts it, with two processes that read documents."""
        environment = os.environ | {
            "DATABASE_URL": self.url, "DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(ROOT),
            "NEWSROOM_IMPORT_BATCH": str(BATCH), "NEWSROOM_IMPORT_WORKERS": "2",
        }  # fmt: skip
        return subprocess.Popen(
            [sys.executable, str(ROOT / "manage.py"), *(arguments or IMPORT)], cwd=cwd or self.folder,
            env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip


class Forked:
    """A command at work in a process of its own."""

    def __init__(self, site: Site, arguments: tuple[str, ...]) -> None:
        self._said = site.folder / f"said-{os.getpid()}.txt"
        self.process = _FORKS.Process(target=_run, args=(arguments, site.url, str(site.folder), str(self._said), BATCH))
        self.process.start()

    def killed_after(self, seconds: float) -> bool:
        """Kill it after so long. Returns whether it was still at work."""
        self.process.join(seconds)
        self.process.kill()
        self.process.join()
        return self.process.exitcode == -9

    def finished(self, code: int = 0) -> str:
        self.process.join(300)
        said = self._said.read_text()
        assert self.process.exitcode == code, said
        return said


def _run(*arguments: Any) -> None:
    """In a forked process, which has the module."""
    import_module(WARM).run(*arguments)


def finished(running: subprocess.Popen[str], code: int = 0) -> str:
    out, errors = running.communicate(timeout=300)
    assert running.returncode == code, out + errors
    return out + errors


def write_dumps(folder: Path) -> None:
    (folder / "dumps").mkdir()
    for number, incoming in enumerate(Corpus(2).documents(DOCUMENTS - 5)):
        (folder / "dumps" / f"{number:03}.txt").write_bytes(incoming.data or b"")
    # Versions of one story, and one that cannot be read, between the others.
    for name, text in (("005b", FIRST), ("012b", SECOND), ("020b", THIRD), ("021b", "\0\1\2" * 40), ("030b", FIRST)):
        (folder / "dumps" / f"{name}.txt").write_text(text)


def empty_sites(folder: Path, place: Path) -> Callable[[], Site]:
    """Gives sites of ``folder`` with empty databases, of the kind that the tests run on: copies of one that is migrated."""
    made: list[str] = []
    if not ON_POSTGRES:
        empty = place / "empty.sqlite3"
        Site(str(empty), folder).fork("migrate", "-v0").finished()

        def on_sqlite() -> Site:
            file = place / f"{len(made)}.sqlite3"
            made.append(str(file))
            for suffix in ("", "-wal"):
                if Path(f"{empty}{suffix}").exists():
                    shutil.copy(f"{empty}{suffix}", f"{file}{suffix}")
            return Site(str(file), folder)

        return on_sqlite

    def create(template: str = "") -> Site:
        name = f"crash_{os.getpid()}_{time.monotonic_ns()}"
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))
        return Site(name, folder)

    empty_site = create()
    empty_site.fork("migrate", "-v0").finished()
    return lambda: create(empty_site.database)
