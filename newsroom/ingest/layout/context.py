"""Where a line stands on its page: the main run of prose, what came before, repeats, shared words.

The main run is the maximum-sum segment of lines, prose counting for its characters and every other line against it (Pasternack and
Roth, "Extracting article text from the web with maximum subsequence segmentation", 2009). All passes are linear (or sort), and go
column by column, one measure of all lines: a fraction of the time that loops over lines take.
"""

from typing import NamedTuple

import numpy as np

from newsroom.ingest.layout.columns import Column, bins_of, last_marked, table_of
from newsroom.ingest.layout.measures import Measured, Measures, Sums
from newsroom.ingest.layout.patterns import NAMES, NUMBER
from newsroom.ingest.layout.shape import KINDS
from newsroom.ingest.layout.topics import Topics, limits

# What a line that is not prose takes off a run: any line, one that ends pages.
_COSTS = np.array([-70, -160])
_OVERLAPS = np.array([0.001, 0.1, 0.2, 0.3, 0.45, 0.6])
OVERLAP_BINS = len(_OVERLAPS) + 1
_FAMILIAR = np.array([0.05, 0.2, 0.4, 0.7, 1.0, 1.5, 2.2])
FAMILIAR_BINS = len(_FAMILIAR) + 2
_OFTEN = 5
_OFTEN_USED = limits(_OFTEN, _OFTEN + 1)
_MASSES = np.array([80, 400, 1000, 2000])
WIDE_BINS = len(_MASSES) + 1
_WIDE, _AROUND = 12, 5
_DISTANCES = (1, 2, 3, 5, 9, 16, 31, 61)
DISTANCE_BINS = len(_DISTANCES) + 1
MASS_BINS = 10
_STEPS = bins_of(_DISTANCES)
# Printed once, twice, more often.
_REPEATS = bins_of((2, 3))


def _kinds_of(*names: str) -> Column:
    """1 for the kinds of lines that these patterns name, 0 for the others."""
    return table_of(KINDS, [KINDS - len(NAMES) - 1 + NUMBER[name] for name in names])


_LABELS = _kinds_of("label", "more")
_ENDS = _kinds_of("comments", "copyright", "label", "newsletter")


class Context(NamedTuple):
    """Where the lines lie on the page: columns of small classes, one entry a line."""

    region: Column  # 0 no prose on the page, 1 before the main run, 2 inside, 3 after
    region_distance: Column
    mass: Column
    before: Column
    after: Column
    repeats: Column
    since_label: Column
    past: Column
    ended: Column
    overlap_before: Column
    overlap_after: Column
    familiar: Column
    wide_before: Column
    wide_after: Column
    behind: Column
    ahead: Column


def context_of(seen: Measured, sums: Sums) -> Context:
    """The context of every line."""
    own, topics, count = seen.own, seen.topics, len(seen.shapes)
    numbers = np.arange(count)
    ends = _ENDS[own.kind]
    first, last = main_run(own, ends)
    # The lines of prose, between two beyond the page: how many stand above a line says which are next to it.
    places = own.prose.nonzero()[0]
    prose = np.empty(len(places) + 2, np.int64)
    prose[0], prose[1:-1], prose[-1] = -1, places, count
    passed = sums.prose.above()
    up, down = prose.take(passed), prose.take(passed + own.prose + 1)
    region, region_distance = _regions(numbers, first, last)
    near = np.array((up, down, last_marked(_LABELS[own.kind])))
    above, below, since_label = np.where((near < 0) | (near == count), DISTANCE_BINS, _STEPS(np.abs(near - numbers)))
    # The nearest prose, or the line beyond it.
    shared = topics.shared(np.array(((up, up - 1), (down, down + 1))))
    overlap_before, overlap_after = _OVERLAPS.searchsorted(shared / np.maximum(topics.sizes, 1), "right")
    return Context(
        region,
        region_distance,
        _mass(own, sums),
        above,
        below,
        _REPEATS(seen.printed),
        # How many lines ago the last label stood: 0 at the label.
        since_label,
        region == 3,
        _ended(count, ends, first, last),
        overlap_before,
        overlap_after,
        _familiarity(topics, first, last),
        _MASSES.searchsorted(sums.mass.between(-_WIDE, -1), "right"),
        _MASSES.searchsorted(sums.mass.between(1, _WIDE), "right"),
        sums.prose.between(-_AROUND, -1),
        sums.prose.between(1, _AROUND),
    )


def _mass(own: Measures, sums: Sums) -> Column:
    """Tenths of the page's prose above each line."""
    above = sums.mass.above()
    total = int(above[-1] + own.prose[-1] * own.lengths[-1])
    found: Column = np.minimum(above * MASS_BINS // max(total, 1), MASS_BINS - 1)
    return found


def main_run(own: Measures, ends: Column) -> tuple[int, int]:
    """(first, last + 1) of the main run of prose; (0, 0) if there is none."""
    sums = np.zeros(len(ends) + 1, np.int64)
    np.where(own.prose, own.lengths, _COSTS[ends]).cumsum(out=sums[1:])
    lowest = np.minimum.accumulate(sums)[:-1]
    gains = sums[1:] - lowest
    last = int(gains.argmax())
    if gains[last] <= 0:
        return 0, 0
    return int((sums[: last + 1] == lowest[last]).nonzero()[0][-1]), last + 1


def _regions(numbers: Column, first: int, last: int) -> tuple[Column, Column]:
    """(region, bin of the distance to the edge of the main run) of each line."""
    region = np.zeros(len(numbers), np.int64)
    if not last:
        return region, region
    region[:first], region[first:last], region[last:] = 1, 2, 3
    # How far inside a line is, or, below nothing, how far outside.
    inside = np.minimum(numbers - first, last - 1 - numbers)
    return region, _STEPS(np.abs(inside))


def _ended(count: int, ends: Column, first: int, last: int) -> Column:
    """1 from the first line inside the main run that ends pages, 2 from the first such line below the run, else 0."""
    ended = np.zeros(count, np.int64)
    if not last:
        return ended
    found = ends.nonzero()[0].tolist()
    below = next((number for number in found if number >= last), count)
    inside = next((number for number in found if number > first), below)
    ended[inside:], ended[below:] = 1, 2
    return ended


def _familiarity(topics: Topics, first: int, last: int) -> Column:
    """Bins of how many lines of the main run, at most `_OFTEN`, use a line's words on average; a line of the run does not count itself."""
    counts = topics.uses(slice(first, last))
    # To take a use off all words of a line and count `_OFTEN` at most is to count one more at most and then take one off for each.
    uses, inside, *_ = topics.totals(_OFTEN_USED.take(counts, mode="clip"))
    uses[first:last] = inside[first:last] - topics.sizes[first:last]
    return np.where(topics.sizes > 0, 1 + _FAMILIAR.searchsorted(uses / np.maximum(topics.sizes, 1), "right"), 0)
