"""Lines that a page says again and again: "Rating: 7 Votes", "2 days ago at 07:52 am". Where they crowd, comments or cards stand."""

import re
from collections import Counter

import numpy as np

from newsroom.ingest.layout.columns import Column, bins_of, window_of
from newsroom.ingest.layout.measures import Measured, Sums

_OFTEN = (2, 3, 5, 9)
REFRAIN_BINS = len(_OFTEN) + 1
_CROWDS = (1, 2, 4, 7)
CROWD_BINS = len(_CROWDS) + 1
_NEAR, _PROSE_NEAR = 8, 3
_REPEATED, _LONGEST = 3, 10
_DIGITS = re.compile(r"\d+")
_OFTEN_BINS, _CROWD_BINS = bins_of(_OFTEN), bins_of(_CROWDS)


def refrains(seen: Measured) -> Column:
    """For each line, a bin of how often the page prints it, digits aside. Long lines are not looked at."""
    short, keys = seen.words.counts <= _LONGEST, seen.words.keys
    found = np.where(short, seen.printed, 0)
    if "" in keys:
        found[[number for number, key in enumerate(keys) if not key]] = 0
    # A word with a digit is not of plain letters alone.
    strange = (short & (seen.words.strange > 0)).nonzero()[0].tolist()
    plain = _DIGITS.sub("0", "\n".join([keys[number] for number in strange])).split("\n")
    figures = {number: key for number, key in zip(strange, plain, strict=False) if "0" in key}
    if figures:
        printed = Counter(figures.values())
        found[list(figures)] = [printed[key] for key in figures.values()]
    return _OFTEN_BINS(found)


def crowds(repeated: Column, sums: Sums) -> Column:
    """For each line, a bin of how many refrains stand in between prose around it."""
    again = repeated >= _REPEATED - 1
    if not again.any():
        return np.zeros_like(repeated)
    between = again & (sums.long.between(-_PROSE_NEAR, _PROSE_NEAR) > 0)
    return _CROWD_BINS(window_of(between).between(-_NEAR, _NEAR))
