"""Which words of a line are features: first, last and other words of short lines, all words of long ones."""

from typing import NamedTuple

import numpy as np

from newsroom.ingest.layout.columns import Column
from newsroom.ingest.layout.shape import Shape
from newsroom.ingest.layout.words import Words, look_up, rows_of

_SHORT = 9
# A feature's number takes so many bits.
_BITS = 24
_FEATURE = (1 << _BITS) - 1
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


class Places(NamedTuple):
    """The numbers of features: `inside` of all words, each once a line, those of line n from `bounds[n]` to `bounds[n + 1]`; `first`
    and `last` of the words at the ends of each line, if it is short. 0 is no feature.
    """

    inside: Column
    bounds: Column
    first: Column
    last: Column


class Lexicon:
    """The word features of a model: `places[place][word]` is a number from 1 on; 0 is all that are none."""

    def __init__(self, places: dict[str, dict[str, int]]) -> None:
        words = list(dict.fromkeys(word for place in PLACES for word in places[place]))
        rows = rows_of(words)
        self._known = max(rows, default=0)
        self._long, self._short, self._first, self._last = (
            _table(rows, [places[place].get(word, 0) for word in words]) for place in ("l", "s", "f", "e")
        )

    def places(self, words: Words) -> Places:
        """The features of all words, and where they count."""
        # Lines that were measured before the lexicon was made are looked up again.
        rows = words.rows if words.known >= self._known else look_up(words.hashes)
        long = words.counts > _SHORT
        keys = np.where(long.take(words.lines), self._long.take(rows, mode="clip"), self._short.take(rows, mode="clip"))
        # A word counts once a line.
        keys |= words.lines << _BITS
        keys.sort()
        new = np.empty(len(keys), np.bool_)
        new[:1] = True
        np.not_equal(keys[1:], keys[:-1], out=new[1:])
        keys = keys[new]
        first, last = rows.take(words.starts), rows.take(words.ends - 1)
        return Places(
            keys & _FEATURE,
            keys.searchsorted(np.arange(len(long) + 1) << _BITS),
            np.where(long, 0, self._first.take(first, mode="clip")),
            np.where(long, 0, self._last.take(last, mode="clip")),
        )


def _table(rows: list[int], numbers: list[int]) -> Column:
    """Numbers by row; 0 for a row without one and, last, for all rows beyond."""
    found = np.zeros(max(rows, default=0) + 2, np.int64)
    found[rows] = numbers
    return found
