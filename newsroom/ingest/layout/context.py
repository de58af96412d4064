"""Where a line stands on its page: the main run of prose, what came before, repeats, shared words.

The main run is the maximum-sum segment of lines, prose counting for its characters and every other line against it (Pasternack and
Roth, "Extracting article text from the web with maximum subsequence segmentation", 2009). All passes are linear.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate, chain, repeat
from typing import NamedTuple

from newsroom.ingest.layout.lines import Line
from newsroom.ingest.layout.patterns import NUMBER
from newsroom.ingest.layout.shape import Shape

_CUT, _CUT_PATTERN = 70, 160
_LABELS = frozenset(10 + NUMBER[name] for name in ("label", "more"))
_ENDS = frozenset(10 + NUMBER[name] for name in ("comments", "copyright", "label", "newsletter"))
_OVERLAPS = (0.001, 0.1, 0.2, 0.3, 0.45, 0.6)
OVERLAP_BINS = len(_OVERLAPS) + 1
_FAMILIAR = (0.05, 0.2, 0.4, 0.7, 1.0, 1.5, 2.2)
FAMILIAR_BINS = len(_FAMILIAR) + 2
_OFTEN = 5
_MASSES = (80, 400, 1000, 2000)
WIDE_BINS = len(_MASSES) + 1
_WIDE = 12
_DISTANCES = (1, 2, 3, 5, 9, 16, 31, 61)
DISTANCE_BINS = len(_DISTANCES) + 1
MASS_BINS = 10


class Context(NamedTuple):
    """Small classes for one line: where it lies on the page. -1 stands for 'no such thing' where a bin can be missing."""

    region: int  # 0 no prose on the page, 1 before the main run, 2 inside, 3 after
    region_distance: int
    mass: int
    before: int
    after: int
    repeats: int
    since_label: int
    ended: int
    overlap_before: int
    overlap_after: int
    familiar: int
    wide_before: int
    wide_after: int
    ahead: int
    behind: int


def main_run(shapes: list[Shape]) -> tuple[int, int]:
    """(first, last + 1) of the main run of prose; (0, 0) if there is none."""
    best = score = start = 0
    span = (0, 0)
    for number, shape in enumerate(shapes):
        if score <= 0:
            score, start = 0, number
        score += shape.length if shape.prose else -(_CUT_PATTERN if shape.kind in _ENDS else _CUT)
        if score > best:
            best, span = score, (start, number + 1)
    return span


def contexts(lines: list[Line], shapes: list[Shape]) -> list[Context]:
    """The context of every line."""
    first, last = main_run(shapes)
    content = [shape.topical for shape in shapes]
    outside, within = _familiarity(content[first:last])
    count = len(lines)
    before, after = _nearest(shapes)
    total = sum(shape.length for shape in shapes if shape.prose) or 1
    seen = _counts(shapes)
    masses = _sums([shape.length if shape.prose else 0 for shape in shapes])
    prose = _sums([shape.prose for shape in shapes])
    mass = 0
    since = ended = 0
    labelled = False
    found = []
    for number, shape in enumerate(shapes):
        if shape.kind in _LABELS:
            labelled, since = True, 0
        elif labelled:
            since += 1
        if shape.kind in _ENDS and number > first and last:
            ended = max(ended, 1 if number < last else 2)
        if not last:
            region, distance = 0, 0
        elif number < first:
            region, distance = 1, first - number
        elif number < last:
            region, distance = 2, min(number - first, last - 1 - number)
        else:
            region, distance = 3, number - last + 1
        up, down = before[number], after[number]
        mine = content[number]
        found.append(
            Context(
                region,
                bisect_right(_DISTANCES, distance),
                min(MASS_BINS - 1, mass * MASS_BINS // total),
                bisect_right(_DISTANCES, number - up) if up >= 0 else DISTANCE_BINS,
                bisect_right(_DISTANCES, down - number) if down < count else DISTANCE_BINS,
                min(seen[shape.words], 3) - 1,
                bisect_right(_DISTANCES, since) if labelled else DISTANCE_BINS,
                ended,
                _overlap(mine, content, up, up - 1),
                _overlap(mine, content, down, down + 1),
                _familiar(mine, within if first <= number < last else outside),
                bisect_right(_MASSES, masses[number] - masses[max(0, number - _WIDE)]),
                bisect_right(_MASSES, masses[min(count, number + _WIDE + 1)] - masses[number + 1]),
                prose[min(count, number + 6)] - prose[number + 1],
                prose[number] - prose[max(0, number - 5)],
            )
        )
        if shape.prose:
            mass += shape.length
    return found


def _familiarity(content: list[frozenset[str]]) -> tuple[dict[str, int], dict[str, int]]:
    """How many of these lines use each word, at most `_OFTEN`: seen from outside, and from one of the lines itself."""
    counts = Counter(chain.from_iterable(content))
    outside = {word: min(_OFTEN, count) for word, count in counts.items()}
    return outside, {word: count - 1 if count <= _OFTEN else _OFTEN for word, count in counts.items()}


def _familiar(mine: frozenset[str], counts: dict[str, int]) -> int:
    """Bin of how often, on average, the main run uses a line's words in other lines."""
    if not mine:
        return 0
    return 1 + bisect_right(_FAMILIAR, sum(map(counts.get, mine, repeat(0))) / len(mine))


def _overlap(mine: frozenset[str], content: list[frozenset[str]], near: int, far: int) -> int:
    """Bin of the share of a line's words that two other lines hold."""
    if not mine:
        return 0
    count = len(content)
    left = mine - content[near] if 0 <= near < count else mine
    if 0 <= far < count:
        left -= content[far]
    return bisect_right(_OVERLAPS, (len(mine) - len(left)) / len(mine))


def _nearest(shapes: list[Shape]) -> tuple[list[int], list[int]]:
    """For every line, the nearest line of prose above it (-1: none) and below it (the number of lines: none)."""
    before, after = [], []
    last = -1
    for number, shape in enumerate(shapes):
        before.append(last)
        if shape.prose:
            last = number
    last = len(shapes)
    for number in range(len(shapes) - 1, -1, -1):
        after.append(last)
        if shapes[number].prose:
            last = number
    after.reverse()
    return before, after


def _counts(shapes: list[Shape]) -> dict[tuple[str, ...], int]:
    seen: dict[tuple[str, ...], int] = {}
    for shape in shapes:
        seen[shape.words] = seen.get(shape.words, 0) + 1
    return seen


def _sums(values: Sequence[int]) -> list[int]:
    """Running sums: element n is the sum of the first n values."""
    return [0, *accumulate(values)]
