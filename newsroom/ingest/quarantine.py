"""Documents that were set aside: tried again, and marked when they came in after all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from django.db.models import Q
from django.utils import timezone

from newsroom.ingest.intake import NAME_LENGTH
from newsroom.ingest.readers import Incoming, restore
from newsroom.models import ImportIssue, ImportRun


def runs_to_retry(number: int = 0) -> list[ImportRun]:
    """The runs (or the one of that number) of which documents wait that can be read again, the earliest first."""
    waiting = ImportIssue.objects.quarantine()
    keys = {issue.run_id for issue in waiting.filter(**({"run": number} if number else {})) if _can_be_read(issue)}
    return list(ImportRun.objects.filter(pk__in=keys).order_by("pk"))


def kept(run: ImportRun, open_paths: Callable[[list[str]], Iterable[Incoming]]) -> Iterator[Incoming]:
    """What the run set aside and nobody has taken in since: the bytes that were kept, else the file if it is there."""
    seen: set[str] = set()
    issues = ImportIssue.objects.quarantine().filter(run=run).order_by("pk")
    for key in list(issues.values_list("pk", flat=True)):
        issue = issues.select_related("document").filter(pk=key).first()
        if issue is None or issue.sha256 in seen or not _can_be_read(issue):
            continue
        seen |= {issue.sha256} - {""}
        if issue.document is not None:
            yield restore(issue.name, bytes(issue.document.raw), issue.document.media_type, issue.document.meta)
        else:
            yield from open_paths([issue.name])


def resolve(run: ImportRun, documents: Iterable[tuple[str, str]]) -> int:
    """Mark the issues of documents, each a (name, SHA-256), as resolved by the run. Returns how many there were.

    A run that tries a quarantine again also resolves, by their names, issues of what was not kept: it reads these
    files as they are now.
    """
    taken = list(documents)
    same = Q(sha256__in={sha256 for _, sha256 in taken if sha256})
    if "retry" in run.options:
        same |= Q(run=run.options["retry"], document=None, name__in={name[:NAME_LENGTH] for name, _ in taken})
    return ImportIssue.objects.quarantine().filter(same).update(resolved_at=timezone.now(), resolved_by=run)


def _can_be_read(issue: ImportIssue) -> bool:
    return issue.document_id is not None or Path(issue.name).is_file()
