"""The words that say what lines are about, as numbers: what the stages that compare lines work with."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from newsroom.ingest.layout.columns import Column


class Topics(NamedTuple):
    """Each word once for each line that has it, sorted by line: `lines` are the numbers of those, `words` of the words (below `known`).

    `sizes` says how many different words each line has.
    """

    lines: Column
    words: Column
    known: int
    sizes: Column

    def totals(self, table: Column) -> Column:
        """For each line, what its words add up to; `table` has a number for each word."""
        return np.bincount(self.lines, table[self.words], len(self.sizes)).astype(np.int64)

    def uses(self, lines: Sequence[int] | slice) -> Column:
        """How many of these lines (all different) have each word."""
        chosen = np.zeros(len(self.sizes), np.bool_)
        chosen[lines] = True
        return np.bincount(self.words[chosen[self.lines]], minlength=self.known)

    def shared(self, others: NDArray[np.int64]) -> Column:
        """How many of its words each line shares with at least one of two other lines (with one beyond the page: none).

        `others[sort, place]` is a column of these: of two sorts, each with two places. The result has a row for each sort.
        """
        # Few words stand in more than one line.
        again = (np.bincount(self.words).take(self.words) > 1).nonzero()[0]
        lines, words, count = self.lines.take(again), self.words.take(again), len(self.sizes)
        keys = (lines + _BEYOND) * self.known + words
        wanted = (others + _BEYOND).take(lines, axis=2) * self.known + words
        found = _among(wanted, keys, (count + 2 * _BEYOND) * self.known)
        return np.array([np.bincount(lines, one | other, count) for one, other in found], np.int64)


# A line beyond the page is no farther from it.
_BEYOND = 2
# A table of so many numbers takes no longer than a search.
_TABLED = 1 << 20


def _among(wanted: Column, keys: Column, extent: int) -> NDArray[np.bool_]:
    """Which numbers are among these sorted keys, all from 0 on and below `extent`."""
    if extent > _TABLED:
        found: NDArray[np.bool_] = keys.take(keys.searchsorted(wanted), mode="clip") == wanted
        return found
    table = np.zeros(extent, np.bool_)
    table[keys] = True
    return table.take(wanted)


def topics_of(hashes: NDArray[np.uint64], lines: Column, count: int) -> Topics:
    """The topics of so many lines, from the hashes of words and the numbers of the lines that they stand in."""
    order = hashes.argsort()
    hashes = hashes[order]
    new = np.zeros(len(hashes), np.int64)
    new[1:] = hashes[1:] != hashes[:-1]
    words = np.empty_like(new)
    words[order] = new.cumsum()
    known = int(words.max(initial=0)) + 1
    keys = distinct(lines * known + words)
    found = keys // known
    return Topics(found, keys - found * known, known, np.bincount(found, minlength=count))


def distinct(keys: Column) -> Column:
    """The different keys, sorted. (`np.unique` goes by a hash table, which takes several times as long for so few.)"""
    keys = np.sort(keys)
    new = np.empty(len(keys), np.bool_)
    new[:1] = True
    np.not_equal(keys[1:], keys[:-1], out=new[1:])
    return keys[new]
