"""The measures of all lines of a dump, column by column: what the stages that look at the whole page work with.

Numpy earns its place here: a page has some two hundred lines and some forty
columns, and loops over them in Python took most of the engine's time.
"""

from collections import Counter
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from newsroom.ingest.layout import shape as sh
from newsroom.ingest.layout.columns import Column, windows_of
from newsroom.ingest.layout.datelines import opens_with_dateline
from newsroom.ingest.layout.lines import Lines
from newsroom.ingest.layout.patterns import LONGEST, LONGEST_CAPTION, name_line, name_long_line
from newsroom.ingest.layout.shape import END_CLASS, START_CLASS, Shapes
from newsroom.ingest.layout.topics import Topics, topics_of
from newsroom.ingest.layout.vocabulary import phrases
from newsroom.ingest.layout.words import Words, words_of

_FIRST, _LAST = itemgetter(0), itemgetter(-1)
_BLANKS, _MOST_SENTENCES, _MOST_ADDRESSES = 2, 3, 3
_TOPICAL_LENGTH = 12
_DATED = np.isin(np.arange(sh.KINDS), list(sh.DATED)).astype(np.int64)


class Measures(NamedTuple):
    """Columns of small classes, then lengths in characters, bullets, and blank lines (two at most) above each line and, last, below the last."""

    length: Column
    words: Column
    size: Column
    start: Column
    end: Column
    capitals: Column
    function: Column
    sentences: Column
    pattern: Column
    kind: Column
    prose: Column
    sign: Column
    address: Column
    dateline: Column
    dated: Column
    lengths: Column
    bullet: Column
    blanks: Column


class Measured(NamedTuple):
    """What is known of the lines of a dump by themselves; `printed` is how often the words of each stand on a line."""

    shapes: Shapes
    own: Measures
    words: Words
    topics: Topics
    printed: Column


def measure(lines: Lines) -> Measured:
    """The measures of these lines."""
    whole, many = lines.text, len(lines)
    lengths = np.fromiter(map(len, whole), np.int64, many)
    texts = list(whole)
    # A line has more characters than words.
    for number in (lengths > 2 * sh.HEAD).nonzero()[0].tolist():
        text = whole[number]
        if text.count(" ") >= sh.HEAD:
            texts[number] = text[: text.replace(" ", "\n", sh.HEAD).rfind("\n")]
    words = words_of(texts)
    counts = words.counts
    start = np.fromiter(map(START_CLASS.__getitem__, map(_FIRST, whole)), np.int64, many)
    end = np.fromiter(map(END_CLASS.__getitem__, map(_LAST, whole)), np.int64, many)
    for number in sh.STOPPING[end].nonzero()[0].tolist():
        end[number] = END_CLASS[whole[number][-3:]]
    size = sh.SIZE_OF(lengths)
    pattern = _patterns(texts, words, lengths)
    function = sh.FUNCTION_FRACTIONS.searchsorted(words.function / words.counts, "right")
    capital = (words.capitals == counts).astype(np.int64)
    kind = np.where(pattern > 0, sh.NAMED + pattern, sh.PLAIN_KINDS[size, start, end, capital])
    prose = (lengths >= sh.PROSE_LENGTH) & (function >= sh.PROSE_FUNCTION) & (pattern == 0)
    sign = sh.SIGNS[pattern] | ((counts <= sh.SIGN_WORDS) & words.replies)
    dateline = np.zeros(len(lines), np.int64)
    dateline[[number for number in prose.nonzero()[0].tolist() if opens_with_dateline(whole[number])]] = 1
    own = Measures(
        sh.LENGTH_OF(lengths),
        sh.WORDS_OF(counts),
        size,
        start,
        end,
        sh.FRACTIONS.searchsorted(words.capitals / words.counts, "right"),
        function,
        np.minimum(words.stops, _MOST_SENTENCES),
        pattern,
        kind,
        prose.astype(np.int64),
        sign.astype(np.int64),
        np.minimum(words.address, _MOST_ADDRESSES),
        dateline,
        _DATED[kind],
        lengths,
        np.fromiter(map(bool, lines.bullet), np.int64, many),
        np.minimum(np.fromiter((*lines.blanks, _BLANKS), np.int64, many + 1), _BLANKS),
    )
    shapes = Shapes(
        lengths.tolist(),
        size.tolist(),
        end.tolist(),
        pattern.tolist(),
        kind.tolist(),
        prose.tolist(),
        _labels(words, lengths, pattern).tolist(),
        sign.tolist(),
        counts.tolist(),
        words.keys,
        whole,
    )
    times = Counter(words.keys)
    printed = np.fromiter(map(times.__getitem__, words.keys), np.int64, many)
    return Measured(shapes, own, words, _topics(words, lengths), printed)


def _patterns(texts: list[str], words: Words, lengths: Column) -> Column:
    """The number of the pattern that names each line, or 0. Few lines are read: most open with no word and hold nothing that a pattern asks for."""
    found = np.zeros(len(texts), np.int64)
    read = (words.read & (lengths <= LONGEST)).nonzero()[0]
    found[read] = [name_line(texts[number]) for number in read.tolist()]
    captions = ((lengths > LONGEST) & (lengths <= LONGEST_CAPTION)).nonzero()[0]
    found[captions] = [name_long_line(texts[number]) for number in captions.tolist()]
    return found


def _labels(words: Words, lengths: Column, pattern: Column) -> NDArray[np.bool_]:
    """Which lines read like the label of a list."""
    short = lengths <= sh.LONGEST_LABEL
    found: NDArray[np.bool_] = short & sh.LABELS[pattern]
    known = phrases("list_labels")
    for number in (short & words.labels & ~found).nonzero()[0].tolist():
        found[number] = " ".join(filter(None, words.keys[number].split(" "))) in known
    return found


def _topics(words: Words, lengths: Column) -> Topics:
    chosen = (words.telling & (lengths >= _TOPICAL_LENGTH).take(words.lines)).nonzero()[0]
    return topics_of(words.hashes.take(chosen), words.lines.take(chosen), len(lengths))


class Sums:
    """The columns that several stages sum up around lines."""

    def __init__(self, own: Measures) -> None:
        self.prose, self.mass, self.dated, self.signs, self.long = windows_of(
            (own.prose, own.prose * own.lengths, own.dated, own.sign, own.size >= 2)
        )
