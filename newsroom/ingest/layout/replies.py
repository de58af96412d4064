"""Signs of readers' comments: what stands between them (`shape.Shape.sign`)."""

from newsroom.ingest.layout.columns import Column, bins_of
from newsroom.ingest.layout.measures import Sums

_COUNTS = (1, 2, 3, 5, 8)
REPLY_BINS = len(_COUNTS) + 1
_NEAR = 8
_BINS = bins_of(_COUNTS)


def replies_near(sums: Sums) -> Column:
    """For each line, a bin of how many lines around it sign a comment: a time, "NAME says:", "Reply"."""
    return _BINS(sums.signs.between(-_NEAR, _NEAR))
