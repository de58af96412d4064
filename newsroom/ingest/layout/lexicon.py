"""Which words of a line are features: first, last and other words of short lines, all words of long ones."""

from typing import cast

from newsroom.ingest.layout.shape import Shape

_SHORT = 9
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


def word_features(words: tuple[str, ...], lexicon: dict[str, dict[str, int]]) -> set[int]:
    """The feature numbers of `word_keys`, looked up place by place: what the hot loop uses instead of building keys."""
    if len(words) > _SHORT:
        found = set(map(lexicon["l"].get, words))
    elif words:
        found = {*map(lexicon["s"].get, words), lexicon["f"].get(words[0]), lexicon["e"].get(words[-1])}
    else:
        return set()
    found.discard(None)
    return cast(set[int], found)
