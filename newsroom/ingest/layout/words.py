"""The words of a dump's lines, all at once: in lower case without their marks, and how many of each line are of which sort.

No word is looked at by itself: characters are looked at as code points in arrays, and words are told apart by hashes of theirs.
"""

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from newsroom.ingest.layout.columns import Column
from newsroom.ingest.layout.patterns import LONG_ENOUGH, UNBOUNDED
from newsroom.ingest.layout.shape import MARKS
from newsroom.ingest.layout.vocabulary import phrases, word_list

_RARE = 4
# What is counted in lines, each in eight bits of one number: a line is judged by fewer than 128 words, of which none counts for more than two.
_FUNCTIONS, _ADDRESSES, _SIGNALS, _SENTENCES, _CAPITALS, _STRANGERS, _REPLIES, _OPENERS = range(0, 64, 8)
_FUNCTION, _ADDRESS, _SIGNAL = 1 << _FUNCTIONS, 1 << _ADDRESSES, 1 << _SIGNALS
_REPLY, _OPENER, _LABEL = 1 << _REPLIES, 1 << _OPENERS, 2 << _OPENERS
_LISTS = {
    "function_words": _FUNCTION,
    "address_words": _ADDRESS,
    "signal_words": _SIGNAL,
    "reply_words": _REPLY,
    "openers": _OPENER,
}
_LINE_END = ord("\n")
# A small letter is the bit of `_UPPER`, moved so far, more than its capital.
_TO_LOWER = 4
# What is asked of characters, as bits; those between words have none. Odd is what patterns ask for among letters, strange what is no plain letter,
# wide what may be a letter all the same. Set later on: untitled, where a title would have the letter in the other case.
_MARK, _UPPER, _LOWER, _STOP, _ODD, _STRANGE, _WIDE, _UNTITLED = (1 << place for place in range(8))


def _bits_of(character: str) -> int:
    letter = character.isascii() and character.isalpha()
    return (
        _MARK * (character in MARKS)
        | _UPPER * (letter and character.isupper())
        | _LOWER * (letter and character.islower())
        | _STOP * (character in ".?!")
        | _ODD * (character in "/|©()")
        | _STRANGE * (not letter and character not in " \n")
        | _WIDE * (not character.isascii() and (character.isalpha() or character.lower() != character))
    )


_BYTE = 255

# By code point, beyond all marks; the last entry is for all above.
_BITS = np.array([*map(_bits_of, map(chr, range(0x2100))), _STRANGE | _WIDE], np.uint8)
# Odd numbers of 64 bits: the base of the hashes, its inverse, and what spreads them.
_BASE = 0x9E3779B97F4A7C15
_INVERSE = pow(_BASE, -1, 1 << 64)
_POWERS = 1 << 16
_SPREAD = 0xD6E8FEB86659FD93

Codes = NDArray[np.uint32]
Hashes = NDArray[np.uint64]


class Words(NamedTuple):
    """The first words of each line (`shape.HEAD` at most), lower-cased, without the marks around them, one line after the other.

    `keys` are those of each line in one string. `hashes` are equal for equal words, and for others but once in ten million pages. `rows` are their rows in tables of known words (`rows_of`), of which
    there were `known` then. `lines` are the numbers of the lines that they stand in. `counts` says how many are of each line, `starts`
    and `ends` where those of each begin and end; then how many of them are capitalised (twice, if in capitals), function words, words of address,
    ends of sentences, not of plain letters alone; whether the last is one that closes what stands between comments, whether a pattern may match the line, and whether
    it opens like a label of `list_labels`. `telling` says of each word whether it can tell what a line is about.
    """

    keys: list[str]
    hashes: Hashes
    known: int
    rows: Column
    lines: Column
    counts: Column
    starts: Column
    ends: Column
    capitals: NDArray[np.uint8]
    function: NDArray[np.uint8]
    address: NDArray[np.uint8]
    stops: NDArray[np.uint8]
    strange: NDArray[np.uint8]
    replies: NDArray[np.bool_]
    read: NDArray[np.bool_]
    labels: NDArray[np.bool_]
    telling: NDArray[np.bool_]


def words_of(texts: Sequence[str]) -> Words:
    """The words of these lines, which have one space between two; of large texts a part at a time, for to look at all at once takes memory."""
    joined = "\n".join(texts)
    if len(joined) < _POWERS:
        return _words_of(joined)
    parts = [_words_of("\n".join(texts[start:stop])) for start, stop in pairwise(_cuts(texts))]
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(part, name) for part in parts]) for name in Words._fields if name not in _WHOLE
    }
    ends = columns["counts"].cumsum()
    columns |= {"lines": _lines(columns["counts"]), "starts": ends - columns["counts"], "ends": ends}
    return Words(keys=[key for part in parts for key in part.keys], known=min(part.known for part in parts), **columns)


_WHOLE = frozenset({"keys", "known"})


def _lines(counts: Column) -> Column:
    return np.arange(len(counts)).repeat(counts)


def _cuts(texts: Sequence[str]) -> list[int]:
    """Where the lines are parted: in as many characters as there are powers of, or single lines."""
    ends = np.fromiter(map(len, texts), np.int64, len(texts)).cumsum() + np.arange(len(texts)) + 2
    cuts, done = [0], 0
    while cuts[-1] < len(texts):
        cuts.append(max(cuts[-1] + 1, int(ends.searchsorted(done + _POWERS, "right"))))
        done = int(ends[cuts[-1] - 1])
    return cuts


def _words_of(joined: str) -> Words:
    """The words of lines with a line end between two."""
    codes, bits, breaks = _printed(joined)
    firsts, stops = breaks[:-1] + 1, breaks[1:]
    sizes = stops - firsts
    ends = (codes.take(stops) == _LINE_END).nonzero()[0] + 1
    starts = np.zeros(len(ends), np.int64)
    starts[1:] = ends[:-1]
    counts = ends - starts
    lower = bits >> 2
    letters = bits >> 1 | lower
    # Of these, which are shifted as far as the last bit of a byte, only the first bit stays.
    untitled = (lower[1:] ^ letters[:-1]) & letters[1:]
    untitled <<= 7
    bits[1:] |= untitled
    last = bits.take(stops - 1)
    opening = bits.take(firsts.take(starts))
    odd = np.zeros(len(counts), np.bool_)
    odd[stops.take(ends - 1).searchsorted((bits & _ODD > 0).nonzero()[0])] = True
    lowered = _lowered(joined, codes, bits, breaks)
    bare = _bare(*lowered)
    within = bare.within
    if lowered[1] is not bits:
        # What is strange is told by the letters in lower case, without the marks around words.
        printed: NDArray[np.uint8] = np.bitwise_or.reduceat(bits, firsts)
        within = printed & np.uint8(_BYTE ^ _STRANGE) | within & np.uint8(_STRANGE)
    known = len(_rows())
    rows = look_up(bare.hashes)
    flags = _flags().take(rows, mode="clip")
    counted = _COUNTS_FOR.take(within & (_BYTE ^ _STOP) | last & _STOP)
    wide = (within & _WIDE > 0).nonzero()[0]
    if len(wide):
        spans = zip(firsts[wide].tolist(), breaks[wide + 1].tolist(), strict=True)
        words = [joined[start - 1 : end - 1] for start, end in spans]
        counts_for = np.array([word.istitle() + word.isupper() for word in words])
        counted[wide] += (counts_for - _CAPITALISED[within[wide]]) << _CAPITALS
    # With a mark beside it a function word is not counted.
    sums = np.add.reduceat(counted + (flags & ~(bare.sizes != sizes).astype(np.int64)), starts)
    functions, addresses, signals, sentences, capitals, strangers, *_ = sums.view(np.uint8).reshape(-1, 8).T
    heading = flags.take(starts)
    opened = (heading & _OPENER > 0) | (opening & _STRANGE > 0)
    longer = (~opened & (bare.sizes.take(starts) >= _UNBOUNDED)).nonzero()[0].tolist()
    opened[[number for number in longer if bare.keys[number].startswith(UNBOUNDED)]] = True
    return Words(
        bare.keys,
        bare.hashes,
        known,
        rows,
        _lines(counts),
        counts,
        starts,
        ends,
        capitals,
        functions,
        addresses,
        sentences,
        strangers,
        flags[ends - 1] & _REPLY > 0,
        # In a short line a word may hide behind a hyphen, and a digit make a date.
        opened | (signals > 0) | odd | ((counts < LONG_ENOUGH) & (strangers > 0)),
        flags[starts] & _LABEL > 0,
        (flags & _FUNCTION == 0) & (bare.sizes >= _RARE),
    )


_NONE = np.zeros(1, np.int64)
_UNBOUNDED = min(map(len, UNBOUNDED))


def _capitals(within: int) -> int:
    """1 for a word with these bits that opens with its only capital or is all in capitals, 2 for one that is both, else 0."""
    return bool(within & _UPPER) * ((not within & _UNTITLED) + (not within & _LOWER))


# By the bits within a word, but for that of a stop, which is its last character's: as what it is capitalised, and what it counts for.
_CAPITALISED = np.array([_capitals(bits) for bits in range(256)])
_COUNTS_FOR = np.array(
    [
        _capitals(bits) << _CAPITALS | bool(bits & _STRANGE) << _STRANGERS | bool(bits & _STOP) << _SENTENCES
        for bits in range(256)
    ]
)


class _Bare(NamedTuple):
    """Words without the marks around them: those of each line in one string; their hashes, how many characters they have, and the bits of these."""

    keys: list[str]
    hashes: Hashes
    sizes: Column
    within: NDArray[np.uint8]


def _bare(codes: Codes, bits: NDArray[np.uint8], breaks: Column) -> _Bare:
    """The words of these lower-cased characters; letters may be told as capitals. The bits of marks around words are taken away."""
    starts, ends = breaks[:-1] + 1, breaks[1:].copy()
    firsts = starts.copy()
    # Where several marks stand in a row, they go if a word begins or ends there.
    marks = (bits & _MARK).view(np.bool_).nonzero()[0]
    parted = (marks[1:] - marks[:-1] > 1).nonzero()[0] + 1
    edges = np.concatenate((_NONE, parted, [len(marks)])) if len(marks) else _NONE
    lengths = edges[1:] - edges[:-1]
    low = marks[edges[:-1]]
    high = low + lengths
    leading, closing = bits[low - 1] == 0, bits[high] == 0
    starts[firsts.searchsorted(low[leading])] = high[leading]
    ends[ends.searchsorted(high[closing])] = low[closing]
    # Of a word that is all marks nothing is left.
    sizes = np.maximum(ends - starts, 0)
    gone = marks[(leading | closing).repeat(lengths)]
    kept = np.ones(len(codes), np.bool_)
    kept[gone] = False
    keys = codes[kept][1:-1].tobytes().decode("utf-32-le", "surrogatepass").split("\n")
    powers, inverses = _powers(len(codes)) if len(codes) > _POWERS else _cached_powers()
    spread = codes * powers[: len(codes)]
    spread[gone] = spread[breaks] = 0
    # Once more multiplied, so that all of a hash hangs on all of the word.
    hashes = (np.add.reduceat(spread, firsts) * inverses.take(starts) + (sizes << 40).view(np.uint64)) * np.uint64(
        _SPREAD
    )
    bits[gone] = 0
    return _Bare(keys, hashes, sizes, np.bitwise_or.reduceat(bits, firsts))


def _powers(count: int) -> tuple[Hashes, Hashes]:
    """So many powers of the hashes' base and of its inverse."""
    powers = np.full((2, count), [[_BASE], [_INVERSE]], np.uint64)
    powers[:, 0] = 1
    first, second = np.multiply.accumulate(powers, axis=1)
    return first, second


@cache
def _cached_powers() -> tuple[Hashes, Hashes]:
    return _powers(_POWERS)


def _printed(joined: str) -> tuple[Codes, NDArray[np.uint8], Column]:
    """(the code points of lines, with a line end before the first and after the last; the bits of each; the places between words)."""
    codes = np.frombuffer(f"\n{joined}\n".encode("utf-32-le", "surrogatepass"), np.uint32)
    bits: NDArray[np.uint8] = _BITS.take(codes, mode="clip")
    return codes, bits, (bits == 0).nonzero()[0]


def _lowered(
    joined: str, codes: Codes, bits: NDArray[np.uint8], breaks: Column
) -> tuple[Codes, NDArray[np.uint8], Column]:
    """What `_printed` says of the lines in lower case, if letters are told as capitals."""
    wide = (bits & _WIDE > 0).nonzero()[0]
    others = codes.take(wide).tobytes().decode("utf-32-le", "surrogatepass")
    if others != others.lower():
        return _printed(joined.lower())
    return codes + ((bits & _UPPER).astype(np.uint32) << _TO_LOWER), bits, breaks


class _Table(NamedTuple):
    """The rows of known words in slots that some bits of their hashes tell; of words that share one all but one are in the next table, and its row is negative."""

    shift: np.uint64
    rows: NDArray[np.int16]


_SLOT_BITS = 15
_SLOTS = np.uint64((1 << _SLOT_BITS) - 1)


def look_up(hashes: Hashes) -> Column:
    """The rows of words; 0 for those that have none."""
    known, tables = _tables(len(_rows()))
    found, left = _look_up(hashes, known, tables[0])
    for table in tables[1:]:
        if not len(left):
            break
        found[left], further = _look_up(hashes[left], known, table)
        left = left[further]
    return found


def _look_up(hashes: Hashes, known: Hashes, table: _Table) -> tuple[Column, Column]:
    """(the rows that one table has of these words; which words may be in the next one)."""
    signed = table.rows.take((hashes >> table.shift & _SLOTS).view(np.int64))
    rows = np.abs(signed).astype(np.int64)
    wrong = known.take(rows) != hashes
    rows[wrong] = 0
    return rows, ((signed < 0) & wrong).nonzero()[0]


@lru_cache(maxsize=1)
def _tables(count: int) -> tuple[Hashes, list[_Table]]:
    """The hashes of so many known words by row, and where they are looked up."""
    known = _rows()
    # A word in a list with a mark at its end is looked up by nobody. A mark stands for the word that is nothing but marks.
    words = [word for word in list(known)[:count] if word == word.strip(MARKS)]
    left = _bare(*_printed("\n".join([word or MARKS[0] for word in words]))).hashes
    rows, tables, shift = np.array([known[word] for word in words], np.int16), [], 64
    hashes = np.zeros(count + 1, np.uint64)
    hashes[rows] = left
    while len(left):
        shift -= _SLOT_BITS
        slots = (left >> np.uint64(shift) & _SLOTS).view(np.int64)
        table = np.zeros(1 << _SLOT_BITS, np.int16)
        table[slots] = rows
        over = table[slots] != rows
        left, rows = left[over], rows[over]
        table[slots[over]] *= -1
        tables.append(_Table(np.uint64(shift), table))
    return hashes, tables


_GIVING = Lock()


def rows_of(words: Iterable[str]) -> list[int]:
    """The rows of these words in all tables of known words, given to them if they have none: each word of a page is looked up once, for all tables.

    Row 0 is that of all other words. A table ends with the entry for those too, and is read with `mode="clip"`: words may be given rows later.
    """
    with _GIVING:
        known = _rows()
        return [known.setdefault(word, len(known) + 1) for word in words]


@cache
def _rows() -> dict[str, int]:
    """The rows of known words; those in lists come first."""
    words = dict.fromkeys(word for name in _LISTS for word in sorted(word_list(name)))
    words |= dict.fromkeys(sorted(_label_openings()))
    return {word: row for row, word in enumerate(words, start=1)}


@cache
def _flags() -> NDArray[np.int64]:
    """The lists that words stand in, as bits, by row."""
    lists = {bit: word_list(name) for name, bit in _LISTS.items()} | {_LABEL: _label_openings()}
    found = np.zeros(len(frozenset().union(*lists.values())) + 2, np.int64)
    for bit, words in lists.items():
        found[rows_of(words)] |= bit
    return found


@cache
def _label_openings() -> frozenset[str]:
    """The first words of list labels; a line may open with a mark."""
    return frozenset(phrase.split()[0] for phrase in phrases("list_labels")) | {""}
