"""How far a run has come: a row for each document with what it made, the issues, and the run's own counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from articles import bulk
from articles.models import Article, CuratedList
from newsroom.ingest.patience import LostError
from newsroom.ingest.quarantine import Read, Waiting
from newsroom.models import ImportIssue, ImportRun, RunDocument
from newsroom.models import Outcome as Result
from quotes.models import Quote

if TYPE_CHECKING:
    from newsroom.ingest.load import Loaded


# What a batch changes of the run's row.
COUNTED = ("read", "created", "updated", "unchanged", "quarantined", "counts")


def has_come_to(run: ImportRun, before: int, after: int) -> bool:
    """Whether the batch that takes the run from so many documents to so many is written.

    Raises ``LostError`` if the run is at neither: a database that was set not to wait for its disk can lose what it
    confirmed when it crashes.
    """
    read = ImportRun.objects.filter(pk=run.pk).values_list("read", flat=True).first()
    if read not in (before, after):
        raise LostError(
            f"after a crash, it has lost the last documents that it had confirmed (it knows of {read or 0:,} of "
            f"{before:,}). Import the same paths anew: what is here is left as it is, the rest comes in"
        )
    return read == after


def mark_progress(waiting: Waiting, loaded: Sequence[Loaded], *, speakers: int) -> None:
    """Write down what a batch came to, within the transaction that wrote its rows. ``speakers``: how many it made."""
    run = waiting.run
    bulk.insert(
        [
            bulk.new(
                RunDocument,
                run=run,
                position=run.read + number,
                name=done.name[:1000],
                document_id=done.document_id,
                outcome=str(done.result),
                changes=done.ledger.as_json(),
            )
            for number, done in enumerate(loaded)
        ]
    )
    for done in loaded:
        for issue in done.issues:
            issue.run, issue.document_id, issue.name = run, done.document_id, done.name[:1000]
    issues: list[ImportIssue] = [issue for done in loaded for issue in done.issues]
    bulk.insert(issues)
    waiting.read(Read(done.name, done.sha256, done.result != Result.QUARANTINED) for done in loaded)
    run.read += len(loaded)
    for done in loaded:
        setattr(run, done.result, getattr(run, done.result) + 1)
    run.counts = _totals(run, loaded, speakers)
    run.save()


def _totals(run: ImportRun, loaded: Sequence[Loaded], speakers: int) -> dict[str, dict[str, int]]:
    """The run's rows so far by kind and outcome, with this batch; documents that were here already count whole."""
    totals = {kind: Counter(numbers) for kind, numbers in run.counts.items()}
    for done in loaded:
        for (kind, result), number in done.counts.items():
            totals.setdefault(kind, Counter())[str(result)] += number
        totals.setdefault("issues", Counter())[Result.CREATED] += len(done.issues)
    totals.setdefault("speakers", Counter())[Result.CREATED] += speakers
    here = [done.document_id for done in loaded if done.result == Result.UNCHANGED and not done.counts]
    for kind, model in (("articles", Article), ("quotes", Quote), ("lists", CuratedList)):
        number = model._default_manager.filter(document__in=here).count() if here else 0
        totals.setdefault(kind, Counter())[Result.UNCHANGED] += number
    return {kind: {str(result): number for result, number in found.items()} for kind, found in totals.items()}
