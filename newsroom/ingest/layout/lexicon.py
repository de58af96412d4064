"""Which words of a line are features: first, last and other words of short lines, all words of long ones."""

import numpy as np

from newsroom.ingest.layout.columns import Column
from newsroom.ingest.layout.shape import Shape
from newsroom.ingest.layout.topics import distinct
from newsroom.ingest.layout.words import Words, look_up, rows_of

_SHORT = 9
# A feature's number takes so many bits.
_BITS = 24
_MASK = (1 << _BITS) - 1
# Places of a word: in a short line, first in it, last in it, in a long line.
PLACES = ("s", "f", "e", "l")


def word_keys(shape: Shape) -> list[str]:
    """`place:word` for each word that counts; a word is counted once a place."""
    words = set(filter(None, shape.words))
    if len(shape.words) > _SHORT:
        return [f"l:{word}" for word in words]
    keys = [f"s:{word}" for word in words]
    if shape.words:
        keys += [f"f:{shape.words[0]}", f"e:{shape.words[-1]}"]
    return keys


class Lexicon:
    """The word features of a model: `places[place][word]` is a number from 1 on; 0 is all that are none."""

    def __init__(self, places: dict[str, dict[str, int]]) -> None:
        words = list(dict.fromkeys(word for place in PLACES for word in places[place]))
        rows = rows_of(words)
        self._known = max(rows, default=0)
        self._long, self._short, self._first, self._last = (
            _table(rows, [places[place].get(word, 0) for word in words]) for place in ("l", "s", "f", "e")
        )

    def numbers(self, words: Words) -> tuple[Column, Column]:
        """The features of `word_keys` for all lines: (numbers of lines, numbers of features), each pair once, sorted; none with number 0."""
        counts = words.counts
        # Lines that were measured before the lexicon was made are looked up again.
        rows = words.rows if words.known >= self._known else look_up(words.hashes)
        long = counts > _SHORT
        owners = np.arange(len(long)).repeat(counts)
        inside = np.where(long.repeat(counts), self._long.take(rows, mode="clip"), self._short.take(rows, mode="clip"))
        short = (~long).nonzero()[0]
        first = self._first.take(rows[words.starts[short]], mode="clip")
        last = self._last.take(rows[words.ends[short] - 1], mode="clip")
        found = np.concatenate((inside, first, last))
        known = found.nonzero()[0]
        keys = distinct((np.concatenate((owners, short, short))[known] << _BITS) + found[known])
        return keys >> _BITS, keys & _MASK


def _table(rows: list[int], numbers: list[int]) -> Column:
    """Numbers by row; 0 for a row without one and, last, for all rows beyond."""
    found = np.zeros(max(rows, default=0) + 2, np.int64)
    found[rows] = numbers
    return found
