"""The fitted model: a feature's weights for all states packed into one integer, and the scores of moves between states.

Summing a few dozen weight vectors for each line is the engine's hot loop. A vector is one Python integer with a signed field of 32 bits a
state, so that one big-integer addition adds all states at once: 3 microseconds a line where a loop over floats takes 40
(`tests/benchmarks/test_layout_speed.py`). Weights are fixed-point, `SCALE` to one nat.
"""

import gzip
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from operator import sub
from typing import NamedTuple

from newsroom.ingest.layout import headlines
from newsroom.ingest.layout.features import TOTAL
from newsroom.ingest.layout.lexicon import PLACES, word_features
from newsroom.ingest.layout.states import COUNT, STATES, Emission

GAPS = 5
_FIELD = 32
_HALF = 1 << (_FIELD - 1)
_BIAS = sum(_HALF << (_FIELD * state) for state in range(COUNT))
_BYTES = COUNT * _FIELD // 8
_FORMAT = struct.Struct(f"<{COUNT}i")
_FILE = "model.txt.gz"
# Lines of so many words are remembered, and so many of them.
_SHORT, _MOST = 6, 20_000


class ModelError(ValueError):
    """The model's data file does not fit this version of the engine."""


class Moves(NamedTuple):
    """The scores of moves between states at one class of gap, also as what the decoder asks for in its loops.

    `rows[before][after]` and `columns[after][before]` are the scores; `margins[best][other]` is the most that any move from
    `other` gains on the same move from `best`.
    """

    rows: list[list[int]]
    columns: list[list[int]]
    margins: list[list[int]]


def moves_of(rows: list[list[int]]) -> Moves:
    """The tables that follow from a table of scores."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    margins = [[max(map(sub, other, best)) for other in rows] for best in rows]
    return Moves(rows, columns, margins)


@dataclass(frozen=True, slots=True)
class Model:
    """`weights[feature]` is a packed vector, `lexicon[place][word]` numbers word features, `moves[gap]` and `first` are fixed-point."""

    weights: list[int]
    lexicon: dict[str, dict[str, int]]
    moves: list[Moves]
    first: list[int]
    remembered: dict[tuple[str, ...], int] = field(default_factory=dict, compare=False, repr=False)

    def emissions(self, features: Iterable[int], words: tuple[str, ...] = ()) -> Emission:
        """The fixed-point score of every state for a line with these features and words."""
        return self.unpack(sum(map(self.weights.__getitem__, features), self._of_words(words)))

    def _of_words(self, words: tuple[str, ...]) -> int:
        """The packed sum for a line's words. Pages repeat short lines, their own and one another's: those are remembered."""
        found = self.remembered.get(words)
        if found is None:
            found = sum(map(self.weights.__getitem__, word_features(words, self.lexicon)))
            if len(words) <= _SHORT:
                if len(self.remembered) >= _MOST:
                    self.remembered.clear()
                self.remembered[words] = found
        return found

    @staticmethod
    def unpack(vector: int) -> Emission:
        """The fields of a packed vector."""
        # The sum takes the borrows out of the fields above negative ones, the exclusive or leaves two's complements.
        return _FORMAT.unpack(((vector + _BIAS) ^ _BIAS).to_bytes(_BYTES, "little"))


def pack(vector: list[int]) -> int:
    """One signed integer that holds all fields."""
    return sum(value << (_FIELD * state) for state, value in enumerate(vector))


def gap_class(blanks: int, spacing: int) -> int:
    """How a line is set off from the one before: 0 in texts without blank lines, else 1..4."""
    return 0 if spacing == 0 else 2 * spacing - (0 if blanks else 1)


@dataclass(frozen=True, slots=True)
class Models:
    """A model for each kind of dump, and the weights of the headline ranking."""

    sequence: dict[str, Model]
    ranking: list[int]


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
    return Models({kind: _parse_model(section) for kind, section in sections.items()}, ranking)


def _parse_model(lines: list[str]) -> Model:
    weights = [0] * TOTAL
    lexicon: dict[str, dict[str, int]] = {place: {} for place in PLACES}
    moves = [[[0] * COUNT for _ in range(COUNT)] for _ in range(GAPS)]
    first = [0] * COUNT
    for line in lines:
        kind, key, *values = line.split(" ")
        vector = [int(value) for value in values]
        if kind == "f":
            weights[int(key)] = pack(vector)
        elif kind == "w":
            place, _, word = key.partition(":")
            lexicon[place][word] = len(weights)
            weights.append(pack(vector))
        elif kind == "m":
            gap, before = divmod(int(key), COUNT)
            moves[gap][before] = vector
        else:
            first = vector
    return Model(weights, lexicon, [*map(moves_of, moves)], first)


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
