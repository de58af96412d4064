"""What the readers hand out, and how much they take in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

PLAIN = "text/plain"
HTML = "text/html"
MAIL = "message/rfc822"
# One record of a larger file, such that it can be read by itself: a JSON object; the heading line of a table and one row.
JSON = "application/json"
CSV = "text/csv"
# What came before a file broke off: kept, and no document.
PARTIAL = "application/x-partial"
# What to do about a file that broke off.
WHOLE = "Get a whole copy and import that"

_PLACE = re.compile(r", (?:line|item|row|part|record) \d+\Z")


class Hints(NamedTuple):
    """What is said of a document outside its own bytes, as it is said: empty where nothing is.

    ``charset``: the encoding declared for the bytes; ``retrieved_at``: when they were fetched. Values are unchecked.
    """

    url: str = ""
    title: str = ""
    published: str = ""
    authors: tuple[str, ...] = ()
    publisher: str = ""
    retrieved_at: str = ""
    charset: str = ""

    def over(self, other: Hints) -> Hints:
        """These hints, and where they say nothing, those of ``other``."""
        return Hints._make(mine or theirs for mine, theirs in zip(self, other, strict=True))


class Incoming(NamedTuple):
    """One document as it came: its name and bytes, or the ``problem`` that kept it from being read.

    ``name`` says where it is from ("dumps.zip/2026/a.txt", "rows.csv, row 12"). ``data`` is exactly what stands in the
    container (of a table's row: the heading line and the row), so that its sha256 is the document's identity and the
    document can be read again from ``data``, ``media_type`` and ``meta()``. What a container says beside the bytes (the
    address in a WARC header) is in ``hints`` and not in the identity: the same bytes from two addresses are one document.
    With a ``problem``, ``data`` is None, or with the media type ``PARTIAL`` what came before. ``offset`` (bytes) and ``line`` (from 1) say where in its
    unpacked container a record begins; None for a document that is a file of its own. ``size`` and ``sha256`` are of
    a file that is not loaded (``data`` None), as it lies on the disk, so that it can be known again.
    """

    name: str
    data: bytes | None
    problem: str = ""
    media_type: str = PLAIN
    hints: Hints = Hints()
    offset: int | None = None
    line: int | None = None
    size: int | None = None
    sha256: str = ""

    def meta(self) -> dict[str, Any]:
        """What must be kept beside the bytes to read the document again, ready for JSON; empty values are left out."""
        found = self.hints._asdict() | {"authors": list(self.hints.authors), "offset": self.offset, "line": self.line}
        return {key: value for key, value in found.items() if value or value == 0}


def broken(name: str, error: Exception, partial: bytes | None) -> Incoming:
    """What is left of a file, or of a document in it, that cannot be read any further."""
    return Incoming(
        name,
        partial or None,
        f"{error}; what came before was read. {WHOLE}",
        PARTIAL if partial else PLAIN,
    )


def container_of(name: str) -> str:
    """The name of the file that a record is from; that of a document which is a file of its own is its name."""
    return _PLACE.sub("", name)


def restore(name: str, data: bytes, media_type: str, meta: Mapping[str, Any]) -> Incoming:
    """The ``Incoming`` that was stored as these: the way to process a document again."""
    said = {name: meta[name] for name in Hints._fields if name in meta}
    hints = Hints(**{**said, "authors": tuple(said.get("authors", ()))})
    return Incoming(name, data, "", media_type or PLAIN, hints, meta.get("offset"), meta.get("line"))


def presentable(text: str) -> str:
    """A name as it can be stored and shown: without control characters, and bytes of it that are not UTF-8."""
    # Such bytes are lone surrogates in Python.
    return "".join(char if char.isprintable() else "\ufffd" for char in text)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is taken in before a document or a container is refused.

    ``document`` bytes of one document; ``unpacked`` bytes that all layers of one file unpack to; ``ratio`` of unpacked
    to packed bytes of one layer; ``nesting`` of archives and compressions; ``members`` of one archive.
    """

    document: int = 10_000_000
    unpacked: int = 100_000_000_000
    ratio: int = 200
    nesting: int = 4
    members: int = 1_000_000


def too_large(limit: int) -> str:
    return f"is larger than {limit:,} bytes, more than any news page; split it, or raise NEWSROOM_IMPORT_MAX_DOCUMENT_BYTES"
