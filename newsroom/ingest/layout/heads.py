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


def heads_of(own: Measures, sums: Sums) -> Column:
    """For each line: dated or signed below it, above it or neither; how much prose follows closely; whether a dateline opens it."""
    below, above = sums.dated.between(1, _SIGNED_WITHIN) > 0, sums.dated.between(-_SIGNED_ABOVE, -1) > 0
    signed = below + (above & ~below) * 2
    return (signed * _MASSES + _MASS(sums.prose.between(1, _BELOW))) * 2 + own.dateline


def heads_above(own: Measures, sums: Sums) -> Column:
    """For each line, a bin of how far above it the last line stands that is signed or dated and has prose closely below; 0 if none does."""
    found = np.zeros(len(own.kind), np.int64)
    last = last_marked((own.dated > 0) & (sums.prose.between(1, _BELOW) >= _PROSE[1]))[:-1]
    found[1:] = (last >= 0) * (1 + _STEPS(np.arange(1, len(found)) - last))
    return found
