"""A batch is written again when what stopped it may pass: a database that restarts, a lock, another import's rows."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError, connection

logger = logging.getLogger(__name__)

# Seconds between tries: a minute in all, enough for a server to be started anew.
PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
# SQLSTATEs of PostgreSQL (appendix A of its manual): connection lost, shutting down or starting up, deadlock and
# serialisation, too many connections.
_PASSING_CLASSES = ("08", "57", "40")
_PASSING = {"53300"}

T = TypeVar("T")


class LostError(DatabaseError):
    """The database came back without what it had confirmed; the message says what to do."""


def patiently(write: Callable[[], T], is_written: Callable[[], bool], done: Callable[[], T]) -> T:
    """What ``write`` returns: a transaction, tried again if it fails of something that may pass.

    A connection that breaks while it commits leaves open whether it did: then ``is_written`` looks, and ``done`` gives
    what ``write`` would have returned. Raises the database's error if that cannot pass, or has not in a minute; within
    another transaction (which is lost with the first error) at once.
    """
    in_doubt = False
    for pause in (*PAUSES, None):
        try:
            return done() if in_doubt and is_written() else write()
        except DatabaseError as error:
            if pause is None or connection.in_atomic_block or not _may_pass(error):
                raise
            logger.warning("The database: %s. Trying again in %g s.", _first_line(error), pause)
            in_doubt = True
            connection.close()
            time.sleep(pause)
    raise AssertionError("unreachable")


def _may_pass(error: DatabaseError) -> bool:
    if connection.vendor == "sqlite":
        return "is locked" in str(error)
    if isinstance(error, IntegrityError):  # an editor made a row of the same address or name just then
        return True
    state = getattr(error.__cause__, "sqlstate", None)
    if state is None:  # no answer from the server at all
        return isinstance(error, OperationalError | InterfaceError)
    return state.startswith(_PASSING_CLASSES) or state in _PASSING


def _first_line(error: DatabaseError) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
