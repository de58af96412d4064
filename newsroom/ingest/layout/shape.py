"""What one line looks like by itself: length, ends, capitals, function words, the pattern it matches.

Long lines are judged by their first `_HEAD` words and their last characters, so that a line of a million characters costs no
more than one of a thousand.
"""

from bisect import bisect_right
from functools import lru_cache
from typing import NamedTuple

from newsroom.ingest.layout.lines import Line
from newsroom.ingest.layout.patterns import LONGEST, NAMES, NUMBER, name_line, name_long_line
from newsroom.ingest.layout.vocabulary import word_list

_HEAD = 48
_TOPICAL_LENGTH, _RARE = 12, 4
_NO_WORDS: frozenset[str] = frozenset()
_MARKS = "\"'“”‘’.,:;!?()[]|»›>…"
_LENGTHS = (4, 8, 12, 16, 20, 25, 30, 40, 50, 60, 70, 80, 100, 140, 200, 300, 500)
_WORDS = (1, 2, 3, 4, 5, 6, 8, 10, 13, 17, 25, 41)
_FRACTIONS = (0.001, 0.15, 0.3, 0.5, 0.7, 0.9)
_FUNCTION_FRACTIONS = (0.001, 0.1, 0.2, 0.3, 0.4)
PROSE_LENGTH = 80

LENGTH_BINS = len(_LENGTHS) + 1
WORD_BINS = len(_WORDS) + 1
FRACTION_BINS = len(_FRACTIONS) + 1
FUNCTION_BINS = len(_FUNCTION_FRACTIONS) + 1
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
    """The measures of one line; all but `length`, `prose`, `words` and `topical` are small classes used as feature numbers.

    `words` are the first words, lower-cased, without the marks around them; `topical` those that say what the line is about.
    """

    length: int
    length_bin: int
    word_bin: int
    size: int
    start: int
    end: int
    capitals: int
    function: int
    sentences: int
    pattern: int
    kind: int
    prose: bool
    words: tuple[str, ...]
    topical: frozenset[str]


def shape_of(line: Line) -> Shape:
    """The shape of a line. Short lines, which pages repeat, are remembered."""
    words = line.words
    if len(words) <= 6:
        return _short_shape(" ".join(words))
    return _measure(" ".join(words[:_HEAD]), words)


@lru_cache(maxsize=20_000)
def _short_shape(text: str) -> Shape:
    return _measure(text, text.split())


def _measure(text: str, words: list[str]) -> Shape:
    if not words:
        return _NOTHING
    count = len(words)
    length = len(text) if count <= _HEAD else len(text) + 1 + sum(map(len, words[_HEAD:]), count - _HEAD - 1)
    head = words[:_HEAD]
    functional = word_list("function_words")
    lowered = text.lower().split()
    plain = tuple([word if word.isalpha() else word.strip(_MARKS) for word in lowered])
    capitals = sum(map(str.istitle, head)) + sum(map(str.isupper, head))
    function = sum(map(functional.__contains__, lowered))
    # Words that end with a stop: single spaces part them.
    stops = text.count(". ") + text.count("? ") + text.count("! ") + text.endswith((".", "?", "!"))
    used = len(head)
    size = 0 if length < 30 else 1 if length < 90 else 2 if length < 220 else 3
    end, start = _end_class(words[-1]), _start_class(words[0][0])
    pattern = name_line(text, plain) if length <= LONGEST else name_long_line(text)
    function_bin = bisect_right(_FUNCTION_FRACTIONS, function / used)
    return Shape(
        length,
        bisect_right(_LENGTHS, length),
        bisect_right(_WORDS, count),
        size,
        start,
        end,
        bisect_right(_FRACTIONS, capitals / used),
        function_bin,
        min(3, stops),
        pattern,
        _kind(pattern, size, start, end, count, capitals),
        length >= PROSE_LENGTH and function_bin >= 2 and pattern == 0,
        plain,
        frozenset([word for word in plain if len(word) >= _RARE and word not in functional])
        if length >= _TOPICAL_LENGTH
        else _NO_WORDS,
    )


def _end_class(word: str) -> int:
    last = word[-1]
    known = ENDS.get(last)
    if known == 9:
        return END_QUOTED_STOP if word[-2:-1] in {".", ",", "!", "?"} else 9
    if known == 1:
        return END_DOTS if word.endswith("...") else 1
    if known is not None:
        return known
    return END_LETTER if last.isalpha() else END_DIGIT if last.isdigit() else END_OTHER


def _start_class(first: str) -> int:
    if first.isalpha():
        return 1 if first.islower() else 0
    return STARTS.get(first, 3 if first.isdigit() else 7)


def _kind(pattern: int, size: int, start: int, end: int, count: int, capitals: int) -> int:
    """One of KINDS coarse classes, for neighbours to look at."""
    if pattern:
        return 10 + pattern
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
        return SHORT_CAPS if capitals == count else SHORT_OTHER
    return MIDDLE_STOP if stopped else MIDDLE_ASK if end in {2, 3} else MIDDLE_OPEN


_NOTHING = Shape(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, SHORT_CAPS, False, (), _NO_WORDS)
DATED = frozenset({10 + NUMBER["date"], 10 + NUMBER["byline"], 10 + NUMBER["byline-date"]})
