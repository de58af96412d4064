"""Databases of their own for tests that migrate, restore or crash one: of the kind that the tests run on, empty."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.conf import settings

ROOT = Path(__file__).resolve().parents[1]
ON_POSTGRES = "postgres" in settings.DATABASES["default"]["ENGINE"]


@dataclass(frozen=True, slots=True)
class Database:
    url: str

    def start(self, *command: str, stdin: int | None = None, **environment: str) -> subprocess.Popen[str]:
        """A program on this database: ``-m …``, or a command of manage.py."""
        program = command if command[0] == "-m" else (str(ROOT / "manage.py"), *command)
        place = {"DATABASE_URL": self.url, "DJANGO_SETTINGS_MODULE": "tests.settings", "CACHE_URL": "locmem://"}
        return subprocess.Popen(
            [sys.executable, *program], cwd=ROOT, env=os.environ | place | environment,
            text=True, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def run(self, *command: str, code: int = 0, **environment: str) -> str:
        """The same, to its end. Returns what it prints."""
        running = self.start(*command, **environment)
        out, errors = running.communicate(timeout=300)
        assert running.returncode == code, out + errors
        return out + errors


def empty_database(place: Path, name: str = "empty") -> Database:
    """A file in ``place``, or a new database on the server that the tests run on."""
    if not ON_POSTGRES:
        return Database(f"sqlite:///{place / f'{name}.sqlite3'}")
    unused = f"{name}_{os.getpid()}_{time.monotonic_ns()}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {unused}")
    return Database(f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{unused}")
