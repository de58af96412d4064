"""The words that say what lines are about, as numbers: what the stages that compare lines work with."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from newsroom.ingest.layout.columns import Column


class Topics(NamedTuple):
    """Each word once for each line that has it: `lines` are the numbers of those, `words` of the words (below `known`), which are sorted.

    `sizes` says how many different words each line has.
    """

    lines: Column
    words: Column
    known: int
    sizes: Column

    def totals(self, table: Column) -> NDArray[np.uint16]:
        """For each line, what its words add up to by up to three counts that share the number of a word in the table (`limits`): a row for each."""
        sums = np.bincount(self.lines, table.take(self.words), len(self.sizes)).astype(np.int64)
        found: NDArray[np.uint16] = sums.view(np.uint16).reshape(-1, _COUNTS).T
        return found

    def uses(self, lines: Sequence[int] | slice) -> Column:
        """How many of these lines (all different) have each word."""
        chosen = np.zeros(len(self.sizes), np.bool_)
        chosen[lines] = True
        return np.bincount(self.words[chosen.take(self.lines)], minlength=self.known)

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


# Counts that share a number have so many bits each: a line has fewer than 128 words. Sums are exact up to 53 bits.
_BITS = 16
_COUNTS = 64 // _BITS


def limits(*most: int) -> Column:
    """By a count, looked up with `mode="clip"`: the count, but at most so many, for each of up to three limits, in one number."""
    found = [
        sum(min(count, limit) << _BITS * place for place, limit in enumerate(most)) for count in range(max(most) + 1)
    ]
    return np.array(found)


# A line beyond the page is no farther from it.
_BEYOND = 2
# A table of so many numbers takes no longer than a search.
_TABLED = 1 << 20


def _among(wanted: Column, keys: Column, extent: int) -> NDArray[np.bool_]:
    """Which numbers are among these keys, all from 0 on and below `extent`."""
    if extent > _TABLED:
        keys = np.sort(keys)
        found: NDArray[np.bool_] = keys.take(keys.searchsorted(wanted), mode="clip") == wanted
        return found
    table = np.zeros(extent, np.bool_)
    table[keys] = True
    return table.take(wanted)


def topics_of(hashes: NDArray[np.uint64], lines: Column, count: int) -> Topics:
    """The topics of so many lines, from the hashes of words and the numbers of the lines that they stand in.

    The last bits of a hash make room for the line: so one sort brings together the lines of a word, and what a line has again.
    """
    bits = count.bit_length()
    keys = hashes >> bits << bits
    keys |= lines.view(np.uint64)
    keys.sort()
    new = np.empty(len(keys), np.bool_)
    new[:1] = True
    np.not_equal(keys[1:], keys[:-1], out=new[1:])
    keys = keys[new]
    found = (keys & ((1 << bits) - 1)).view(np.int64)
    keys >>= bits
    words = np.zeros(len(keys), np.int64)
    (keys[1:] != keys[:-1]).astype(np.int64).cumsum(out=words[1:])
    known = int(words[-1]) + 1 if len(words) else 1
    return Topics(found, words, known, np.bincount(found, minlength=count))
