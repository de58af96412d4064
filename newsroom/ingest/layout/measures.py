"""The measures of all lines of a dump, column by column: what the stages that look at the whole page work with.

A column is an integer array with an entry for each line. Numpy earns its place here: a page has some two hundred lines and some forty
columns, and loops over them in Python took most of the engine's time.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from itertools import chain, compress, pairwise, repeat
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from newsroom.ingest.layout import shape as sh
from newsroom.ingest.layout.datelines import opens_with_dateline
from newsroom.ingest.layout.lines import Line
from newsroom.ingest.layout.patterns import (
    LONG_ENOUGH,
    LONGEST,
    LONGEST_CAPTION,
    UNBOUNDED,
    name_line,
    name_long_line,
    name_short_line,
)
from newsroom.ingest.layout.shape import Shape, end_class, start_class
from newsroom.ingest.layout.topics import Column, Topics, topics_of
from newsroom.ingest.layout.vocabulary import phrases, word_list

_BLANKS, _MOST_SENTENCES, _MOST_ADDRESSES = 2, 3, 3
_TOPICAL_LENGTH, _RARE = 12, 4
_FUNCTION, _ADDRESS, _SIGNAL, _REPLY, _OPENER = 1, 2, 4, 8, 16
_LISTS = {
    "function_words": _FUNCTION,
    "address_words": _ADDRESS,
    "signal_words": _SIGNAL,
    "reply_words": _REPLY,
    "openers": _OPENER,
}
_LINE_END = ord("\n")
# By code point; the last entry is for all beyond. Strange is what is no plain letter, odd what patterns ask for among letters.
_STOPS = np.isin(np.arange(257), [ord(stop) for stop in ".?!"])
_ODD = np.isin(np.arange(257), [ord(mark) for mark in "/|©()"])
_STRANGE = ~np.isin(np.arange(257), [*range(ord("a"), ord("z") + 1), *range(ord("A"), ord("Z") + 1), _LINE_END])
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


class Words(NamedTuple):
    """The first words of each line (`shape.HEAD` at most), lower-cased, without the marks around them, one line after the other.

    `counts` says how many are of each line, `ends` where those of each end; then how many of them are capitalised (twice, if in capitals),
    function words, words of address, ends of sentences; whether the last is one that closes what stands between comments, and whether a
    pattern may match the line. `telling` says of each word whether it can tell what a line is about.
    """

    plain: list[str]
    counts: Column
    ends: Column
    capitals: Column
    function: Column
    address: Column
    stops: Column
    replies: Column
    open: NDArray[np.bool_]
    telling: NDArray[np.bool_]


class Measured(NamedTuple):
    """What is known of the lines of a dump by themselves."""

    shapes: list[Shape]
    own: Measures
    words: Words
    topics: Topics


def measure(lines: Sequence[Line]) -> Measured:
    """The measures of these lines."""
    heads = [line.words if len(line.words) <= sh.HEAD else line.words[: sh.HEAD] for line in lines]
    words = words_of(heads)
    texts = [" ".join(head) for head in heads]
    counts = np.array([len(line.words) for line in lines], np.int64)
    whole = list(texts)
    for number in np.flatnonzero(counts > sh.HEAD).tolist():
        whole[number] = lines[number].text
    start = np.array([start_class(text[0]) for text in texts], np.int64)
    end = np.array([end_class(text[-3:]) for text in whole], np.int64)
    lengths = np.array(list(map(len, whole)), np.int64)
    size = sh.SIZE_EDGES.searchsorted(lengths, "right")
    pattern = _patterns(texts, words, lengths, counts)
    function = sh.FUNCTION_FRACTIONS.searchsorted(words.function / words.counts, "right")
    capital = (words.capitals == counts).astype(np.int64)
    kind = np.where(pattern > 0, sh.NAMED + pattern, sh.PLAIN_KINDS[size, start, end, capital])
    prose = (lengths >= sh.PROSE_LENGTH) & (function >= sh.PROSE_FUNCTION) & (pattern == 0)
    sign = sh.SIGNS[pattern] | ((counts <= sh.SIGN_WORDS) & (words.replies > 0))
    dateline = np.zeros(len(lines), np.int64)
    for number in np.flatnonzero(prose).tolist():
        dateline[number] = opens_with_dateline(lines[number].words)
    own = Measures(
        sh.LENGTHS.searchsorted(lengths, "right"),
        sh.WORDS.searchsorted(counts, "right"),
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
        np.array([line.bullet != "" for line in lines], np.int64),
        np.minimum(np.array([*[line.blanks for line in lines], _BLANKS], np.int64), _BLANKS),
    )
    plain = [words.plain[a:b] for a, b in pairwise([0, *words.ends.tolist()])]
    columns = lengths, size, end, pattern, kind, prose, _labels(plain, lengths, pattern), sign
    shapes = list(
        map(_SHAPE, zip(*[column.tolist() for column in columns], plain, map(" ".join, plain), whole, strict=True))
    )
    return Measured(shapes, own, words, _topics(words, lengths))


# `Shape(*values)` from C: there is one for each line.
_SHAPE = partial(tuple.__new__, Shape)


def _patterns(texts: list[str], words: Words, lengths: Column, counts: Column) -> Column:
    """The number of the pattern that names each line, or 0. Few lines are read: most open with no word and hold nothing that a pattern asks for."""
    found = np.zeros(len(texts), np.int64)
    for number in np.flatnonzero(words.open & (lengths <= LONGEST)).tolist():
        found[number] = name_short_line(texts[number]) if counts[number] <= sh.SHORT else name_line(texts[number])
    for number in np.flatnonzero((lengths > LONGEST) & (lengths <= LONGEST_CAPTION)).tolist():
        found[number] = name_long_line(texts[number])
    return found


def _labels(plain: list[list[str]], lengths: Column, pattern: Column) -> NDArray[np.bool_]:
    """Which lines read like the label of a list."""
    short = lengths <= sh.LONGEST_LABEL
    found: NDArray[np.bool_] = short & sh.LABELS[pattern]
    known, opening = phrases("list_labels"), _label_openings()
    for number in np.flatnonzero(short & ~found).tolist():
        words = plain[number]
        if words[0] in opening and " ".join(filter(None, words)) in known:
            found[number] = True
    return found


@cache
def _label_openings() -> frozenset[str]:
    """The first words of list labels; a line may open with a mark."""
    return frozenset(phrase.split()[0] for phrase in phrases("list_labels")) | {""}


def words_of(heads: Sequence[Sequence[str]]) -> Words:
    """The words of these lines."""
    printed = list(chain.from_iterable(heads))
    counts = np.array(list(map(len, heads)), np.int64)
    ends = counts.cumsum()
    starts = ends - counts
    joined = "\n".join(printed)
    plain = [word if word.isalpha() else word.strip(sh.MARKS) for word in joined.lower().split("\n")]
    flags = np.fromiter(map(_flags().get, plain, repeat(0)), np.int64, len(plain))
    codes, breaks = _characters(joined)
    bare, bare_breaks = _characters("\n".join(plain))
    sizes, bare_sizes = np.diff(breaks) - 1, np.diff(bare_breaks) - 1
    functional = flags & _FUNCTION > 0
    stops = _STOPS.take(codes[breaks[1:] - 1], mode="clip")
    # With a mark beside it a function word is not counted.
    function, address, signals, sentences, capitals = np.add.reduceat(
        np.stack(
            (
                functional & (bare_sizes == sizes),
                flags & _ADDRESS > 0,
                flags & _SIGNAL > 0,
                stops,
                _flagged(map(str.istitle, printed)) + _flagged(map(str.isupper, printed)),
            )
        ),
        starts,
        axis=1,
        dtype=np.int64,
    )
    return Words(
        plain,
        counts,
        ends,
        capitals,
        function,
        address,
        sentences,
        (flags[ends - 1] & _REPLY > 0).astype(np.int64),
        # In a short line a word may hide behind a hyphen, and a digit make a date.
        (signals > 0)
        | (flags[starts] & _OPENER > 0)
        | np.fromiter([plain[start].startswith(UNBOUNDED) for start in starts.tolist()], np.bool_, len(starts))
        | (_STRANGE.take(codes[breaks[starts] + 1], mode="clip") > 0)
        | (np.add.reduceat(_ODD.take(codes, mode="clip"), breaks[starts] + 1, dtype=np.int64) > 0)
        | (
            (counts < LONG_ENOUGH)
            & (np.add.reduceat(_STRANGE.take(bare, mode="clip"), bare_breaks[starts] + 1, dtype=np.int64) > 0)
        ),
        ~functional & (bare_sizes >= _RARE),
    )


def _flagged(flags: Iterable[bool]) -> NDArray[np.uint8]:
    return np.frombuffer(bytes(flags), np.uint8)


def _characters(joined: str) -> tuple[NDArray[np.uint32], Column]:
    """(the characters of words parted by line ends, as code points; the places of the line ends, one before the first and one after the last)."""
    codes = np.frombuffer(f"\n{joined}\n".encode("utf-32-le", "surrogatepass"), np.uint32)
    return codes, np.flatnonzero(codes == _LINE_END)


@cache
def _flags() -> dict[str, int]:
    """The lists that words stand in, as bits."""
    found: dict[str, int] = {}
    for name, bit in _LISTS.items():
        for word in word_list(name):
            found[word] = found.get(word, 0) | bit
    return found


def _topics(words: Words, lengths: Column) -> Topics:
    chosen = words.telling & (lengths >= _TOPICAL_LENGTH).repeat(words.counts)
    lines = np.arange(len(lengths)).repeat(words.counts)[chosen]
    return topics_of(compress(words.plain, chosen.tolist()), lines, len(lengths))


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


WIDEST = 12


class Sums:
    """The columns that several stages sum up around lines."""

    def __init__(self, own: Measures) -> None:
        self.prose = Window(own.prose)
        self.mass = Window(own.prose * own.lengths)
        self.dated = Window(own.dated)
        self.signs = Window(own.sign)
        self.long = Window(own.size >= 2)


def last_marked(marked: NDArray[np.bool_] | Column) -> Column:
    """The number of the last marked line up to each line, or -1."""
    return np.maximum.accumulate(np.where(marked, np.arange(len(marked)), -1))
