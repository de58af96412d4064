"""``manage.py backup``: the database as one file, while the site and imports go on."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient


class Command(BaseCommand):
    help = (
        "Write the database to FILE, as it is at one moment: on SQLite a database that can be put in its place, on "
        "PostgreSQL what pg_restore reads. Pictures that editors uploaded are files beside it: copy them, too."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="must not be there yet; its folder must")

    def handle(self, *, file: Path, **options: Any) -> None:
        if file.exists():
            raise CommandError(f"{file} is there already, and is not overwritten.", returncode=2)
        if not file.parent.is_dir():
            raise CommandError(f"There is no folder {file.parent}.", returncode=2)
        unfinished = file.with_name(f".{file.name}.{os.getpid()}")
        try:
            _WRITE[connection.vendor](unfinished)
            unfinished.rename(file)  # whatever ends this early, FILE is whole or not there
        except (OSError, sqlite3.Error) as error:
            raise CommandError(f"The backup failed: {error}", returncode=1) from error
        finally:
            unfinished.unlink(missing_ok=True)
        self.stdout.write(f"Written to {file}, {file.stat().st_size:,} bytes.")


def _of_sqlite(place: Path) -> None:
    source = Path(str(connection.settings_dict["NAME"])).resolve()
    # As a reader: a path that is wrong must not become an empty database.
    with (
        closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as live,
        closing(sqlite3.connect(place)) as copy,
    ):
        live.backup(copy)


def _of_postgresql(place: Path) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise CommandError("pg_dump is not installed (Debian: apt-get install postgresql-client).", returncode=2)
    (_, *where), environment = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    command = [program, "--format=custom", "--no-owner", "--no-privileges", f"--file={place}", *where]
    done = subprocess.run(  # noqa: S603 - the program and its options are ours, the rest are the site's settings
        command, env=os.environ | (environment or {}), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CommandError(f"The backup failed: {done.stderr.strip()}", returncode=1)


_WRITE = {"sqlite": _of_sqlite, "postgresql": _of_postgresql}
