"""The life of an import run: begun or gone on with, held by a living process, and brought to its end."""

from __future__ import annotations

import fnmatch
import os
import socket
from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from newsroom import holds
from newsroom.ingest.readers import presentable
from newsroom.models import ImportRun

if TYPE_CHECKING:
    from django.contrib.auth.models import User

_GLOB = frozenset("*?[")


class InUseError(Exception):
    """Another run is at work on the same input, or on the run itself; the message says which, and what to do."""


def full_inputs(paths: Sequence[str]) -> list[str]:
    """The paths in full, for comparison; standard input is nobody else's."""
    full = (os.path.abspath(path) for path in paths if path != "-")  # noqa: PTH100 - Path.resolve would follow links
    return [presentable(path) for path in full]


@transaction.atomic
def begin(
    *, user: User | None, options: dict[str, Any], inputs: Sequence[str], total: int | None
) -> tuple[ImportRun, holds.Hold]:
    """A new run, held by this process. Raises ``InUseError`` if a living run reads any of the same input."""
    _refuse_taken(inputs)
    run = ImportRun.objects.create(user=user, options=options, inputs=list(inputs), total=total, process=_process())
    return run, holds.hold(run.pk)


@transaction.atomic
def go_on(run: ImportRun, *, total: int | None) -> tuple[ImportRun, holds.Hold]:
    """The run again, held by this process. Raises ``InUseError`` if it runs, or its input is read by another."""
    _refuse_taken(run.inputs)
    run.refresh_from_db()
    if run.state == ImportRun.State.RUNNING:
        raise InUseError(
            f"Import {run.pk} is running (process {run.process}): 'manage.py imports {run.pk} --watch' shows it."
        )
    run.state, run.finished_at, run.total, run.process = ImportRun.State.RUNNING, None, total, _process()
    run.save()
    return run, holds.hold(run.pk)


def end(run: ImportRun, state: str) -> None:
    """Write down how the run came to its end."""
    run.state, run.finished_at = state, timezone.now()
    ImportRun.objects.filter(pk=run.pk).update(state=state, finished_at=run.finished_at, seconds=run.seconds)


def settle() -> int:
    """Mark the runs whose process is gone (killed, power cut) as interrupted. Returns how many there were."""
    running = list(ImportRun.objects.running().values_list("pk", flat=True))
    gone = set(running) - holds.alive(running)
    if not gone:
        return 0
    dead = ImportRun.objects.running().filter(pk__in=gone)
    return dead.update(state=ImportRun.State.INTERRUPTED, finished_at=F("progress_at"))


def _refuse_taken(inputs: Sequence[str]) -> None:
    holds.take_turns()
    settle()
    for run in ImportRun.objects.running():
        for mine in inputs:
            for theirs in run.inputs:
                if overlap(mine, theirs):
                    raise InUseError(
                        f"Import {run.pk} is reading {theirs} at this moment (process {run.process}, "
                        f"since {timezone.localtime(run.started_at):%d %b %Y, %H:%M}). Wait until it is done "
                        f"('manage.py imports {run.pk} --watch' shows how far it is), or end that process (Ctrl-C, kill -INT)."
                    )


def overlap(one: str, other: str) -> bool:
    """Whether two inputs (full paths of files or directories, or patterns) can lead to the same file."""
    return one == other or _holds(one, other) or _holds(other, one)


def _holds(outer: str, inner: str) -> bool:
    """Whether ``inner`` lies in the directory ``outer`` or fits the pattern ``outer``."""
    if _GLOB & set(outer):
        return not _GLOB & set(inner) and fnmatch.fnmatchcase(inner, outer)
    return PurePath(outer) in PurePath(inner).parents


def _process() -> str:
    return f"{os.getpid()} on {socket.gethostname()}"[:200]
