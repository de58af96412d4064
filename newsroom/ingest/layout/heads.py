"""What speaks for the head of an article: a line, who signs or dates it, prose below; and a dateline that opens a story."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from newsroom.ingest.layout.datelines import find_dateline
from newsroom.ingest.layout.lines import Line
from newsroom.ingest.layout.shape import DATED, Shape

_SIGNED_WITHIN, _SIGNED_ABOVE, _BELOW = 4, 6, 10
_DATELINE_WORDS, _DASHES = 16, frozenset("—–―-")
_PROSE = (1, 3, 6)
_MASSES = len(_PROSE) + 1
HEAD_BINS = 3 * _MASSES * 2
_DISTANCES = (2, 5, 15, 40)
ABOVE_BINS = len(_DISTANCES) + 2


def heads_of(lines: Sequence[Line], shapes: list[Shape]) -> list[int]:
    """For each line: dated or signed below it, above it or neither; how much prose follows closely; whether a dateline opens it."""
    count = len(shapes)
    dated = [0, *accumulate(shape.kind in DATED for shape in shapes)]
    prose = [0, *accumulate(shape.prose for shape in shapes)]
    found = []
    for number, shape in enumerate(shapes):
        below = dated[min(count, number + 1 + _SIGNED_WITHIN)] > dated[number + 1]
        above = dated[number] > dated[max(0, number - _SIGNED_ABOVE)]
        mass = bisect_right(_PROSE, prose[min(count, number + 1 + _BELOW)] - prose[number + 1])
        signed = 1 if below else 2 if above else 0
        found.append((signed * _MASSES + mass) * 2 + _opens(lines[number], shape))
    return found


def _opens(line: Line, shape: Shape) -> bool:
    if not shape.prose:
        return False
    start = " ".join(line.words[:_DATELINE_WORDS])
    # Few paragraphs have a dash so early: the others are let go unread.
    return not _DASHES.isdisjoint(start) and find_dateline(start) is not None


def heads_above(shapes: list[Shape]) -> list[int]:
    """For each line, a bin of how far above it the last line stands that is signed or dated and has prose closely below; 0 if none does."""
    count = len(shapes)
    prose = [0, *accumulate(shape.prose for shape in shapes)]
    found, last = [], -1
    for number, shape in enumerate(shapes):
        found.append(0 if last < 0 else 1 + bisect_right(_DISTANCES, number - last))
        if shape.kind in DATED and prose[min(count, number + 1 + _BELOW)] - prose[number + 1] >= _PROSE[1]:
            last = number
    return found
