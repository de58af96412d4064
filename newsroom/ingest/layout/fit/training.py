"""Sequences -> a fitted model: which words become features, the sparse matrix, and the model's text form."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import scipy.sparse

from newsroom.ingest.layout import FirstPass
from newsroom.ingest.layout.articles import find_articles
from newsroom.ingest.layout.features import FITTED, TOTAL, columns_of, spacing
from newsroom.ingest.layout.fit.crf import Problem, fit, unpack
from newsroom.ingest.layout.fit.gold import Sequence, cut_outs
from newsroom.ingest.layout.fit.ranking import Choice
from newsroom.ingest.layout.headlines import Page, candidates
from newsroom.ingest.layout.kinds import PAGE, STORY, kind_of
from newsroom.ingest.layout.lexicon import word_keys
from newsroom.ingest.layout.lines import Lines
from newsroom.ingest.layout.measures import measure
from newsroom.ingest.layout.model import GAPS, gap_classes, render_model
from newsroom.ingest.layout.states import COUNT, HEADLINE, SCALE

FOLDS = 5
_CUT_SOURCES = {"", "innertext", "soup"}
# The L2 penalty and the most rounds of L-BFGS, chosen by cross-validation.
PENALTIES = {STORY: 1.0, PAGE: 6.0}
ROUNDS = {STORY: 100, PAGE: 55}
# Real pages come in four renderings each: together they weigh as much as two composed dumps.
REAL_WEIGHT, COMPOSED_WEIGHT = 0.5, 1.0
# A word is a feature if it stands on the pages of this many sites (at its place; `l`: anywhere in a long line).
SITES, SITES_LONG = 6, 12


@dataclass
class Example:
    """A sequence with its features and word keys."""

    sequence: Sequence
    kind: str
    features: list[list[int]]
    keys: list[list[str]]
    gaps: list[int]

    @property
    def real(self) -> bool:
        return ":" in self.sequence.name

    @property
    def source(self) -> str:
        """The rendering of a real page, or '' for a composed dump."""
        return self.sequence.name.partition(":")[2]


def example(sequence: Sequence) -> Example:
    """Compute the features of a sequence."""
    lines = Lines.of(sequence.lines)
    mode, seen = spacing(lines.blanks), measure(lines)
    return Example(
        sequence,
        kind_of(seen.own.lengths),
        FITTED.numbers(columns_of(seen, mode)).T.tolist(),
        [word_keys(shape) for shape in seen.shapes],
        gap_classes(seen.own.blanks[:-1], mode).tolist(),
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


def train(examples: list[Example], kind: str) -> list[str]:
    """Fit the sequence model of one kind of dump; returns its section of the model file."""
    chosen = [one for one in examples if one.kind == kind]
    if kind == STORY:
        shorter = (example(cut) for one in examples if one.source in _CUT_SOURCES for cut in cut_outs(one.sequence))
        chosen += [one for one in shorter if one.kind == STORY and one.features]
    lexicon = choose_words(examples)
    theta = fit(problem_of(chosen, lexicon), PENALTIES[kind], ROUNDS[kind])
    found = unpack(theta, TOTAL + len(lexicon), GAPS)
    emit: list[list[int]] = np.rint(found.emit * SCALE).astype(int).tolist()
    moves: list[list[list[int]]] = np.rint(found.move * SCALE).astype(int).tolist()
    first: list[int] = np.rint(found.first * SCALE).astype(int).tolist()
    weights = {number: vector for number, vector in enumerate(emit[:TOTAL]) if any(vector)}
    words = {key: emit[number] for key, number in lexicon.items() if any(emit[number])}
    return render_model(weights, words, moves, first)


def choices_of(one: Example, seen: FirstPass) -> list[Choice]:
    """The headline decisions that a first pass over this example leads to, with the right answers."""
    shapes = seen.measured.shapes
    page = Page(seen.lines, seen.measured, seen.emissions, seen.path.states)
    gold = {shapes[n].key for n, allowed in enumerate(one.sequence.allowed) if allowed == {HEADLINE}}
    choices = []
    for above, body in find_articles(page):
        found = candidates(page, above, body)
        right = [place for place, line in enumerate(found.lines) if line >= 0 and shapes[line].key in gold]
        choices.append(Choice(found, right if right or gold else [0], REAL_WEIGHT if one.real else COMPOSED_WEIGHT))
    return choices
