"""Fourth stage: the most probable sequence of states, with a confidence for each line (Viterbi 1967, beam-pruned)."""

from math import exp
from typing import NamedTuple

from newsroom.ingest.layout.model import Model
from newsroom.ingest.layout.states import SCALE

_BEAM = 6 * SCALE


class Decoded(NamedTuple):
    """The state of a line and how sure the model is of it, given its neighbours' states (0..1)."""

    state: int
    confidence: float


def decode(emissions: list[list[int]], gaps: list[int], model: Model) -> list[Decoded]:
    """The best path through the lines. `emissions[line][state]` and the model's tables are fixed-point scores."""
    if not emissions:
        return []
    kept = _candidates(emissions, model.first)
    scores = [emissions[0][state] + model.first[state] for state in kept[0]]
    back: list[list[int]] = []
    for line in range(1, len(emissions)):
        moves = model.moves[gaps[line]]
        emission = emissions[line]
        before = kept[line - 1]
        now, origins = [], []
        for state in kept[line]:
            best, origin = -(1 << 60), 0
            for place, previous in enumerate(before):
                score = scores[place] + moves[previous][state]
                if score > best:
                    best, origin = score, place
            now.append(best + emission[state])
            origins.append(origin)
        scores = now
        back.append(origins)
    place = max(range(len(scores)), key=scores.__getitem__)
    path = [kept[-1][place]]
    for line in range(len(back) - 1, -1, -1):
        place = back[line][place]
        path.append(kept[line][place])
    path.reverse()
    return [Decoded(state, _confidence(line, path, emissions, kept, gaps, model)) for line, state in enumerate(path)]


def _candidates(emissions: list[list[int]], first: list[int]) -> list[list[int]]:
    """The states worth following at each line."""
    kept = []
    for emission in emissions:
        least = max(emission) - _BEAM
        kept.append([state for state, score in enumerate(emission) if score >= least])
    return kept


def _confidence(
    line: int, path: list[int], emissions: list[list[int]], kept: list[list[int]], gaps: list[int], model: Model
) -> float:
    """Probability of the line's state among the candidates, its neighbours' states being as they are."""
    if len(kept[line]) == 1:
        return 1.0
    arrive = model.moves[gaps[line]][path[line - 1]] if line else model.first
    leave = model.moves[gaps[line + 1]] if line + 1 < len(path) else None
    emission = emissions[line]
    after = path[line + 1] if leave else 0
    own = path[line]
    reference = emission[own] + arrive[own] + (leave[own][after] if leave else 0)
    total = 0.0
    for state in kept[line]:
        score = emission[state] + arrive[state] + (leave[state][after] if leave else 0)
        total += exp(min(50.0, (score - reference) / SCALE))
    return 1.0 / total
