"""Sequences -> a fitted model: which words become features, the sparse matrix, and the model's text form."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import scipy.sparse  # type: ignore[import-untyped]

from newsroom.ingest.layout.features import TOTAL, featurise, spacing
from newsroom.ingest.layout.fit.crf import Array, Problem, fit, unpack
from newsroom.ingest.layout.fit.gold import Sequence
from newsroom.ingest.layout.lexicon import word_keys
from newsroom.ingest.layout.model import GAPS, SCALE, gap_class, render_model
from newsroom.ingest.layout.states import COUNT

FOLDS = 5
PENALTY = 1.0
ROUNDS = 120
# Real pages come in four renderings each: together they weigh as much as two pages; a composed dump as much as 0.4.
REAL_WEIGHT, COMPOSED_WEIGHT = 0.5, 0.4
# A word is a feature if it stands on the pages of this many sites (at its place; `l`: anywhere in a long line).
SITES, SITES_LONG = 6, 12


@dataclass
class Example:
    """A sequence with its features and word keys."""

    sequence: Sequence
    features: list[list[int]]
    keys: list[list[str]]
    gaps: list[int]

    @property
    def real(self) -> bool:
        return ":" in self.sequence.name


def example(sequence: Sequence) -> Example:
    """Compute the features of a sequence."""
    mode = spacing(sequence.lines)
    rows = list(featurise(sequence.lines))
    return Example(
        sequence,
        [features for _, features in rows],
        [word_keys(shape) for shape, _ in rows],
        [gap_class(line.blanks, mode) for line in sequence.lines],
    )


def fold_of(group: str) -> int:
    """Deterministic fold of a site or dump."""
    return int(hashlib.sha256(group.encode()).hexdigest(), 16) % FOLDS


def choose_words(examples: Iterable[Example]) -> dict[str, int]:
    """Feature numbers for the words that many sites print."""
    sites: dict[str, set[str]] = defaultdict(set)
    for one in examples:
        if one.real:
            for keys in one.keys:
                for key in keys:
                    sites[key].add(one.sequence.group)
    kept = sorted(key for key, where in sites.items() if len(where) >= (SITES_LONG if key[0] == "l" else SITES))
    return {key: number for number, key in enumerate(kept, start=TOTAL)}


def problem_of(examples: list[Example], lexicon: dict[str, int]) -> Problem:
    """The training problem in matrix form."""
    columns: list[int] = []
    ends = [0]
    allowed = np.zeros((sum(len(one.features) for one in examples), COUNT), dtype=np.bool_)
    row = 0
    for one in examples:
        for features, keys, states in zip(one.features, one.keys, one.sequence.allowed, strict=True):
            columns += features
            columns += [lexicon[key] for key in keys if key in lexicon]
            ends.append(len(columns))
            allowed[row, list(states)] = True
            row += 1
    matrix = scipy.sparse.csr_matrix(
        (np.ones(len(columns)), np.array(columns, dtype=np.int32), np.array(ends)), shape=(row, TOTAL + len(lexicon))
    )
    gaps = np.array([gap for one in examples for gap in one.gaps])
    weights = np.array([REAL_WEIGHT if one.real else COMPOSED_WEIGHT for one in examples])
    return Problem(matrix, allowed, gaps, [len(one.features) for one in examples], weights, GAPS)


def train(examples: list[Example], provenance: list[str], rounds: int = ROUNDS) -> str:
    """Fit and return the model in its text form."""
    lexicon = choose_words(examples)
    theta = fit(problem_of(examples, lexicon), PENALTY, rounds)
    return _rendered(theta, lexicon, provenance)


def _rendered(theta: Array, lexicon: dict[str, int], provenance: list[str]) -> str:
    found = unpack(theta, TOTAL + len(lexicon), GAPS)
    emit: list[list[int]] = np.rint(found.emit * SCALE).astype(int).tolist()
    moves: list[list[list[int]]] = np.rint(found.move * SCALE).astype(int).tolist()
    first: list[int] = np.rint(found.first * SCALE).astype(int).tolist()
    weights = {number: vector for number, vector in enumerate(emit[:TOTAL]) if any(vector)}
    words = {key: emit[number] for key, number in lexicon.items() if any(emit[number])}
    return render_model(weights, words, moves, first, provenance)
