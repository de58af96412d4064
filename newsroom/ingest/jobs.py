"""Which imports a command stands for: a new one, one to go on with, a drop folder to follow, a quarantine to try again."""

from __future__ import annotations

import datetime as dt
import shlex
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from newsroom import runs
from newsroom.ingest.following import PAUSE, DropFolder
from newsroom.ingest.intake import ChangedSince, Remaining
from newsroom.ingest.load import LoadOptions
from newsroom.ingest.pipeline import Import
from newsroom.ingest.quarantine import kept, runs_to_retry
from newsroom.ingest.readers import Incoming, Limits, NothingToReadError, Source, open_source, presentable
from newsroom.ingest.stopping import StopSignals
from newsroom.models import ImportRun

COMMAND = "python manage.py import_dump"


class NothingToDoError(Exception):
    """There is no such run, or nothing in it to be done; the message says what there is."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an operator asked for; as in ``import_dump --help``."""

    publish: bool = False
    publisher: str = ""
    date: dt.date | None = None
    since: dt.date | None = None
    limit: int | None = None
    dry_run: bool = False

    @property
    def load(self) -> LoadOptions:
        return LoadOptions(publish=self.publish, publisher=self.publisher, date=self.date)

    def described(self, **more: Any) -> dict[str, Any]:
        """What the run's row keeps of it, enough to go on with the run. A run ends with its limit, so that is left out."""
        found = {"publish": self.publish, "publisher": self.publisher, "date": _text(self.date), **more}
        return found | ({"since": _text(self.since)} if self.since else {})


def as_asked(options: dict[str, Any], *, limit: int | None = None, dry_run: bool = False) -> Asked:
    """What a run was asked for, from what its row keeps."""
    return Asked(
        publish=bool(options.get("publish")),
        publisher=options.get("publisher") or "",
        date=_date(options.get("date")),
        since=_date(options.get("since")),
        limit=limit,
        dry_run=dry_run,
    )


def new(paths: list[str], asked: Asked, stop: StopSignals) -> Import:
    """An import of what the paths lead to. Raises ``NothingToReadError`` if that is nothing."""
    source = open_paths(paths)
    narrowed = _narrowed(source, asked.since)
    return Import(
        narrowed,
        asked.load,
        left_out=partial(_left_out, source, narrowed),
        dry_run=asked.dry_run,
        described_as=asked.described(paths=[presentable(path) for path in paths], cwd=presentable(str(Path.cwd()))),
        inputs=runs.full_inputs(paths),
        total=None if asked.since else source.expected(),
        asked_to_stop=stop.asked,
        limit=asked.limit,
    )


def resumed(number: int, limit: int | None, stop: StopSignals) -> Import:
    """The run of that number (0: the latest that was interrupted), from where it stopped."""
    run = _run_to_resume(number)
    paths = run.options.get("paths") or []
    asked = as_asked(run.options, limit=limit)
    _see_that_paths_mean_the_same(run, paths)
    source = open_paths(paths)
    narrowed = _narrowed(source, asked.since)
    done = run.documents.order_by().values_list("name", flat=True).iterator(chunk_size=10_000)
    return Import(
        Remaining(narrowed, done),
        asked.load,
        left_out=partial(_left_out, source, narrowed),
        total=None if asked.since else source.expected(),
        asked_to_stop=stop.asked,
        limit=limit,
        resumes=run,
    )


def following(directory: str, asked: Asked, stop: StopSignals, *, pause: float = PAUSE) -> Import:
    """An import of what is in the directory, and of whatever comes into it, until somebody asks to stop.

    It is looked at every ``pause`` seconds.
    """
    if not Path(directory).is_dir():
        raise NothingToReadError(f"--follow needs a directory, and {directory!r} is none.")
    folder = DropFolder(Path(directory), stop.wait, pause)

    def more() -> Iterable[Incoming] | None:
        while not stop.asked():
            try:
                return open_paths(folder.new_files())
            except NothingToReadError:
                continue  # Taken away again, or asked to stop.
        return None

    return Import(
        (),
        asked.load,
        described_as=asked.described(follow=presentable(directory), cwd=presentable(str(Path.cwd()))),
        inputs=runs.full_inputs([directory]),
        asked_to_stop=stop.asked,
        more=more,
    )


def retries(number: int, dry_run: bool, stop: StopSignals) -> Iterator[Import]:
    """An import for each run (or the one of that number) that set documents aside which can be tried again."""
    found = runs_to_retry(number)
    if not found:
        whose = f"of import {number} " if number else ""
        raise NothingToDoError(f"Nothing {whose}waits in quarantine that could be tried again.")
    for run in found:
        asked = as_asked(run.options, dry_run=dry_run)
        yield Import(
            kept(run, open_paths),
            asked.load,
            dry_run=dry_run,
            described_as=asked.described(retry=run.pk),
            inputs=[f"quarantine of import {run.pk}"],
            asked_to_stop=stop.asked,
        )


def go_on_command(run: ImportRun) -> str:
    """What to type to go on with the run where it stopped."""
    if "follow" in run.options:
        return f"{COMMAND} --follow {shlex.quote(run.options['follow'])}"
    if "retry" in run.options:
        return f"{COMMAND} --retry-quarantined {run.options['retry']}"
    return f"{COMMAND} --resume {run.pk}"


def open_paths(paths: list[str]) -> Source:
    return open_source(paths, stdin=sys.stdin.buffer, limits=limits())


def limits() -> Limits:
    """How much of a file, or of what is in it, is taken in on this site."""
    return Limits(
        document=settings.IMPORT_MAX_DOCUMENT_BYTES,
        unpacked=settings.IMPORT_MAX_UNPACKED_BYTES,
        ratio=settings.IMPORT_MAX_RATIO,
        nesting=settings.IMPORT_MAX_NESTING,
        members=settings.IMPORT_MAX_MEMBERS,
    )


def _narrowed(source: Iterable[Incoming], since: dt.date | None) -> Iterable[Incoming]:
    if since is None:
        return source
    midnight = timezone.make_aware(dt.datetime.combine(since, dt.time.min))
    return ChangedSince(source, midnight.timestamp())


def _left_out(source: Source, narrowed: Iterable[Incoming]) -> dict[str, int]:
    """What was passed over, by kind: as ``Source`` has it, and "older" for what is left out by ``since``."""
    older = narrowed.skipped if isinstance(narrowed, ChangedSince) else 0
    return dict(source.left_out) | ({"older": older} if older else {})


def _run_to_resume(number: int) -> ImportRun:
    runs.settle()
    run = ImportRun.objects.filter(pk=number).first() if number else ImportRun.objects.to_resume().first()
    if run is None:
        raise NothingToDoError(
            f"There is no import {number}: 'manage.py imports' lists them."
            if number
            else "No import was interrupted: there is nothing to go on with."
        )
    if run.state == ImportRun.State.UNDONE:
        raise NothingToDoError(f"Import {run.pk} was undone: import its paths anew.")
    if "follow" in run.options:
        raise NothingToDoError(
            f"Import {run.pk} followed a directory: begin again with '{go_on_command(run)}'. "
            "What is in already stays as it is."
        )
    if "retry" in run.options:
        raise NothingToDoError(f"Import {run.pk} tried a quarantine again: begin again with '{go_on_command(run)}'.")
    return run


def _see_that_paths_mean_the_same(run: ImportRun, paths: list[str]) -> None:
    began_in = run.options.get("cwd")
    if (
        began_in
        and began_in != presentable(str(Path.cwd()))
        and any(not Path(path).is_absolute() for path in paths if path != "-")
    ):
        raise NothingToDoError(
            f"Import {run.pk} began in {began_in}, and its paths are relative: 'cd {began_in}' first."
        )


def _text(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
