"""Ctrl-C and SIGTERM during an import: the first ends it after the batch in hand, the second at once."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Self

SIGNALS = (signal.SIGINT, signal.SIGTERM)
PATIENCE = 0.2


class StopSignals:
    """While entered, the first signal only makes ``asked`` true (and calls ``say``); the second is a KeyboardInterrupt.

    What a transaction had not written yet is then rolled back. Outside of the main thread there is nothing to catch.
    """

    def __init__(self, say: Callable[[], None]) -> None:
        self._say = say
        self._before: dict[signal.Signals, Any] = {}
        self.signal: signal.Signals | None = None

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._catch) for number in SIGNALS}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _catch(self, number: int, frame: FrameType | None) -> None:
        if self.signal is not None:
            raise KeyboardInterrupt
        self.signal = signal.Signals(number)
        self._say()

    def asked(self) -> bool:
        return self.signal is not None

    @property
    def exit_code(self) -> int:
        """What a shell expects of a process that a signal ended."""
        return 128 + (self.signal or signal.SIGINT)

    def wait(self, seconds: float) -> bool:
        """Wait so long, or until a signal comes. Returns whether one came."""
        end = time.monotonic() + seconds
        while not self.asked() and (left := end - time.monotonic()) > 0:
            time.sleep(min(PATIENCE, left))
        return self.asked()
