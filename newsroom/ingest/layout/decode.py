"""Fourth stage: the most probable sequence of states, with a confidence for each line (Viterbi 1967, beam-pruned)."""

from math import exp
from typing import NamedTuple

from newsroom.ingest.layout.model import Model
from newsroom.ingest.layout.states import COUNT, SCALE, Emission

_BEAM = 6 * SCALE
_FARTHEST = 50 * SCALE
_NOWHERE = [0] * COUNT


class Decoded(NamedTuple):
    """The state of a line and how sure the model is of it, given its neighbours' states (0..1)."""

    state: int
    confidence: float


def decode(emissions: list[Emission], gaps: list[int], model: Model) -> list[Decoded]:
    """The best path through the lines. `emissions[line][state]` and the model's tables are fixed-point scores."""
    if not emissions:
        return []
    kept = _candidates(emissions)
    path = _best_path(emissions, kept, gaps, model)
    return list(map(Decoded, path, _confidences(path, emissions, kept, gaps, model)))


def _candidates(emissions: list[Emission]) -> list[list[int]]:
    """The states worth following at each line."""
    kept = []
    for emission in emissions:
        least = max(emission) - _BEAM
        kept.append([state for state, score in enumerate(emission) if score >= least])
    return kept


def _best_path(emissions: list[Emission], kept: list[list[int]], gaps: list[int], model: Model) -> list[int]:
    """Viterbi's path. States that no move can bring up to the best one of their line are left behind first: mostly one or two remain."""
    first, tables = model.first, model.moves
    scores = [emissions[0][state] + first[state] for state in kept[0]]
    back: list[list[int]] = []
    for line in range(1, len(emissions)):
        rows, _, margins = tables[gaps[line]]
        before, now, emission = kept[line - 1], kept[line], emissions[line]
        top = max(scores)
        place = scores.index(top)
        margin = margins[before[place]]
        ahead = [n for n, score in enumerate(scores) if top - score <= margin[before[n]]]
        if len(ahead) == 1:
            row = rows[before[place]]
            scores = [top + row[state] + emission[state] for state in now]
            back.append([place] * len(now))
            continue
        tracks = [(n, scores[n], rows[before[n]]) for n in ahead]
        scores, origins = [], []
        for state in now:
            best, origin = -(1 << 60), 0
            for n, score, row in tracks:
                score += row[state]
                if score > best:
                    best, origin = score, n
            scores.append(best + emission[state])
            origins.append(origin)
        back.append(origins)
    place = scores.index(max(scores))
    path = [kept[-1][place]]
    for line in range(len(back) - 1, -1, -1):
        place = back[line][place]
        path.append(kept[line][place])
    path.reverse()
    return path


def _confidences(
    path: list[int], emissions: list[Emission], kept: list[list[int]], gaps: list[int], model: Model
) -> list[float]:
    """Probability of each line's state among its candidates, its neighbours' states being as they are."""
    tables = model.moves
    found = []
    arrive = model.first
    for line, own in enumerate(path):
        emission, states = emissions[line], kept[line]
        leave = tables[gaps[line + 1]].columns[path[line + 1]] if line + 1 < len(path) else _NOWHERE
        if len(states) == 1:
            found.append(1.0)
        else:
            scores = [emission[state] + arrive[state] + leave[state] for state in states]
            reference = emission[own] + arrive[own] + leave[own]
            # The path may go against the odds at a line, but not so far that `exp` overflows.
            reference = max(reference, max(scores) - _FARTHEST)
            found.append(1.0 / sum([exp((score - reference) / SCALE) for score in scores]))
        if line + 1 < len(path):
            arrive = tables[gaps[line + 1]].rows[own]
    return found
