"""A document printed with what each part of it was taken for, and why. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from newsroom.ingest.decode import NotTextError, decode
from newsroom.ingest.layout import parse_page
from newsroom.ingest.layout.explain import explain
from newsroom.ingest.readers import Incoming


def explain_document(incoming: Incoming, *, colour: bool) -> Iterator[str]:
    """Lines without ends: the name, the encoding, then a line for each block; or why the document cannot be read."""
    yield f"== {incoming.name}"
    if incoming.data is None:
        yield incoming.problem
        return
    try:
        decoded = decode(incoming.data)
    except NotTextError as error:
        yield f"{error}" + (f" (line {error.line})" if error.line else "")
        return
    yield f"{len(incoming.data):,} bytes, {decoded.encoding}" + (
        ", garbled characters mended" if decoded.mended else ""
    )
    yield from explain(parse_page(decoded.text), colour=colour)
