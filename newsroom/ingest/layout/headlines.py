"""Which line is the headline of an article, once its body is known: a ranking of the lines above the first paragraph.

The sequence model looks at a line and its neighbours; a headline is told by comparison (it shares most words with the story, is printed
twice, is the longest line about). A linear scorer over classes of such measures, trained with a softmax over the candidates.
"""

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from newsroom.ingest.layout import states as st
from newsroom.ingest.layout.lines import Line
from newsroom.ingest.layout.patterns import NAMES
from newsroom.ingest.layout.shape import (
    DATED,
    END_CLASSES,
    FRACTION_BINS,
    FUNCTION_BINS,
    LENGTH_BINS,
    START_CLASSES,
    WORD_BINS,
    Shape,
)

_WINDOW = 90
_PAST = 3
_FIRST_PARAGRAPHS = 6
_KEY = 36
_DISTANCES = (0, 1, 2, 3, 4, 6, 9, 13, 21, 41)
_SHARES = (0.001, 0.15, 0.3, 0.45, 0.6, 0.8)
_FREQUENT = (0.05, 0.3, 0.7, 1.2, 1.8, 2.5)
_LEADS = (-60, -30, -10, 0, 10, 30)
_MARGINS = (-1200, -800, -500, -300, -150, 0, 200)
_RANKS = 5
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
    ("shared", 7),
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
)
_AT: dict[str, int] = {}
TOTAL = 0
for _name, _size in BLOCKS:
    _AT[_name] = TOTAL
    TOTAL += _size


class Candidate(NamedTuple):
    """A line that may be the headline (-1: there is none) and its features."""

    line: int
    features: list[int]


class Page(NamedTuple):
    """What the ranking looks at: the lines, their shapes, the first pass' scores and states."""

    lines: Sequence[Line]
    shapes: Sequence[Shape]
    emissions: Sequence[st.Emission]
    states: Sequence[int]


def candidates(page: Page, above: int, body: list[int]) -> list[Candidate]:
    """The candidates for the article whose body is these lines; none lies above line `above`. The first is "none"."""
    shapes = page.shapes
    first = body[0]
    stop = min(len(shapes), first + _PAST)
    start = max(above, first - _WINDOW)
    numbers = [n for n in range(start, stop) if 10 <= shapes[n].length <= 260 and 2 <= len(shapes[n].words) <= 40]
    opening: set[str] = set().union(*(shapes[n].topical for n in body[:_FIRST_PARAGRAPHS]))
    counts: dict[str, int] = {}
    for number in body[:40]:
        for word in shapes[number].topical:
            counts[word] = counts.get(word, 0) + 1
    printed = _printed(page, max(0, first - 2 * _WINDOW), stop)
    content = {n: shapes[n].topical for n in numbers}
    inside = set(body)
    shares = {n: len(content[n] & opening) / len(content[n]) if content[n] else 0.0 for n in numbers}
    frequent = {n: _frequency(content[n], counts, n in inside) for n in numbers}
    margins = {n: _margin(page.emissions[n]) for n in numbers}
    ranks = [
        _ranked(numbers, [shares[n] for n in numbers]),
        _ranked(numbers, [frequent[n] for n in numbers]),
        _ranked(numbers, [float(shapes[n].length) for n in numbers]),
        _ranked(numbers, [float(margins[n]) for n in numbers]),
    ]
    headed = any(page.states[n] == st.HEADLINE for n in numbers)
    found = [Candidate(-1, [_AT["none"] + headed])]
    for place, number in enumerate(numbers):
        shape = shapes[number]
        common = len(content[number] & opening)
        places = printed.get(_key(shape), [number])
        found.append(
            Candidate(
                number,
                [
                    *_own(shape),
                    *_around(page, number, stop),
                    _AT["distance"] + bisect_right(_DISTANCES, first - number - 1),
                    _AT["candidates between"] + bisect_right(_DISTANCES, len(numbers) - place - 1),
                    _AT["share"] + bisect_right(_SHARES, shares[number]),
                    _AT["shared"] + min(6, common),
                    _AT["frequent"] + bisect_right(_FREQUENT, frequent[number]),
                    _AT["share rank"] + ranks[0][number],
                    _AT["frequent rank"] + ranks[1][number],
                    _AT["length rank"] + ranks[2][number],
                    _AT["margin rank"] + ranks[3][number],
                    _AT["margin"] + bisect_right(_MARGINS, margins[number]),
                    _AT["state"] + page.states[number],
                    _AT["printed again"] + min(3, len(places) - 1),
                    _AT["printed above"] + (places[0] < number),
                    _AT["printed below"] + (places[-1] > number),
                ],
            )
        )
    return found


def choose(found: list[Candidate], weights: list[int]) -> int:
    """The line of the best candidate, or -1."""
    return max(found, key=lambda candidate: sum(map(weights.__getitem__, candidate.features))).line


def _own(shape: Shape) -> list[int]:
    return [
        _AT["length"] + shape.length_bin,
        _AT["words"] + shape.word_bin,
        _AT["capitals"] + shape.capitals,
        _AT["end"] + shape.end,
        _AT["start"] + shape.start,
        _AT["function words"] + shape.function,
        _AT["pattern"] + shape.pattern,
    ]


def _around(page: Page, number: int, stop: int) -> list[int]:
    shapes, lines = page.shapes, page.lines
    count = len(shapes)
    signed = [number + step < count and shapes[number + step].kind in DATED for step in (1, 2, 3)]
    signed_above = [number >= step and shapes[number - step].kind in DATED for step in (1, 2)]
    near = [shapes[n].length for n in range(max(0, number - 3), min(stop, number + 4)) if n != number]
    after = min(2, lines[number + 1].blanks) if number + 1 < count else 2
    return [
        _AT["blanks"] + min(2, lines[number].blanks) * 3 + after,
        _AT["signed"] + signed[0] * 4 + signed[1] * 2 + signed[2],
        _AT["signed above"] + signed_above[0] * 2 + signed_above[1],
        _AT["line above"] + (shapes[number - 1].pattern if number else 0),
        _AT["line below"] + (shapes[number + 1].pattern if number + 1 < count else 0),
        _AT["length above"] + (shapes[number - 1].length_bin if number else LENGTH_BINS),
        _AT["length below"] + (shapes[number + 1].length_bin if number + 1 < count else LENGTH_BINS),
        _AT["lead"] + bisect_right(_LEADS, shapes[number].length - max(near, default=0)),
    ]


def _key(shape: Shape) -> str:
    return " ".join(shape.words[:12])[:_KEY]


def _printed(page: Page, start: int, stop: int) -> dict[str, list[int]]:
    """Lines that open with the same words, such as a page title and the headline that it repeats."""
    places: dict[str, list[int]] = {}
    for number in range(start, stop):
        if page.shapes[number].length > 15:
            places.setdefault(_key(page.shapes[number]), []).append(number)
    return places


def _frequency(words: frozenset[str], counts: dict[str, int], inside: bool) -> float:
    return sum(min(4, counts.get(word, 0) - inside) for word in words) / len(words) if words else 0.0


def _margin(emission: st.Emission) -> int:
    return emission[st.HEADLINE] - max(emission[: st.HEADLINE] + emission[st.HEADLINE + 1 :])


def _ranked(numbers: list[int], values: list[float]) -> dict[int, int]:
    order = sorted(range(len(numbers)), key=lambda place: (-values[place], -numbers[place]))
    return {numbers[place]: min(rank, _RANKS - 1) for rank, place in enumerate(order)}
