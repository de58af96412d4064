"""Shortcuts taken for speed give what the long way gives."""

import random
import re
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from newsroom.ingest.layout.crossing import Crossing
from newsroom.ingest.layout.decode import decode
from newsroom.ingest.layout.features import COLUMNS, FITTED, FOLDED
from newsroom.ingest.layout.lexicon import Lexicon, word_keys
from newsroom.ingest.layout.lines import read_lines
from newsroom.ingest.layout.measures import measure
from newsroom.ingest.layout.model import Model, packed, parted
from newsroom.ingest.layout.patterns import LONGEST, NAMES, PATTERNS
from newsroom.ingest.layout.shape import HEAD, MARKS
from newsroom.ingest.layout.states import COUNT
from newsroom.ingest.layout.words import rows_of, words_of

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


ODD_WORDS = [
    "“İstanbul” O'Brien S.O.S. McAda 3D É Éa ÉA 1 A",
    "K KaK xKx ½ ... .. — “” (a) [B] ǅa ǄA ſ",
    "a\x00 \x00a b ÖL Öl öl ΣΑΣ Straße ﬁ",
    "editors' editors Reply/Like ©2025 U+1F6A2 🚢 ►x",
    "\ud800 x",
]


def long_way(text: str) -> int:
    """The number of the first pattern that matches, or 0."""
    return next((number for number, pattern in enumerate(PATTERNS, start=1) if pattern.matches(text)), 0)


def test_a_line_let_go_unread_matches_no_pattern() -> None:
    texts = [text for text in {*TEXTS, *NAVIGATION} if len(text) <= LONGEST]
    assert len(texts) > 200
    short_way = {text: measure(read_lines(text)).shapes[0].pattern for text in texts}
    assert {text: NAMES[long_way(text) - 1] for text in texts if short_way[text] != long_way(text)} == {}


def test_words_looked_at_all_at_once_are_what_they_are_one_by_one() -> None:
    heads = [text.split(" ")[:HEAD] for text in [*sorted(TEXTS), *ODD_WORDS]]
    found = words_of([" ".join(head) for head in heads])
    plain = [[word.lower().strip(MARKS) for word in head] for head in heads]
    assert found.keys == [" ".join(words) for words in plain]
    assert found.counts.tolist() == [len(head) for head in heads]
    assert found.capitals.tolist() == [sum(word.istitle() + word.isupper() for word in head) for head in heads]
    assert found.stops.tolist() == [sum(word[-1] in ".?!" for word in head) for head in heads]
    flat = [word for words in plain for word in words]
    assert len(set(found.hashes.tolist())) == len(set(flat)) == len(set(zip(found.hashes.tolist(), flat, strict=True)))
    rows = dict(zip(["the", "said", "reply"], rows_of(["the", "said", "reply"]), strict=True))
    assert {word: row for word, row in zip(flat, found.rows.tolist(), strict=True) if word in rows} == {
        word: row for word, row in rows.items() if word in flat
    }


def test_words_of_a_large_text_are_those_of_its_parts() -> None:
    texts = sorted(TEXTS)
    once, often = words_of(texts), words_of(texts * 20)
    assert sum(map(len, texts)) * 20 > 1 << 17
    assert often.keys == once.keys * 20
    assert often.hashes.tolist() == once.hashes.tolist() * 20
    assert often.ends.tolist() == np.cumsum(once.counts.tolist() * 20).tolist()
    assert often.starts.tolist() == (often.ends - often.counts).tolist()


def test_patterns_are_written_in_lower_case_where_they_are_tried_in_lower_case() -> None:
    # Behind a backslash a capital is no letter: \W.
    starts = [re.sub(r"\\[A-Z]", "", pattern.start) for pattern in PATTERNS]
    assert [start for start in starts if start != start.lower()] == []
    assert [hint for pattern in PATTERNS for hint in pattern.hints if hint != hint.lower()] == []


def test_tables_give_each_line_what_the_blocks_that_they_fold_give() -> None:
    numbers = np.random.default_rng(7)
    weights = numbers.integers(-300, 300, (FITTED.total, COUNT), np.int32)
    columns = np.stack([numbers.integers(0, size, 50, np.int32) for size in COLUMNS.values()])
    blocks = weights[FITTED.numbers(columns)].sum(axis=0)
    tables = FOLDED.fold(weights, FITTED)[FOLDED.numbers(columns)].sum(axis=0)
    assert (blocks == tables).all()


def test_feature_numbers_of_a_block_count_its_last_column_fastest() -> None:
    crossing = Crossing({"a": 2, "b": 3}, [("b",), ("a", "b")])
    found = crossing.numbers(np.array([[1], [2]], np.int32))
    assert sorted(found[:, 0].tolist()) == [2, 3 + 1 * 3 + 2]


def test_word_features_are_those_of_the_keys_that_are_fitted() -> None:
    seen = measure(read_lines("\n".join(sorted(TEXTS)[:400])))
    keys = [set(word_keys(shape)) for shape in seen.shapes]
    # Every second key is a feature.
    known = {key: number for number, key in enumerate(sorted(set.union(*keys))[::2], start=1)}
    places: dict[str, dict[str, int]] = {place: {} for place in "sfel"}
    for key, number in known.items():
        place, _, word = key.partition(":")
        places[place][word] = number
    at = Lexicon(places).places(seen.words)
    lines = np.arange(len(keys))
    found = [
        pair
        for owners, numbers in (
            (lines.repeat(at.bounds[1:] - at.bounds[:-1]), at.inside),
            (lines, at.first),
            (lines, at.last),
        )
        for pair in zip(owners.tolist(), numbers.tolist(), strict=True)
        if pair[1]
    ]
    assert len(found) == len(set(found))
    assert set(found) == {(line, known[key]) for line, own in enumerate(keys) for key in own if key in known}


def test_scores_that_share_a_number_are_added_up_as_if_they_did_not() -> None:
    numbers = np.random.default_rng(3)
    scores = numbers.integers(-300, 300, (60, COUNT), np.int32)
    assert (parted(packed(scores).sum(axis=0, keepdims=True))[:, :COUNT] == scores.sum(axis=0)).all()


def model_of(moves: NDArray[np.int64], first: NDArray[np.int64]) -> Model:
    """A model that has nothing but moves."""
    places: dict[str, dict[str, int]] = {place: {} for place in "sfel"}
    nothing = np.zeros((FITTED.total, COUNT), np.int32)
    return Model.of(nothing, nothing[:1], places, moves[None].astype(np.int32), first.astype(np.int32))


@pytest.mark.parametrize("seed", range(60))
def test_the_path_is_the_best_of_all_paths(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a test wants the same numbers each time
    rows = [[chance.randrange(-90, 90) for _ in range(COUNT)] for _ in range(COUNT)]
    first = [chance.randrange(-300, 300) for _ in range(COUNT)]
    # Three states within the beam at each line, the others far below it; some of the three far apart, so that one can make up for no move.
    likely = [chance.sample(range(COUNT), 3) for _ in range(6)]
    emissions = [
        tuple(
            chance.choice((-280, 0, 280)) + chance.randrange(-20, 20) if state in states else -5000
            for state in range(COUNT)
        )
        for states in likely
    ]

    def score(path: tuple[int, ...]) -> int:
        moves = sum(rows[before][after] for before, after in pairwise(path))
        return first[path[0]] + moves + sum(emissions[line][state] for line, state in enumerate(path))

    found = decode(np.array(emissions, np.int32), np.zeros(6, np.int64), model_of(np.array(rows), np.array(first)))
    assert score(tuple(found.states)) == max(map(score, product(*likely)))
    assert all(0 < confidence <= 1 for confidence in found.confidences)


@pytest.mark.parametrize("seed", range(20))
def test_a_long_path_is_the_one_found_line_by_line_whether_its_lines_are_foreseen_or_not(seed: int) -> None:
    chance = np.random.default_rng(seed)
    moves = chance.integers(-60, 60, (COUNT, COUNT))
    first = chance.integers(-200, 200, COUNT)
    # Stretches where one state stands out take turns with such where several are near one another.
    emissions = chance.integers(-500, 0, (120, COUNT)) * np.where(np.arange(120) // 10 % 2, 1, 5)[:, None]
    scores, origins = emissions[0] + first, []
    for own in emissions[1:]:
        reached = scores[:, None] + moves
        origins.append(reached.argmax(axis=0))
        scores = reached.max(axis=0) + own
    path = [int(scores.argmax())]
    for origin in reversed(origins):
        path.append(int(origin[path[-1]]))
    # The beam leaves out what is six nats below; no such state is on a best path here.
    assert (
        decode(emissions.astype(np.int32), np.zeros(len(emissions), np.int64), model_of(moves, first)).states
        == path[::-1]
    )
