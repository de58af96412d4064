"""Pages and texts of web archives (ISO 28500): the responses of a crawl such as CC-NEWS, and extracted texts (WET)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from newsroom.ingest.readers.incoming import HTML, PARTIAL, PLAIN, WHOLE, Hints, Incoming, Limits, too_large
from newsroom.ingest.readers.streams import BrokenError, Stream

if TYPE_CHECKING:
    from warcio.recordloader import ArcWarcRecord

# All headers of a record together; an honest one has a few thousand bytes.
_LONGEST_HEADERS = 1 << 20
_PAGES = {"text/html": HTML, "application/xhtml+xml": HTML, "text/plain": PLAIN}


def read_warc(stream: Stream, name: str, limits: Limits) -> Iterator[Incoming]:
    """A document for each page that was fetched whole ("crawl.warc, record 12"). Pictures, scripts, redirects and errors are no documents."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.bufferedreaders import BufferedReader
    from warcio.exceptions import ArchiveLoadFailed

    class Bounded(BufferedReader):  # type: ignore[misc] # the library has no types
        """Reads lines of headers for the library, which sets no bound to them."""

        taken = 0

        def readline(self, length: int | None = None) -> bytes:
            line: bytes = super().readline(min(length or _LONGEST_HEADERS, _LONGEST_HEADERS))
            self.taken += len(line)
            if self.taken > _LONGEST_HEADERS:
                raise BrokenError(stream, f"a record's headers take more than {_LONGEST_HEADERS:,} bytes")
            return line

    # What comes here has been unpacked, and is not to be unpacked again unseen.
    reader = Bounded(stream, block_size=1 << 14)
    records = ArchiveIterator(stream)
    records.reader = reader
    number = 0
    while True:
        reader.taken = 0
        try:
            record = next(records, None)
        except (ArchiveLoadFailed, EOFError, ValueError, OSError) as error:
            yield Incoming(
                name,
                None,
                f"the web archive is damaged or ends early ({error}); what came before was read. {WHOLE}",
            )
            return
        if record is None:
            return
        number += 1
        found = _document(record, f"{name}, record {number}", limits)
        if found is not None:
            yield found
            if found.media_type == PARTIAL:
                return


def _document(record: ArcWarcRecord, name: str, limits: Limits) -> Incoming | None:
    if record.rec_type not in ("response", "resource", "conversion"):
        return None
    headers = record.http_headers
    if headers is not None and not str(headers.get_statuscode()).startswith("2"):
        return None
    declared = (headers or record.rec_headers).get_header("Content-Type") or ""
    content_type, _, parameters = declared.partition(";")
    media_type = _PAGES.get(content_type.strip().lower())
    if media_type is None:
        return None
    hints = Hints(
        url=(record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>"),
        retrieved_at=record.rec_headers.get_header("WARC-Date") or "",
        charset=_charset(parameters),
    )
    content = record.content_stream()
    data: bytes = content.read(limits.document + 1)
    if len(data) > limits.document:
        return Incoming(name, None, too_large(limits.document), media_type, hints)
    if content is record.raw_stream and getattr(content, "limit", 0) > 0:
        return Incoming(name, data, f"the web archive ends early: the record was cut off. {WHOLE}", PARTIAL, hints)
    return Incoming(name, data, "", media_type, hints)


def _charset(parameters: str) -> str:
    for parameter in parameters.split(";"):
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "charset":
            return value.strip(" \"'")[:40]
    return ""
