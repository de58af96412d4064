"""Documents that were set aside: tried again, and marked when a later run has read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from django.db.models import Q
from django.utils import timezone

from newsroom.ingest.intake import NAME_LENGTH
from newsroom.ingest.readers import PARTIAL, Incoming, NothingToReadError, container_of, restore
from newsroom.models import ImportIssue, ImportRun


def runs_to_retry(number: int = 0) -> list[ImportRun]:
    """The runs (or the one of that number) of which documents wait that can be read again, the earliest first."""
    waiting = ImportIssue.objects.quarantine()
    keys = {issue.run_id for issue in waiting.filter(**({"run": number} if number else {})) if _can_be_read(issue)}
    return list(ImportRun.objects.filter(pk__in=keys).order_by("pk"))


def kept(run: ImportRun, open_paths: Callable[[list[str]], Iterable[Incoming]]) -> Iterator[Incoming]:
    """What the run set aside and no later run has read: the bytes that were kept, else the file if it is there."""
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
            with suppress(NothingToReadError):  # taken away meanwhile
                yield from open_paths([issue.name])


def _can_be_read(issue: ImportIssue) -> bool:
    return issue.document_id is not None or Path(issue.name).exists()


@dataclass(frozen=True, slots=True)
class Read:
    """A document that a run has read: ``is_in`` unless it was set aside."""

    name: str
    sha256: str
    is_in: bool


@dataclass
class Waiting:
    """What earlier runs set aside, and ``run`` may meet again. It is told of each document once, by the latest run."""

    run: ImportRun

    @cached_property
    def _by_name(self) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
        """Issues by the full name of a file of which no bytes were kept, and of one that was cut off.

        A relative name means something else elsewhere, but not to a run that tries these very issues again.
        """
        nothing: dict[str, list[int]] = {}
        beginning: dict[str, list[int]] = {}
        lost = Q(document=None) | Q(document__media_type=PARTIAL)
        issues = ImportIssue.objects.quarantine().filter(lost).exclude(run=self.run)
        for key, name, run, document in issues.values_list("pk", "name", "run", "document").iterator(chunk_size=2_000):
            if name.startswith("/") or run == self.run.options.get("retry"):
                (nothing if document is None else beginning).setdefault(name, []).append(key)
        return nothing, beginning

    def read(self, documents: Iterable[Read]) -> None:
        """Mark the issues of these documents as taken up by the run: those of the same bytes; of which no bytes were kept,
        those of the same file or of one that it came in; and a file's that was cut off and now came whole.
        """
        documents = list(documents)
        nothing, beginning = self._by_name
        keys: list[int] = []
        if nothing or beginning:
            for document in documents:
                name = document.name[:NAME_LENGTH]
                keys += [key for place in _places(name) for key in nothing.get(place, ())]
                keys += beginning.get(name, ()) if document.is_in else ()
        same = Q(sha256__in={document.sha256 for document in documents if document.sha256 and document.is_in})
        again = {document.sha256 for document in documents if document.sha256 and not document.is_in}
        if again:
            same |= Q(sha256__in=again) & ~Q(run=self.run)
        taken_up = ImportIssue.objects.not_read_again().filter(same | Q(pk__in=keys))
        taken_up.update(resolved_at=timezone.now(), resolved_by=self.run)


def _places(name: str) -> Iterator[str]:
    """The names that a document could have been set aside under: its own, that of its file, those of what holds that."""
    yield name
    place = container_of(name)
    if place != name:
        yield place
    while (end := place.rfind("/")) > 0:
        place = place[:end]
        yield place
