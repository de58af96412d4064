"""``manage.py extract_quotes``: what the quote engine finds in a text. Writes nothing to the database."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from newsroom.ingest.decode import NotTextError, decode
from quotes.extraction.cli import render


class Command(BaseCommand):
    help = "Print the quotes of a text with their speakers, as a table or as JSON Lines."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", metavar="FILE", help="a text, its paragraphs on lines of their own; - for standard input"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object a line")
        parser.add_argument("--explain", action="store_true", help="which rule decided, and what it saw")

    def handle(self, *, file: str, **options: Any) -> None:
        try:
            text = decode(sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()).text
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror or error}", returncode=2) from error
        except NotTextError as error:
            raise CommandError(f"{file} {error}", returncode=2) from error
        self.stdout.write(render(text, as_json=options["json"], explained=options["explain"]))
