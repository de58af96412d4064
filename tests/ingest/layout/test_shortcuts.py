"""Shortcuts taken for speed give what the long way gives."""

import random
from itertools import pairwise, product
from pathlib import Path

import pytest

from newsroom.ingest.layout.decode import decode
from newsroom.ingest.layout.lines import read_lines
from newsroom.ingest.layout.model import Model, moves_of
from newsroom.ingest.layout.patterns import LONGEST, NAMES, PATTERNS, name_line
from newsroom.ingest.layout.shape import shape_of
from newsroom.ingest.layout.states import COUNT

CASES = sorted((Path(__file__).parent / "cases").glob("*.txt"))
TEXTS = {line.text for case in CASES for line in read_lines(case.read_text(encoding="utf-8"))}
NAVIGATION = [
    "Homepage",
    "Subscribers only",
    "Sign-up",
    "Login",
    "By Ada Fenn",
    "Loading",
    "Share this",
    "In pictures: a fair",
]


def long_way(text: str) -> int:
    """The number of the first pattern that matches, or 0."""
    return next((number for number, pattern in enumerate(PATTERNS, start=1) if pattern.matches(text)), 0)


def test_a_line_let_go_unread_matches_no_pattern() -> None:
    texts = [text for text in {*TEXTS, *NAVIGATION} if len(text) <= LONGEST]
    assert len(texts) > 200
    short_way = {text: name_line(text, shape_of(read_lines(text)[0]).words) for text in texts}
    assert {text: NAMES[long_way(text) - 1] for text in texts if short_way[text] != long_way(text)} == {}


@pytest.mark.parametrize("seed", range(20))
def test_the_path_is_the_best_of_all_paths(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a test wants the same numbers each time
    rows = [[chance.randrange(-300, 300) for _ in range(COUNT)] for _ in range(COUNT)]
    first = [chance.randrange(-300, 300) for _ in range(COUNT)]
    # Three states within the beam at each line, the others far below it.
    likely = [chance.sample(range(COUNT), 3) for _ in range(6)]
    emissions = [
        tuple(chance.randrange(-200, 200) if state in states else -5000 for state in range(COUNT)) for states in likely
    ]

    def score(path: tuple[int, ...]) -> int:
        moves = sum(rows[before][after] for before, after in pairwise(path))
        return first[path[0]] + moves + sum(emissions[line][state] for line, state in enumerate(path))

    found = decode(emissions, [0] * 6, Model([], {}, [moves_of(rows)], first))
    assert score(tuple(one.state for one in found)) == max(map(score, product(*likely)))
