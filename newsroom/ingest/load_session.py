"""What the database is told about an import: that one writes at a time, how to go about many rows, and when it is over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

# Any number that no other advisory lock of this database has.
_TURNS = 7_305_190_411
# Each holds until the transaction ends.
_POSTGRES = {
    # All that a batch asks for is asked for by keys, and the tables grow so fast that what the planner knows of their
    # size is old: it would read whole tables.
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "jit": "off",
    # New words wait in a list until there are so many: to sort them into the index costs much the same for four times as many.
    "gin_pending_list_limit": "16MB",
    "work_mem": "32MB",
}
# Of long texts, several times faster than the server's default. Not every server is built with it.
_COMPRESS_FAST = (
    "SELECT set_config(name, 'lz4', true) FROM pg_settings "
    "WHERE name = 'default_toast_compression' AND 'lz4' = ANY(enumvals)"
)
# Only who owns an index may do that.
_SORT_IN = (
    "SELECT gin_clean_pending_list(own.oid) FROM pg_class own JOIN pg_index ON indexrelid = own.oid "
    "JOIN pg_am ON pg_am.oid = relam WHERE amname = 'gin' AND indrelid = 'modelsearch_indexentry'::regclass "
    "AND pg_has_role(relowner, 'USAGE')"
)
# Pages that a batch changes stay in memory until it is written: with the default of 2 MB they come and go.
_SQLITE_CACHE_KB = 48_000
# What is committed is copied from the log to its place when there are so many pages (64 MB), and not after each batch: an
# index that every batch writes into is copied once for several. The log has whole transactions and is read back after a
# kill; a power cut can take the last of them, as ever with ``synchronous = NORMAL``: rows and progress mark together.
_SQLITE_LOG_PAGES = 16_000


def take_turns() -> None:
    """Let one import write at a time: each sees what the other made, and makes nothing twice. SQLite does so by itself.

    And have the database spend less on many rows at once: until the transaction ends, or of SQLite the connection.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            settings = ", ".join(f"set_config('{name}', '{value}', true)" for name, value in _POSTGRES.items())
            cursor.execute(f"SELECT {settings}, pg_advisory_xact_lock(%s)", [_TURNS])
            cursor.execute(_COMPRESS_FAST)
        else:
            cursor.execute(f"PRAGMA cache_size = -{_SQLITE_CACHE_KB}")
            cursor.execute(f"PRAGMA wal_autocheckpoint = {_SQLITE_LOG_PAGES}")


@contextmanager
def meanwhile() -> Iterator[None]:
    """Within, PostgreSQL is asked and not waited for: it works while Python goes on, and is done when the block ends.

    For statements whose answer nobody reads, before work that asks nothing. A query is answered as ever, after what was
    asked before it; rows cannot be inserted within, for that is done by COPY. What fails is raised at the end at the latest.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def check_keys() -> None:
    """Have PostgreSQL look now whether the rows that foreign keys lead to are there, instead of all at the commit.

    For within ``meanwhile``. SQLite looks at each row when it is written.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def settle() -> None:
    """When all is written. Tell SQLite how its tables are filled: without, it joins the search index from the wrong end.

    And have PostgreSQL sort in the words that wait, which each search reads through meanwhile; of what it needs to know
    of its tables it takes care itself.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # The limit bounds the time, whatever the archive's size.
            cursor.execute("PRAGMA analysis_limit = 1000")
            cursor.execute("ANALYZE")
            if not connection.in_atomic_block:  # as a dry run is
                # Else whoever writes next, a reader's or an editor's request, would have all of the log to copy.
                cursor.execute("PRAGMA wal_checkpoint")
        else:
            cursor.execute(_SORT_IN)
