"""Which line is the headline of an article, once its body is known: a ranking of the lines above the first paragraph.

The sequence model looks at a line and its neighbours; a headline is told by comparison (it shares most words with the story, is printed
twice, is the longest line about). A linear scorer over classes of such measures, trained with a softmax over the candidates.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import permutations
from typing import NamedTuple

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
from newsroom.ingest.layout.topics import Topics

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
_OFFSETS = np.array([_AT[name] for name, _ in BLOCKS if name != "none"])[:, None]
_SHORTEST, _LONGEST, _FEWEST_WORDS, _MOST_WORDS = 10, 260, 2, 40
_COUNTED_PARAGRAPHS, _COUNTED = 40, 4
_PRINTED_LENGTH = 15
_PATH = re.compile(r"home|start|.*[»›>/|]")
_LEAST = np.iinfo(np.int32).min
# So many lines above and below a candidate are looked at.
_NEAR = 3
_BESIDE = np.arange(2 * _NEAR + 1)[:, None]
_OTHERS = [place for place in range(2 * _NEAR + 1) if place != _NEAR]
_PLACES = np.arange(_RANKS)
_NEXT = np.array((-1, 0, 1))[:, None]


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
    numbers = _without_crumbs(page, _possible(page, max(above, first - _WINDOW), stop))
    headed = any(page.states[n] == st.HEADLINE for n in numbers)
    features = np.full((len(numbers) + 1, len(BLOCKS) - 1), PADDING)
    features[0, 0] = _AT["none"] + headed
    if numbers:
        features[1:] = (_columns(page, body, numbers, stop) + _OFFSETS).T
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
    texts = [(number, page.lines.text[number].casefold()) for number in numbers]
    tails = [text[-_PRINTED_LENGTH:] for _, text in texts]
    # Mostly no two lines end alike.
    if len(set(tails)) == len(tails):
        return numbers
    alike: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for tail, (number, text) in zip(tails, texts, strict=True):
        if len(text) > _PRINTED_LENGTH:
            alike[tail].append((number, text))
    crumbs = {
        number
        for lines in alike.values()
        for (number, text), (_, other) in permutations(lines, 2)
        if text.endswith(other) and _PATH.match(text, 0, len(text) - len(other))
    }
    return [number for number in numbers if number not in crumbs]


def _columns(page: Page, body: list[int], numbers: list[int], stop: int) -> NDArray[np.int64]:
    """The classes of the candidates (columns) for each block but the first (rows)."""
    own, topics, first = page.seen.own, page.seen.topics, body[0]
    at = np.array(numbers)
    sizes = np.maximum(topics.sizes.take(at), 1)
    shared, uses = _uses(topics, body, at)
    shares, frequent = shared / sizes, uses / sizes
    states, margins = _beside(page, at)
    return np.concatenate(
        (
            _DISTANCES.searchsorted(first - 1 - at, "right"),
            _DISTANCES.searchsorted(np.arange(len(at) - 1, -1, -1), "right"),
            own.length.take(at),
            own.words.take(at),
            own.capitals.take(at),
            own.end.take(at),
            own.start.take(at),
            own.function.take(at),
            own.pattern.take(at),
            _SHARES.searchsorted(shares, "right"),
            np.minimum(shared, _SHARED_BINS - 1),
            _FREQUENT.searchsorted(frequent, "right"),
            _ranks(np.concatenate((shares, frequent, own.lengths[at], margins[1])).reshape(4, -1)),
            _MARGINS.searchsorted(margins[1], "right"),
            states[1],
            *_printed(page, numbers, max(0, first - 2 * _WINDOW), stop),
            *_around(own, at, stop),
            states[0],
            states[2],
            *np.where(states[::2] == st.COUNT, len(_MARGINS) + 1, _MARGINS.searchsorted(margins[::2], "right")),
        ),
        axis=None,
    ).reshape(len(BLOCKS) - 1, -1)


def _beside(page: Page, at: Column) -> tuple[Column, Column]:
    """The states of the lines above the candidates, of these, and of those below (`COUNT` beyond the page), and how much more the
    first pass takes each for a headline than for anything else.
    """
    near = at + _NEXT
    outside = (near < 0) | (near >= len(page.states))
    near[outside] = 0
    scores = page.emissions[near]
    headline = scores[:, :, st.HEADLINE].copy()
    scores[:, :, st.HEADLINE] = _LEAST
    states = np.asarray(page.states)[near]
    states[outside] = st.COUNT
    return states, headline - scores.max(axis=2)


def _around(own: Measures, at: Column, stop: int) -> tuple[Column, ...]:
    """The blocks from "blanks" on: the lines above and below each candidate."""
    count = len(own.length)
    # As many lines beyond either end as are looked at; those say nothing, but for their length.
    columns = np.zeros((4, count + 2 * _NEAR), np.int64)
    within = columns[:, _NEAR:-_NEAR]
    columns[2] = LENGTH_BINS
    within[0], within[1], within[2], within[3] = own.dated, own.pattern, own.length, own.lengths
    within[3, stop:] = 0
    dated, pattern, length, lengths = columns[:, at + _BESIDE]
    return (
        own.blanks[at] * 3 + own.blanks[at + 1],
        dated[_NEAR + 1] * 4 + dated[_NEAR + 2] * 2 + dated[_NEAR + 3],
        dated[_NEAR - 1] * 2 + dated[_NEAR - 2],
        pattern[_NEAR - 1],
        pattern[_NEAR + 1],
        length[_NEAR - 1],
        length[_NEAR + 1],
        _LEADS.searchsorted(own.lengths[at] - lengths[_OTHERS].max(axis=0), "right"),
    )


def _uses(topics: Topics, body: list[int], at: Column) -> tuple[Column, Column]:
    """For each candidate: how many of its words the first paragraphs use; how many paragraphs, at most `_COUNTED`, use each of its words,
    in sum. A candidate in the body does not count itself.
    """
    first, counts = topics.uses(body[:_FIRST_PARAGRAPHS]), topics.uses(body[:_COUNTED_PARAGRAPHS])
    shared, outside, inside = topics.totals(
        np.minimum(first, 1), np.minimum(counts, _COUNTED), np.minimum(counts, _COUNTED + 1)
    )
    paragraphs = np.zeros(len(topics.sizes), np.bool_)
    paragraphs[body] = True
    return shared.take(at), np.where(paragraphs, inside - topics.sizes, outside).take(at)


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


def _ranks(values: NDArray[np.float64]) -> Column:
    """The rank of each value in its row, the greatest first and the lower line before the upper one, at most `_RANKS` - 1."""
    rows, count = values.shape
    order = count - 1 - (-values[:, ::-1]).argsort(axis=1, kind="stable")
    ranks = np.empty((rows, count), np.int64)
    ranks[np.arange(rows)[:, None], order] = _PLACES.take(np.arange(count), mode="clip")
    return ranks
