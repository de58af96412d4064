"""Which version of the archive the pages in the cache show: every write that readers can see begins a new one.

The version is a text under one key of the cache that all processes share: the second by which it had begun, and
something random, so that one that the cache lost does not come back. A page is kept with the version that was read
*before* it was made, and shown only while that is still the version: a page made from what was there before a commit, but
put away after it, is never shown.

Writes are noticed where all of them pass: at the database connection. Store functions, bulk statements, plain admin
forms, undoing and the shell have nothing else in common, and a call that each had to make would one day be left out. Not
noticed is what another program writes; a page is kept for a minute at most (``newsroom.pagecache``), so that such a
change, or one whose process died between its commit and the new version, is seen a minute later.
"""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable
from math import ceil
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db import DEFAULT_DB_ALIAS
from django.db.backends.signals import connection_created

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

log = logging.getLogger(__name__)

KEY = "archive-version"
KEPT = 24 * 3600
COMPLAIN_EVERY = 60.0

# Statements that change nothing that is stored, by their first word; the rest are looked at.
_READING = frozenset(
    [
        "SELECT",
        "SAVEPOINT",
        "RELEASE",
        "ROLLBACK",
        "SET",
        "SHOW",
        "BEGIN",
        "COMMIT",
        "PRAGMA",
        "ANALYZE",
        "EXPLAIN",
        "DECLARE",
        "FETCH",
        "CLOSE",
    ]
)
_WORD = re.compile(r"[\s(]*(\w+)")  # the parts of a union stand in parentheses
_TABLE = re.compile(r'\b(?:INTO|UPDATE|FROM|TABLE)\s+"?(\w+)', re.IGNORECASE)
# Tables that no public page shows: accounts, sessions, histories, runs, and what editors have before them.
_UNSEEN = re.compile(
    r"(?:auth|axes|otp|reversion|newsroom|django)_|articles_(?:openform|proposed|topiccandidate)|"
    r"quotes_(?:quoteclaim|reviewdecision|speakersuggestion)"
)


def watch() -> None:
    """Notice what is written through any connection from now on. Once a process."""
    connection_created.connect(_watch, dispatch_uid="articles.changes")


def _watch(connection: BaseDatabaseWrapper, **_kwargs: Any) -> None:
    if connection.alias == DEFAULT_DB_ALIAS and notice not in connection.execute_wrappers:
        connection.execute_wrappers.append(notice)


def notice(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    result = execute(sql, params, many, context)
    if not (isinstance(sql, str) and sql.startswith("SELECT")) and is_seen(str(sql)):
        changed(context["connection"])
    return result


def is_seen(sql: str) -> bool:
    """Whether the statement may change what a public page shows. What is not understood may."""
    word = _WORD.match(sql)
    if word and word.group(1).upper() in _READING:
        return False
    table = _TABLE.search(sql)
    return table is None or _UNSEEN.match(table.group(1)) is None


def changed(connection: BaseDatabaseWrapper) -> None:
    """Begin a new version as soon as what was just written through the connection is there for all."""
    if not connection.in_atomic_block:
        renew()
        return
    here = set(connection.savepoint_ids)
    if not any(call[1] is renew and call[0] <= here for call in connection.run_on_commit):
        connection.on_commit(renew, robust=True)


def renew() -> None:
    """Begin a new version: no page that is in the cache is shown any more."""
    try:
        cache.set(KEY, new_version(), KEPT)
    except Exception as error:  # noqa: BLE001 - each kind of cache has errors of its own
        complain(
            "Pages in the cache could not be dropped, and show what was there before for up to a minute: %s", error
        )


def new_version() -> str:
    return f"{ceil(time.time())}.{uuid.uuid4().hex}"


def begun(version: str) -> int:
    """The POSIX time, in whole seconds rounded up, at which the version began."""
    return int(version.partition(".")[0])


_complained: dict[str, float] = {}


def complain(message: str, error: Exception) -> None:
    """Log a fault of the cache, each kind once a minute: while it is away, every page meets it."""
    now = time.monotonic()
    if now - _complained.get(message, float("-inf")) >= COMPLAIN_EVERY:
        _complained[message] = now
        log.warning(message, error)
