"""A ZIP archive that lost its table of contents, read from the front: each member has a header of its own."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Iterator

from newsroom.ingest.readers.incoming import Incoming, Limits, too_large
from newsroom.ingest.readers.streams import BLOCK, BrokenError, Stream
from newsroom.ingest.readers.unpack import Inflate

# APPNOTE.TXT 4.3.7: signature, version, flags, method, time, date, CRC, sizes, lengths of name and extra field.
_HEADER = struct.Struct("<4sHHHHHLLLHH")
_MEMBER = b"PK\x03\x04"
_DESCRIPTOR = b"PK\x07\x08"
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _SIZES_FOLLOW, _UTF8 = 0x1, 0x8, 0x800


class _StopError(Exception):
    """Nothing more can be made out."""


def salvage(
    stream: Stream, name: str, limits: Limits, read: Callable[[Stream, str], Iterator[Incoming]]
) -> Iterator[Incoming]:
    """The documents of the members that are whole, up to the first that is not."""
    for _ in range(limits.members):
        try:
            label, data = _member(stream, limits)
        except (_StopError, BrokenError):
            return
        label = f"{name}/{label}"
        if data is None:
            yield Incoming(label, None, too_large(limits.document))
        elif not label.endswith("/"):
            yield from read(Stream(io.BytesIO(data)), label)


def _member(stream: Stream, limits: Limits) -> tuple[str, bytes | None]:
    """The next member's name and bytes, None if it is too large."""
    header = stream.read(_HEADER.size)
    if len(header) < _HEADER.size or not header.startswith(_MEMBER):
        raise _StopError
    _, _, flags, method, _, _, checksum, packed, _, name_length, extra_length = _HEADER.unpack(header)
    label = stream.read(name_length).decode("utf-8" if flags & _UTF8 else "cp437", errors="replace")
    stream.read(extra_length)
    if flags & _ENCRYPTED or ".." in label.split("/") or label.startswith("/"):
        raise _StopError
    if method == _DEFLATED:
        data = _inflate(stream, limits.document)
    elif method == _STORED and not flags & _SIZES_FOLLOW and packed <= limits.document:
        data = stream.read(packed)
    else:
        raise _StopError
    if flags & _SIZES_FOLLOW:
        if stream.peek(4) == _DESCRIPTOR:
            stream.read(4)
        (checksum,) = struct.unpack("<L", stream.read(12)[:4].ljust(4, b"\0"))
    if len(data) <= limits.document and zlib.crc32(data) != checksum:
        raise _StopError
    return label, data if len(data) <= limits.document else None


def _inflate(stream: Stream, limit: int) -> bytes:
    """What deflated data unpacks to, at most a little more than ``limit`` bytes; the stream is left behind its end."""
    codec = Inflate(-zlib.MAX_WBITS)
    parts, size = [], 0
    while not codec.eof:
        block = stream.read(BLOCK) if codec.hungry else b""
        if codec.hungry and not block:
            raise _StopError
        try:
            out = codec.feed(block)
        except zlib.error as error:
            raise _StopError from error
        size += len(out)
        if size > limit:
            raise _StopError
        parts.append(out)
    stream.unread(codec.unused)
    return b"".join(parts)
