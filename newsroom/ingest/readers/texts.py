"""Texts and pages: one document, or several one after the other between form feeds or as messages of a mailbox."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator

from newsroom.ingest.readers.incoming import HTML, MAIL, PLAIN, Incoming, Limits, too_large
from newsroom.ingest.readers.streams import BrokenError, Line, Stream

# A form feed on a line of its own parts two documents; one before the words of a line is a page break of a printout.
_FORM_FEED = b"\x0c"
_PART = re.compile(rb"(?:\A|\n)\x0c[ \t\r]*(?=\n|\Z)")
_PART_LINE = re.compile(rb"\x0c[ \t\r]*\n?")


def read_text(stream: Stream, name: str, limits: Limits) -> Iterator[Incoming]:
    """One document, or, if form feeds part it, several ("dump.txt, part 2")."""
    try:
        data = stream.document(limits.document)
    except BrokenError as error:
        if error.partial and _PART.search(error.partial):
            *whole, last = _parts(Stream(io.BytesIO(error.partial)), name, limits, _is_form_feed, PLAIN)
            yield from whole
            error.partial = last.data
        raise
    if _FORM_FEED in data and _PART.search(data):
        stream.unread(data)
        yield from _parts(stream, name, limits, _is_form_feed, PLAIN)
    else:
        yield _one(name, data, limits, PLAIN)


def read_html(stream: Stream, name: str, limits: Limits) -> Iterator[Incoming]:
    """One page."""
    yield _one(name, stream.document(limits.document), limits, HTML)


def read_mail(stream: Stream, name: str, limits: Limits) -> Iterator[Incoming]:
    """The messages of a mailbox in mbox form."""
    yield from _parts(stream, name, limits, _is_envelope, MAIL)


def _one(name: str, data: bytes, limits: Limits, media_type: str) -> Incoming:
    if len(data) > limits.document:
        return Incoming(name, None, too_large(limits.document), media_type)
    return Incoming(name, data, "", media_type)


def _is_form_feed(line: Line, blank_before: bool) -> bool:
    return bool(_PART_LINE.fullmatch(line.data))


def _is_envelope(line: Line, blank_before: bool) -> bool:
    return blank_before and line.data.startswith(b"From ")


def _parts(
    stream: Stream, name: str, limits: Limits, is_break: Callable[[Line, bool], bool], media_type: str
) -> Iterator[Incoming]:
    """The documents between the lines for which ``is_break`` holds. Parts of blanks alone are left out."""
    parts: list[bytes] = []
    size, number, begin, blank = 0, 0, Line(b"", stream.position, 1, True), True

    def part() -> Incoming:
        data = b"".join(parts) if size <= limits.document else None
        problem = "" if data is not None else too_large(limits.document)
        return Incoming(f"{name}, part {number}", data, problem, media_type, offset=begin.offset, line=begin.number)

    for line in stream.lines(limits.document):
        if is_break(line, blank):
            if size > limits.document or b"".join(parts).strip():
                number += 1
                yield part()
            parts, size, begin = [], 0, Line(b"", line.offset + len(line.data), line.number + 1, True)
        else:
            size += len(line.data) + (not line.whole)
            if size <= limits.document:
                parts.append(line.data)
        blank = not line.data.strip()
    if size > limits.document or b"".join(parts).strip():
        number += 1
        yield part()
