"""``manage.py import_dump``: arguments, progress, summary, exit code. The work is in ``newsroom.ingest``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from tqdm import tqdm

from newsroom import runs
from newsroom.ingest import jobs, report
from newsroom.ingest.explain import explain_document
from newsroom.ingest.pipeline import Import
from newsroom.ingest.pool import PoolError
from newsroom.ingest.readers import NothingToReadError
from newsroom.ingest.stopping import StopSignals
from newsroom.management.arguments import iso_date, number
from newsroom.management.output import discard_output, logs_elsewhere

EPILOG = """
What comes in is a draft, for editors to review, unless --publish is given. The same dump twice changes nothing
(so --publish does not publish what an earlier import left as a draft: do that in the admin).

Ctrl-C (or SIGTERM) ends the import after the documents in hand, and says how to go on; a second one ends it at once.
Whatever way it ends, killed or by a power cut: what was reported is in, nothing is half-written, and --resume goes on.
See 'manage.py imports' for the runs and how far they are, 'manage.py undo_import' to take one back.

Exit codes:  0    every document was taken in, or was here already; or --follow was ended by a signal
             1    some documents were set aside; the report says which, where and why
             2    nothing was done: a path or an option is wrong, another run reads the same input, or the database
                  cannot be used
             3    the database, or this program, failed on the way: what was reported before is in, the rest is not
             130  ended by Ctrl-C: likewise
             141  ended because nobody reads its output any more (… | head): likewise
             143  ended by SIGTERM: likewise
"""
ALONE = {
    "explain": (
        "dry_run",
        "publish",
        "publisher",
        "date",
        "since",
        "limit",
        "follow",
        "resume",
        "retry",
        "workers",
        "json",
    ),
    "resume": ("paths", "dry_run", "publish", "publisher", "date", "since", "follow", "retry"),
    "retry": ("paths", "publish", "publisher", "date", "since", "follow"),
    "follow": ("paths", "dry_run", "since", "limit"),
}
WHY = {
    "explain": "--explain only shows what lines are taken for",
    "resume": "--resume goes on with the paths and options that the run began with",
    "retry": "--retry-quarantined reads what was kept, with the options of the run that set it aside",
    "follow": "--follow reads what comes into one directory, as long as it goes on",
}
DISK_FULL = "53100"
KNOWN = (NothingToReadError, jobs.NothingToDoError, runs.InUseError, PoolError)
OPTIONS = {"paths": "the paths", "retry": "--retry-quarantined"}


class Command(BaseCommand):
    help = "Import raw dumps (text of news pages): articles, attributed quotes, lists."

    def create_parser(self, *args: Any, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            *args, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="*", metavar="PATH", help="file, directory, glob pattern, or - for stdin")
        parser.add_argument("--dry-run", action="store_true", help="show what would be made, write nothing")
        parser.add_argument("--publish", action="store_true", help="make everything public at once")
        parser.add_argument("--publisher", default="", help="whose pages these are")
        parser.add_argument("--date", type=iso_date, help="day of the documents that print none, as 2026-11-25")
        parser.add_argument(
            "--since", type=iso_date, metavar="DATE",
            help="leave out files last changed before that day (midnight, in NEWSROOM_TIME_ZONE). Only the file's time "
            "of change counts, for an archive that of the archive; the date printed in a document does not",
        )  # fmt: skip
        parser.add_argument(
            "--workers", type=number, metavar="N",
            help="processes that read documents (as many as there are cores); 1: none but this one, which a document "
            "that crashes or hangs takes along",
        )  # fmt: skip
        parser.add_argument("--limit", type=number, metavar="N", help="stop after N documents; --resume goes on")
        parser.add_argument(
            "--follow", metavar="DIR",
            help="import what is in DIR, then wait for more, until Ctrl-C or SIGTERM; a file is taken once it has "
            "stopped growing (hidden ones, and *.part, *.tmp and the like, never)",
        )  # fmt: skip
        parser.add_argument(
            "--resume", nargs="?", type=number, const=0, metavar="RUN",
            help="go on with a run that was interrupted: the latest, or the one of that number",
        )  # fmt: skip
        parser.add_argument(
            "--retry-quarantined", dest="retry", nargs="?", type=number, const=0, metavar="RUN",
            help="try again what was set aside: by all runs, or by the one of that number",
        )  # fmt: skip
        parser.add_argument("--explain", action="store_true", help="show what each line is taken for, write nothing")
        parser.add_argument("--json", action="store_true", help="print the report as JSON, for machines")

    def handle(self, **options: Any) -> None:
        _check(options)
        try:
            if options["explain"]:
                self._explain(options)
                return
            with StopSignals(_say_stopping) as stop, logs_elsewhere() if options["json"] else nullcontext():
                self._import(options, stop)
        except KNOWN as error:
            raise CommandError(str(error), returncode=2) from error

    def _import(self, options: dict[str, Any], stop: StopSignals) -> None:
        done: list[Import] = []
        with _in_plain_words(done, stop):
            for job in _jobs(options, stop):
                done.append(job)
                job.workers = options["workers"] or 0
                self._run(job, options)
                if job.stopped or stop.asked():
                    break
        job = done[-1]  # without any, there would have been an error
        if stop.asked() and job.stopped:
            raise CommandError(f"Stopped. {_so_far(done)}", returncode=stop.exit_code)
        if job.stopped and not job.dry_run:
            self.stderr.write(f"Stopped at the limit. {_so_far(done)}")
        incomplete = [each.run for each in done if each.run.quarantined]
        if incomplete:
            raise CommandError(report.set_aside(incomplete[-1], dry_run=job.dry_run), returncode=1)

    def _run(self, job: Import, options: dict[str, Any]) -> None:
        written = self._report(job, options)
        done = job.resumes.read if job.resumes is not None else 0
        with tqdm(
            total=job.total, initial=done, unit=" documents", disable=not sys.stderr.isatty(), leave=False
        ) as bar:
            for batch in job.progress():
                with tqdm.external_write_mode(file=sys.stderr):
                    written.add(batch)
                    self.stdout.flush()
                bar.set_postfix_str(f"{job.run.quarantined:,} set aside" if job.run.quarantined else "", refresh=False)
                bar.update(len(batch))
        written.close(job.run, job.left_out())

    def _report(self, job: Import, options: dict[str, Any]) -> report.Report:
        if options["json"]:
            return report.JsonReport(self.stdout.write, job.dry_run)
        return report.TextReport(self.stdout.write, job.dry_run or options["verbosity"] > 1, job.dry_run)

    def _explain(self, options: dict[str, Any]) -> None:
        unreadable = 0
        colour = options["force_color"] or (self.stdout.isatty() and not options["no_color"])
        for incoming in jobs.open_paths(options["paths"]):
            shown = explain_document(incoming, colour=colour)
            unreadable += not shown.readable
            for line in shown.lines:
                self.stdout.write(line)
        if unreadable:
            raise CommandError("Some documents cannot be read: see above.", returncode=1)


@contextmanager
def _in_plain_words(done: list[Import], stop: StopSignals) -> Iterator[None]:
    """Whatever ends the import, the operator is told what it was, what is in, and how to go on; never a traceback."""
    try:
        yield
    except KNOWN:
        raise
    except KeyboardInterrupt:
        raise CommandError(f"Stopped at once. {_so_far(done)}", returncode=stop.exit_code) from None
    except BrokenPipeError:
        discard_output()
        raise CommandError(f"Stopped: nobody reads the output any more. {_so_far(done)}", returncode=141) from None
    except DatabaseError as error:
        raise CommandError(_of_database(error, done), returncode=3 if _anything(done) else 2) from error
    except Exception as error:
        fault = f"The import failed ({type(error).__name__}: {error}). This is a fault of the program: please report it"
        raise CommandError(f"{fault}; --traceback shows where. {_so_far(done)}", returncode=3) from error


def _check(options: dict[str, Any]) -> None:
    """Options that would contradict each other, and be ignored, are refused."""
    for chosen, refused in ALONE.items():
        given = [OPTIONS.get(name, f"--{name.replace('_', '-')}") for name in refused if _given(options[name])]
        if _given(options[chosen]) and given:
            raise CommandError(f"{WHY[chosen]}: leave out {', '.join(given)}.", returncode=2)
    if not options["paths"] and not any(_given(options[name]) for name in ("resume", "retry", "follow")):
        raise CommandError("Which dumps? Give a file, a directory, a pattern, or - for standard input.", returncode=2)


def _given(value: Any) -> bool:
    return (value == 0 and value is not False) or bool(value)  # 0 is given: --resume without a number


def _jobs(options: dict[str, Any], stop: StopSignals) -> Iterator[Import]:
    asked = jobs.Asked(
        publish=options["publish"],
        publisher=options["publisher"].strip(),
        date=options["date"],
        since=options["since"],
        limit=options["limit"],
        dry_run=options["dry_run"],
    )
    if options["retry"] is not None:
        yield from jobs.retries(options["retry"], options["dry_run"], stop)
    elif options["resume"] is not None:
        yield jobs.resumed(options["resume"], options["limit"], stop)
    elif options["follow"]:
        yield jobs.following(options["follow"], asked, stop)
    else:
        yield jobs.new(options["paths"], asked, stop)


def _say_stopping() -> None:
    # Called by a signal, perhaps in the midst of a write to the stream itself.
    os.write(2, b"\nStopping after the documents in hand. Once more to stop at once.\n")


def _anything(done: list[Import]) -> bool:
    return bool(done) and not done[-1].dry_run and done[-1].begun and done[-1].run.read > 0


def _so_far(done: list[Import]) -> str:
    if not _anything(done):
        return "Nothing was imported."
    run = done[-1].run
    documents = "1 document is" if run.read == 1 else f"{run.read:,} documents are"
    return f"{documents} in. To go on: {jobs.go_on_command(run)}"


def _of_database(error: DatabaseError, done: list[Import]) -> str:
    """What the database said, in one line, and what to do."""
    said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    if "no such table" in said or "does not exist" in said:
        return f"The database is not set up ({said}): run 'manage.py migrate' first."
    is_full = getattr(error.__cause__, "sqlstate", None) == DISK_FULL  # PostgreSQL words it in several ways
    if is_full or "disk is full" in said or "No space left" in said:
        return f"The database has no space left on its disk: make some. {_so_far(done)}"
    return f"The database cannot be used: {said}. {_so_far(done)}"
