"""How fast an import is, and what it takes: ``python -m tests.benchmarks.imports [DOCUMENTS]``.

Uses the database of ``DATABASE_URL``, which must be empty and is left full; ``make bench-import`` gives one of each kind.
With 26,000 documents (the default: 208,000 quotes) it takes five minutes on two cores that nothing else is at work on,
and tells whether an import slows down, or takes more memory, as the archive grows. With 2,000 it takes one.

Rates a second mean little on a machine that others use; processor seconds, and ratios of such, hold on any.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmarks.corpus import Corpus, write

TICKS = os.sysconf("SC_CLK_TCK")
WORKERS = 2


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a run stood: documents written, seconds, processor seconds by part, memory of all processes but the server's in MB."""

    documents: int
    wall: float
    loader: float
    workers: float
    server: float
    memory: float

    @property
    def cpu(self) -> float:
        return self.loader + self.workers + self.server


def mark(documents: int) -> Mark:
    workers, server, memory = _others()
    return Mark(documents, time.monotonic(), time.process_time(), workers, server, _peak("self") + memory)


def _others() -> tuple[float, float, float]:
    """Processor seconds of this process's children, and of the PostgreSQL server if there is one; the children's memory."""
    workers = server = memory = 0.0
    postmaster = _postmaster()
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            parts = place.read_text().rpartition(")")[2].split()
            seconds = (int(parts[11]) + int(parts[12])) / TICKS
            if int(parts[1]) == os.getpid():
                workers += seconds
                memory += _peak(place.parent.name)
            elif place.parent.name == postmaster:
                server += seconds + (int(parts[13]) + int(parts[14])) / TICKS  # of backends that have ended, too
            elif parts[1] == postmaster:
                server += seconds
        except (OSError, StopIteration):
            continue
    return workers, server, memory


@cache
def _postmaster() -> str:
    """The number of the server's first process, which must be on this machine; empty for SQLite."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        status = Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text()
    return status.rpartition(")")[2].split()[1]


def _peak(process: str) -> float:
    """The most memory that the process ever had, in MB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def imported(folder: Path) -> list[Mark]:
    """Import the files of a folder as the command does; a mark after each batch."""
    from newsroom.ingest import jobs
    from newsroom.ingest.load import LoadOptions
    from newsroom.ingest.pipeline import Import

    source = jobs.open_paths([str(folder)])
    job = Import(source, LoadOptions(publisher="Verland Post"), workers=WORKERS)
    marks = [mark(job.run.read) for _ in job.progress()]
    assert job.run.created == job.run.read == marks[-1].documents, job.run.counts
    return marks


def between(marks: list[Mark], first: int, last: int) -> tuple[Mark, Mark]:
    one = max((each for each in marks if each.documents <= first), key=lambda each: each.documents, default=marks[0])
    two = min((each for each in marks if each.documents >= last), key=lambda each: each.documents, default=marks[-1])
    return one, two


def cost(marks: list[Mark], first: int, last: int) -> float:
    """Processor milliseconds a document."""
    one, two = between(marks, first, last)
    return (two.cpu - one.cpu) / (two.documents - one.documents) * 1000


def rate(marks: list[Mark], first: int, last: int) -> float:
    one, two = between(marks, first, last)
    return (two.documents - one.documents) / (two.wall - one.wall)


def stretch(marks: list[Mark], first: int, last: int) -> str:
    """What the documents from the one to the other took."""
    one, two = between(marks, first, last)
    done = two.documents - one.documents
    parts = {name: getattr(two, name) - getattr(one, name) for name in ("loader", "workers", "server")}
    cpu = ", ".join(f"{name} {seconds / done * 1000:.2f}" for name, seconds in parts.items())
    in_all = cost(marks, first, last)
    return (
        f"documents {one.documents:,} to {two.documents:,}: {rate(marks, first, last):.0f} a second; processor ms a "
        f"document: {cpu}, in all {in_all:.2f} (two idle cores could do {2000 / in_all:.0f} a second)"
    )


def growth(marks: list[Mark]) -> str:
    """What memory does as documents come in: measured, and by the line of best fit from 1,000 documents on."""
    early = next((each for each in marks if each.documents >= 1_000), marks[-1])
    later = [each for each in marks if each.documents >= early.documents]
    said = (
        f"peak memory of loader and workers: {early.memory:.0f} MB at {early.documents:,} documents, "
        f"{marks[-1].memory:.0f} MB at {marks[-1].documents:,}"
    )
    if len(later) < 10:
        return said
    slope = statistics.linear_regression([each.documents for each in later], [each.memory for each in later]).slope
    return f"{said}; {slope * 99_000:+.0f} MB from 1,000 to 100,000 as it goes"


def ceiling() -> float:
    """Documents a second of nothing but ``bulk_create`` of the rows that are there now, which goes on an empty database."""
    from django.apps import apps
    from django.core.management import call_command
    from django.db import transaction

    from articles.models import RawDocument

    tables: list[list[Any]] = [
        list(model._base_manager.all())
        for label in ("articles", "quotes")
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    ]
    count = RawDocument.objects.count()
    call_command("flush", interactive=False, verbosity=0)
    waiting = [rows for rows in tables if rows]
    began = time.monotonic()
    with transaction.atomic():  # foreign keys are checked when it ends
        for rows in waiting:
            type(rows[0])._base_manager.bulk_create(rows)
    return count / (time.monotonic() - began)


def parsed(workers: int, count: int) -> float:
    """Documents a second of the parsing stage alone (1: in this process); all is running when the time begins."""
    from newsroom.ingest.pool import Pool

    documents = list(Corpus(3).documents(count))
    with Pool(workers, seconds=120) as pool:
        list(pool.outcomes(Corpus(9).documents(64)))
        began = time.monotonic()
        done = sum(1 for _ in pool.outcomes(documents))
        return done / (time.monotonic() - began)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    began = time.monotonic()
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 26_000
    call_command("migrate", verbosity=0)
    size = sum(len(each.data or b"") for each in Corpus().documents(200)) / 200
    say(f"== {connection.vendor}: {count:,} documents of {size:,.0f} bytes, {WORKERS} workers, {os.cpu_count()} cores")
    with TemporaryDirectory() as place:
        write(Path(place) / "all", count)
        marks = imported(Path(place) / "all")
        say(stretch(marks, 300, min(1_300, count)))
        if count >= 5_000:
            say(stretch(marks, count - 2_000, count))
            slower = cost(marks, 300, 1_300) / cost(marks, count - 2_000, count)
            by_clock = rate(marks, count - 2_000, count) / rate(marks, 300, 1_300)
            say(
                f"documents a second at the end, of those at the beginning: {by_clock:.2f} (by processor time {slower:.2f})"
            )
        say(growth(marks))
        # Last, for it holds all rows in memory.
        call_command("flush", interactive=False, verbosity=0)
        write(Path(place) / "few", min(count, 1_400))
        small = imported(Path(place) / "few")
        bare = ceiling()
        reached = rate(small, 200, 1_400) / bare
        say(
            f"bare bulk_create of such rows: {bare:.0f} a second; the import, which reads them first: {reached:.0%} of that"
        )
    one, two = (max(parsed(workers, min(count, 600)) for _ in range(2)) for workers in (1, 2))
    say(f"parsing alone: {one:.0f} a second with --workers 1, {two:.0f} with --workers 2: {two / one:.2f} times")
    say(f"all this took {time.monotonic() - began:.0f} seconds")


if __name__ == "__main__":
    main()
