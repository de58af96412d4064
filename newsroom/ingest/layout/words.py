"""The words of a dump's lines, all at once: in lower case without their marks, and how many of each line are of which sort.

Characters are looked at as code points in arrays, and words one by one only where that has shown that there is something to see.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain, repeat
from threading import Lock
from typing import NamedTuple

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
# What is asked of characters, as bits. Strange is what is no plain letter, odd what patterns ask for among letters.
_MARK, _CAPITAL, _STOP, _ODD, _STRANGE = 1, 2, 4, 8, 16
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


def _bits_of(character: str) -> int:
    letter = character in _LETTERS
    return (
        _MARK * (character in MARKS)
        | _CAPITAL * ((letter and character.isupper()) or not character.isascii())
        | _STOP * (character in ".?!")
        | _ODD * (character in "/|©()")
        | _STRANGE * (not letter and character != "\n")
    )


# By code point; the last entry is for all beyond, which may be marks or capitals: words with those are looked at.
_BITS = np.array([*map(_bits_of, map(chr, range(256))), _MARK | _CAPITAL | _STRANGE], np.uint8)
# What is counted in lines, each in eight bits of one number: a line is judged by fewer than 128 words, of which none counts for more than two.
_FUNCTIONS, _ADDRESSES, _SIGNALS, _SENTENCES, _CAPITALS, _STRANGERS = range(0, 48, 8)


class Words(NamedTuple):
    """The first words of each line (`shape.HEAD` at most), lower-cased, without the marks around them, one line after the other.

    `numbers` are equal for equal words, from 0 on. `rows` are their rows in tables of known words (`rows_of`), of which there were `known` then. `counts` says how many are of each line, `starts`
    and `ends` where those of each begin and end; then how many of them are capitalised (twice, if in capitals), function words, words of address,
    ends of sentences; whether the last is one that closes what stands between comments, and whether a pattern may match the line. `telling` says
    of each word whether it can tell what a line is about.
    """

    plain: list[str]
    numbers: Column
    known: int
    rows: Column
    counts: Column
    starts: Column
    ends: Column
    capitals: Column
    function: Column
    address: Column
    stops: Column
    replies: Column
    open: NDArray[np.bool_]
    telling: NDArray[np.bool_]


def words_of(heads: Sequence[Sequence[str]]) -> Words:
    """The words of these lines."""
    printed = list(chain.from_iterable(heads))
    counts = np.array(list(map(len, heads)), np.int64)
    ends = counts.cumsum()
    starts = ends - counts
    plain = list(map(str.lower, printed))
    bits, breaks = _characters("\n".join(printed))
    firsts, sizes = breaks[:-1] + 1, np.diff(breaks) - 1
    first, last, within = bits[firsts], bits[breaks[1:] - 1], np.bitwise_or.reduceat(bits, firsts)
    marked = np.flatnonzero((first | last) & _MARK)
    strange = within & _STRANGE > 0
    bare = [plain[number].strip(MARKS) for number in marked.tolist()]
    for number, word in zip(marked.tolist(), bare, strict=True):
        plain[number] = word
    strange[marked] = [word != "" and not (word.isascii() and word.isalpha()) for word in bare]
    # What follows from a word alone is worked out once for each: half the words of a page are there again.
    numbers, different = _numbered(plain)
    known = len(_rows())
    rows = look_up(different)[numbers]
    flags = _flags().take(rows, mode="clip")
    bare_sizes = np.array(list(map(len, different)), np.int64)[numbers]
    functional = flags & _FUNCTION > 0
    sums = np.add.reduceat(
        # With a mark beside it a function word is not counted.
        (functional & (bare_sizes == sizes)).astype(np.int64) << _FUNCTIONS
        | (flags & _ADDRESS > 0).astype(np.int64) << _ADDRESSES
        | (flags & _SIGNAL > 0).astype(np.int64) << _SIGNALS
        | (last & _STOP > 0).astype(np.int64) << _SENTENCES
        | _capitals(printed, within & _CAPITAL) << _CAPITALS
        | strange.astype(np.int64) << _STRANGERS,
        starts,
    )
    return Words(
        plain,
        numbers,
        known,
        rows,
        counts,
        starts,
        ends,
        _count(sums, _CAPITALS),
        _count(sums, _FUNCTIONS),
        _count(sums, _ADDRESSES),
        _count(sums, _SENTENCES),
        (flags[ends - 1] & _REPLY > 0).astype(np.int64),
        # In a short line a word may hide behind a hyphen, and a digit make a date.
        (_count(sums, _SIGNALS) > 0)
        | (flags[starts] & _OPENER > 0)
        | np.fromiter([plain[start].startswith(UNBOUNDED) for start in starts.tolist()], np.bool_, len(starts))
        | (first[starts] & _STRANGE > 0)
        | (np.bitwise_or.reduceat(within, starts) & _ODD > 0)
        | ((counts < LONG_ENOUGH) & (_count(sums, _STRANGERS) > 0)),
        ~functional & (bare_sizes >= _RARE),
    )


def _numbered(words: list[str]) -> tuple[Column, list[str]]:
    """(a number for each word, the different words in the order of these)."""
    numbers: defaultdict[str, int] = defaultdict()
    numbers.default_factory = numbers.__len__
    found = np.fromiter(map(numbers.__getitem__, words), np.int64, len(words))
    # Its own method: left there, all the words would wait for somebody to look for cycles.
    numbers.default_factory = None
    return found, list(numbers)


def _count(sums: Column, place: int) -> Column:
    """One of the counts that the numbers hold."""
    return sums >> place & 255


def _capitals(printed: list[str], may: NDArray[np.integer]) -> Column:
    """1 for each word that opens with its only capital or is all in capitals, 2 for one that is both, else 0; most words have none."""
    found = np.zeros(len(printed), np.int64)
    numbers = np.flatnonzero(may)
    found[numbers] = [word.istitle() + word.isupper() for word in map(printed.__getitem__, numbers.tolist())]
    return found


def _characters(joined: str) -> tuple[NDArray[np.uint8], Column]:
    """(the bits of the characters of words parted by line ends; the places of the line ends, one before the first and one after the last)."""
    codes = np.frombuffer(f"\n{joined}\n".encode("utf-32-le", "surrogatepass"), np.uint32)
    return _BITS.take(codes, mode="clip"), np.flatnonzero(codes == _LINE_END)


def look_up(plain: Sequence[str]) -> Column:
    """The rows of words; 0 for those that have none."""
    return np.fromiter(map(_rows().get, plain, repeat(0)), np.int64, len(plain))


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
