"""``manage.py import_dump``: arguments, progress, summary, exit code. The work is in ``newsroom.ingest``."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from tqdm import tqdm

from newsroom.ingest import report
from newsroom.ingest.explain import explain_document
from newsroom.ingest.load import Loaded, LoadOptions
from newsroom.ingest.pipeline import Import
from newsroom.ingest.readers import NothingToReadError, Source, open_source

EPILOG = """
What comes in is a draft, for editors to review, unless --publish is given. The same dump twice changes nothing
(so --publish does not publish what an earlier import left as a draft: do that in the admin).

Exit codes:  0    every document was taken in, or was here already
             1    some documents were set aside; the report says which, where and why
             2    nothing was done: a path or an option is wrong, or the database cannot be used
             3    the database failed on the way: what was reported before is in, the rest is not
             130  interrupted: likewise
"""


def iso_date(value: str) -> dt.date:
    try:
        return dt.date.fromisoformat(value)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{value!r} is not a date of the form 2026-11-25.") from error


class Command(BaseCommand):
    help = "Import raw dumps (text of news pages): articles, attributed quotes, lists."

    def create_parser(self, *args: Any, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            *args, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="file, directory, glob pattern, or - for stdin")
        parser.add_argument("--dry-run", action="store_true", help="show what would be made, write nothing")
        parser.add_argument("--publish", action="store_true", help="make everything public at once")
        parser.add_argument("--publisher", default="", help="whose pages these are")
        parser.add_argument("--date", type=iso_date, help="day of the documents that print none, as 2026-11-25")
        parser.add_argument("--explain", action="store_true", help="show what each line is taken for, write nothing")
        parser.add_argument("--json", action="store_true", help="print the report as JSON, for machines")

    def handle(self, *, paths: list[str], **options: Any) -> None:
        try:
            source = open_source(paths, stdin=sys.stdin.buffer, max_bytes=settings.IMPORT_MAX_DOCUMENT_BYTES)
        except NothingToReadError as error:
            raise CommandError(str(error), returncode=2) from error
        if options["explain"]:
            self._explain(source, options)
            return
        job = Import(
            source,
            LoadOptions(publish=options["publish"], publisher=options["publisher"].strip(), date=options["date"]),
            dry_run=options["dry_run"],
            described_as={
                "paths": paths,
                "publish": options["publish"],
                "publisher": options["publisher"],
                "date": options["date"].isoformat() if options["date"] else None,
            },
        )
        with _logs_elsewhere() if options["json"] else nullcontext():
            loaded = self._run(job, source)
        if options["json"]:
            self.stdout.write(
                json.dumps(report.as_json(job.run, loaded, dry_run=job.dry_run), ensure_ascii=False, indent=2)
            )
        else:
            listed = loaded if job.dry_run or options["verbosity"] > 1 else []
            self.stdout.write(report.as_text(job.run, loaded, listed=listed, dry_run=job.dry_run))
        if job.run.quarantined:
            raise CommandError(report.set_aside(job.run), returncode=1)

    def _run(self, job: Import, source: Source) -> list[Loaded]:
        shown = sys.stderr.isatty()
        done: list[Loaded] = []
        with tqdm(total=len(source) if shown else None, unit=" documents", disable=not shown, leave=False) as bar:
            try:
                for batch in job.progress():
                    done += batch
                    bar.update(len(batch))
            except KeyboardInterrupt:
                raise CommandError(f"Stopped. {_so_far(job, done)}", returncode=130) from None
            except DatabaseError as error:
                raise CommandError(_of_database(error, job, done), returncode=3 if done else 2) from error
        return done

    def _explain(self, source: Source, options: dict[str, Any]) -> None:
        others = [name for name in ("dry_run", "publish", "publisher", "date", "json") if options[name]]
        if others:
            names = ", ".join(f"--{name.replace('_', '-')}" for name in others)
            raise CommandError(f"--explain only shows what lines are taken for: leave out {names}.", returncode=2)
        unreadable = 0
        for incoming in source:
            shown = explain_document(incoming, colour=self.stdout.isatty())
            unreadable += not shown.readable
            for line in shown.lines:
                self.stdout.write(line)
        if unreadable:
            raise CommandError("Some documents cannot be read: see above.", returncode=1)


def _so_far(job: Import, done: list[Loaded]) -> str:
    if job.dry_run or not done:
        return "Nothing was imported."
    documents = "1 document is" if len(done) == 1 else f"{len(done):,} documents are"
    return f"{documents} in. The same command again goes on from there."


def _of_database(error: DatabaseError, job: Import, done: list[Loaded]) -> str:
    """What the database said, in one line, and what to do."""
    said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    if "no such table" in said or "does not exist" in said:
        return f"The database is not set up ({said}): run 'manage.py migrate' first."
    return f"The database cannot be used: {said}. {_so_far(job, done)}"


@contextmanager
def _logs_elsewhere() -> Iterator[None]:
    """Standard output is for the report alone when a machine reads it: meanwhile, logs go to standard error."""
    here = [
        handler
        for handler in logging.getLogger().handlers
        if isinstance(handler, logging.StreamHandler) and handler.stream is sys.stdout
    ]
    for handler in here:
        handler.setStream(sys.stderr)
    try:
        yield
    finally:
        for handler in here:
            handler.setStream(sys.stdout)
