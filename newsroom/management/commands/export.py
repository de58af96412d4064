"""``manage.py export``: the archive as files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from newsroom.exporting import FORMATS, CannotExportError, export


class Command(BaseCommand):
    help = "Write what is public to a new folder, as JSON Lines or CSV, with a manifest (rows, bytes, SHA-256)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=FORMATS, default="jsonl", dest="form", help="jsonl (default) or csv")
        parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="a folder that is new or empty")
        parser.add_argument("--all", action="store_true", help="drafts, withdrawn and rejected things, too")

    def handle(self, *, form: str, out: Path, **options: Any) -> None:
        try:
            written = export(out, form, everything=options["all"])
        except CannotExportError as error:
            raise CommandError(str(error), returncode=2) from error
        except DatabaseError as error:
            raise CommandError(f"The database cannot be used: {str(error).strip()}", returncode=2) from error
        for one in written:
            self.stdout.write(f"{one.rows:>9,}  {one.name}")
        self.stdout.write(f"Written to {out}, with manifest.json.")
