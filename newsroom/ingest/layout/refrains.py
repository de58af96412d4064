"""Lines that a page says again and again: "Rating: 7 Votes", "2 days ago at 07:52 am". Where they crowd, comments or cards stand."""

import re
from bisect import bisect_right
from collections import Counter
from itertools import accumulate

from newsroom.ingest.layout.shape import Shape

_OFTEN = (2, 3, 5, 9)
REFRAIN_BINS = len(_OFTEN) + 1
_CROWDS = (1, 2, 4, 7)
CROWD_BINS = len(_CROWDS) + 1
_NEAR = 8
_LONGEST = 10
_REPEATED = 3
_DIGITS = re.compile(r"\d+")


def refrains(shapes: list[Shape]) -> list[int]:
    """For each line, a bin of how often the page prints it, digits aside. Long lines are not looked at."""
    keys = [_DIGITS.sub("0", " ".join(shape.words)) if len(shape.words) <= _LONGEST else "" for shape in shapes]
    seen = Counter(keys)
    seen[""] = 0
    return [bisect_right(_OFTEN, seen[key]) for key in keys]


def crowds(repeated: list[int], shapes: list[Shape]) -> list[int]:
    """For each line, a bin of how many refrains stand in between prose around it."""
    count = len(repeated)
    if max(repeated, default=0) < _REPEATED - 1:
        return [0] * count
    between = [again >= _REPEATED - 1 and _prose_near(shapes, number) for number, again in enumerate(repeated)]
    sums = [0, *accumulate(between)]
    return [
        bisect_right(_CROWDS, sums[min(count, number + _NEAR + 1)] - sums[max(0, number - _NEAR)])
        for number in range(count)
    ]


def _prose_near(shapes: list[Shape], number: int) -> bool:
    return any(shape.size >= 2 for shape in shapes[max(0, number - 3) : number + 4])
