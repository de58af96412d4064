"""``manage.py imports``: the runs, and how far they are."""

from __future__ import annotations

import json
import time
from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from newsroom import progress, runs
from newsroom.ingest import jobs, report
from newsroom.management.arguments import number
from newsroom.models import ImportIssue, ImportRun

ISSUES_NAMED = 20
PAUSE = 2.0
EPILOG = """
Exit codes:  0  shown
             2  there is no such run, or the database cannot be used
"""


class Command(BaseCommand):
    help = "List the latest import runs, or show one: its state, counts, rate, time left, and what was set aside."

    def create_parser(self, *args: Any, **kwargs: Any) -> CommandParser:
        return super().create_parser(*args, epilog=EPILOG, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", nargs="?", type=number, metavar="RUN", help="number of a run; without: the latest")
        parser.add_argument("--last", type=number, default=20, metavar="N", help="how many runs to list (20)")
        parser.add_argument("--issues", action="store_true", help="name all issues of RUN, not just the first 20")
        parser.add_argument("--watch", action="store_true", help="show RUN (or the latest) again and again, to its end")
        parser.add_argument("--json", action="store_true", help="as JSON, for machines; with --watch a line each time")

    def handle(self, **options: Any) -> None:
        try:
            runs.settle()
            if options["watch"]:
                self._watch(options)
            elif options["run"]:
                self._show(_run(options["run"]), options)
            else:
                self._list(options)
        except DatabaseError as error:
            raise CommandError(f"The database cannot be used: {str(error).strip()}", returncode=2) from error
        except KeyboardInterrupt:
            self.stdout.write("")

    def _list(self, options: dict[str, Any]) -> None:
        found = list(ImportRun.objects.order_by("-pk")[: options["last"]])
        if options["json"]:
            self.stdout.write(_json([progress.as_data(run) for run in found]))
            return
        if not found:
            self.stdout.write("Nothing was imported yet: 'manage.py import_dump --help' says how to.")
            return
        line = "{:>6}  {:<11}  {:<17}  {:>13}  {:>9}  {:>9}  {:>9}  {:>9}  {}"
        self.stdout.write(line.format("run", "state", "started", "read", *report.OUTCOMES[:3], "set aside", "what"))
        for run in found:
            of = f"{run.read:,}" if run.total in (None, run.read) else f"{run.read:,}/{run.total:,}"
            began = f"{timezone.localtime(run.started_at):%d %b %Y %H:%M}"
            numbers = (f"{getattr(run, outcome):,}" for outcome in report.OUTCOMES)
            self.stdout.write(line.format(run.pk, run.state, began, of, *numbers, _what(run)))

    def _show(self, run: ImportRun, options: dict[str, Any]) -> None:
        limit = None if options["issues"] else ISSUES_NAMED
        issues = run.issues.select_related("resolved_by").order_by("pk")[:limit]
        if options["json"]:
            self.stdout.write(_json(progress.as_data(run) | {"issues": [_issue_data(issue) for issue in issues]}))
            return
        self.stdout.write(f"Import {run.pk}, {run.get_state_display().lower()}: {progress.in_words(run)}")
        self.stdout.write(
            f"Began {_moment(run.started_at)}, last wrote {_moment(run.progress_at)}, process {run.process}"
        )
        self.stdout.write(f"Reads {_what(run)}\n\n{report.table(run)}\n")
        for issue in issues.iterator(chunk_size=1000) if limit is None else issues:
            self.stdout.write(_issue(issue))
        if limit is not None and (more := run.issues.count() - limit) > 0:
            self.stdout.write(f"… and {more:,} more: --issues names all.")
        if waiting := run.issues.quarantine().count():
            self.stdout.write(f"\n{waiting:,} wait in quarantine: {jobs.COMMAND} --retry-quarantined {run.pk}")
        if run.state in (ImportRun.State.INTERRUPTED, ImportRun.State.FAILED):
            self.stdout.write(f"\nTo go on: {jobs.go_on_command(run)}")

    def _watch(self, options: dict[str, Any]) -> None:
        run = _run(options["run"])
        while True:
            runs.settle()
            run.refresh_from_db()
            data = _json(progress.as_data(run), indent=None)
            self.stdout.write(data if options["json"] else f"Import {run.pk}, {run.state}: {progress.in_words(run)}")
            if run.state != ImportRun.State.RUNNING:
                break
            self.stdout.flush()
            time.sleep(PAUSE)
        if not options["json"]:
            self._show(run, options)


def _run(key: int | None) -> ImportRun:
    run = ImportRun.objects.filter(pk=key).first() if key else ImportRun.objects.order_by("-pk").first()
    if run is None:
        raise CommandError(f"There is no import {key}: 'manage.py imports' lists them." if key else
                           "Nothing was imported yet.", returncode=2)  # fmt: skip
    return run


def _what(run: ImportRun) -> str:
    options = run.options
    if "retry" in options:
        return f"the quarantine of import {options['retry']}"
    if "follow" in options:
        return f"{options['follow']} (follows)"
    return " ".join(options.get("paths") or []) or "–"


def _issue(issue: ImportIssue) -> str:
    done = f" [read again by import {issue.resolved_by_id}]" if issue.resolved_at else ""
    return f"{issue.get_severity_display()}: {issue.name}{report.place(issue)}: {issue.reason}{done}"


def _issue_data(issue: ImportIssue) -> dict[str, Any]:
    return {
        "severity": issue.severity,
        "name": issue.name,
        "reason": issue.reason,
        "byte_offset": issue.byte_offset,
        "line": issue.line,
        "sha256": issue.sha256 or None,
        "size": issue.size,
        "document": issue.document_id,
        "resolved_by": issue.resolved_by_id,
    }


def _moment(moment: Any) -> str:
    return f"{timezone.localtime(moment):%d %b %Y, %H:%M:%S}"


def _json(value: Any, *, indent: int | None = 2) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)
