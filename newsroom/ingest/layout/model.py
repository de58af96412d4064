"""The fitted model: the weights of features for all states, and the scores of moves between states.

Summing a few dozen weight vectors for each line is the engine's hot loop: one gather and one sum in numpy for all lines of a dump, half a
microsecond a line where a loop over floats takes 40. Weights are fixed-point, `SCALE` to one nat, so sums are exact and the same everywhere.
"""

import gzip
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from newsroom.ingest.layout import headlines
from newsroom.ingest.layout.columns import Column
from newsroom.ingest.layout.features import FITTED, FOLDED, TOTAL
from newsroom.ingest.layout.lexicon import PLACES, Lexicon
from newsroom.ingest.layout.shape import HEAD
from newsroom.ingest.layout.states import AFTER, BODY, COUNT, FURNITURE, ITEM, STATES, TEASER, Emissions
from newsroom.ingest.layout.words import Words

GAPS = 5
# States that many lines in a row have.
LASTING = (BODY, TEASER, ITEM, FURNITURE, AFTER)
_FILE = "model.txt.gz"
# The columns of a table of scores; the bits at which each of four begins in a number; what makes it positive.
_WIDTH, _PLACES, _RAISE = 16, np.arange(0, 64, 16), np.uint16(1 << 15)
_MOST = (1 << 15) - 1
_RAISED = np.full(4, _RAISE).view(np.int64)


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


def _margins(table: NDArray[np.int32]) -> NDArray[np.int32]:
    """By class of gap, best state and other state: the most that any move from the other gains on the same move from the best."""
    found: NDArray[np.int32] = (table[:, None] - table[:, :, None]).max(axis=3)
    return found


@dataclass(frozen=True, slots=True)
class Model:
    """The scores of features (`tables`, folded as `features.TABLES` says), of words (`lexical`, numbered by `lexicon`), and of moves.

    Four scores of a word share a number: to add up the numbers is to add up the scores.

    `moves[gap]` and `first` are what the decoder's loop looks up, `table[gap * COUNT + before]`, `columns[gap * COUNT + after]` and `start` the same
    for all lines at once. `arriving[gap * COUNT + best][other]` is the most that any move to `other` gains on the same move to `best`, `leaving` the same
    of moves from them.
    `following[((gap * GAPS + gap below) * COUNT + state above) * COUNT + state][other]` is the lead that the state must have more than at a line, so
    that it is certain if the line above has the state above.
    """

    tables: NDArray[np.int16]
    lexical: NDArray[np.int64]
    lexicon: Lexicon
    moves: list[Moves]
    first: list[int]
    table: NDArray[np.int32]
    columns: NDArray[np.int32]
    arriving: NDArray[np.int32]
    leaving: NDArray[np.int32]
    following: NDArray[np.int32]
    start: NDArray[np.int32]

    @classmethod
    def of(
        cls,
        weights: NDArray[np.int32],
        lexical: NDArray[np.int32],
        lexicon: dict[str, dict[str, int]],
        moves: NDArray[np.int32],
        first: NDArray[np.int32],
    ) -> "Model":
        """A model from its fixed-point scores: `weights[feature][state]`, `lexical[word][state]`, `moves[gap][before][after]`, `first[state]`.

        Raises ModelError if the scores of a line could be too large.
        """
        tables = FOLDED.fold(weights, FITTED)
        if len(FOLDED.blocks) * np.abs(tables).max() + HEAD * np.abs(lexical).max() > _MOST:
            raise ModelError(f"the scores of a line may add up to more than {_MOST}, the most that half the bytes hold")
        columns = np.ascontiguousarray(moves.transpose(0, 2, 1))
        leaving = _margins(moves)
        return cls(
            _widened(tables),
            packed(lexical),
            Lexicon(lexicon),
            [
                Moves(*tables)
                for tables in zip(moves.tolist(), leaving.tolist(), leaving.max(axis=2).tolist(), strict=True)
            ],
            first.tolist(),
            moves.reshape(-1, COUNT),
            columns.reshape(-1, COUNT),
            _margins(columns).reshape(-1, COUNT),
            leaving.reshape(-1, COUNT),
            _following(moves, leaving),
            first,
        )

    def emissions(self, columns: NDArray[np.int32], words: Words) -> Emissions:
        """The score of every state for each line, from the columns of `features` and the words of the lines."""
        rows = self.tables.take(FOLDED.numbers(columns).ravel(), axis=0, mode="clip")
        scores = rows.reshape(len(FOLDED.blocks), -1, _WIDTH).sum(axis=0, dtype=np.int16)
        at = self.lexicon.places(words)
        # Sums up to each word; a tenth of the time of `np.add.reduceat` along the same axis.
        upto = np.zeros((len(at.inside) + 1, self.lexical.shape[1]), np.int64)
        self.lexical.take(at.inside, axis=0, mode="clip").cumsum(axis=0, out=upto[1:])
        bounds = upto.take(at.bounds, axis=0)
        sums = bounds[1:] - bounds[:-1]
        sums += self.lexical.take(at.first, axis=0)
        sums += self.lexical.take(at.last, axis=0)
        scores += parted(sums)
        found: Emissions = scores[:, :COUNT].astype(np.int32)
        return found


def _widened(scores: NDArray[np.int32]) -> NDArray[np.int16]:
    """The scores in half the bytes, with a column of nothing, so that numpy copies and adds rows without looking at their length."""
    found = np.zeros((len(scores), _WIDTH), np.int16)
    found[:, :COUNT] = scores
    return found


def packed(scores: NDArray[np.int32]) -> NDArray[np.int64]:
    """The scores, four in a number: what is below nothing is taken off the score beside it."""
    found: NDArray[np.int64] = (_widened(scores).astype(np.int64).reshape(-1, _WIDTH // 4, 4) << _PLACES).sum(axis=2)
    return found


def parted(sums: NDArray[np.int64]) -> NDArray[np.int16]:
    """The scores that sums of packed ones hold, and a column of nothing."""
    found: NDArray[np.int16] = ((sums + _RAISED).view(np.uint16) ^ _RAISE).view(np.int16)
    return found


def _following(table: NDArray[np.int32], leaving: NDArray[np.int32]) -> NDArray[np.int32]:
    """`Model.following` from the scores of moves and what moves from states gain at most."""
    states = np.arange(COUNT)
    found = np.zeros((len(table), GAPS, COUNT, COUNT, COUNT), np.int32)
    # Of states that are equally good the first one is the best.
    least = np.maximum(leaving, np.where(states < states[:, None], 0, -1))
    found[:, : len(table)] = (table[:, :, None] - table[:, :, :, None])[:, None] + least[:, None]
    # On itself a state leads by nothing.
    found[..., states, states] = -1
    return found.reshape(-1, COUNT)


def gap_classes(blanks: Column, spacing: int) -> Column:
    """How each line is set off from the one before: 0 in texts without blank lines, else 1..4."""
    return 2 * spacing - (blanks == 0) if spacing else np.zeros_like(blanks)


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
    head, *parts = text.split("\nmodel ")
    described = [line for line in head.split("\n") if line and not line.startswith("# ")]
    if described != [signature()]:
        raise ModelError(
            f"data/{_FILE} was fitted for other features: it says {described[:1]}, the engine has {signature()!r}. Fit it again."
        )
    sections = {name: body.split("\n") for name, _, body in (part.partition("\n") for part in parts)}
    ranking = np.zeros(headlines.TOTAL, np.int64)
    numbers, weights = _numbers(_of_kind("r", sections.pop("ranking")), 2).T
    ranking[numbers] = weights
    sequence = {kind: _parse_model(section) for kind, section in sections.items()}
    return Models(sequence, headlines.weights_of(ranking.tolist()))


def _parse_model(lines: list[str]) -> Model:
    words = [line.partition(" ") for line in _of_kind("w", lines)]
    lexicon: dict[str, dict[str, int]] = {place: {} for place in PLACES}
    for number, (key, _, _) in enumerate(words, start=1):
        place, _, word = key.partition(":")
        lexicon[place][word] = number
    lexical = _numbers([scores for _, _, scores in words], COUNT)
    moves = _by_number(_of_kind("m", lines), GAPS * COUNT).reshape(GAPS, COUNT, COUNT)
    (first,) = _of_kind("s", lines)
    return Model.of(
        _by_number(_of_kind("f", lines), TOTAL),
        np.concatenate((np.zeros((1, COUNT), np.int32), lexical)),
        lexicon,
        moves,
        _numbers([first.removeprefix("- ")], COUNT)[0],
    )


def _of_kind(kind: str, lines: list[str]) -> list[str]:
    """What follows the letter of these lines."""
    return [line[2:] for line in lines if line[:1] == kind]


def _numbers(texts: list[str], width: int) -> NDArray[np.int32]:
    """So many numbers of each text, read at once: a fraction of the time of reading one text after the other."""
    return np.fromstring(" ".join(texts), np.int32, sep=" ").reshape(-1, width)


def _by_number(texts: list[str], count: int) -> NDArray[np.int32]:
    """The scores of all states in so many rows; each text begins with the number of its row, and rows that have none are zero."""
    found, numbers = np.zeros((count, COUNT), np.int32), _numbers(texts, COUNT + 1)
    found[numbers[:, 0]] = numbers[:, 1:]
    return found


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
