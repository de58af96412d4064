"""Signs of readers' comments: what stands between them, and words by which people speak for themselves and to each other."""

from bisect import bisect_right
from itertools import accumulate

from newsroom.ingest.layout.patterns import NUMBER
from newsroom.ingest.layout.shape import Shape
from newsroom.ingest.layout.vocabulary import word_list

_COUNTS = (1, 2, 3, 5, 8)
REPLY_BINS = len(_COUNTS) + 1
_NEAR = 8
_SIGNS = frozenset(NUMBER[name] for name in ("time-ago", "date", "byline-date", "comments"))
_SHORT = 7


def replies_near(shapes: list[Shape]) -> list[int]:
    """For each line, a bin of how many lines around it sign a comment: a time, "NAME says:", "Reply"."""
    closing = word_list("reply_words")
    signs = [
        shape.pattern in _SIGNS or (0 < len(shape.words) <= _SHORT and shape.words[-1] in closing) for shape in shapes
    ]
    sums = [0, *accumulate(signs)]
    count = len(shapes)
    return [
        bisect_right(_COUNTS, sums[min(count, number + _NEAR + 1)] - sums[max(0, number - _NEAR)])
        for number in range(count)
    ]


def addresses(shapes: list[Shape]) -> list[int]:
    """0..3 for each line: how many of its words are "I", "you" and the like."""
    known = word_list("address_words").__contains__
    return [min(3, sum(map(known, shape.words))) for shape in shapes]
