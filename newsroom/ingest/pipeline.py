"""The import, as one line:

source | those not here yet | process (in worker processes) | load, a batch at a time  ->  Progress
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import DatabaseError, transaction

from newsroom import runs
from newsroom.ingest import cycles
from newsroom.ingest.intake import Unread, Until
from newsroom.ingest.load import Loaded, Loader, LoadOptions
from newsroom.ingest.load_documents import taken_in
from newsroom.ingest.load_session import settle
from newsroom.ingest.patience import patiently
from newsroom.ingest.pool import Pool
from newsroom.ingest.readers import Incoming
from newsroom.models import ImportRun

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from newsroom.holds import Hold
    from newsroom.ingest.worker import Outcome


@dataclass(slots=True)
class Import:
    """One run of the pipeline. Iterate ``progress()`` to make it go; ``run`` has its counts at any time.

    With ``dry_run`` the very same work is done inside a transaction that is rolled back at the end, so that what it
    reports is what the run itself will do. ``inputs``: full paths that no other run may read meanwhile; ``total``:
    documents that the run will have read at its end, if known; ``asked_to_stop`` is asked before each document;
    at most ``limit`` documents are read; ``resumes``: the run to go on with, instead of a new one; ``more`` is asked
    for another source whenever one is done, and may wait for it; ``left_out`` tells what was passed over so far, by kind; documents are read in so many ``workers`` (0: as set
    for the site; 1: in this process). ``stopped``, in the end: whether documents were left; ``begun``: whether there is a ``run`` yet.
    """

    source: Iterable[Incoming]
    options: LoadOptions
    dry_run: bool = False
    user: User | None = None
    described_as: dict[str, Any] = field(default_factory=dict)
    inputs: Sequence[str] = ()
    total: int | None = None
    asked_to_stop: Callable[[], bool] = bool
    limit: int | None = None
    more: Callable[[], Iterable[Incoming] | None] = lambda: None
    left_out: Callable[[], Mapping[str, int]] = dict
    workers: int = 0
    resumes: ImportRun | None = None
    run: ImportRun = field(init=False)
    stopped: bool = field(default=False, init=False)
    begun: bool = field(default=False, init=False)

    def progress(self) -> Iterator[list[Loaded]]:
        """Yields what each batch came to, once it is written. An interrupted run keeps the batches before.

        Raises ``runs.InUseError``, before anything is read, if another run reads the same input.
        """
        scope: AbstractContextManager[Any] = _rolled_back() if self.dry_run else nullcontext()
        with scope, self._begun() as hold:
            try:
                yield from self._all(hold)
            except (KeyboardInterrupt, GeneratorExit):
                self._end_early(ImportRun.State.INTERRUPTED)
                raise
            except Exception:
                self._end_early(ImportRun.State.FAILED)
                raise
            runs.end(self.run, ImportRun.State.INTERRUPTED if self.stopped else ImportRun.State.FINISHED)

    @contextmanager
    def _begun(self) -> Iterator[Hold | None]:
        if self.dry_run:
            self.run, hold = ImportRun.objects.create(user=self.user, options=self.described_as, total=self.total), None
        elif self.resumes is not None:
            self.run, hold = runs.go_on(self.resumes, total=self.total)
        else:
            self.run, hold = runs.begin(user=self.user, options=self.described_as, inputs=self.inputs, total=self.total)
        self.begun = True
        try:
            yield hold
        finally:
            if hold is not None:
                hold.release()

    def _end_early(self, state: str) -> None:
        # With the database gone, the run stays marked as running, and is seen to be interrupted when that is back.
        with suppress(DatabaseError):
            runs.end(self.run, state)

    def _all(self, hold: Hold | None) -> Iterator[list[Loaded]]:
        loader = Loader(self.run, self.options)
        source: Iterable[Incoming] | None = self.source
        workers = self.workers or settings.IMPORT_WORKERS
        with Pool(workers, seconds=settings.IMPORT_MAX_DOCUMENT_SECONDS) as pool, cycles.sought_seldom():
            while source is not None:
                intake = Until(source, self.asked_to_stop, self.limit)
                yield from self._batches(pool.outcomes(Unread(intake, _are_here)), loader, hold)
                if self.run.created + self.run.updated:
                    settle()
                self.stopped = intake.cut
                source = None if intake.cut else self.more()

    def _batches(self, outcomes: Iterator[Outcome], loader: Loader, hold: Hold | None) -> Iterator[list[Loaded]]:
        before, began = self.run.seconds, time.monotonic()
        while batch := list(islice(outcomes, settings.IMPORT_BATCH)):
            loaded = loader.load(batch)
            self.run.seconds = before + time.monotonic() - began
            if hold is not None:
                hold.keep()
            yield loaded
            # Let go of before the next are taken, and before cycles are sought: what is there is looked through.
            del batch, loaded
            cycles.seek()


def _are_here(hashes: Collection[str]) -> set[str]:
    return patiently(lambda: taken_in(hashes), lambda: False, set)


@contextmanager
def _rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
