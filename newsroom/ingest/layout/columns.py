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

    def __init__(self, sums: Column) -> None:
        """`sums` are those of the column up to each line, counted; `WIDEST` and one more before the first and `WIDEST` after the last."""
        self._count = len(sums) - 1 - 2 * WIDEST
        self._sums = sums

    def above(self) -> Column:
        """The sum of all lines above each."""
        return self._sums[WIDEST : WIDEST + self._count]

    def between(self, first: int, last: int) -> Column:
        """The sum from the line `first` lines below each (above, if negative) to the one `last` below, both counted; at most `WIDEST` away."""
        low, high = WIDEST + first, WIDEST + 1 + last
        return self._sums[high : high + self._count] - self._sums[low : low + self._count]


def windows_of(columns: Sequence[Column | NDArray[np.bool_]]) -> list[Window]:
    """A window on each of these columns, which are all of a length and have a line at least."""
    count = len(columns[0])
    sums = np.zeros((len(columns), count + 1 + 2 * WIDEST), np.int64)
    inside = sums[:, WIDEST + 1 : WIDEST + 1 + count]
    np.add.accumulate(np.array(columns, np.int64), axis=1, out=inside)
    sums[:, WIDEST + 1 + count :] = inside[:, -1:]
    return list(map(Window, sums))


def window_of(column: NDArray[np.bool_]) -> Window:
    """A window on one column."""
    sums = np.zeros(len(column) + 1 + 2 * WIDEST, np.int64)
    sums[WIDEST + 1 : WIDEST + 1 + len(column)] = column
    return Window(sums.cumsum())


def last_marked(marked: NDArray[np.bool_] | Column) -> Column:
    """The number of the last marked line up to each line, or -1."""
    return np.maximum.accumulate(np.where(marked, np.arange(len(marked)), -1))
