"""Documents to outcomes in several processes: lazily, in order, and past documents that kill or hang a process.

A thread for each process sends it a few documents at a time and takes the outcomes back one by one, so it is known
which document a process died of. That document is tried once more, first thing in a new process, and then set aside.
Processes are started anew and share nothing with this one: no database connection, no Django.
"""

from __future__ import annotations

import logging
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from logging.handlers import QueueHandler
from multiprocessing.connection import Connection
from typing import Any, Self

from newsroom.ingest import cycles
from newsroom.ingest.readers import Incoming
from newsroom.ingest.worker import Outcome, process, set_aside

# A thread and its process are busy with a part this long before they wait for one another again.
_MOST_DOCUMENTS, _MOST_BYTES = 16, 256_000
# Enough for the processes to be busy while the loader writes a batch (of 400 documents) and takes nothing.
_PARTS_A_WORKER = 13
# Of large documents fewer are on the way at a time.
_BYTES_ON_THE_WAY = 64_000_000
_PROTOCOL = pickle.HIGHEST_PROTOCOL
# Some two hundred documents.
_PARTS_BETWEEN_LOOKS = 12
_NICENESS = 5

Work = Callable[[Incoming], Outcome]


class PoolError(RuntimeError):
    """Processes cannot be started at all; the message says why and what to do."""


class Pool:
    """``workers`` processes (1: none, the work is done in this one), each document given ``seconds`` at most.

    Use as a context manager; ``outcomes`` may be called again and again.
    """

    def __init__(self, workers: int, *, seconds: float, work: Work = process) -> None:
        self._workers = workers
        self._seconds = seconds
        self._work = work
        self._here = threading.local()
        self._lock = threading.Lock()
        self._processes: set[_Process] = set()
        self._closed = False
        self._threads = ThreadPoolExecutor(workers, initializer=_leave_signals) if workers > 1 else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """End the processes, in whatever they are."""
        self._closed = True
        with self._lock:
            for running in self._processes:
                running.end(patience=0)
        if self._threads is not None:
            self._threads.shutdown(cancel_futures=True)

    def outcomes(self, documents: Iterable[Incoming | Outcome]) -> Iterator[Outcome]:
        """What each document came to, in order; no more documents are read ahead than keep the processes busy.

        Of some it may be known already: their outcomes are passed on. Raises ``PoolError`` if no process can be started, and whatever ``documents`` raise.
        """
        if self._threads is None:
            return (each if isinstance(each, Outcome) else self._work(each) for each in documents)
        return self._from_processes(self._threads, documents)

    def _from_processes(
        self, threads: ThreadPoolExecutor, documents: Iterable[Incoming | Outcome]
    ) -> Iterator[Outcome]:
        waiting: deque[tuple[Future[list[bytes | Outcome]], list[Incoming | Outcome], int]] = deque()
        on_the_way = 0
        parts = _parts(documents)
        part = next(parts, None)
        while waiting or part is not None:
            while part is not None and len(waiting) < self._workers * _PARTS_A_WORKER:
                size = sum(len(each.data or b"") for each in part)
                if waiting and on_the_way + size > _BYTES_ON_THE_WAY:
                    break
                unknown = [each for each in part if isinstance(each, Incoming)]
                waiting.append((threads.submit(self._do, unknown), part, size))
                on_the_way += size
                part = next(parts, None)
            future, part_done, size = waiting.popleft()
            answers = iter(future.result())
            for each in part_done:
                yield each if isinstance(each, Outcome) else _received(each, next(answers))
            on_the_way -= size

    def _do(self, part: list[Incoming]) -> list[bytes | Outcome]:
        """In a thread: have this thread's process do a part. Documents that it cannot do are set aside."""
        answers: list[bytes | Outcome] = []
        suspect = -1
        while len(answers) < len(part):
            running = self._process()
            try:
                running.send(part[len(answers) :])
                while len(answers) < len(part):
                    answers.append(running.receive())
            except (EOFError, OSError):
                death = self._bury(running)
                number = len(answers)
                if number == suspect or death.took_too_long:
                    answers.append(set_aside(part[number], death.reason))
                suspect = number
        return answers

    def _process(self) -> _Process:
        """The process of this thread, started if there is none."""
        running: _Process | None = getattr(self._here, "process", None)
        if running is None:
            with self._lock:
                if self._closed:
                    raise PoolError("The pool is closed.")
                running = _Process(self._work, self._seconds)
                self._processes.add(running)
            running.wait_until_ready()
            self._here.process = running
        return running

    def _bury(self, running: _Process) -> _Death:
        with self._lock:
            if self._closed:
                raise PoolError("The pool is closed.")
            self._processes.discard(running)
            self._here.process = None
            return running.end()


@dataclass(frozen=True, slots=True)
class _Death:
    reason: str
    took_too_long: bool


class _Process:
    def __init__(self, work: Work, seconds: float) -> None:
        # Not forked: a fork would hold the database connection, and whatever locks the threads hold just then. Nor by
        # `multiprocessing`, which would run the main module once more.
        ours, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 - this interpreter, our own module
                [sys.executable, "-c", f"from {__name__} import serve; serve({theirs.fileno()})"],
                pass_fds=[theirs.fileno()],
                # A process has a core, and numpy would start a thread for each of the machine's.
                env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "OPENBLAS_NUM_THREADS": "1"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        self._connection = Connection(ours.detach())
        self._seconds = seconds
        self._terms = pickle.dumps((work, seconds), _PROTOCOL)

    def wait_until_ready(self) -> None:
        try:
            self._connection.send_bytes(self._terms)
            self._connection.recv_bytes()
        except (EOFError, OSError) as error:
            death = self.end()
            raise PoolError(
                f"No worker process could be started: it {death.reason}. --workers 1 does without."
            ) from error

    def send(self, part: list[Incoming]) -> None:
        self._connection.send_bytes(pickle.dumps(part, _PROTOCOL))

    def receive(self) -> bytes:
        return self._connection.recv_bytes()

    def end(self, patience: float = 1) -> _Death:
        """Make sure that it has ended; one that is dying gets so many seconds. Returns what it died of, if by itself."""
        self._connection.close()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(patience)
        self.process.kill()
        code = self.process.wait()
        if code == -signal.SIGALRM:
            return _Death(f"took longer than {self._seconds:g} seconds to read, and was given up", True)
        how = f"ended with signal {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
        why = ": perhaps it took all the memory" if code == -signal.SIGKILL else ""
        return _Death(f"could not be read: the process that read it {how}{why}", False)


def _leave_signals() -> None:
    """Ctrl-C goes to all processes of a terminal: those that this thread starts leave it to the one that imports."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})


def serve(handle: int) -> None:
    """In a worker process: answer what comes in by the socket of that file descriptor, until nobody asks any more."""
    connection = Connection(handle)
    records: list[logging.LogRecord] = []
    logging.getLogger().handlers = [_Keeping(records)]
    try:
        work, seconds = pickle.loads(connection.recv_bytes())  # noqa: S301 - from our own process
        # All wait for the one process that writes: it comes first, and whoever reads the site meanwhile.
        os.nice(_NICENESS)
        connection.send_bytes(b"ready")
        with cycles.sought_seldom():
            for part in count(1):
                if part % _PARTS_BETWEEN_LOOKS == 0:
                    cycles.seek()
                for incoming in pickle.loads(connection.recv_bytes()):  # noqa: S301 - from our own process
                    # Its default is to end the process, whatever that is in the midst of.
                    signal.setitimer(signal.ITIMER_REAL, seconds)
                    outcome = work(incoming)
                    signal.setitimer(signal.ITIMER_REAL, 0)
                    is_same = outcome.data is incoming.data
                    if is_same:  # who asked has the bytes, and need not get them back
                        outcome.data = None
                    connection.send_bytes(pickle.dumps((outcome, is_same, records), _PROTOCOL))
                    records.clear()
    except (EOFError, OSError):
        return


class _Keeping(QueueHandler):
    """Keeps what is logged, ready to be sent, for the process that asked to log it."""

    def __init__(self, records: list[logging.LogRecord]) -> None:
        super().__init__(records)  # type: ignore[arg-type]

    def enqueue(self, record: logging.LogRecord) -> None:
        queue: Any = self.queue
        queue.append(record)


def _received(incoming: Incoming, answer: bytes | Outcome) -> Outcome:
    if isinstance(answer, Outcome):
        return answer
    outcome, is_same, records = pickle.loads(answer)  # noqa: S301 - from our own process
    for record in records:
        logging.getLogger(record.name).handle(record)
    if is_same:
        outcome.data = incoming.data
    result: Outcome = outcome
    return result


def _parts(documents: Iterable[Incoming | Outcome]) -> Iterator[list[Incoming | Outcome]]:
    """The documents a few at a time: single ones at first, so that all processes soon have something to do."""
    sizes = iter((1, 1, 2, 2, 4, 4, 8, 8))
    part: list[Incoming | Outcome] = []
    most = next(sizes)
    size = 0
    for each in documents:
        part.append(each)
        size += len(each.data or b"")
        if len(part) == most or size >= _MOST_BYTES:
            yield part
            part, size, most = [], 0, next(sizes, _MOST_DOCUMENTS)
    if part:
        yield part
