"""Documents read in several processes: in order, lazily, and past those that kill or hang the process."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsroom.ingest.pool import Pool
from newsroom.ingest.readers import Incoming
from newsroom.ingest.worker import left_unread, process
from tests.ingest import misbehaving

STORY = b'The Harbour Reopens\n\nThe boats are late again this morning. "The boats are late," said Mara Quill, the harbour master.\n'


def documents(*contents: bytes) -> list[Incoming]:
    return [Incoming(f"{number}.txt", content) for number, content in enumerate(contents)]


def test_outcomes_are_those_of_one_process_and_in_order():
    incoming = documents(*(STORY + b"Line %d.\n" % number for number in range(40)), b"", b"\x00\x01\x02" * 50)
    with Pool(2, seconds=60) as pool:
        assert list(pool.outcomes(incoming)) == [process(each) for each in incoming]


def test_a_pool_serves_one_source_after_another():
    with Pool(2, seconds=60, work=misbehaving.work) as pool:
        for text in ("one", "two"):
            assert [outcome.text for outcome in pool.outcomes(documents(text.encode()))] == [text]


@pytest.mark.parametrize("workers", [1, 2])
def test_what_is_known_already_is_passed_on_in_its_place(workers):
    incoming = documents(*(b"text %d" % number for number in range(40)))
    given = [left_unread(each) if number % 3 else each for number, each in enumerate(incoming)]
    with Pool(workers, seconds=60, work=misbehaving.work) as pool:
        outcomes = list(pool.outcomes(given))
    assert [outcome.name for outcome in outcomes] == [each.name for each in incoming]
    assert all((outcome.unread is not None) == bool(number % 3) for number, outcome in enumerate(outcomes))


@pytest.mark.parametrize(
    ("bad", "seconds", "reason"),
    [
        (b"die", 60, "signal SIGKILL: perhaps it took all the memory"),
        (b"exit", 60, "ended with code 7"),
        (b"hang", 3, "took longer than 3 seconds"),
    ],
)
def test_a_document_that_takes_the_process_along_is_set_aside_and_the_rest_goes_on(bad, seconds, reason):
    contents = [b"text %d" % number for number in range(30)]
    contents[0] = contents[17] = contents[18] = bad
    with Pool(2, seconds=seconds, work=misbehaving.work) as pool:
        outcomes = list(pool.outcomes(documents(*contents)))
    assert [outcome.name for outcome in outcomes] == [f"{number}.txt" for number in range(30)]
    aside = {number: outcome for number, outcome in enumerate(outcomes) if outcome.problem}
    assert aside.keys() == {0, 17, 18}
    assert all(reason in outcome.problem.reason and outcome.data == bad for outcome in aside.values())
    assert all(outcome.text == f"text {number}" for number, outcome in enumerate(outcomes) if number not in aside)


def test_a_document_that_a_process_died_of_once_gets_a_second_try(tmp_path: Path):
    incoming = [Incoming(str(tmp_path / f"{number}.txt"), b"text") for number in range(3)]
    with Pool(2, seconds=60, work=misbehaving.fragile) as pool:
        assert [outcome.problem for outcome in pool.outcomes(incoming)] == [None] * 3


def test_documents_are_read_ahead_no_further_than_keeps_the_processes_busy():
    read = 0

    def endless() -> Iterator[Incoming]:
        nonlocal read
        for number in itertools.count():
            read += 1
            yield Incoming(f"{number}.txt", b"text")

    with Pool(2, seconds=60, work=misbehaving.work) as pool:
        taken = list(itertools.islice(pool.outcomes(endless()), 500))
    assert len(taken) == 500
    assert read < 500 + 600


def test_of_large_documents_fewer_are_on_the_way():
    read = 0

    def large() -> Iterator[Incoming]:
        nonlocal read
        for number in range(30):
            read += 1
            yield Incoming(f"{number}.txt", b"x" * 9_000_000)

    with Pool(4, seconds=60, work=misbehaving.work) as pool:
        next(pool.outcomes(large()))
        assert read <= 9


def test_what_is_logged_in_a_process_is_logged_here(caplog):
    with Pool(2, seconds=60, work=misbehaving.work) as pool, caplog.at_level(logging.ERROR):
        list(pool.outcomes(documents(b"log")))
    assert "The document 0.txt is odd" in caplog.text


def test_processes_know_nothing_of_the_database():
    with Pool(2, seconds=60, work=misbehaving.modules) as pool:
        assert [outcome.text for outcome in pool.outcomes(documents(b"a"))] == [""]


def test_no_process_outlives_the_pool():
    with Pool(2, seconds=60, work=misbehaving.work) as pool:
        outcomes = pool.outcomes(documents(b"text", b"text", *[b"hang"] * 8))
        next(outcomes)
        processes = [running.process for running in pool._processes]
        assert processes
    assert all(process.poll() is not None for process in processes)


def test_an_error_of_the_source_comes_out():
    def broken() -> Iterator[Incoming]:
        yield Incoming("0.txt", b"text")
        raise OSError("The disk is gone.")

    with Pool(2, seconds=60, work=misbehaving.work) as pool, pytest.raises(OSError, match="disk is gone"):
        list(pool.outcomes(broken()))
