"""Records of larger files, each handed out as it stands there: JSON Lines, a JSON list of objects, tables."""

from __future__ import annotations

import codecs
import re
from collections import deque
from collections.abc import Iterator

from newsroom.ingest.readers.incoming import CSV, JSON, Hints, Incoming, Limits, too_large
from newsroom.ingest.readers.kinds import find_delimiter
from newsroom.ingest.readers.streams import BLOCK, BrokenError, Line, Stream

_TOKEN = re.compile(rb"\\.|[\"{}\[\]]", re.DOTALL)
# The rest of a quoted field, up to the mark that closes it.
_CLOSING = re.compile(rb'(?:[^"]+|"")*+"')


def read_json_lines(stream: Stream, name: str, limits: Limits, charset: str) -> Iterator[Incoming]:
    """A document a line ("pages.jsonl, line 12")."""
    for line in stream.lines(limits.document):
        data = line.data.removeprefix(codecs.BOM_UTF8).strip()
        if data or not line.whole:
            yield _record(f"{name}, line {line.number}", data, line, line.whole, limits, JSON, charset)


def read_json(stream: Stream, name: str, limits: Limits, charset: str) -> Iterator[Incoming]:
    """One object, spread over lines."""
    data = stream.document(limits.document)
    yield _record(name, data, Line(b"", 0, 1, True), len(data) <= limits.document, limits, JSON, charset)


def read_json_list(stream: Stream, name: str, limits: Limits, charset: str) -> Iterator[Incoming]:
    """A document an object of the list ("pages.json, item 12")."""
    scanner = _Objects(stream, limits.document)
    for number, (data, offset, whole) in enumerate(scanner, 1):
        yield _record(f"{name}, item {number}", data, Line(b"", offset, 0, True), whole, limits, JSON, charset)
    if not scanner.closed:
        raise BrokenError(stream, "the JSON list ends early: it was cut off, or the copy is not complete")


class _Objects:
    """The objects of a JSON list: bytes, offset, whether they are whole. Keeps no more than ``limit`` bytes of one."""

    def __init__(self, stream: Stream, limit: int) -> None:
        self._stream, self._limit = stream, limit
        self._depth, self._quoted = 0, False
        self._kept: list[bytes] = []
        self._size = self._begin = 0
        self.closed = False

    def __iter__(self) -> Iterator[tuple[bytes, int, bool]]:
        offset, held = self._stream.position, b""
        while not self.closed and (block := self._stream.read(BLOCK)):
            data, held = held + block, b""
            # An escape is not cut in two.
            if (len(data) - len(data.rstrip(b"\\"))) % 2:
                data, held = data[:-1], data[-1:]
            yield from self._of_block(data, offset)
            offset += len(data)

    def _of_block(self, data: bytes, offset: int) -> Iterator[tuple[bytes, int, bool]]:
        start = 0
        for token in _TOKEN.finditer(data):
            mark = token.group()
            if mark == b'"':
                self._quoted = not self._quoted
            elif self._quoted or len(mark) > 1:
                continue
            elif mark in b"{[":
                self._depth += 1
                if self._depth == 2:
                    start = token.start()
                    self._begin, self._kept, self._size = offset + start, [], 0
            else:
                self._depth -= 1
                if self._depth == 1:
                    self._keep(data[start : token.end()])
                    yield b"".join(self._kept), self._begin, self._size <= self._limit
                elif self._depth == 0:
                    self.closed = True
                    return
        if self._depth > 1:
            self._keep(data[start:])

    def _keep(self, data: bytes) -> None:
        self._size += len(data)
        if self._size <= self._limit:
            self._kept.append(data)


def read_table(stream: Stream, name: str, limits: Limits, charset: str) -> Iterator[Incoming]:
    """A document a row ("rows.csv, row 12", the heading being row 1): the bytes of the heading's line and the row's."""
    lines = _Pushable(stream.lines(limits.document))
    heading = next(lines).data.removeprefix(codecs.BOM_UTF8)
    delimiter = find_delimiter(heading.decode("utf-8", errors="replace"), name).encode()
    if not delimiter:
        shown = heading[:200].decode("utf-8", errors="replace").strip()
        yield Incoming(
            name, None, f"is a table without a column of text such as “text” or “html”; its heading is: {shown}"
        )
        return
    if not heading.endswith(b"\n"):
        heading += b"\n"
    for number, (row, line, why) in enumerate(_rows(lines, delimiter, limits.document), 2):
        label = f"{name}, row {number}"
        if why:
            yield Incoming(label, heading + row or None, why, CSV, Hints(charset=charset), line.offset, line.number)
        elif row.strip():
            yield _record(label, heading + row, line, True, limits, CSV, charset)


class _Pushable:
    """An iterator of lines on which read ones can be put back."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._again: deque[Line] = deque()

    def __iter__(self) -> Iterator[Line]:
        return self

    def __next__(self) -> Line:
        return self._again.popleft() if self._again else next(self._lines)

    def push(self, lines: list[Line]) -> None:
        self._again.extendleft(reversed(lines))


def _rows(lines: _Pushable, delimiter: bytes, limit: int) -> Iterator[tuple[bytes, Line, str]]:
    """Rows as they stand, with the line where they begin and what is wrong with them.

    A quotation mark that nothing closes costs its own line, not the rest of the table.
    """
    for first in lines:
        if not first.whole:
            yield b"", first, too_large(limit)
            continue
        taken, size = [first], len(first.data)
        quoted = _ends_quoted(first.data, delimiter, quoted=False)
        while quoted and size <= limit and (line := next(lines, None)) is not None:
            taken.append(line)
            size += len(line.data)
            quoted = _ends_quoted(line.data, delimiter, quoted=True)
        if quoted:
            lines.push(taken[1:])
            yield (
                first.data,
                first,
                "opens a quotation mark that nothing closes: the row was left out, the next were read",
            )
        elif size > limit:
            yield b"", first, too_large(limit)
        else:
            yield b"".join(line.data for line in taken), first, ""


def _ends_quoted(line: bytes, delimiter: bytes, *, quoted: bool) -> bool:
    """Whether a quoted field is open at the end of a line, given whether one was at its beginning."""
    position = 0
    if not quoted and line.startswith(b'"'):
        quoted, position = True, 1
    while True:
        if quoted:
            closed = _CLOSING.match(line, position)
            if closed is None:
                return True
            position = closed.end()
        opening = line.find(delimiter + b'"', position)
        if opening < 0:
            return False
        quoted, position = True, opening + 2


def _record(name: str, data: bytes, line: Line, whole: bool, limits: Limits, media_type: str, charset: str) -> Incoming:
    fits = whole and len(data) <= limits.document
    problem = "" if fits else too_large(limits.document)
    hints = Hints(charset=charset)
    return Incoming(name, data if fits else None, problem, media_type, hints, line.offset, line.number or None)


class Utf16:
    """A stream of UTF-16 with its mark as one of UTF-8: records are found by their bytes."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")

    def read(self, size: int = -1, /) -> bytes:
        while block := self._stream.read(BLOCK if size < 0 else max(2, size // 2)):
            if text := self._decoder.decode(block):
                return text.encode("utf-8", "replace")
        return b""
