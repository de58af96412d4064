"""gzip, bzip2, xz and Zstandard undone as a stream, with a bound on what comes out."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from newsroom.ingest.readers.incoming import Limits
from newsroom.ingest.readers.streams import BLOCK, BrokenError, Bytes

# What a decompressor may claim for its window: xz -9 takes 65 MB, zstd --long 128 MB.
_MEMORY = 1 << 27
# Below this, a high ratio is of no harm: a file of one repeated line is no bomb.
_HARMLESS = 50_000_000
# A Zstandard block of 4 bytes can unpack to 128 KB, and its decompressor knows no bound: small bites keep it small.
_ZSTD_BITE = 256


class Codec(Protocol):
    """One decompressor: ``feed`` gives at most about a block (b"" may just mean that more is wanted)."""

    hungry: bool
    eof: bool
    unused: bytes

    def feed(self, data: bytes) -> bytes: ...


class Inflate:
    """gzip, or with ``window`` -15 the bare deflate of a ZIP member."""

    def __init__(self, window: int = zlib.MAX_WBITS | 16) -> None:
        self._codec = zlib.decompressobj(window)
        self.hungry, self.eof, self.unused = True, False, b""

    def feed(self, data: bytes) -> bytes:
        out = self._codec.decompress(self._codec.unconsumed_tail + data, BLOCK)
        self.hungry, self.eof, self.unused = not self._codec.unconsumed_tail, self._codec.eof, self._codec.unused_data
        return out


class _Stdlib:
    """bzip2 and xz have one interface."""

    def __init__(self, codec: bz2.BZ2Decompressor | lzma.LZMADecompressor) -> None:
        self._codec = codec
        self.hungry, self.eof, self.unused = True, False, b""

    def feed(self, data: bytes) -> bytes:
        out = self._codec.decompress(data, BLOCK)
        self.eof = self._codec.eof
        self.hungry = not self.eof and self._codec.needs_input
        self.unused = self._codec.unused_data if self.eof else b""
        return out


class _Zstd:
    def __init__(self) -> None:
        import zstandard

        self._codec = zstandard.ZstdDecompressor(max_window_size=_MEMORY).decompressobj()
        self._pending = b""
        self.hungry, self.eof, self.unused = True, False, b""

    def feed(self, data: bytes) -> bytes:
        import zstandard

        self._pending += data
        bite, self._pending = self._pending[:_ZSTD_BITE], self._pending[_ZSTD_BITE:]
        try:
            out = self._codec.decompress(bite)
        except zstandard.ZstdError as error:
            raise OSError(str(error)) from error
        self.eof = self._codec.eof
        self.hungry = not self._pending
        if self.eof:
            self.unused, self._pending = self._codec.unused_data + self._pending, b""
        return out


CODECS: dict[str, Callable[[], Codec]] = {
    "gzip": Inflate,
    "bzip2": lambda: _Stdlib(bz2.BZ2Decompressor()),
    "xz": lambda: _Stdlib(lzma.LZMADecompressor(lzma.FORMAT_AUTO, memlimit=_MEMORY)),
    "zstandard": _Zstd,
}


@dataclass(slots=True)
class Budget:
    """What all layers of one file may still unpack to, in bytes."""

    left: int


@dataclass(slots=True)
class Meter:
    """Watches how much one ``layer`` unpacks to. ``budget`` is shared by all layers of a file."""

    layer: object
    limits: Limits
    budget: Budget
    packed: int = 0
    produced: int = 0

    def count(self, number: int) -> None:
        """Note ``number`` bytes more that came out. Raises ``BrokenError`` if that is too much for what went in."""
        self.produced += number
        self.budget.left -= number
        if self.produced > max(_HARMLESS, self.limits.ratio * self.packed):
            raise BrokenError(
                self.layer,
                f"unpacks to more than {self.limits.ratio} times its size, as only an archive made to do harm does; "
                "if it is sound, unpack it first, or raise NEWSROOM_IMPORT_MAX_RATIO",
            )
        if self.budget.left < 0:
            raise BrokenError(
                self.layer,
                f"unpacks to more than {self.limits.unpacked:,} bytes; split it, or raise NEWSROOM_IMPORT_MAX_UNPACKED_BYTES",
            )


class Unpacked:
    """``source`` without its compression. Several compressed streams one after the other are one.

    ``read`` raises ``BrokenError`` where the data is damaged, ends early, or swells beyond the limits; what was unpacked
    before has been handed out.
    """

    def __init__(self, source: Bytes, kind: str, limits: Limits, budget: Budget) -> None:
        self._source, self._kind = source, kind
        self._meter = Meter(self, limits, budget)
        self._codec: Codec | None = CODECS[kind]()
        self._started = False
        self._ahead = self._rest = b""
        self._fault: BrokenError | None = None

    def read(self, size: int = -1, /) -> bytes:
        while not self._rest:
            if self._fault is not None:
                raise self._fault
            if self._codec is None:
                return b""
            try:
                self._rest = self._step(self._codec)
            except BrokenError as error:
                # Whoever reads on hears the same again. The codec is let go: it may hold a large window.
                self._fault, self._codec = error, None
                raise
        out, self._rest = (self._rest, b"") if size < 0 else (self._rest[:size], self._rest[size:])
        return out

    def _step(self, codec: Codec) -> bytes:
        data = b""
        if codec.hungry:
            data, self._ahead = self._ahead or self._more(), b""
            if not data:
                raise BrokenError(
                    self, f"the {self._kind} data ends early: it was cut off, or the copy is not complete"
                )
        try:
            out = codec.feed(data)
        except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError) as error:
            raise BrokenError(self, self._why(error)) from error
        self._meter.count(len(out))
        if codec.eof:
            self._next_stream(codec.unused)
        return out

    def _next_stream(self, unused: bytes) -> None:
        """What follows the end of a compressed stream: another one, padding, or nothing."""
        self._started = True
        while not (unused := unused.lstrip(b"\0")):
            unused = self._more()
            if not unused:
                self._codec = None
                return
        self._codec, self._ahead = CODECS[self._kind](), unused

    def _more(self) -> bytes:
        data = self._source.read(BLOCK)
        self._meter.packed += len(data)
        return data

    def _why(self, error: Exception) -> str:
        if self._started:
            return f"the {self._kind} data is damaged, or something else follows it ({error})"
        return f"the {self._kind} data is damaged ({error})"
