"""Which imports are alive. Each holds a lock that the system lets go of when its process ends, however it ends.

So nothing stale is ever left behind for a person to remove. On PostgreSQL it is an advisory lock, which every machine
sees; on SQLite a byte of a file next to the database, which every process on the machine sees.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from django.db import DEFAULT_DB_ALIAS, DatabaseError, Error, connection, connections

# The first of the two numbers of PostgreSQL's advisory locks: tells ours from those of other programs.
LOCK_CLASS = 1_852_798_061
BEGINNING = 0


class Hold(Protocol):
    """A lock on one run. ``keep`` takes it again where a connection was lost; ``release`` lets it go."""

    def keep(self) -> None: ...

    def release(self) -> None: ...


def hold(run: int) -> Hold:
    """Say that this process works on the run of that key, until ``release`` or the end of the process."""
    return _AdvisoryLock(run) if connection.vendor == "postgresql" else _ByteLock(run)


def alive(runs: Collection[int]) -> set[int]:
    """Those of the runs that a living process holds."""
    if not runs:
        return set()
    if connection.vendor == "postgresql":
        return _advisory_locks() & set(runs)
    return {run for run in runs if _byte_is_locked(run)}


def take_turns() -> None:
    """Let one process at a time begin an import. Lasts until the end of the transaction it is called in."""
    # On SQLite transactions that write come one after another by themselves.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_CLASS, BEGINNING])


# PostgreSQL


class _AdvisoryLock:
    """Held by a transaction on a connection of its own: so it also holds behind a pooler, and ends with the process.

    That transaction reads nothing, so it keeps no old rows alive.
    """

    def __init__(self, run: int) -> None:
        self._run = run
        self._connection = connections.create_connection(DEFAULT_DB_ALIAS)
        self._take()

    def _take(self) -> None:
        self._connection.set_autocommit(False)
        with self._connection.cursor() as cursor:
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            # Of a machine that vanished, the server hears nothing: let it ask, and give up after a minute.
            cursor.execute("SET LOCAL tcp_keepalives_idle = 30")
            cursor.execute("SET LOCAL tcp_keepalives_interval = 10")
            cursor.execute("SET LOCAL tcp_keepalives_count = 3")
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_CLASS, self._run])

    def keep(self) -> None:
        try:
            with self._connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except DatabaseError:
            self.release()
            try:
                self._take()
            except DatabaseError:
                self.release()  # The database is away: taken again when it is back.

    def release(self) -> None:
        # Ended first, so that the lock is gone now: the server may take its time over a connection that was closed.
        with suppress(Error):
            self._connection.rollback()
        self._connection.close()


def _advisory_locks() -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objsubid = 2"
            " AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [LOCK_CLASS],
        )
        return {run for (run,) in cursor.fetchall()}


# SQLite

# What this process itself holds, which the system's locks would not show it; by process, for forks inherit this set.
_held: set[tuple[int, str, int]] = set()
# Never closed: a process that closes any handle of a file loses all its locks on it.
_handles: dict[tuple[str, int], int] = {}


class _ByteLock:
    """The run's own byte of the lock file. Record locks are not inherited: workers do not keep a dead run alive."""

    def __init__(self, run: int) -> None:
        self._run = run
        self._place = str(connection.settings_dict["NAME"])
        path = _lock_file()
        if path is not None:
            fcntl.lockf(_handle(path, os.O_RDWR | os.O_CREAT), fcntl.LOCK_EX, 1, run)
        _held.add((os.getpid(), self._place, run))

    def keep(self) -> None:
        """The system keeps it."""

    def release(self) -> None:
        path = _lock_file()
        if path is not None:
            fcntl.lockf(_handle(path, os.O_RDWR | os.O_CREAT), fcntl.LOCK_UN, 1, self._run)
        _held.discard((os.getpid(), self._place, self._run))


def _byte_is_locked(run: int) -> bool:
    if (os.getpid(), str(connection.settings_dict["NAME"]), run) in _held:
        return True
    path = _lock_file()
    if path is None or not path.exists():
        return False
    handle = _handle(path, os.O_RDONLY)
    try:
        fcntl.lockf(handle, fcntl.LOCK_SH | fcntl.LOCK_NB, 1, run)
    except OSError:
        return True
    fcntl.lockf(handle, fcntl.LOCK_UN, 1, run)
    return False


def _lock_file() -> Path | None:
    """Next to the database; None for one in memory, which no other process sees."""
    if connection.is_in_memory_db():
        return None
    return Path(f"{connection.settings_dict['NAME']}-imports")


def _handle(path: Path, flags: int) -> int:
    key = (str(path), flags)
    if key not in _handles:
        _handles[key] = os.open(path, flags, 0o666)
    return _handles[key]
