"""What one line looks like by itself: the classes of its length, ends and pattern, and what the rules ask of it.

Long lines are judged by their first `HEAD` words and their last characters, so that a line of a million characters costs no
more than one of a thousand. All lines of a dump are measured together (`measures`).
"""

from collections.abc import Callable, Sequence
from itertools import compress
from typing import NamedTuple, overload

import numpy as np

from newsroom.ingest.layout.columns import bins_of
from newsroom.ingest.layout.patterns import NAMES, NUMBER

HEAD = 48
MARKS = "\"'“”‘’.,:;!?()[]|»›>…"
_LENGTHS = (4, 8, 12, 16, 20, 25, 30, 40, 50, 60, 70, 80, 100, 140, 200, 300, 500)
_WORDS = (1, 2, 3, 4, 5, 6, 8, 10, 13, 17, 25, 41)
FRACTIONS = np.array([0.001, 0.15, 0.3, 0.5, 0.7, 0.9])
FUNCTION_FRACTIONS = np.array([0.001, 0.1, 0.2, 0.3, 0.4])
_SIZES = (30, 90, 220)
LENGTH_OF, WORDS_OF, SIZE_OF = bins_of(_LENGTHS), bins_of(_WORDS), bins_of(_SIZES)
PROSE_LENGTH, PROSE_FUNCTION = 80, 2
# Signs of readers' comments: a time, "NAME says:", "Reply".
SIGNS = np.isin(np.arange(len(NAMES) + 1), [NUMBER[name] for name in ("time-ago", "date", "byline-date", "comments")])
SIGN_WORDS = 7
LABELS = np.isin(np.arange(len(NAMES) + 1), [NUMBER[name] for name in ("label", "more", "inline-related")])
LONGEST_LABEL = 45

LENGTH_BINS = len(_LENGTHS) + 1
WORD_BINS = len(_WORDS) + 1
FRACTION_BINS = len(FRACTIONS) + 1
FUNCTION_BINS = len(FUNCTION_FRACTIONS) + 1
ENDS = {
    "": 0,
    ".": 1,
    "?": 2,
    "!": 3,
    ":": 4,
    ",": 5,
    "…": 6,
    ")": 7,
    ">": 8,
    "»": 8,
    "›": 8,
    "”": 9,
    '"': 9,
    "'": 9,
    "’": 9,
}
END_OTHER, END_DIGIT, END_LETTER, END_QUOTED_STOP, END_DOTS = 10, 11, 12, 13, 14
END_CLASSES = 15
# The ends that the characters before them tell more of.
STOPPING = np.isin(np.arange(END_CLASSES), [1, 9])
STARTS = {'"': 4, "“": 4, "‘": 4, "'": 4, "(": 5, "[": 5, "@": 6, "#": 6, "$": 2, "£": 2, "€": 2}
START_CLASSES = 8
SIZES = 4  # short < 30 <= middle < 90 <= long < 220 <= very long

(
    BOUNDARY,
    LOWER_START,
    SHORT_CAPS,
    SHORT_OTHER,
    MIDDLE_OPEN,
    MIDDLE_STOP,
    MIDDLE_ASK,
    LONG_OPEN,
    LONG_STOP,
    VERY_LONG,
    QUOTED,
) = range(11)
KINDS = 11 + len(NAMES)


class Shape(NamedTuple):
    """The measures of one line that the rules ask for.

    `key` has the first words, `many` of them, lower-cased, without the marks around them, with a space between two; `text` is the whole line.
    `label`: it reads like the label of a list; `sign`: like what stands between readers' comments.
    """

    length: int
    size: int
    end: int
    pattern: int
    kind: int
    prose: bool
    label: bool
    sign: bool
    many: int
    key: str
    text: str

    @property
    def words(self) -> list[str]:
        """The words of the key."""
        return self.key.split(" ")


class Shapes(Sequence[Shape]):
    """The shapes of the lines of a dump: a list for each measure, which the rules look at, for to make a tuple of each line takes longer."""

    __slots__ = Shape._fields

    def __init__(
        self,
        length: list[int],
        size: list[int],
        end: list[int],
        pattern: list[int],
        kind: list[int],
        prose: list[bool],
        label: list[bool],
        sign: list[bool],
        many: list[int],
        key: list[str],
        text: Sequence[str],
    ) -> None:
        self.length, self.size, self.end, self.pattern, self.kind = length, size, end, pattern, kind
        self.prose, self.label, self.sign, self.many, self.key, self.text = prose, label, sign, many, key, text

    def __len__(self) -> int:
        return len(self.length)

    @overload
    def __getitem__(self, number: int) -> Shape: ...
    @overload
    def __getitem__(self, number: slice) -> list[Shape]: ...
    def __getitem__(self, number: int | slice) -> Shape | list[Shape]:
        if isinstance(number, slice):
            return [self[each] for each in range(*number.indices(len(self)))]
        return Shape(*[getattr(self, name)[number] for name in Shape._fields])

    def named(self, pattern: int = 0) -> list[int]:
        """The lines that this pattern names, or any."""
        if not pattern:
            return list(compress(range(len(self.pattern)), self.pattern))
        # Most patterns name no line of a page.
        found = enumerate(self.pattern) if pattern in self.pattern else ()
        return [number for number, each in found if each == pattern]

    def labels(self) -> list[int]:
        """The lines that read like the label of a list."""
        return list(compress(range(len(self.label)), self.label))


class _Remembered(dict[str, int]):
    """Classes by what they are worked out from; there are few different ones."""

    def __init__(self, work_out: Callable[[str], int]) -> None:
        self._work_out = work_out

    def __missing__(self, key: str) -> int:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        found = self[key] = self._work_out(key)
        return found


def _end_class(tail: str) -> int:
    last = tail[-1]
    known = ENDS.get(last)
    if known == 9:
        return END_QUOTED_STOP if tail[-2:-1] in {".", ",", "!", "?"} else 9
    if known == 1:
        return END_DOTS if tail == "..." else 1
    if known is not None:
        return known
    return END_LETTER if last.isalpha() else END_DIGIT if last.isdigit() else END_OTHER


def _start_class(first: str) -> int:
    if first.isalpha():
        return 1 if first.islower() else 0
    return STARTS.get(first, 3 if first.isdigit() else 7)


_MOST_REMEMBERED = 10_000
# One of START_CLASSES, from the first character of a line; one of END_CLASSES, from its last, or its last three if the last is `STOPPING`.
START_CLASS, END_CLASS = _Remembered(_start_class), _Remembered(_end_class)


def _kind(size: int, start: int, end: int, capital: bool) -> int:
    """One of KINDS coarse classes, for neighbours to look at, of a line that no pattern names; `capital`: all words open with a capital."""
    stopped = end in {1, END_QUOTED_STOP, END_DOTS}
    if start == 1 and size < 3:
        return LOWER_START
    if size == 3:
        return VERY_LONG
    if size == 2:
        return LONG_STOP if stopped else LONG_OPEN
    if start == 4 and stopped:
        return QUOTED
    if size == 0:
        return SHORT_CAPS if capital else SHORT_OTHER
    return MIDDLE_STOP if stopped else MIDDLE_ASK if end in {2, 3} else MIDDLE_OPEN


# The kinds of lines that no pattern names, by size, start, end and capitals; the others' follow these.
PLAIN_KINDS = np.array(
    [
        [
            [[_kind(size, start, end, capital) for capital in (False, True)] for end in range(END_CLASSES)]
            for start in range(START_CLASSES)
        ]
        for size in range(SIZES)
    ]
)
NAMED = 10
DATED = frozenset({NAMED + NUMBER["date"], NAMED + NUMBER["byline"], NAMED + NUMBER["byline-date"]})
