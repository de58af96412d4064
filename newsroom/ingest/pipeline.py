"""The import, as one line:

source | process (in this process) | load, a batch at a time  ->  Progress
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils import timezone

from newsroom.ingest.load import Loaded, Loader, LoadOptions
from newsroom.ingest.readers import Source
from newsroom.ingest.worker import process
from newsroom.models import ImportRun

if TYPE_CHECKING:
    from django.contrib.auth.models import User

BATCH = 20


@dataclass(slots=True)
class Import:
    """One run of the pipeline. Iterate ``progress()`` to make it go; ``run`` has its counts at any time.

    With ``dry_run`` the very same work is done inside a transaction that is rolled back at the end, so that what it
    reports is what the run itself will do.
    """

    source: Source
    options: LoadOptions
    dry_run: bool = False
    user: User | None = None
    described_as: dict[str, Any] = field(default_factory=dict)
    run: ImportRun = field(init=False)

    def progress(self) -> Iterator[list[Loaded]]:
        """Yields what each batch came to, once it is written. An interrupted run keeps the batches before."""
        scope: AbstractContextManager[Any] = _rolled_back() if self.dry_run else nullcontext()
        with scope:
            self.run = ImportRun.objects.create(user=self.user, options=self.described_as)
            state = ImportRun.State.FAILED
            try:
                yield from self._batches()
                state = ImportRun.State.FINISHED
            except (KeyboardInterrupt, GeneratorExit):
                state = ImportRun.State.INTERRUPTED
                raise
            finally:
                self.run.state, self.run.finished_at = state, timezone.now()
                ImportRun.objects.filter(pk=self.run.pk).update(state=state, finished_at=self.run.finished_at)

    def _batches(self) -> Iterator[list[Loaded]]:
        loader = Loader(self.run, self.options)
        outcomes = map(process, self.source)
        while batch := list(islice(outcomes, BATCH)):
            yield loader.load(batch)
        if self.run.created + self.run.updated:
            _refresh_statistics()


def _refresh_statistics() -> None:
    """Tell SQLite how its tables are filled: without, it joins the search index from the wrong end. PostgreSQL sees to it itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # The limit bounds the time, whatever the archive's size.
            cursor.execute("PRAGMA analysis_limit = 1000")
            cursor.execute("ANALYZE")


@contextmanager
def _rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
