"""Third stage: every line as feature numbers, one of each block, worked out column by column for all lines at once.

The columns are small classes; the blocks cross them (`crossing`). The numbers of their features are the rows of the fitted weights, so the order
of the blocks and the sizes of their columns belong to the model: change one and fit again. The tables do not: any that hold the blocks will do.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from newsroom.ingest.layout.columns import Column
from newsroom.ingest.layout.context import (
    DISTANCE_BINS,
    FAMILIAR_BINS,
    MASS_BINS,
    OVERLAP_BINS,
    WIDE_BINS,
    context_of,
)
from newsroom.ingest.layout.crossing import Crossing
from newsroom.ingest.layout.heads import ABOVE_BINS, HEAD_BINS, heads_above, heads_of
from newsroom.ingest.layout.measures import Measured, Measures, Sums
from newsroom.ingest.layout.refrains import CROWD_BINS, REFRAIN_BINS, crowds, refrains
from newsroom.ingest.layout.replies import REPLY_BINS, replies_near
from newsroom.ingest.layout.shape import (
    END_CLASSES,
    FRACTION_BINS,
    FUNCTION_BINS,
    KINDS,
    LENGTH_BINS,
    SIZES,
    START_CLASSES,
    WORD_BINS,
)

_BOUNDARY = np.zeros(2, np.int64)
_FIRST = np.array([0, 1, 2, 3, 4, *[5] * 5, *[6] * 20, 7])
_LAST = np.array([8, 8, 8, 9, 9])
SPACINGS = 3  # of a text: no blank lines, some, between most lines

# The columns, with the number of classes of each.
COLUMNS: dict[str, int] = {
    "mode": SPACINGS,
    "size": SIZES,
    "length": LENGTH_BINS,
    "words": WORD_BINS,
    "end": END_CLASSES,
    "start": START_CLASSES,
    "capitals": FRACTION_BINS,
    "function": FUNCTION_BINS,
    "sentences": 4,
    "kind": KINDS,
    "bullet": 2,
    "previous": KINDS,
    "next": KINDS,
    "two before": KINDS,
    "two after": KINDS,
    "blanks": 9,
    "region": 4,
    "region distance": DISTANCE_BINS + 1,
    "mass": MASS_BINS,
    "prose before": DISTANCE_BINS + 1,
    "prose after": DISTANCE_BINS + 1,
    "repeats": 3,
    "since label": DISTANCE_BINS + 1,
    "past": 2,
    "ended": 3,
    "overlap before": OVERLAP_BINS,
    "overlap after": OVERLAP_BINS,
    "familiar": FAMILIAR_BINS,
    "wide before": WIDE_BINS,
    "wide after": WIDE_BINS,
    "behind": 6,
    "ahead": 6,
    "position": 10,
    "similar": 4,
    "replies": REPLY_BINS,
    "address": 4,
    "head": HEAD_BINS,
    "under head": ABOVE_BINS,
    "refrain": REFRAIN_BINS,
    "crowd": CROWD_BINS,
}
BLOCKS: tuple[tuple[str, ...], ...] = (
    ("mode", "size"),
    ("length", "mode"),
    ("words",),
    ("end", "size"),
    ("start", "size"),
    ("capitals", "size"),
    ("function", "size"),
    ("sentences", "size"),
    ("kind",),
    ("bullet", "size"),
    ("previous", "size"),
    ("next", "size"),
    ("two before",),
    ("two after",),
    ("previous", "kind"),
    ("kind", "next"),
    ("blanks", "mode", "size"),
    ("region", "region distance", "size"),
    ("region", "kind"),
    ("mass", "size"),
    ("prose before", "prose after"),
    ("prose before", "size"),
    ("prose after", "size"),
    ("repeats", "region", "size"),
    ("since label", "past", "size"),
    ("ended", "region", "size"),
    ("overlap before", "overlap after", "size"),
    ("familiar", "region", "size"),
    ("wide before", "wide after", "size"),
    ("behind", "ahead", "size"),
    ("position", "size"),
    ("similar", "size"),
    ("replies", "size"),
    ("address", "size"),
    ("head", "size"),
    ("under head", "size"),
    ("refrain", "size"),
    ("crowd", "region", "size"),
)
TABLES: tuple[tuple[str, ...], ...] = (
    ("previous", "kind"),
    ("kind", "next"),
    ("two before", "two after"),
    ("previous", "similar", "size"),
    ("next", "bullet", "size"),
    ("region", "kind"),
    ("region", "region distance", "address", "size"),
    ("blanks", "sentences", "mode", "size"),
    ("length", "words", "mode"),
    ("end", "start", "size"),
    ("capitals", "function", "mass", "size"),
    ("prose before", "prose after", "size"),
    ("repeats", "ended", "crowd", "region", "size"),
    ("since label", "past", "replies", "size"),
    ("overlap before", "overlap after", "refrain", "size"),
    ("familiar", "region", "position", "size"),
    ("wide before", "wide after", "under head", "size"),
    ("behind", "ahead", "size"),
    ("head", "size"),
)
FITTED = Crossing(COLUMNS, BLOCKS)
FOLDED = Crossing(COLUMNS, TABLES)
TOTAL = FITTED.total


def spacing(blanks: Sequence[int]) -> int:
    """How the text uses blank lines, by how many stand above each line: 0 hardly ever, 1 here and there, 2 between most lines."""
    if not blanks:
        return 0
    share = (len(blanks) - blanks.count(0)) / len(blanks)
    return 0 if share < 0.02 else 1 if share < 0.5 else 2


def columns_of(seen: Measured, mode: int) -> NDArray[np.int32]:
    """The columns in the order of `COLUMNS`, as rows; `mode` is the text's `spacing`."""
    own, count = seen.own, len(seen.shapes)
    sums = Sums(own)
    at = context_of(seen, sums)
    repeated = refrains(seen)
    # There are two boundaries (kind 0) at either end.
    kinds = np.concatenate((_BOUNDARY, own.kind, _BOUNDARY))
    columns = (
        np.full(count, mode),
        own.size,
        own.length,
        own.words,
        own.end,
        own.start,
        own.capitals,
        own.function,
        own.sentences,
        own.kind,
        own.bullet,
        kinds[1 : count + 1],
        kinds[3 : count + 3],
        kinds[:count],
        kinds[4:],
        own.blanks[:-1] * 3 + own.blanks[1:],
        *at,
        _positions(count),
        _similar(own),
        replies_near(sums),
        own.address,
        heads_of(own, sums),
        heads_above(own, sums),
        repeated,
        crowds(repeated, sums),
    )
    return np.concatenate(columns, dtype=np.int32, casting="same_kind").reshape(len(COLUMNS), count)


def _positions(count: int) -> Column:
    """Bins of the number of the line; the last five have bins of their own."""
    found = np.full(count, _FIRST[-1])
    found[: len(_FIRST)] = _FIRST[:count]
    own = min(count, len(_LAST))
    found[count - own :] = _LAST[len(_LAST) - own :]
    return found


def _similar(own: Measures) -> Column:
    """0..3: whether the lines before (1) and after (2) are about as long and end alike."""
    found = np.zeros(len(own.end), np.int64)
    alike = (own.end[1:] == own.end[:-1]) & (abs(own.length[1:] - own.length[:-1]) <= 2)
    found[1:] = alike
    found[:-1] += 2 * alike
    return found
