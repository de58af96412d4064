"""``manage.py undo_import``: take back what a run made. The work is in ``newsroom.undoing``."""

from __future__ import annotations

import json
import sys
from argparse import RawDescriptionHelpFormatter
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from newsroom.management.arguments import number
from newsroom.management.output import logs_elsewhere
from newsroom.models import ImportRun
from newsroom.undoing.undo import CannotUndoError, Undone, undo
from newsroom.undoing.words import IN_VAIN, of_rows, plural

EPILOG = """
What the run made goes, with the topics, speakers, authors and publishers that nothing else uses; what it changed is as
it was before. Kept, and named with the reason: what people changed, reviewed or filed since, with all that belongs to
it, and what later runs rely on. The bytes of the documents go too: the same files can be imported again.
To undo a run that is undone already does no harm.

Exit codes:  0    undone, now or before (what was kept is named)
             2    nothing was done: there is no such run, it is still running, people have worked on all that it
                  made, or the database cannot be used
             130  nothing was done: you said no
"""


class Command(BaseCommand):
    help = "Undo an import: remove what the run made, restore what it changed, keep what people changed since."

    def create_parser(self, *args: Any, **kwargs: Any) -> CommandParser:
        return super().create_parser(*args, epilog=EPILOG, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", type=number, metavar="RUN", help="its number; 'manage.py imports' lists them")
        parser.add_argument("--dry-run", action="store_true", help="show what would be removed and kept, write nothing")
        parser.add_argument("--no-input", "--noinput", action="store_true", help="do not ask before")
        parser.add_argument("--json", action="store_true", help="print the report as JSON, for machines")

    def handle(self, *, run: int, **options: Any) -> None:
        try:
            found = ImportRun.objects.filter(pk=run).first()
            if found is None:
                raise CommandError(f"There is no import {run}: 'manage.py imports' lists them.", returncode=2)
            was_undone = found.state == ImportRun.State.UNDONE
            if not (options["dry_run"] or options["no_input"] or was_undone):
                self._ask(found)
            with logs_elsewhere():
                undone = undo(found, dry_run=options["dry_run"])
        except CannotUndoError as error:
            raise CommandError(str(error), returncode=2) from error
        except DatabaseError as error:
            raise CommandError(f"Nothing was undone: the database says: {str(error).strip()}", returncode=2) from error
        if options["json"]:
            told = {"run": run, "dry_run": options["dry_run"], "was_undone_before": was_undone} | undone.as_json()
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
        else:
            self._tell(found, undone, options["dry_run"], was_undone)
        if undone.in_vain and not was_undone and not options["dry_run"]:
            raise CommandError(f"Nothing was undone. {IN_VAIN}", returncode=2)

    def _ask(self, run: ImportRun) -> None:
        if not sys.stdin.isatty():
            raise CommandError(
                f"Say --no-input to undo import {run.pk} without being asked, or --dry-run to see what would go.",
                returncode=2,
            )
        self.stdout.write(f"Import {run.pk} brought {of_rows(_brought(run))}.")
        try:
            answer = input("Undo it? [y/N] ")
        except (EOFError, KeyboardInterrupt):
            answer = ""
        if answer.strip().casefold() not in {"y", "yes"}:
            raise CommandError("Nothing was undone.", returncode=130)

    def _tell(self, run: ImportRun, undone: Undone, dry_run: bool, was_undone: bool) -> None:
        if was_undone:
            self.stdout.write(f"Import {run.pk} was undone already. What that came to:")
        self.stdout.write(f"Removed:  {of_rows(undone.removed)}")
        self.stdout.write(f"Restored: {of_rows(undone.restored)}")
        if undone.kept:
            self.stdout.write(f"Kept:     {undone.kept_in_all:,}")
        for row in undone.kept:
            self.stdout.write(f"  {plural(row.label, 1)} {row.key} “{row.name}” {row.why}")
        if undone.kept_in_all > len(undone.kept):
            self.stdout.write(f"  … and {undone.kept_in_all - len(undone.kept):,} more, for other imports use them")
        if dry_run:
            self.stdout.write("\nDry run: nothing was written.")
        elif not was_undone and not undone.in_vain:
            self.stdout.write(f"\nImport {run.pk} is undone. Its files can be imported again.")


def _brought(run: ImportRun) -> Counter[str]:
    return Counter({kind: numbers.get("created", 0) for kind, numbers in run.counts.items() if kind != "issues"})
