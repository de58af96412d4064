"""One stream of whatever kind -> its documents: told by its content, unpacked, split, as deep as the limits allow."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass

from newsroom.ingest.decode import sniff
from newsroom.ingest.readers.archives import read_tar, read_zip
from newsroom.ingest.readers.incoming import Incoming, Limits, broken
from newsroom.ingest.readers.kinds import HEAD, Kind, kind_of
from newsroom.ingest.readers.streams import BrokenError, Stream
from newsroom.ingest.readers.tables import Utf16, read_json, read_json_lines, read_json_list, read_table
from newsroom.ingest.readers.texts import read_html, read_mail, read_text
from newsroom.ingest.readers.unpack import CODECS, Budget, Unpacked
from newsroom.ingest.readers.warc import read_warc

_ARCHIVES = {"zip", "tar"}
_RECORDS = {"json lines": read_json_lines, "json list": read_json_list, "json": read_json, "table": read_table}
_TEXTS = {"text": read_text, "html": read_html, "mail": read_mail, "warc": read_warc}
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Walk:
    """The limits that hold for one file, and what is left of them."""

    limits: Limits
    budget: Budget

    def documents(self, stream: Stream, name: str, depth: int = 0) -> Iterator[Incoming]:
        """The documents in ``stream``, whatever it is. ``depth``: how many layers are around it.

        Raises ``BrokenError`` only for the fault of a layer around it.
        """
        head = stream.peek(HEAD)
        kind = kind_of(head, name)
        if kind not in _ARCHIVES and kind not in CODECS:
            yield from self._leaves(stream, name, kind, head)
        elif depth >= self.limits.nesting:
            yield Incoming(
                name,
                None,
                f"is packed more than {self.limits.nesting} times over; unpack it first, or raise NEWSROOM_IMPORT_MAX_NESTING",
            )
        elif kind in CODECS:
            yield from self._unpacked(stream, name, kind, depth)
        elif kind == "tar":
            yield from read_tar(stream, name, self.limits, lambda inner, label: self.documents(inner, label, depth + 1))
        else:
            yield from read_zip(
                stream, name, self.limits, self.budget, lambda inner, label: self.documents(inner, label, depth + 1)
            )

    def _unpacked(self, stream: Stream, name: str, kind: Kind, depth: int) -> Iterator[Incoming]:
        layer = Unpacked(stream, kind, self.limits, self.budget)
        try:
            yield from self.documents(Stream(layer), name, depth + 1)
        except BrokenError as error:
            if error.layer is not layer:
                raise
            yield broken(name, error, error.partial)

    def _leaves(self, stream: Stream, name: str, kind: Kind, head: bytes) -> Iterator[Incoming]:
        try:
            if kind in _RECORDS:
                charset = sniff(head)
                if head.startswith(_UTF16):
                    stream, charset = Stream(Utf16(stream)), ""
                yield from _RECORDS[kind](stream, name, self.limits, charset)
            else:
                yield from _TEXTS[kind](stream, name, self.limits)
        except BrokenError as error:
            if error.layer is not stream:
                raise
            yield broken(name, error, error.partial)
