"""Stage 1: quotation marks paired into regions, a paragraph (line) at a time.

Knows straight and curly double marks, low and angle marks, two apostrophes typed as one mark, and single marks
where a paragraph has no double ones. A mark left open ends with its paragraph; where the next paragraph opens
with a mark again, or a closing mark follows, the quotation runs on (`continues`). Linear in the text's length.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from quotes.extraction.pairing import Mark, pair, turn_of
from quotes.extraction.singles import single_regions
from quotes.extraction.transcripts import Said, Turn, turns

MARK = re.compile(r"''|``|\"|“|”|„|‟|«|»")  # no class of characters: an alternation of literals is searched for faster
LINE = re.compile(r"[^\n\r\u2028\u2029]+")
TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,300}>")
SPOKEN = re.compile(r"[^\W_]")
SINGLE_OPENS = frozenset("'‘")
RUN_ON_REACH = 5  # paragraphs that may pass before the closing mark of an unmarked running quotation


class Region(NamedTuple):
    """A stretch between marks within one paragraph."""

    start: int  # of the opening mark
    end: int  # after the closing mark
    inner_start: int
    inner_end: int
    closed: bool
    continues: int  # index of the region this one carries on, or -1
    single: bool
    turn: Turn = ""  # whose turn of a transcript this is, printed without marks


@lru_cache(1)  # two stages ask for those of a text
def paragraphs(text: str) -> Sequence[tuple[int, int]]:
    """(start, end) of each line that is not blank, without the blanks around it."""
    found = []
    for match in LINE.finditer(text):
        line = match[0]
        stripped = line.strip()
        if stripped:
            start = match.start() + line.find(stripped[0])
            found.append((start, start + len(stripped)))
    return found


def double_marks(text: str, spans: Sequence[tuple[int, int]]) -> list[list[Mark]]:
    """The double marks of each paragraph; those inside markup tags are none."""
    tags = [match.span() for match in TAG.finditer(text)] if "<" in text else []
    upcoming = 0
    result = []
    for first, last in spans:
        row = []
        for match in MARK.finditer(text, first, last):
            start, end = match.span()
            while upcoming < len(tags) and tags[upcoming][1] <= start:
                upcoming += 1
            if upcoming < len(tags) and tags[upcoming][0] <= start:
                continue
            row.append(Mark(start, end, turn_of(text, start, end, first, last)))
        result.append(row)
    return result


def runs_on(rows: list[list[Mark]], spans: Sequence[tuple[int, int]], index: int) -> int:
    """Last paragraph of the quotation left open at the end of paragraph `index`, or -1 when it ends there."""
    if index + 1 >= len(rows):
        return -1
    following = rows[index + 1]
    if following and following[0].start == spans[index + 1][0] and following[0].turn != "c":
        return index + 1
    for other in range(index + 1, min(index + 1 + RUN_ON_REACH, len(rows))):
        if rows[other]:
            return other if rows[other][0].turn == "c" else -1
    return -1


def find_regions(text: str) -> list[Region]:
    """The quoted regions of `text` that hold a letter or a digit, in order."""
    regions = all_regions(text)
    spoken = [SPOKEN.search(text, region.inner_start, region.inner_end) is not None for region in regions]
    if all(spoken):
        return regions
    places = list(accumulate(spoken, initial=0))  # old index -> new index
    kept = []
    for region, speaks in zip(regions, spoken, strict=True):
        if speaks:
            before = region.continues
            kept.append(region._replace(continues=places[before] if before >= 0 and spoken[before] else -1))
    return kept


def running_mark(row: list[Mark], first: int, reaches: bool) -> Mark | None:
    """The mark that goes on with the quotation left open above: the first of the paragraph, or one thought there."""
    if row and row[0].start == first and row[0].turn != "c":
        return row[0]
    return Mark(first, first, "o") if reaches else None


def turn_region(said: Said, last: int, before: list[Region]) -> Region:
    """What the paragraph that ends at `last` holds of a turn of a transcript."""
    link = len(before) - 1 if not said.first and before and before[-1].turn else -1
    return Region(said.start, last, said.start, last, True, link, False, said.turn)


def regions_in_single_marks(text: str, first: int, last: int) -> list[Region]:
    """The quotations in single marks of a paragraph; those in marks that can be apostrophes are the less sure."""
    return [
        Region(start, end, start + 1, end - 1, True, -1, text[start] in "'‘")
        for start, end in single_regions(text, first, last)
    ]


def holds(text: str, single: Region, double: Sequence[int]) -> bool:
    """Whether a quotation in single marks, that plainly ends as one does, has one in double marks inside."""
    ends_so = text[single.inner_end - 1] in ',.!?…”"'
    return ends_so and single.start < double[0] and double[1] <= single.inner_end


def all_regions(text: str) -> list[Region]:
    """All quoted regions of `text` in order, empty ones too."""
    spans = paragraphs(text)
    rows = double_marks(text, spans)
    spoken = turns(text, spans)
    regions: list[Region] = []
    carried = -1  # region left open by the paragraph before
    until = -1  # paragraph that the open quotation reaches
    for index, (first, last) in enumerate(spans):
        if index in spoken:
            regions.append(turn_region(spoken[index], last, regions))
            carried = until = -1
            continue
        row = rows[index]
        running = running_mark(row, first, until >= index) if carried >= 0 else None
        if row and running == row[0]:
            row = row[1:]
        found, left_open = pair(text, row, first, last, running)
        for number, (start, end, inner_start, inner_end, closed) in enumerate(found):
            link = carried if number == 0 and running is not None else -1
            regions.append(Region(start, end, inner_start, inner_end, closed, link, False))
        carried = -1
        if left_open:
            until = max(until, runs_on(rows, spans, index))
            carried = len(regions) - 1 if until > index else -1
        if running is None and not rows[index]:
            regions += regions_in_single_marks(text, first, last)
        elif running is None and found and not left_open and not SINGLE_OPENS.isdisjoint(text[first : found[0][0]]):
            singles = regions_in_single_marks(text, first, last)
            if all(any(holds(text, single, double) for single in singles) for double in found):
                regions[len(regions) - len(found) :] = singles
    return regions
