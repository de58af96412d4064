"""How fast an import is, and what it takes: ``python -m tests.benchmarks.imports [DOCUMENTS]``.

Uses the database of ``DATABASE_URL``, which must be empty and is left full; ``make bench-import`` gives one of each kind.
With 26,000 documents (200,000 quotes and more) it tells whether an import slows down as the archive grows.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.corpus import Corpus

TICKS = os.sysconf("SC_CLK_TCK")
WORKERS = 2


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a run stood: documents written, seconds, processor seconds by part, peak memory of this process in MB."""

    documents: int
    wall: float
    loader: float
    workers: float
    server: float
    peak: float


def mark(documents: int) -> Mark:
    workers, server = _others()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Mark(documents, time.monotonic(), time.process_time(), workers, server, peak)


def _others() -> tuple[float, float]:
    """Processor seconds of this process's children, and of all PostgreSQL processes of the machine."""
    workers = server = 0.0
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = place.read_text().rpartition(")")
        except OSError:
            continue
        parts = rest.split()
        seconds = (int(parts[11]) + int(parts[12])) / TICKS
        if int(parts[1]) == os.getpid():
            workers += seconds
        elif name.endswith("(postgres"):
            server += seconds
    return workers, server


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def imported(count: int) -> list[Mark]:
    """Import so many documents as the command does; a mark after each batch."""
    from newsroom.ingest.load import LoadOptions
    from newsroom.ingest.pipeline import Import

    job = Import(Corpus().documents(count), LoadOptions(publisher="Verland Post"), workers=WORKERS)
    marks = [mark(job.run.read) for _ in job.progress()]
    assert job.run.created == count, job.run.counts
    return marks


def stretch(marks: list[Mark], first: int, last: int) -> str:
    """What the documents from the one to the other took."""
    one = max((each for each in marks if each.documents <= first), key=lambda each: each.documents, default=marks[0])
    two = min((each for each in marks if each.documents >= last), key=lambda each: each.documents, default=marks[-1])
    done = two.documents - one.documents
    parts = {name: getattr(two, name) - getattr(one, name) for name in ("loader", "workers", "server")}
    cpu = ", ".join(f"{name} {seconds / done * 1000:.2f}" for name, seconds in parts.items())
    return (
        f"documents {one.documents:,} to {two.documents:,}: {done / (two.wall - one.wall):.0f} a second; processor ms a "
        f"document: {cpu}, in all {sum(parts.values()) / done * 1000:.2f} (two idle cores could do "
        f"{2 * done / sum(parts.values()):.0f} a second); peak memory {two.peak:.0f} MB"
    )


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

    with Pool(workers, seconds=120) as pool:
        list(pool.outcomes(Corpus(9).documents(64)))
        began = time.monotonic()
        done = sum(1 for _ in pool.outcomes(Corpus(3).documents(count)))
        return done / (time.monotonic() - began)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    call_command("migrate", verbosity=0)
    size = sum(len(each.data or b"") for each in Corpus().documents(200)) / 200
    say(f"== {connection.vendor}: {count:,} documents of {size:,.0f} bytes, {WORKERS} workers, {os.cpu_count()} cores")
    marks = imported(count)
    say(stretch(marks, 300, min(1_300, count)))
    if count >= 5_000:
        say(stretch(marks, count - 2_000, count))
    early = next((each for each in marks if each.documents >= 1_000), marks[-1])
    say(f"peak memory: {early.peak:.0f} MB at {early.documents:,} documents, {marks[-1].peak:.0f} MB at {count:,}")
    # Last, for it holds all rows in memory.
    call_command("flush", interactive=False, verbosity=0)
    small = imported(1_000)
    bare = ceiling()
    rate = 900 / (small[-1].wall - small[0].wall)
    say(f"bare bulk_create of such rows: {bare:.0f} a second; the import reaches {rate / bare:.0%} of that")
    one, two = parsed(1, 400), parsed(2, 400)
    say(f"parsing alone: {one:.0f} a second with --workers 1, {two:.0f} with --workers 2: {two / one:.2f} times")


if __name__ == "__main__":
    main()
