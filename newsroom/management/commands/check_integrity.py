"""``manage.py check_integrity``: whether everything that is stored still fits together."""

from __future__ import annotations

from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from newsroom.integrity import CHECKS
from newsroom.management.arguments import number


class Command(BaseCommand):
    help = (
        "Read every row and say what does not fit: quotes at their places, texts, bytes, counts, old addresses, the "
        "search index. Changes nothing. The exit code is 0 when all is well, 1 when something is not, 2 when the "
        "database cannot be read. Run it after restoring a backup."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--most", type=number, default=20, metavar="N", help="faults of each kind to name (default: %(default)s)"
        )

    def handle(self, *, most: int, **options: Any) -> None:
        broken = []
        try:
            for check in CHECKS:
                found = list(islice(check.find(), most + 1))
                broken += [check.claim] if found else []
                self.stdout.write(f"{'FAULTY' if found else 'ok':<7} {check.claim}")
                for fault in found[:most]:
                    self.stdout.write(f"        {fault}")
                if len(found) > most:
                    self.stdout.write(f"        … and more: --most {most * 10} names them.")
        except DatabaseError as error:
            raise CommandError(f"The database cannot be read: {str(error).strip()}", returncode=2) from error
        if broken:
            raise CommandError(f"Not in order: {'; '.join(broken)}.", returncode=1)
        self.stdout.write("All is well.")
