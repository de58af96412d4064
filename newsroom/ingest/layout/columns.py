"""Columns: integer arrays with an entry for each line of a dump, and what the stages that look at the whole page do with them."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.int64]
# The farthest that a window reaches.
WIDEST = 12


def table_of(size: int, members: Iterable[int]) -> Column:
    """1 at the members, 0 elsewhere: looked up by a column, it tells which lines are of these classes."""
    table = np.zeros(size, np.int64)
    table[list(members)] = 1
    return table


def bins_of(edges: Sequence[int]) -> Callable[[Column], Column]:
    """What turns a column of counts into bins: how many of the edges each count reaches."""
    table = np.searchsorted(edges, np.arange(edges[-1] + 1), "right")

    def bins(column: Column) -> Column:
        return table.take(column, mode="clip")

    return bins


class Window:
    """What a column adds up to around each line."""

    def __init__(self, column: Column | NDArray[np.bool_]) -> None:
        self._count = len(column)
        self._sums = np.zeros(len(column) + 1 + 2 * WIDEST, np.int64)
        sums = column.cumsum()
        self._sums[WIDEST + 1 : WIDEST + 1 + len(column)] = sums
        self._sums[WIDEST + 1 + len(column) :] = sums[-1]

    def between(self, first: int, last: int) -> Column:
        """The sum from the line `first` lines below each (above, if negative) to the one `last` below, both counted; at most `WIDEST` away."""
        low, high = WIDEST + first, WIDEST + 1 + last
        return self._sums[high : high + self._count] - self._sums[low : low + self._count]


def last_marked(marked: NDArray[np.bool_] | Column) -> Column:
    """The number of the last marked line up to each line, or -1."""
    return np.maximum.accumulate(np.where(marked, np.arange(len(marked)), -1))
