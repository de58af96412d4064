"""Which words of a line are features: first, last and other words of short lines, all words of long ones."""

from itertools import repeat

import numpy as np

from newsroom.ingest.layout.columns import Column
from newsroom.ingest.layout.shape import Shape
from newsroom.ingest.layout.topics import distinct
from newsroom.ingest.layout.words import Words

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
        self._first, self._last = places["f"], places["e"]
        # One look-up for a word in a line of either length.
        self._inside = {
            word: (places["l"].get(word, 0) << _BITS) + places["s"].get(word, 0)
            for word in {*places["l"], *places["s"]}
        }

    def numbers(self, words: Words) -> tuple[Column, Column]:
        """The features of `word_keys` for all lines: (numbers of lines, numbers of features), each pair once, sorted; none with number 0."""
        long = words.counts > _SHORT
        owners = np.arange(len(long)).repeat(words.counts)
        inside = np.fromiter(map(self._inside.get, words.plain, repeat(0)), np.int64, len(words.plain))
        inside = np.where(long[owners], inside >> _BITS, inside & _MASK)
        short = np.flatnonzero(~long)
        last = words.ends[short] - 1
        first = last + 1 - words.counts[short]
        plain = words.plain
        edges = [
            *map(self._first.get, [plain[place] for place in first.tolist()], repeat(0)),
            *map(self._last.get, [plain[place] for place in last.tolist()], repeat(0)),
        ]
        found = np.concatenate((inside, np.array(edges, np.int64)))
        known = found > 0
        keys = distinct((np.concatenate((owners, short, short))[known] << _BITS) + found[known])
        return keys >> _BITS, keys & _MASK
