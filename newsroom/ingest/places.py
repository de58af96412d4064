"""Where a span of a page's blocks stands in the document that they were cut from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from newsroom.ingest.layout import Block
from quotes.extraction import ExtractedQuote

Span = tuple[int, int]


class Places:
    """Maps offsets into the blocks' texts joined by newlines to offsets into the document.

    The layout tidies blanks and joins wrapped lines, and changes nothing else: the letters stand in the same order,
    so the n-th character of a block that is not blank is the n-th of its stretch of the document.
    """

    def __init__(self, document: str, blocks: Sequence[Block]) -> None:
        self._maps = [_letters_of(document, block) for block in blocks]
        self._starts: list[int] = []
        position = 0
        for block in blocks:
            self._starts.append(position)
            position += len(block.text) + 1

    def span(self, start: int, end: int) -> Span | None:
        """The document's ``[start, end)`` of the joined text's; None if the characters cannot be matched up."""
        first, last = self._place(start), self._place(end - 1)
        return (first, last + 1) if first is not None and last is not None and first <= last else None

    def moved(self, found: ExtractedQuote) -> ExtractedQuote:
        """The quote with all its offsets into the document; its words stay as the tidied text has them."""
        span = self.span(found.start, found.end)
        assert span is not None
        segments = tuple(place for begin, end in found.segments if (place := self.span(begin, end)) is not None)
        mention = self._optional(found.speaker_start, found.speaker_end)
        cue = self._optional(found.cue_start, found.cue_end)
        return found._replace(
            start=span[0],
            end=span[1],
            segments=segments,
            speaker_start=mention[0],
            speaker_end=mention[1],
            cue_start=cue[0],
            cue_end=cue[1],
        )

    def _optional(self, start: int | None, end: int | None) -> tuple[int | None, int | None]:
        span = self.span(start, end) if start is not None and end is not None else None
        return span or (None, None)

    def _place(self, offset: int) -> int | None:
        number = bisect_right(self._starts, offset) - 1
        places = self._maps[number] if number >= 0 else None
        inside = offset - self._starts[number]
        return places[inside] if places is not None and inside < len(places) else None


def _letters_of(document: str, block: Block) -> Sequence[int] | None:
    """For each character of the block its place in the document (a blank's is that of the blank it came from)."""
    if document.startswith(block.text, block.start):  # nothing was tidied: so it is with most
        return range(block.start, block.start + len(block.text))
    places: list[int] = []
    position = block.start
    for char in block.text:
        if char.isspace():
            places.append(position)
            continue
        while position < block.end and document[position] != char:
            position += 1
        if position >= block.end:
            return None
        places.append(position)
        position += 1
    return places
