"""Prepared statements asked of PostgreSQL's server all at once: one message there, and one back.

A page asks some eight queries, and each takes a cursor of Django's, one of the driver's and a wait longer than the server
needs to answer it. So what is known beforehand is sent together, straight through the driver's connection, in libpq's
pipeline mode (https://www.postgresql.org/docs/current/libpq-pipeline-mode.html). Nothing here writes.
"""

from __future__ import annotations

import itertools
import re
import select
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from psycopg import Connection, DataError, OperationalError
from psycopg.adapt import AdaptersMap, Buffer, Loader, Transformer
from psycopg.errors import InvalidSqlStatementName, error_from_result
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus

from articles.changes import notice

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from psycopg.pq.abc import PGconn, PGresult

# So many statements the server keeps a connection, which is more than there are: shapes are few.
MOST = 300
_PLACE = re.compile("%[s%]")

# SQL with %s for each value, and the values: text, numbers, moments, nothing, or bytes that the server reads as they are.
Question = tuple[str, Sequence[Any]]


def is_open(connection: BaseDatabaseWrapper) -> bool:
    """Whether PostgreSQL may be asked straight: where it keeps statements, and nobody listens to queries."""
    if connection.queries_logged or any(wrapper is not notice for wrapper in connection.execute_wrappers):
        return False
    connection.ensure_connection()
    driver = connection.connection
    # A transaction is begun by the driver's first ordinary statement in it.
    return driver.prepare_threshold == 0 and (
        driver.autocommit or driver.pgconn.transaction_status != TransactionStatus.IDLE
    )


def ask(connection: BaseDatabaseWrapper, questions: Sequence[Question]) -> list[list[tuple[Any, ...]]]:
    """The rows that answer each question.

    A connection that was lost since the last request is opened anew, for which Django asks a question more each time.
    """
    connection.validate_no_broken_transaction()
    may_be_lost = (
        connection.health_check_enabled and not connection.health_check_done and not connection.in_atomic_block
    )
    with connection.wrap_database_errors:
        try:
            answers = _line_of(connection).ask(questions)
        except OperationalError:
            if not may_be_lost or not connection.connection.closed:
                raise
            connection.close()
            connection.ensure_connection()
            answers = _line_of(connection).ask(questions)
    connection.health_check_done = True
    return answers


class _Line:
    """What is known of one connection of the driver: the statements that the server keeps, by their SQL."""

    def __init__(self, driver: Connection, in_utc: bool) -> None:
        self._pgconn: PGconn = driver.pgconn
        self._encoding = driver.info.encoding
        adapters = AdaptersMap(driver.adapters)
        if in_utc:
            adapters.register_loader("timestamptz", _Moment)
        self._transformer = Transformer(SimpleNamespace(adapters=adapters, connection=driver))
        self._names: dict[str, bytes] = {}
        self._numbers = itertools.count(1)

    def ask(self, questions: Sequence[Question]) -> list[list[tuple[Any, ...]]]:
        """Within a transaction by no kept statements, for the driver may have dropped them, as it does after a rollback."""
        if self._pgconn.transaction_status != TransactionStatus.IDLE:
            return self._sent([(self._pgconn.send_query_params, _numbered(sql), values) for sql, values in questions])
        try:
            return self._by_name(questions)
        except InvalidSqlStatementName:
            self._names.clear()
            return self._by_name(questions)

    def _by_name(self, questions: Sequence[Question]) -> list[list[tuple[Any, ...]]]:
        return self._sent([(self._pgconn.send_query_prepared, self._name(sql), values) for sql, values in questions])

    def _sent(
        self, messages: Iterable[tuple[Callable[..., None], bytes, Iterable[Any]]]
    ) -> list[list[tuple[Any, ...]]]:
        written = [(send, what, [_as_text(value) for value in values]) for send, what, values in messages]
        pgconn, done = self._pgconn, False
        try:
            pgconn.enter_pipeline_mode()
            for send, what, values in written:
                send(what, values)
            pgconn.pipeline_sync()
            results = self._results()
            pgconn.exit_pipeline_mode()
            done = True
        finally:
            if not done:  # answers may still come, which nobody waits for any more
                pgconn.finish()
        return [self._rows(result) for result in results]

    def _results(self) -> list[PGresult]:
        """Up to the answer to the sync; what follows an error is not answered."""
        waiting = select.poll()
        waiting.register(self._pgconn.socket, select.POLLIN)
        while self._pgconn.flush():
            waiting.poll(10)
            self._pgconn.consume_input()
        results: list[PGresult] = []
        while True:
            while self._pgconn.is_busy():
                waiting.poll()
                self._pgconn.consume_input()
            result = self._pgconn.get_result()
            if result is None:  # between two answers
                continue
            if result.status == ExecStatus.PIPELINE_SYNC:
                return results
            results.append(result)
            if self._pgconn.status != ConnStatus.OK:
                self._rows(result)

    def _rows(self, result: PGresult) -> list[tuple[Any, ...]]:
        if result.status != ExecStatus.TUPLES_OK:
            raise error_from_result(result, self._encoding)
        self._transformer.set_pgresult(result)
        return self._transformer.load_rows(0, result.ntuples, tuple)

    def _name(self, sql: str) -> bytes:
        """Under which the server keeps the statement. The first time, it is given it."""
        name = self._names.get(sql)
        if name is None:
            if len(self._names) >= MOST:
                oldest = next(iter(self._names))
                self._pgconn.exec_(b'DEALLOCATE "%s"' % self._names.pop(oldest))
            name = b"newsroom_%d" % next(self._numbers)
            result = self._pgconn.prepare(name, _numbered(sql))
            if result.status != ExecStatus.COMMAND_OK:
                raise error_from_result(result, self._encoding)
            self._names[sql] = name
        return name


def _numbered(sql: str) -> bytes:
    """With the places of values as the server counts them."""
    numbers = itertools.count(1)
    return _PLACE.sub(lambda place: f"${next(numbers)}" if place.group() == "%s" else "%", sql).encode()


def _as_text(value: Any) -> bytes | None:
    """As PostgreSQL reads a value whose type it knows from its place; bytes are so already."""
    if value is None or type(value) is bytes:
        return value
    if type(value) is int:
        return b"%d" % value
    text = str(value).encode()
    if b"\0" in text:
        raise DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
    return text


class _Moment(Loader):
    """A moment, of a connection that is in UTC, as Django's loader gives it, but read by a function of C: a page has dozens."""

    def load(self, data: Buffer) -> datetime:
        try:
            return datetime.fromisoformat(bytes(data).decode())
        except ValueError as error:
            raise DataError(f"no moment that Python knows: {bytes(data).decode()}") from error


_lines: WeakKeyDictionary[Connection, _Line] = WeakKeyDictionary()


def _line_of(connection: BaseDatabaseWrapper) -> _Line:
    driver = connection.connection
    line = _lines.get(driver)
    if line is None:
        line = _lines[driver] = _Line(driver, in_utc=connection.timezone is UTC)
    return line
