"""Stage 1: quotation marks paired into regions, a paragraph (line) at a time.

Knows straight and curly double marks, low and angle marks, two apostrophes typed as one mark, and single marks
where a paragraph has no double ones. A mark left open ends with its paragraph; where the next paragraph opens
with a mark again, or a closing mark follows, the quotation runs on (`continues`). Linear in the text's length.
"""

import re
from itertools import accumulate
from typing import NamedTuple

MARK = re.compile(r"''|``|\"|“|”|„|‟|«|»")  # no class of characters: an alternation of literals is searched for faster
TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,300}>")
SPOKEN = re.compile(r"[^\W_]")
OPENERS = "“„«"
CLOSERS = "”»"
BEFORE_OPEN = frozenset("([{—–-/‘'…")
AFTER_CLOSE = frozenset(")]},.;:!?—–-/’'…")
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


class Mark(NamedTuple):
    start: int
    end: int
    turn: str  # 'o' opens, 'c' closes, '?' may be either


def paragraphs(text: str) -> list[tuple[int, int]]:
    """(start, end) of each line that is not blank, without the blanks around it."""
    found = []
    position = 0
    for line in text.split("\n"):
        stripped = line.strip()
        if stripped:
            start = position + line.find(stripped[0])
            found.append((start, start + len(stripped)))
        position += len(line) + 1
    return found


def turn_of(text: str, start: int, end: int, first: int, last: int) -> str:
    """Whether the mark text[start:end] of the paragraph first..last opens ('o'), closes ('c') or either ('?')."""
    before = text[start - 1] if start > first else " "
    after = text[end] if end < last else " "
    glyph = text[start]
    if glyph in OPENERS:
        return "c" if after.isspace() and not before.isspace() else "o"
    if glyph in CLOSERS or glyph == "‟":
        return "o" if before.isspace() and (after.isalnum() or after in "'‘’$#@[") else "c"
    opens = before.isspace() or before in BEFORE_OPEN
    closes = after.isspace() or after in AFTER_CLOSE
    if opens != closes:
        return "o" if opens else "c"
    if before.isspace() and after in "'‘’….":
        return "o"
    return "?"


def pair(
    text: str, marks: list[Mark], first: int, last: int, running: Mark | None
) -> tuple[list[tuple[int, int, int, int, bool]], bool]:
    """Regions (start, end, inner start, inner end, closed) of one paragraph, and whether the last is left open."""
    found: list[tuple[int, int, int, int, bool]] = []
    closers_after = sum(mark.turn == "c" for mark in marks)
    openers_after = sum(mark.turn == "o" for mark in marks)
    current = running
    for mark in marks:
        nests = closers_after >= 2 and openers_after == 1
        closers_after -= mark.turn == "c"
        openers_after -= mark.turn == "o"
        if current is None:
            inches = (
                mark.turn == "?" and text[mark.start] == '"' and mark.start > first and text[mark.start - 1].isdigit()
            )
            if mark.turn != "c" and not inches:
                current = mark
        elif mark.turn != "o":
            found.append((current.start, mark.end, current.end, mark.start, True))
            current = None
        elif not nests:
            inner_end = mark.start
            while inner_end > current.end and text[inner_end - 1].isspace():
                inner_end -= 1
            found.append((current.start, mark.start, current.end, inner_end, False))
            current = mark
    if current is not None:
        found.append((current.start, last, min(current.end, last), last, False))
    return found, current is not None


def double_marks(text: str, spans: list[tuple[int, int]]) -> list[list[Mark]]:
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


def runs_on(rows: list[list[Mark]], spans: list[tuple[int, int]], index: int) -> int:
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


def all_regions(text: str) -> list[Region]:
    """All quoted regions of `text` in order, empty ones too."""
    spans = paragraphs(text)
    rows = double_marks(text, spans)
    regions: list[Region] = []
    carried = -1  # region left open by the paragraph before
    until = -1  # paragraph that the open quotation reaches
    for index, (first, last) in enumerate(spans):
        row = rows[index]
        running = None
        if carried >= 0:
            if row and row[0].start == first and row[0].turn != "c":
                running = row[0]
                row = row[1:]
            elif until >= index:
                running = Mark(first, first, "o")
        found, left_open = pair(text, row, first, last, running)
        for number, (start, end, inner_start, inner_end, closed) in enumerate(found):
            link = carried if number == 0 and running is not None else -1
            regions.append(Region(start, end, inner_start, inner_end, closed, link, False))
        carried = -1
        if left_open:
            until = max(until, runs_on(rows, spans, index))
            carried = len(regions) - 1 if until > index else -1
        if running is None and (not rows[index] or text[first] in "'‘"):
            singles = single_regions(text, first, last)
            if not rows[index]:
                regions += singles
            elif singles and singles[0].start == first and singles[0].end >= rows[index][-1].end and not left_open:
                regions[len(regions) - len(found) :] = singles  # the double marks stand inside the single ones
    return regions


# What stands before the mark is looked at after it, so that `re` searches for the mark alone.
SINGLE_OPEN = re.compile(r"['‘](?:(?<=^.)|(?<=[\s(\[—–\"“-].))(?=[^\W_]|\[|…)")
SINGLE_CLOSE = re.compile(r"['’](?<=\S.)(?=$|[\s,.;:!?)\]—–\"”-])")
ELISIONS = re.compile(r"['‘](?:\d0s|em|til|cause|n|tis|twas|bout|round)\b", re.IGNORECASE)


def single_regions(text: str, first: int, last: int) -> list[Region]:
    """Regions in single marks of a paragraph without double ones.

    An apostrophe at the end of a word ("players' union") closes nothing while a better mark follows: the closing
    mark is the first that follows punctuation or precedes it, else the first that does not follow an s.
    """
    line = text[first:last]
    found: list[Region] = []
    openers = [match.start() for match in SINGLE_OPEN.finditer(line)]
    if not openers:
        return found
    closers = [match.start() for match in SINGLE_CLOSE.finditer(line)]
    position = cursor = 0
    for start in openers:
        if start < position or ELISIONS.match(line, start):
            continue
        while cursor < len(closers) and closers[cursor] <= start + 1:
            cursor += 1
        close = closing_single(line, closers, cursor)
        if close < 0:
            continue
        position = close + 1
        found.append(Region(first + start, first + close + 1, first + start + 1, first + close, True, -1, True))
    return found


def closing_single(line: str, closers: list[int], cursor: int) -> int:
    """Which of the apostrophes from `closers[cursor]` on closes; -1 when none does."""
    fallback = -1
    for close in closers[cursor : cursor + 12]:
        before = line[close - 1]
        after = line[close + 1 : close + 2]
        if before in ",.!?…" or (before not in "sS" and (after in ",.;:!?)" or not after)):
            return close
        if before not in "sS" or after in ",.;:!?)" or not after:
            return close if fallback < 0 else fallback
        if fallback < 0:
            fallback = close
    return fallback
