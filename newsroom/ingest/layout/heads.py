"""What speaks for the head of an article: a line, who signs or dates it, prose below; and a dateline that opens a story."""

import numpy as np

from newsroom.ingest.layout.columns import Column, bins_of, last_marked
from newsroom.ingest.layout.measures import Measures, Sums

_SIGNED_WITHIN, _SIGNED_ABOVE, _BELOW = 4, 6, 10
_PROSE = (1, 3, 6)
_MASSES = len(_PROSE) + 1
HEAD_BINS = 3 * _MASSES * 2
_DISTANCES = (2, 5, 15, 40)
ABOVE_BINS = len(_DISTANCES) + 2
_MASS = bins_of(_PROSE)
_STEPS = bins_of(_DISTANCES)


def heads_near(own: Measures, sums: Sums) -> tuple[Column, Column]:
    """For each line: dated or signed below it, above it or neither, how much prose follows closely, and whether a dateline opens it; and a bin
    of how far above it the last line stands that is signed or dated and has prose closely below, 0 if none does.
    """
    following = sums.prose.between(1, _BELOW)
    below, above = sums.dated.between(1, _SIGNED_WITHIN) > 0, sums.dated.between(-_SIGNED_ABOVE, -1) > 0
    signed = below + (above & ~below) * 2
    found = np.zeros(len(own.kind), np.int64)
    last = last_marked((own.dated > 0) & (following >= _PROSE[1]))[:-1]
    found[1:] = (last >= 0) * (1 + _STEPS(np.arange(1, len(found)) - last))
    return (signed * _MASSES + _MASS(following)) * 2 + own.dateline, found
