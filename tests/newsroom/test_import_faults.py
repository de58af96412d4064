"""Whatever statement a batch fails at, nothing of it stays; and what may pass is waited for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, OperationalError, connection

from newsroom.ingest import patience
from newsroom.ingest.load import Loader, LoadOptions
from newsroom.ingest.worker import Outcome, process
from newsroom.models import ImportRun, RunDocument
from tests import canonical
from tests.benchmarks.corpus import Corpus
from tests.newsroom.test_ledger import FIRST, SECOND, THIRD

pytestmark = pytest.mark.django_db(transaction=True)
OPTIONS = LoadOptions(publisher="Verland Post")


class FaultError(Exception):
    """Raised where a test pulls the plug."""


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    from newsroom.ingest.readers import Incoming

    texts = [FIRST, SECOND, THIRD, "", FIRST]
    versions = [process(Incoming(f"{number}.txt", text.encode())) for number, text in enumerate(texts)]
    return [*versions, *map(process, Corpus().documents(7))]


@contextmanager
def failing_at(number: int, fault: Callable[[], Exception] = FaultError) -> Iterator[list[str]]:
    """Fail just before the statement of that number (from 0). Gives the statements so far."""
    seen: list[str] = []

    def step(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if len(seen) == number:
            raise fault()
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(step):
        yield seen


def load(outcomes: list[Outcome], batch: int = 100, run: ImportRun | None = None) -> ImportRun:
    run = run or ImportRun.objects.create()
    loader = Loader(run, OPTIONS)
    for start in range(0, len(outcomes), batch):
        loader.load(outcomes[start : start + batch])
    return run


def emptied() -> None:
    from django.core.management import call_command

    call_command("flush", interactive=False, verbosity=0)


def test_a_fault_before_any_statement_leaves_nothing_of_the_batch(outcomes):
    load(outcomes[:1])
    before = canonical.contents()
    run = ImportRun.objects.create()
    number = 0
    while True:
        with failing_at(number) as seen:
            try:
                Loader(run, OPTIONS).load(outcomes[1:])
            except FaultError:
                pass
            else:
                break
        assert len(seen) == number
        number += 1
        assert run.read == 0
        if number % 10 == 1 or "COPY" in seen[-1:] or any(word in seen[-1] for word in ("INSERT", "UPDATE", "nextval")):
            assert canonical.contents() == before, f"after {seen[-1][:200]}"
            run.refresh_from_db()
            assert (run.read, run.documents.count()) == (0, 0)
    assert number > 40
    wanted = canonical.digest()
    emptied()
    load(outcomes[:1])
    load(outcomes[1:])
    assert canonical.digest() == wanted
    assert canonical.faults() == []


@pytest.mark.parametrize("batch", [1, 2, 5])
def test_the_result_does_not_depend_on_where_batches_end(outcomes, batch):
    load(outcomes)
    wanted = canonical.contents()
    emptied()
    load(outcomes, batch)
    found = canonical.contents()
    assert {label: found[label] - wanted[label] for label in found} == {label: {} for label in found}
    assert found == wanted


def lost_connection() -> Exception:
    """What each database says when it cannot be used just now."""
    return OperationalError("database is locked" if connection.vendor == "sqlite" else "server closed the connection")


def test_a_batch_is_written_again_when_the_database_is_back(outcomes, monkeypatch):
    pauses: list[float] = []
    monkeypatch.setattr("time.sleep", pauses.append)
    wanted = (load(outcomes), canonical.digest())[1]
    emptied()
    run = ImportRun.objects.create()
    left = [9, 3]

    def step(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if left and left[0] == 0:
            left.pop(0)
            raise lost_connection()
        if left:
            left[0] -= 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(step):
        load(outcomes, run=run)
    assert pauses == list(patience.PAUSES[:2])
    assert canonical.digest() == wanted
    assert (run.read, run.documents.count()) == (len(outcomes), len(outcomes))


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_commit_that_gives_no_answer_is_looked_up_and_not_done_twice(outcomes, monkeypatch, when):
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    run = ImportRun.objects.create()
    commit = connection.commit
    answers = [True]

    def unsure() -> None:
        if answers and connection.in_atomic_block is False:
            answers.pop()
            if when == "after":
                commit()
            raise lost_connection()
        commit()

    monkeypatch.setattr(connection, "commit", unsure)
    load(outcomes, run=run)
    assert not answers
    assert RunDocument.objects.count() == run.read == len(outcomes)
    run.refresh_from_db()
    assert run.read == len(outcomes)
    assert canonical.faults() == []


def test_what_does_not_pass_is_not_waited_for(outcomes, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: pytest.fail("waited"))
    with failing_at(5, lambda: DatabaseError("malformed")), pytest.raises(DatabaseError, match="malformed"):
        load(outcomes)
    assert RunDocument.objects.count() == 0


@pytest.mark.skipif("postgres" in settings.DATABASES["default"]["ENGINE"], reason="a full disk is made with SQLite")
def test_a_full_disk_loses_nothing_and_the_import_goes_on_when_there_is_space(outcomes):
    load(outcomes[:4])
    before = canonical.contents()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # what earlier tests left empty would be room
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages + 3}")
    try:
        with pytest.raises(OperationalError, match="full"):
            load(outcomes[4:])
        assert canonical.contents() == before
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")
    load(outcomes[4:])
    assert canonical.faults() == []
    found = canonical.digest()
    emptied()
    load(outcomes)
    assert canonical.digest() == found


def test_a_batch_takes_as_many_statements_whatever_its_size():
    few, many = ([process(each) for each in Corpus(4).documents(n, start=11)] for n in (2, 9))
    load(many[:1])
    counts = []
    for batch in (few[1:], many[2:]):
        with failing_at(-1) as seen:
            load(batch)
        counts.append(len(seen))
    # On SQLite what is written by `executemany` counts once, as COPY does; an address that is taken takes two more.
    assert counts[1] <= counts[0] + 4
    assert counts[1] < 80
