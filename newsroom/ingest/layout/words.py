"""The words of a dump's lines, all at once: in lower case without their marks, and how many of each line are of which sort.

No word is looked at by itself: characters are looked at as code points in arrays, and words are told apart by hashes of theirs.
"""

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import pairwise, repeat
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from newsroom.ingest.layout.columns import Column
from newsroom.ingest.layout.patterns import LONG_ENOUGH, UNBOUNDED
from newsroom.ingest.layout.shape import MARKS
from newsroom.ingest.layout.vocabulary import word_list

_RARE = 4
_FUNCTION, _ADDRESS, _SIGNAL, _REPLY, _OPENER = 1, 2, 4, 8, 16
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


# By code point, beyond all marks; the last entry is for all above.
_BITS = np.array([*map(_bits_of, map(chr, range(0x2100))), _STRANGE | _WIDE], np.uint8)
# What is counted in lines, each in eight bits of one number: a line is judged by fewer than 128 words, of which none counts for more than two.
_FUNCTIONS, _ADDRESSES, _SIGNALS, _SENTENCES, _CAPITALS, _STRANGERS = range(0, 48, 8)
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
    there were `known` then. `counts` says how many are of each line, `starts`
    and `ends` where those of each begin and end; then how many of them are capitalised (twice, if in capitals), function words, words of address,
    ends of sentences, not of plain letters alone; whether the last is one that closes what stands between comments, and whether a pattern may match the line. `telling` says
    of each word whether it can tell what a line is about.
    """

    keys: list[str]
    hashes: Hashes
    known: int
    rows: Column
    counts: Column
    starts: Column
    ends: Column
    capitals: Column
    function: Column
    address: Column
    stops: Column
    strange: Column
    replies: NDArray[np.bool_]
    open: NDArray[np.bool_]
    telling: NDArray[np.bool_]


def words_of(texts: Sequence[str]) -> Words:
    """The words of these lines, which have one space between two; of large texts a part at a time, for to look at all at once takes memory."""
    parts = [_words_of(texts[start:stop]) for start, stop in pairwise(_cuts(texts))]
    if len(parts) == 1:
        return parts[0]
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(part, name) for part in parts]) for name in Words._fields if name not in _WHOLE
    }
    ends = columns["counts"].cumsum()
    columns |= {"starts": ends - columns["counts"], "ends": ends}
    return Words(keys=[key for part in parts for key in part.keys], known=min(part.known for part in parts), **columns)


_WHOLE = frozenset({"keys", "known"})


def _cuts(texts: Sequence[str]) -> list[int]:
    """Where the lines are parted: in as many characters as there are powers of, or single lines."""
    ends = np.fromiter(map(len, texts), np.int64, len(texts)).cumsum() + np.arange(len(texts)) + 2
    cuts, done = [0], 0
    while cuts[-1] < len(texts):
        cuts.append(max(cuts[-1] + 1, int(ends.searchsorted(done + _POWERS, "right"))))
        done = int(ends[cuts[-1] - 1])
    return cuts


def _words_of(texts: Sequence[str]) -> Words:
    joined = "\n".join(texts)
    codes, bits, breaks = _printed(joined)
    firsts, sizes = breaks[:-1] + 1, breaks[1:] - breaks[:-1] - 1
    ends = (codes[breaks[1:]] == _LINE_END).nonzero()[0] + 1
    starts = np.concatenate((_NONE, ends[:-1]))
    counts = ends - starts
    upper, lower = bits >> 1 & 1, bits >> 2 & 1
    behind = (upper | lower)[:-1]
    bits[1:] |= (upper[1:] & behind | lower[1:] & ~behind) << 7
    first, last, within = bits[firsts], bits[breaks[1:] - 1], np.bitwise_or.reduceat(bits, firsts)
    if (bits & _WIDE).any():
        bare = _bare(*_printed(joined.lower()))
    else:
        bare = _bare(codes + ((bits & _UPPER) << _TO_LOWER), bits, breaks)
    marked = (first | last) & (_MARK | _WIDE) > 0
    strange = np.where(marked, bare.letters < bare.sizes, within & _STRANGE > 0)
    known = len(_rows())
    rows = look_up(bare.hashes)
    flags = _flags().take(rows, mode="clip")
    functional = flags & _FUNCTION > 0
    sums = np.add.reduceat(
        # With a mark beside it a function word is not counted.
        (functional & (bare.sizes == sizes)).astype(np.int64) << _FUNCTIONS
        | (flags & _ADDRESS > 0).astype(np.int64) << _ADDRESSES
        | (flags & _SIGNAL > 0).astype(np.int64) << _SIGNALS
        | (last & _STOP > 0).astype(np.int64) << _SENTENCES
        | _capitals(joined, within) << _CAPITALS
        | strange.astype(np.int64) << _STRANGERS,
        starts,
    )
    strangers = _count(sums, _STRANGERS)
    return Words(
        bare.keys,
        bare.hashes,
        known,
        rows,
        counts,
        starts,
        ends,
        _count(sums, _CAPITALS),
        _count(sums, _FUNCTIONS),
        _count(sums, _ADDRESSES),
        _count(sums, _SENTENCES),
        strangers,
        flags[ends - 1] & _REPLY > 0,
        # In a short line a word may hide behind a hyphen, and a digit make a date.
        (_count(sums, _SIGNALS) > 0)
        | (flags[starts] & _OPENER > 0)
        | np.fromiter(map(str.startswith, bare.keys, repeat(UNBOUNDED)), np.bool_, len(starts))
        | (first[starts] & _STRANGE > 0)
        | (np.bitwise_or.reduceat(within, starts) & _ODD > 0)
        | ((counts < LONG_ENOUGH) & (strangers > 0)),
        ~functional & (bare.sizes >= _RARE),
    )


_NONE = np.zeros(1, np.int64)


def _count(sums: Column, place: int) -> Column:
    """One of the counts that the numbers hold."""
    found: Column = sums >> place & 255
    return found


def _capitals(joined: str, within: NDArray[np.uint8]) -> Column:
    """1 for each word that opens with its only capital or is all in capitals, 2 for one that is both, else 0."""
    upper = within & _UPPER > 0
    found: Column = (upper & (within & _UNTITLED == 0)).astype(np.int64) + (upper & (within & _LOWER == 0))
    wide = (within & _WIDE).nonzero()[0]
    if len(wide):
        words = joined.split()
        found[wide] = [word.istitle() + word.isupper() for word in map(words.__getitem__, wide.tolist())]
    return found


class _Bare(NamedTuple):
    """Words without the marks around them: those of each line in one string; their hashes, how many characters they have, and how many plain letters."""

    keys: list[str]
    hashes: Hashes
    sizes: Column
    letters: Column


def _bare(codes: Codes, bits: NDArray[np.uint8], breaks: Column) -> _Bare:
    """The words of these lower-cased characters; letters may be told as capitals."""
    firsts = breaks[:-1] + 1
    letters = (bits & (_UPPER | _LOWER) > 0).cumsum()
    # Where the words begin and end without marks: in how many characters that are no marks, seen from the beginning.
    marked = (bits & _MARK).view(np.bool_)
    marks = marked.nonzero()[0]
    inner = (bits > 0) & ~marked
    upto = inner.cumsum()
    before, after = upto[breaks[:-1]], upto[breaks[1:]]
    # Of a word that is all marks nothing is left.
    inner[-1] = True
    places = inner.nonzero()[0]
    low, high = places[before], places[after - 1] + 1
    low[after == before] = high[after == before] = 0
    sizes = high - low
    words = firsts.searchsorted(marks, "right") - 1
    kept = np.ones(len(codes), np.bool_)
    kept[marks[(marks < low[words]) | (marks >= high[words])]] = False
    keys = codes[kept][1:-1].tobytes().decode("utf-32-le", "surrogatepass").split("\n")
    powers, inverses = _powers(len(codes)) if len(codes) > _POWERS else _cached_powers()
    sums = np.zeros(len(codes) + 1, np.uint64)
    (codes * powers[: len(codes)]).cumsum(out=sums[1:])
    # Once more multiplied, so that all of a hash hangs on all of the word.
    hashes = ((sums[high] - sums[low]) * inverses[low] + (sizes << 40).view(np.uint64)) * np.uint64(_SPREAD)
    return _Bare(keys, hashes, sizes, letters[breaks[1:]] - letters[breaks[:-1]])


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


class _Table(NamedTuple):
    """The rows of known words in slots that some bits of their hashes tell; of words that share one all but one are in the next table, and its row is negative."""

    shift: np.uint64
    rows: NDArray[np.int16]


_SLOT_BITS = 15
_SLOTS = np.uint64((1 << _SLOT_BITS) - 1)


def look_up(hashes: Hashes) -> Column:
    """The rows of words; 0 for those that have none."""
    known, tables = _tables(len(_rows()))
    found = np.zeros(len(hashes), np.int64)
    asked = np.arange(len(hashes))
    for table in tables:
        signed = table.rows.take((hashes >> table.shift & _SLOTS).view(np.int64))
        rows = np.abs(signed)
        found[asked] += rows * (known.take(rows) == hashes)
        left = (signed < 0).nonzero()[0]
        if not len(left):
            break
        asked, hashes = asked[left], hashes[left]
    return found


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
    return {word: row for row, word in enumerate(words, start=1)}


@cache
def _flags() -> NDArray[np.int64]:
    """The lists that words stand in, as bits, by row."""
    rows = {word: rows_of([word])[0] for name in _LISTS for word in word_list(name)}
    found = np.zeros(len(rows) + 2, np.int64)
    for name, bit in _LISTS.items():
        found[[rows[word] for word in word_list(name)]] |= bit
    return found
