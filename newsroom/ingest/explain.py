"""A document printed with what each part of it was taken for, and why. Writes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from newsroom.ingest.decode import NotTextError
from newsroom.ingest.layout.explain import explain
from newsroom.ingest.readers import Incoming
from newsroom.ingest.worker import read_page


@dataclass(frozen=True, slots=True)
class Explained:
    """``lines``, without line ends, to print; ``readable``: whether there was a text to explain."""

    readable: bool
    lines: tuple[str, ...]


def explain_document(incoming: Incoming, *, colour: bool) -> Explained:
    """The name, the encoding, then a line for each block of the text; or why the document cannot be read."""
    title = f"== {incoming.name}"
    if incoming.data is None or incoming.problem:
        return Explained(False, (title, incoming.problem))
    try:
        fields, _, page, _ = read_page(incoming, incoming.data)
    except NotTextError as error:
        return Explained(False, (title, f"{error}" + (f" (line {error.line})" if error.line else "")))
    size = f"{len(incoming.data):,} bytes, {fields.encoding}" + (", garbled characters mended" if fields.mended else "")
    return Explained(True, (title, size, *explain(page, colour=colour)))
