"""A quote's words as they are shown, and the passage of the text they stand in.

Offsets are code points into the article's text, half-open, as everywhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from quotes.anchors import CONTEXT
from quotes.models import Quote

CONTEXT_LENGTH = 420
SENTENCE_LENGTH = 240
_QUOTATION = "\"'“”„«»‘’‹›「」『』"
_MARKS = f" \n{_QUOTATION}"
# A mark that ends a sentence, with the marks that close around it and the blanks before the next one. What precedes
# tells it from the point of an abbreviation (Nov. Dr. p.m. J.): a word in lower case, a long one, or a number.
_SENTENCE_END = re.compile(
    r"""(?P<stop>(?:\b[^\W\d_A-Z]{2,}|[^\W\d_]{5,}|\d(?=[.!?]["”’')\]]*\s+[^\W\d_]))[.!?]["”’')\]]*)(?:\s+|$)"""
)


def said(quote: Quote) -> str:
    """The words said, without what stands between them: an attribution in the middle becomes an ellipsis.

    Words that go on in a new paragraph, which the press opens with a mark of its own, go on after a newline. The comma
    that leads over to an attribution (“…,” he said) is left out. Never empty.
    """
    if quote.kind != Quote.Kind.DIRECT:
        return quote.text
    joined = ""
    place = quote.start
    for start, end in quote.segments if _has_place(quote) else ():
        if joined:
            between = quote.text[place - quote.start : start - quote.start]
            joined = f"{joined.removesuffix(',')} … " if between.strip(_MARKS) else f"{joined}\n"
        joined += quote.text[start - quote.start : end - quote.start].strip()
        place = end
    return (joined or quote.text).removesuffix(",")


def stands_in_marks(quote: Quote) -> bool | None:
    """Whether a quotation mark opens or closes the words in their source; None where it is not known what is around them."""
    if not quote.prefix and not quote.suffix:
        return None
    places = quote.prefix[-1:], quote.suffix[:1], quote.text[:1]
    return any(place in _QUOTATION for place in places if place)


def public_note(quote: Quote) -> str:
    """What editors wrote about the quote, where readers may see it: with those that are contested."""
    return quote.review_note if quote.doubt else ""


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """Paragraphs of pieces around a quote; ``cut_before`` and ``cut_after``: the text goes on there."""

    paragraphs: list[list[Piece]]
    cut_before: bool
    cut_after: bool


def passage(quote: Quote, text: str) -> Passage | None:
    """The quote in ``text``, the article's, with what stands before and after. None where its place is not known."""
    if not _has_place(quote) or text[quote.start : quote.end] != quote.text:
        return None
    first = _word_start(text, max(0, quote.start - CONTEXT_LENGTH), quote.start)
    last = _word_end(text, min(len(text), quote.end + CONTEXT_LENGTH), quote.end)
    spans = [(start, end) for start, end in quote.segments] or [(quote.start, quote.end)]
    paragraphs = []
    place = first
    for line in text[first:last].split("\n"):
        if line.strip():
            paragraphs.append(_pieces(text, place, place + len(line), spans))
        place += len(line) + 1
    return Passage(paragraphs, cut_before=first > 0, cut_after=last < len(text))


def alone(quote: Quote) -> Passage:
    """A quote that stands by itself in a dump, in its line."""
    before = quote.prefix.rpartition("\n")[2]
    after = quote.suffix.partition("\n")[0]
    # What is kept of the text around a quote ends where it ends, in a word as a rule.
    cut_before = before == quote.prefix and len(before) == CONTEXT and quote.start != CONTEXT
    cut_after = after == quote.suffix and len(after) == CONTEXT
    if cut_before:
        before = before[_word_start(before, 1, len(before)) :]
    if cut_after:
        after = after[: _word_end(after, len(after) - 1, 0)].rstrip()
    pieces = [Piece(before, marked=False), Piece(quote.text, marked=True), Piece(after, marked=False)]
    return Passage(
        [[piece for piece in pieces if piece.text]],
        cut_before=cut_before,
        cut_after=cut_after,
    )


def sentence(quote: Quote, text: str) -> list[Piece]:
    """The sentence that reports what was said, with the reported words marked; what was said alone if it is long.

    A clause like “that the port would reopen” says little without the words that lead it in.
    """
    if not _has_place(quote) or text[quote.start : quote.end] != quote.text:
        return [Piece(quote.text, marked=True)]
    first, last = _sentence_around(text, quote.start, quote.end)
    return _pieces(text, first, last, [(quote.start, quote.end)])


def sentence_alone(quote: Quote) -> list[Piece]:
    """The same of a quote that stands by itself in a dump, as far as what is kept of its line has it."""
    line = alone(quote)
    pieces = line.paragraphs[0]
    text = "".join(piece.text for piece in pieces)
    start = 0 if pieces[0].marked else len(pieces[0].text)
    first, last = _sentence_around(text, start, start + len(quote.text))
    before = [Piece("… ", marked=False)] if line.cut_before and not first else []
    after = [Piece(" …", marked=False)] if line.cut_after and last == len(text) else []
    return [*before, *_pieces(text, first, last, [(start, start + len(quote.text))]), *after]


def _sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end
    ends = list(_SENTENCE_END.finditer(text, line_start, line_end))
    first = max((stop.end() for stop in ends if stop.end() <= start), default=line_start)
    last = min((stop.end("stop") for stop in ends if stop.end("stop") >= end), default=line_end)
    return first if start - first <= SENTENCE_LENGTH else start, last if last - end <= SENTENCE_LENGTH else end


def _has_place(quote: Quote) -> bool:
    return quote.start is not None and quote.end is not None and quote.end - quote.start == len(quote.text)


def _pieces(text: str, first: int, last: int, spans: list[tuple[int, int]]) -> list[Piece]:
    pieces = []
    place = first
    for start, end in sorted(spans):
        start, end = max(start, place), min(end, last)
        if start >= end:
            continue
        if place < start:
            pieces.append(Piece(text[place:start], marked=False))
        pieces.append(Piece(text[start:end], marked=True))
        place = end
    if place < last:
        pieces.append(Piece(text[place:last], marked=False))
    return pieces


def _word_start(text: str, place: int, limit: int) -> int:
    """The start of the first whole word at or after ``place``; ``place`` itself where none starts before ``limit``."""
    found = next((at for at in range(place, limit) if at == 0 or text[at - 1].isspace()), None)
    return place if found is None else found


def _word_end(text: str, place: int, limit: int) -> int:
    """The end of the last whole word at or before ``place``; ``place`` itself where none ends after ``limit``."""
    found = next((at for at in range(place, limit, -1) if at == len(text) or text[at].isspace()), None)
    return place if found is None else found
