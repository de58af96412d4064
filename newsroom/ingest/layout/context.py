"""Where a line stands on its page: the main run of prose, what came before, repeats, shared words.

The main run is the maximum-sum segment of lines, prose counting for its characters and every other line against it (Pasternack and
Roth, "Extracting article text from the web with maximum subsequence segmentation", 2009). All passes are linear,
and most go column by column (one measure of all lines) rather than line by line: that is three times as fast in Python.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate, chain, pairwise, repeat
from operator import sub
from typing import NamedTuple

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
_WIDE, _AROUND = 12, 5
_DISTANCES = (1, 2, 3, 5, 9, 16, 31, 61)
DISTANCE_BINS = len(_DISTANCES) + 1
MASS_BINS = 10
_NOTHING: frozenset[str] = frozenset()


# The bins of the distances 1, 2, 3, ...
_STEPS = [bisect_right(_DISTANCES, distance) for distance in range(1, _DISTANCES[-1] + 1)]


class Context(NamedTuple):
    """Where the lines lie on the page: columns of small classes, one entry a line."""

    region: list[int]  # 0 no prose on the page, 1 before the main run, 2 inside, 3 after
    region_distance: list[int]
    mass: list[int]
    before: list[int]
    after: list[int]
    repeats: list[int]
    since_label: list[int]
    ended: list[int]
    overlap_before: list[int]
    overlap_after: list[int]
    familiar: list[int]
    wide_before: list[int]
    wide_after: list[int]
    ahead: list[int]
    behind: list[int]


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


def context_of(shapes: list[Shape]) -> Context:
    """The context of every line."""
    count = len(shapes)
    first, last = main_run(shapes)
    content = [shape.topical for shape in shapes]
    kinds = [shape.kind for shape in shapes]
    prose = [number for number, shape in enumerate(shapes) if shape.prose]
    up, before = _nearest_above(prose, count)
    # Seen from the end of the page, what is below is above.
    down, after = _nearest_above([count - 1 - number for number in reversed(prose)], count)
    down, after = [count - 1 - number for number in reversed(down)], after[::-1]
    masses = [0, *accumulate([shape.length if shape.prose else 0 for shape in shapes])]
    lines = [0, *accumulate([shape.prose for shape in shapes])]
    total = masses[-1] or 1
    seen = Counter([shape.words for shape in shapes])
    return Context(
        *_regions(first, last, count),
        [mass * MASS_BINS // total if mass < total else MASS_BINS - 1 for mass in masses[:-1]],
        before,
        after,
        [min(seen[shape.words], 3) - 1 for shape in shapes],
        _since([number for number, kind in enumerate(kinds) if kind in _LABELS], count),
        _ended(first, last, kinds),
        _overlaps(content, up, -1),
        _overlaps(content, down, 1),
        _familiarity(content, first, last),
        [bisect_right(_MASSES, mass) for mass in _window_above(masses, _WIDE)],
        [bisect_right(_MASSES, mass) for mass in _window_below(masses, _WIDE)],
        _window_below(lines, _AROUND),
        _window_above(lines, _AROUND),
    )


def _bins(distance: int) -> list[int]:
    """The bins of the distances 1 to this one."""
    return _STEPS[:distance] + [DISTANCE_BINS - 1] * (distance - len(_STEPS))


def _regions(first: int, last: int, count: int) -> tuple[list[int], list[int]]:
    """(region, bin of the distance to the edge of the main run) of each line."""
    if not last:
        return [0] * count, [0] * count
    inside, half = last - first, (last - first + 1) // 2
    rising = [0, *_bins(half)][:half]
    distance = _bins(first)[::-1] + rising + rising[: inside - half][::-1] + _bins(count - last)
    return [1] * first + [2] * inside + [3] * (count - last), distance


def _nearest_above(prose: list[int], count: int) -> tuple[list[int], list[int]]:
    """(number of the nearest line of prose above, or -1; bin of the distance to it) for each line."""
    lines, distances = [], []
    above = -1
    for number in [*prose, count - 1]:
        step = number - above
        lines += [above] * step
        distances += _bins(step) if above >= 0 else [DISTANCE_BINS] * step
        above = number
    return lines[:count], distances[:count]


def _since(labels: list[int], count: int) -> list[int]:
    """Bins of how many lines ago the last label stood (0 at the label), or `DISTANCE_BINS` above the first."""
    distances = [DISTANCE_BINS] * (labels[0] if labels else count)
    for number, following in pairwise([*labels, count]):
        distances.append(0)
        distances += _bins(following - number - 1)
    return distances


def _ended(first: int, last: int, kinds: Sequence[int]) -> list[int]:
    """1 from the first line inside the main run that ends pages, 2 from the first such line below the run, else 0."""
    count = len(kinds)
    if not last:
        return [0] * count
    below = next((number for number in range(last, count) if kinds[number] in _ENDS), count)
    inside = next((number for number in range(first + 1, last) if kinds[number] in _ENDS), below)
    return [0] * inside + [1] * (below - inside) + [2] * (count - below)


def _overlaps(content: list[frozenset[str]], near: list[int], step: int) -> list[int]:
    """Bins of the share of each line's words that the nearest prose, or the line beyond it, holds."""
    # An empty line past either end stands for what is off the page.
    lines = [*content, _NOTHING, _NOTHING]
    found = []
    for mine, number in zip(content, near, strict=True):
        here = mine & lines[number]
        there = mine & lines[number + step]
        shared = len(here | there) if here and there else len(here) or len(there)
        found.append(bisect_right(_OVERLAPS, shared / len(mine)) if shared else 0)
    return found


def _familiarity(content: list[frozenset[str]], first: int, last: int) -> list[int]:
    """Bins of how many lines of the main run, at most `_OFTEN`, use a line's words on average; a line of the run does not count itself."""
    counts = Counter(chain.from_iterable(content[first:last]))
    beyond = frozenset([word for word, count in counts.items() if count > _OFTEN])
    for word in beyond:
        counts[word] = _OFTEN
    found = []
    for number, mine in enumerate(content):
        uses = sum(map(counts.get, mine, repeat(0)))
        if first <= number < last:
            uses += len(mine & beyond) - len(mine)
        found.append(1 + bisect_right(_FAMILIAR, uses / len(mine)) if mine else 0)
    return found


def _window_above(sums: list[int], size: int) -> list[int]:
    """What the `size` lines above each line add up to, given running sums."""
    return list(map(sub, sums[:-1], chain(repeat(0, size), sums)))


def _window_below(sums: list[int], size: int) -> list[int]:
    """What the `size` lines below each line add up to, given running sums."""
    return list(map(sub, chain(sums[size + 1 :], repeat(sums[-1])), sums[1:]))
