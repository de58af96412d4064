"""What commands print, and where."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def logs_elsewhere() -> Iterator[None]:
    """Standard output is for the report alone when a machine reads it: meanwhile, logs go to standard error."""
    here = [
        handler
        for handler in logging.getLogger().handlers
        if isinstance(handler, logging.StreamHandler) and handler.stream is sys.stdout
    ]
    for handler in here:
        handler.setStream(sys.stderr)
    try:
        yield
    finally:
        for handler in here:
            handler.setStream(sys.stdout)


def discard_output() -> None:
    """After the reader of a pipe has gone: let nothing more fail over it, when the process ends and flushes."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
