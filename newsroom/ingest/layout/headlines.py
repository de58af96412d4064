"""Which line is the headline of an article, once its body is known: a ranking of the lines above the first paragraph.

The sequence model looks at a line and its neighbours; a headline is told by comparison (it shares most words with the story, is printed
twice, is the longest line about). A linear scorer over classes of such measures, trained with a softmax over the candidates.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import permutations
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from newsroom.ingest.layout import states as st
from newsroom.ingest.layout.columns import Column
from newsroom.ingest.layout.lines import Lines
from newsroom.ingest.layout.measures import Measured, Measures
from newsroom.ingest.layout.patterns import NAMES
from newsroom.ingest.layout.shape import (
    END_CLASSES,
    FRACTION_BINS,
    FUNCTION_BINS,
    LENGTH_BINS,
    START_CLASSES,
    WORD_BINS,
    Shapes,
)
from newsroom.ingest.layout.topics import Topics, limits

_WINDOW = 90
_PAST = 3
_FIRST_PARAGRAPHS = 6
_KEY = 36
_DISTANCES = np.array((0, 1, 2, 3, 4, 6, 9, 13, 21, 41))
_SHARES = np.array((0.001, 0.15, 0.3, 0.45, 0.6, 0.8))
_FREQUENT = np.array((0.05, 0.3, 0.7, 1.2, 1.8, 2.5))
_LEADS = np.array((-60, -30, -10, 0, 10, 30))
_MARGINS = np.array((-1200, -800, -500, -300, -150, 0, 200))
_RANKS = 5
_SHARED_BINS = 7
_PATTERNS = len(NAMES) + 1

BLOCKS: tuple[tuple[str, int], ...] = (
    ("none", 2),
    ("distance", len(_DISTANCES) + 1),
    ("candidates between", len(_DISTANCES) + 1),
    ("length", LENGTH_BINS),
    ("words", WORD_BINS),
    ("capitals", FRACTION_BINS),
    ("end", END_CLASSES),
    ("start", START_CLASSES),
    ("function words", FUNCTION_BINS),
    ("pattern", _PATTERNS),
    ("share", len(_SHARES) + 1),
    ("shared", _SHARED_BINS),
    ("frequent", len(_FREQUENT) + 1),
    ("share rank", _RANKS),
    ("frequent rank", _RANKS),
    ("length rank", _RANKS),
    ("margin rank", _RANKS),
    ("margin", len(_MARGINS) + 1),
    ("state", st.COUNT),
    ("printed again", 4),
    ("printed above", 2),
    ("printed below", 2),
    ("blanks", 9),
    ("signed", 8),
    ("signed above", 4),
    ("line above", _PATTERNS),
    ("line below", _PATTERNS),
    ("length above", LENGTH_BINS + 1),
    ("length below", LENGTH_BINS + 1),
    ("lead", len(_LEADS) + 1),
    ("state above", st.COUNT + 1),
    ("state below", st.COUNT + 1),
    ("margin above", len(_MARGINS) + 2),
    ("margin below", len(_MARGINS) + 2),
)
_AT: dict[str, int] = {}
TOTAL = 0
for _name, _size in BLOCKS:
    _AT[_name] = TOTAL
    TOTAL += _size


# The number of no feature: fills the row of "no headline", and counts for nothing.
PADDING = TOTAL
# In the order in which the features are worked out: those that a line has by where it stands, those that it has among the candidates.
_OF_LINES = (
    "distance",
    "length",
    "words",
    "capitals",
    "end",
    "start",
    "function words",
    "pattern",
    "share",
    "shared",
    "frequent",
    "margin",
    "state",
    "state above",
    "state below",
    "margin above",
    "margin below",
    "blanks",
    "signed",
    "signed above",
    "line above",
    "line below",
    "length above",
    "length below",
    "lead",
)
_OF_CANDIDATES = (
    "candidates between",
    "share rank",
    "frequent rank",
    "length rank",
    "margin rank",
    "printed again",
    "printed above",
    "printed below",
)
_OFFSETS = np.array([_AT[name] for name in (*_OF_LINES, *_OF_CANDIDATES)])[:, None]
_SHORTEST, _LONGEST, _FEWEST_WORDS, _MOST_WORDS = 10, 260, 2, 40
_COUNTED_PARAGRAPHS, _COUNTED = 40, 4
_USED_FIRST, _USED = limits(1), limits(0, _COUNTED, _COUNTED + 1)
_PRINTED_LENGTH = 15
_PATH = re.compile(r"home|start|.*[»›>/|]")
# So many lines above and below a candidate are looked at.
_NEAR = 3
_PLACES = np.arange(_RANKS)


class Candidates(NamedTuple):
    """The lines that may be the headline, the first of them -1 for "there is none", and the features of each (rows)."""

    lines: list[int]
    features: NDArray[np.int64]


class Page(NamedTuple):
    """What the ranking looks at: the lines and their measures, the first pass' scores and states."""

    lines: Lines
    seen: Measured
    emissions: st.Emissions
    states: Sequence[int]

    @property
    def shapes(self) -> Shapes:
        """The shapes of the lines."""
        return self.seen.shapes


def weights_of(ranking: Sequence[int]) -> Column:
    """The weights as `choose` wants them, from those of the features."""
    return np.array([*ranking, 0])


def candidates(page: Page, above: int, body: list[int]) -> Candidates:
    """The candidates for the article whose body is these lines; none lies above line `above`. The first is "none"."""
    first = body[0]
    stop = min(len(page.shapes), first + _PAST)
    start = max(above, first - _WINDOW)
    numbers = _without_crumbs(page, _possible(page, start, stop))
    headed = any(page.states[n] == st.HEADLINE for n in numbers)
    features = np.full((len(numbers) + 1, len(BLOCKS) - 1), PADDING)
    features[0, 0] = _AT["none"] + headed
    if numbers:
        features[1:] = (_columns(page, body, numbers, start, stop) + _OFFSETS).T
    return Candidates([-1, *numbers], features)


def choose(found: Candidates, weights: Column) -> int:
    """The line of the best candidate, or -1."""
    return found.lines[int(weights[found.features].sum(axis=1).argmax())]


def _possible(page: Page, start: int, stop: int) -> list[int]:
    """The lines in between that are as long as headlines are."""
    lengths, many = page.shapes.length[start:stop], page.shapes.many[start:stop]
    return [
        number
        for number, length, words in zip(range(start, stop), lengths, many, strict=True)
        if _SHORTEST <= length <= _LONGEST and _FEWEST_WORDS <= words <= _MOST_WORDS
    ]


def _without_crumbs(page: Page, numbers: list[int]) -> list[int]:
    """The lines but for those that are another of them behind the path that leads to it ("Home » News » …")."""
    texts = page.lines.text
    # A letter may become two, but none becomes nothing.
    tails = [texts[number][-_PRINTED_LENGTH:].casefold()[-_PRINTED_LENGTH:] for number in numbers]
    # Mostly no two lines end alike.
    if len(set(tails)) == len(tails):
        return numbers
    alike: dict[str, list[int]] = defaultdict(list)
    for tail, number in zip(tails, numbers, strict=True):
        alike[tail].append(number)
    crumbs = {
        number
        for lines in alike.values()
        if len(lines) > 1
        for (number, text), (_, other) in permutations([(line, texts[line].casefold()) for line in lines], 2)
        if min(len(text), len(other)) > _PRINTED_LENGTH
        and text.endswith(other)
        and _PATH.match(text, 0, len(text) - len(other))
    }
    return [number for number in numbers if number not in crumbs]


def _columns(page: Page, body: list[int], numbers: list[int], start: int, stop: int) -> NDArray[np.int64]:
    """The classes of the candidates (columns), which lie from `start` on and before `stop`, for each block but the first (rows).

    What a line has by where it stands is worked out for all lines there: to take the candidates' out once is faster than to look each up.
    """
    own, topics, first, window = page.seen.own, page.seen.topics, body[0], slice(start, stop)
    at = np.array(numbers)
    sizes = np.maximum(topics.sizes[window], 1)
    shared, uses = (column[window] for column in _uses(topics, body))
    shares, frequent, lengths = shared / sizes, uses / sizes, own.lengths[window]
    states, margins = _judged(page, start, stop)
    classes = _MARGINS.searchsorted(margins, "right")
    beside = np.where(states == st.COUNT, len(_MARGINS) + 1, classes)
    lines = (
        _DISTANCES.searchsorted(np.arange(first - 1 - start, first - 1 - stop, -1), "right"),
        own.length[window],
        own.words[window],
        own.capitals[window],
        own.end[window],
        own.start[window],
        own.function[window],
        own.pattern[window],
        _SHARES.searchsorted(shares, "right"),
        np.minimum(shared, _SHARED_BINS - 1),
        _FREQUENT.searchsorted(frequent, "right"),
        classes[1:-1],
        states[1:-1],
        states[:-2],
        states[2:],
        beside[:-2],
        beside[2:],
        own.blanks[start:stop] * 3 + own.blanks[start + 1 : stop + 1],
        *_around(own, start, stop),
    )
    ranked = np.concatenate((shares, frequent, lengths, margins[1:-1])).reshape(4, -1).take(at - start, axis=1)
    return np.concatenate(
        (
            np.concatenate(lines).reshape(len(lines), -1).take(at - start, axis=1),
            _DISTANCES.searchsorted(np.arange(len(at) - 1, -1, -1), "right")[None],
            _ranks(ranked),
            _printed(page, numbers, max(0, first - 2 * _WINDOW), stop),
        )
    )


def _judged(page: Page, start: int, stop: int) -> tuple[Column, Column]:
    """The states of these lines, of the one above them and the one below (`COUNT` beyond the page), and how much more the first pass takes
    each for a headline than for anything else.
    """
    low, high = max(0, start - 1), min(len(page.states), stop + 1)
    inside = slice(low - start + 1, high - start + 1)
    states, margins = np.full(stop - start + 2, st.COUNT), np.zeros(stop - start + 2, np.int64)
    states[inside] = page.states[low:high]
    scores = page.emissions[low:high]
    # It is the first of the states.
    others = scores[:, st.HEADLINE + 1 :].T.copy()
    margins[inside] = scores[:, st.HEADLINE] - np.maximum.reduce(others)
    return states, margins


def _around(own: Measures, start: int, stop: int) -> tuple[Column, ...]:
    """The blocks from "signed" on: the lines above and below each of these."""
    # As many lines beyond either end of the page as are looked at; those say nothing, but for their length.
    count = stop - start
    columns = np.zeros((4, count + 2 * _NEAR), np.int64)
    dated, pattern, length, lengths = columns
    length[:] = LENGTH_BINS
    low, high = max(0, start - _NEAR), min(len(own.length), stop + _NEAR)
    inside = slice(low - start + _NEAR, high - start + _NEAR)
    dated[inside], pattern[inside], length[inside] = own.dated[low:high], own.pattern[low:high], own.length[low:high]
    lengths[inside] = own.lengths[low:high]
    lengths[_NEAR + count :] = 0
    longest = np.maximum(np.maximum(lengths[:-2], lengths[1:-1]), lengths[2:])

    def by(column: Column, lines: int) -> Column:
        return column[_NEAR + lines : _NEAR + lines + count]

    return (
        by(dated, 1) * 4 + by(dated, 2) * 2 + by(dated, 3),
        by(dated, -1) * 2 + by(dated, -2),
        by(pattern, -1),
        by(pattern, 1),
        by(length, -1),
        by(length, 1),
        _LEADS.searchsorted(by(lengths, 0) - np.maximum(by(longest, -3), by(longest, 1)), "right"),
    )


def _uses(topics: Topics, body: list[int]) -> tuple[NDArray[np.uint16], Column]:
    """For each line: how many of its words the first paragraphs use; how many paragraphs, at most `_COUNTED`, use each of its words, in sum.
    A line of the body does not count itself.
    """
    first, counts = topics.uses(body[:_FIRST_PARAGRAPHS]), topics.uses(body[:_COUNTED_PARAGRAPHS])
    shared, outside, inside, _ = topics.totals(_USED_FIRST.take(first, mode="clip") + _USED.take(counts, mode="clip"))
    paragraphs = np.zeros(len(topics.sizes), np.bool_)
    paragraphs[body] = True
    return shared, np.where(paragraphs, inside - topics.sizes, outside)


def _printed(page: Page, numbers: list[int], start: int, stop: int) -> NDArray[np.int64]:
    """For each candidate: how many other lines (at most 3) open with its words, such as a page title; whether one does above; below."""
    shapes = page.shapes
    lines = [n for n, length in enumerate(shapes.length[start:stop], start) if length > _PRINTED_LENGTH]
    keys = [shapes.key[number][:_KEY] for number in lines]
    last = dict(zip(keys, lines, strict=True))
    first = dict(zip(reversed(keys), reversed(lines), strict=True))
    found = np.zeros((3, len(numbers)), np.int64)
    for place, number in enumerate(numbers):
        key = shapes.key[number][:_KEY]
        top, bottom = first.get(key, number), last.get(key, number)
        # Most lines are the only ones to open so.
        if top != number or bottom != number:
            found[:, place] = min(3, max(0, keys.count(key) - 1)), top < number, bottom > number
    return found


def _ranks(values: NDArray[Any]) -> Column:
    """The rank of each value in its row, the greatest first and the lower line before the upper one, at most `_RANKS` - 1."""
    rows, count = values.shape
    order = count - 1 - (-values[:, ::-1]).argsort(axis=1, kind="stable")
    ranks = np.empty((rows, count), np.int64)
    ranks[np.arange(rows)[:, None], order] = _PLACES.take(np.arange(count), mode="clip")
    return ranks
