"""The fitted model: the weights of features for all states, and the scores of moves between states.

Summing a few dozen weight vectors for each line is the engine's hot loop: one gather and one sum in numpy for all lines of a dump, half a
microsecond a line where a loop over floats takes 40. Weights are fixed-point, `SCALE` to one nat, so sums are exact and the same everywhere.
"""

import gzip
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from operator import sub
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from newsroom.ingest.layout import headlines
from newsroom.ingest.layout.columns import Column
from newsroom.ingest.layout.features import FITTED, FOLDED, TOTAL
from newsroom.ingest.layout.lexicon import PLACES, Lexicon
from newsroom.ingest.layout.states import AFTER, BODY, COUNT, FURNITURE, ITEM, STATES, TEASER, Emissions
from newsroom.ingest.layout.words import Words

GAPS = 5
# States that many lines in a row have.
LASTING = (BODY, TEASER, ITEM, FURNITURE, AFTER)
_FILE = "model.txt.gz"


class ModelError(ValueError):
    """The model's data file does not fit this version of the engine."""


class Moves(NamedTuple):
    """The scores of moves between states at one class of gap, as what the decoder asks for in its loop.

    `rows[before][after]` are the scores; `margins[best][other]` is the most that any move from `other` gains on the same move from `best`;
    `widest[best]` the greatest of these.
    """

    rows: list[list[int]]
    margins: list[list[int]]
    widest: list[int]


def moves_of(rows: list[list[int]]) -> Moves:
    """The tables that follow from a table of scores."""
    margins = [[max(map(sub, other, best)) for other in rows] for best in rows]
    return Moves(rows, margins, [max(row) for row in margins])


@dataclass(frozen=True, slots=True)
class Model:
    """The scores of features (`tables`, folded as `features.TABLES` says), of words (`lexical`, numbered by `lexicon`), and of moves.

    `moves[gap]` and `first` are what the decoder's loop looks up, `table[gap][before]`, `columns[gap][after]` and `start` the same for all lines
    at once. `arriving[gap][best][other]` is the most that any move to `other` gains on the same move to `best`, `leaving` the same of moves from them.
    `lasting[(gap * GAPS + gap below) * len(LASTING) + place in LASTING][other]` is the lead that the state must have more than at a line, so that it stays if the line before has it.
    """

    tables: NDArray[np.int32]
    lexical: NDArray[np.int32]
    lexicon: Lexicon
    moves: list[Moves]
    first: list[int]
    table: NDArray[np.int32]
    columns: NDArray[np.int32]
    arriving: NDArray[np.int32]
    leaving: NDArray[np.int32]
    lasting: NDArray[np.int32]
    start: NDArray[np.int32]

    @classmethod
    def of(
        cls,
        weights: list[list[int]],
        lexical: list[list[int]],
        lexicon: dict[str, dict[str, int]],
        moves: list[list[list[int]]],
        first: list[int],
    ) -> "Model":
        """A model from its fixed-point scores: `weights[feature][state]`, `lexical[word][state]`, `moves[gap][before][after]`, `first[state]`."""
        tables = FOLDED.fold(np.array(weights, np.int32), FITTED)
        words = np.array(lexical, np.int32).reshape(-1, COUNT)
        table = np.array(moves, np.int32)
        columns = np.ascontiguousarray(table.transpose(0, 2, 1))
        tables_of_moves = [*map(moves_of, moves)]
        arriving = np.array([moves_of(rows).margins for rows in columns.tolist()], np.int32)
        leaving = np.array([each.margins for each in tables_of_moves], np.int32)
        return cls(
            tables,
            words,
            Lexicon(lexicon),
            tables_of_moves,
            first,
            table,
            columns,
            arriving,
            leaving,
            _lasting(table, leaving),
            np.array(first, np.int32),
        )

    def emissions(self, columns: NDArray[np.int32], words: Words) -> Emissions:
        """The score of every state for each line, from the columns of `features` and the words of the lines."""
        rows = self.tables.take(FOLDED.numbers(columns).ravel(), axis=0, mode="clip")
        found: Emissions = rows.reshape(len(FOLDED.blocks), -1, COUNT).sum(axis=0, dtype=np.int32)
        lines, numbers = self.lexicon.numbers(words)
        if len(lines):
            # Sums up to the last word of each line; a tenth of the time of `np.add.reduceat` along the same axis.
            sums = np.zeros((len(lines) + 1, COUNT), np.int32)
            self.lexical.take(numbers, axis=0, mode="clip").cumsum(axis=0, out=sums[1:])
            upto = sums.take(lines.searchsorted(np.arange(len(found) + 1)), axis=0)
            found += upto[1:] - upto[:-1]
        return found


def _lasting(table: NDArray[np.int32], leaving: NDArray[np.int32]) -> NDArray[np.int32]:
    """`Model.lasting` from the scores of moves and what moves from states gain at most."""
    found = np.zeros((len(table), GAPS, len(LASTING), COUNT), np.int32)
    for place, state in enumerate(LASTING):
        # Of states that are equally good the first one is the best.
        even = np.where(np.arange(COUNT) < state, 0, -1)
        gained = table[:, state] - table[:, state, state, None]
        found[:, : len(table), place] = gained[:, None] + np.maximum(leaving[:, state], even)
    # To itself it leads by nothing.
    found[:, :, range(len(LASTING)), LASTING] = -1
    return found.reshape(-1, COUNT)


def gap_classes(blanks: Column, spacing: int) -> list[int]:
    """How each line is set off from the one before: 0 in texts without blank lines, else 1..4."""
    found: list[int] = (2 * spacing - (blanks == 0)).tolist() if spacing else [0] * len(blanks)
    return found


@dataclass(frozen=True, slots=True)
class Models:
    """A model for each kind of dump, and the weights of the headline ranking."""

    sequence: dict[str, Model]
    ranking: Column


@lru_cache(maxsize=1)
def load_models() -> Models:
    """The models shipped with the package. Raises ModelError if the file belongs to other features or states."""
    data = resources.files("newsroom.ingest.layout").joinpath("data", _FILE).read_bytes()
    return parse_models(gzip.decompress(data).decode("utf-8"))


def signature() -> str:
    """What a model's data must fit."""
    return f"features {TOTAL} ranking {headlines.TOTAL} states {' '.join(STATES)}"


def parse_models(text: str) -> Models:
    """Models from their text form (see `render_models`)."""
    lines = [line for line in text.split("\n") if line and not line.startswith("# ")]
    if not lines or lines[0] != signature():
        raise ModelError(
            f"data/{_FILE} was fitted for other features: it says {lines[:1]}, the engine has {signature()!r}. Fit it again."
        )
    sections: dict[str, list[str]] = {}
    for line in lines[1:]:
        if line.startswith("model "):
            sections[line[6:]] = []
        else:
            sections[next(reversed(sections))].append(line)
    ranking = [0] * headlines.TOTAL
    for line in sections.pop("ranking"):
        _, number, weight = line.split(" ")
        ranking[int(number)] = int(weight)
    sequence = {kind: _parse_model(section) for kind, section in sections.items()}
    return Models(sequence, headlines.weights_of(ranking))


def _parse_model(lines: list[str]) -> Model:
    weights = [[0] * COUNT for _ in range(TOTAL)]
    lexical = [[0] * COUNT]
    lexicon: dict[str, dict[str, int]] = {place: {} for place in PLACES}
    moves = [[[0] * COUNT for _ in range(COUNT)] for _ in range(GAPS)]
    first = [0] * COUNT
    for line in lines:
        kind, key, *values = line.split(" ")
        vector = [int(value) for value in values]
        if kind == "f":
            weights[int(key)] = vector
        elif kind == "w":
            place, _, word = key.partition(":")
            lexicon[place][word] = len(lexical)
            lexical.append(vector)
        elif kind == "m":
            gap, before = divmod(int(key), COUNT)
            moves[gap][before] = vector
        else:
            first = vector
    return Model.of(weights, lexical, lexicon, moves, first)


def render_models(sections: dict[str, list[str]], provenance: list[str]) -> str:
    """The text form: provenance as comments, the signature, then `model NAME` before the lines of each section."""
    lines = [f"# {line}" for line in provenance]
    lines.append(signature())
    for name, section in sections.items():
        lines += [f"model {name}", *section]
    return "\n".join(lines) + "\n"


def render_model(
    weights: dict[int, list[int]], words: dict[str, list[int]], moves: list[list[list[int]]], first: list[int]
) -> list[str]:
    """The lines of one section: `f NUMBER ...` features, `w PLACE:WORD ...`, `m GAP*STATES+BEFORE ...`, `s - ...`."""
    lines = [f"f {number} {' '.join(map(str, vector))}" for number, vector in sorted(weights.items())]
    lines += [f"w {word} {' '.join(map(str, vector))}" for word, vector in sorted(words.items())]
    for gap, table in enumerate(moves):
        lines += [f"m {gap * COUNT + before} {' '.join(map(str, vector))}" for before, vector in enumerate(table)]
    return [*lines, f"s - {' '.join(map(str, first))}"]
