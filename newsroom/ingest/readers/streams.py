"""A stream of bytes with a lookahead and a place, that never holds more than it was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple, Protocol

BLOCK = 1 << 16
_LARGE = 1 << 20


class Bytes(Protocol):
    """What can be read from: a file, a pipe, a member of an archive, a layer that unpacks another."""

    def read(self, size: int, /) -> bytes: ...


class BrokenError(Exception):
    """A container cannot be read any further. ``layer`` is the one at fault; its message says why.

    Whoever opened ``layer`` reports it, once; those between hand on what was read of the document at hand in ``partial``.
    """

    def __init__(self, layer: object, reason: str) -> None:
        super().__init__(reason)
        self.layer = layer
        self.partial: bytes | None = None


class Line(NamedTuple):
    """A line with its end. Of one that is too long, ``data`` holds the beginning, and ``whole`` is False."""

    data: bytes
    offset: int
    number: int
    whole: bool


class Stream:
    """``source`` with ``peek``. ``position`` counts the bytes read so far; ``file`` is the source if it can be searched in."""

    def __init__(self, source: Bytes, file: BinaryIO | None = None) -> None:
        self._source = source
        self.file = file
        self._ahead = b""
        self.position = 0

    def unread(self, data: bytes) -> None:
        """Put back what was read last."""
        self._ahead = data + self._ahead
        self.position -= len(data)

    def peek(self, size: int) -> bytes:
        """The next ``size`` bytes (fewer at the end), which stay to be read. Raises ``BrokenError`` if none can be had."""
        parts, have = [self._ahead], len(self._ahead)
        try:
            while have < size and (more := self._source.read(size - have)):
                parts.append(more)
                have += len(more)
        except BrokenError:
            if not have:
                raise
        finally:
            self._ahead = b"".join(parts)
        return self._ahead[:size]

    def read(self, size: int = -1, /) -> bytes:
        """Up to ``size`` bytes, fewer only at the end or before a fault. A negative ``size`` reads one block."""
        wanted = BLOCK if size < 0 else size
        taken, self._ahead = self._ahead[:wanted], self._ahead[wanted:]
        parts, have = [taken], len(taken)
        try:
            while have < wanted and (more := self._source.read(min(wanted - have, _LARGE))):
                parts.append(more)
                have += len(more)
        except BrokenError:
            if not have:
                raise
        out = b"".join(parts)
        self.position += have
        if have > wanted:
            self.unread(out[wanted:])
        return out[:wanted]

    def document(self, limit: int) -> bytes:
        """All that is left, and at most ``limit + 1`` bytes of it. A ``BrokenError`` carries what came before."""
        parts, have = [], 0
        try:
            while have <= limit and (more := self.read(min(limit + 1 - have, BLOCK))):
                parts.append(more)
                have += len(more)
        except BrokenError as error:
            error.partial = error.partial or b"".join(parts)
            raise
        return b"".join(parts)

    def lines(self, limit: int) -> Iterator[Line]:
        """The lines that are left. Of one longer than ``limit`` only the first ``limit`` bytes are kept."""
        number, rest, offset = 1, b"", self.position
        while block := self.read(BLOCK):
            *whole, rest = (rest + block).split(b"\n")
            for line in whole:
                yield Line(line[:limit] + b"\n", offset, number, len(line) <= limit)
                offset += len(line) + 1
                number += 1
            if len(rest) > limit:
                length = len(rest) + self._skip_line()
                yield Line(rest[:limit], offset, number, False)
                rest, offset, number = b"", offset + length, number + 1
        if rest:
            yield Line(rest, offset, number, True)

    def _skip_line(self) -> int:
        """Read on to the end of the line; says how many bytes that took."""
        skipped = 0
        while block := self.read(_LARGE):
            end = block.find(b"\n") + 1
            if end:
                self.unread(block[end:])
                return skipped + end
            skipped += len(block)
        return skipped
