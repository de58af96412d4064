"""Fourth stage: the most probable sequence of states, with a confidence for each line (Viterbi 1967, beam-pruned)."""

from collections.abc import Callable, Sequence
from functools import cache
from operator import add, itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from newsroom.ingest.layout.model import Model
from newsroom.ingest.layout.states import COUNT, SCALE, Emissions

_BEAM = 6 * SCALE
_FARTHEST = 50 * SCALE


class Path(NamedTuple):
    """The state of each line and how sure the model is of it, given its neighbours' states (0..1)."""

    states: list[int]
    confidences: list[float]


# The states worth following at a line, and what takes their entries out of a row that has one for each state.
Choices = tuple[tuple[int, ...], Callable[[Sequence[int]], tuple[int, ...]]]


class Origins(NamedTuple):
    """Where the states of a line may be reached from, if from more than one: those, and for each the scores with which it reaches the states `below`."""

    states: list[int]
    reached: list[list[int]]
    below: tuple[int, ...]

    def of(self, state: int) -> int:
        """The one from which a state of the line is best reached."""
        place = self.below.index(state)
        scores = [reached[place] for reached in self.reached]
        return self.states[scores.index(max(scores))]


def decode(emissions: Emissions, gaps: Sequence[int], model: Model) -> Path:
    """The best path through the lines. `emissions[line][state]` and the model's tables are fixed-point scores."""
    if not len(emissions):
        return Path([], [])
    kept = emissions >= emissions.max(axis=1, keepdims=True) - _BEAM
    states = _best_path(_choices(emissions, kept, gaps, model), emissions, gaps, model)
    return Path(states, _confidences(states, emissions, kept, gaps, model))


def _choices(emissions: Emissions, kept: NDArray[np.bool_], gaps: Sequence[int], model: Model) -> list[Choices]:
    """The states within the beam, without those that lose more on the likeliest state of the line than any moves to and from them gain."""
    lines, gap = np.arange(len(emissions)), np.array(gaps)
    best = emissions.argmax(axis=1)
    gains = model.arriving[gap, best]
    gains[0] = model.start - model.start[best[0]]
    gains[:-1] += model.leaving[gap[1:], best[:-1]]
    kept = kept & (emissions[lines, best][:, None] - emissions <= gains)
    return list(map(_states_in, (kept @ _BITS).tolist()))


_BITS = 1 << np.arange(COUNT)


@cache
def _states_in(bits: int) -> Choices:
    """The choices that a set of states gives; on pages there are some hundreds of sets."""
    states = tuple(state for state in range(COUNT) if bits >> state & 1)
    # Of a single place `itemgetter` gives the entry alone.
    return states, itemgetter(*states) if len(states) > 1 else itemgetter(slice(states[0], states[0] + 1))


def _best_path(choices: list[Choices], emissions: Emissions, gaps: Sequence[int], model: Model) -> list[int]:
    """Viterbi's path. States that no move can bring up to the best one of their line are left behind first: mostly one remains.

    Then all states of the next line are reached from that one, and nothing has to be compared.
    """
    states: tuple[int, ...] = (0,)
    scores: list[int] = []
    back: list[int | Origins] = []
    for gap, (below, pick), own in zip(gaps, choices, emissions.tolist(), strict=True):
        if not scores:
            states, scores = below, list(map(add, pick(model.first), pick(own)))
            continue
        rows, margins, widest = model.moves[gap]
        top = max(scores)
        best = states[scores.index(top)]
        least = top - widest[best]
        if len([score for score in scores if score >= least]) > 1:
            margin = margins[best]
            ahead = [
                (state, score) for state, score in zip(states, scores, strict=True) if top - score <= margin[state]
            ]
            if len(ahead) > 1:
                reached = [[score + move for move in pick(rows[state])] for state, score in ahead]
                back.append(Origins([state for state, _ in ahead], reached, below))
                states, scores = below, list(map(add, map(max, *reached), pick(own)))
                continue
        back.append(best)
        states, scores = below, list(map(add, pick(rows[best]), pick(own)))
    state = states[scores.index(max(scores))]
    path = [state]
    for origin in reversed(back):
        state = origin if isinstance(origin, int) else origin.of(state)
        path.append(state)
    path.reverse()
    return path


def _confidences(
    states: list[int], emissions: Emissions, kept: NDArray[np.bool_], gaps: Sequence[int], model: Model
) -> list[float]:
    """Probability of each line's state among its candidates, its neighbours' states being as they are."""
    path, gap = np.array(states), np.array(gaps)
    scores = emissions + model.start
    scores[1:] += model.table[gap[1:], path[:-1]] - model.start
    scores[:-1] += model.columns[gap[1:], path[1:]]
    reference = scores[np.arange(len(path)), path]
    # The path may go against the odds at a line, but not so far that `exp` overflows.
    reference = np.maximum(reference, np.where(kept, scores, reference[:, None]).max(axis=1) - _FARTHEST)
    odds = np.exp(np.minimum(scores - reference[:, None], _FARTHEST) / SCALE)
    found: list[float] = (1.0 / np.where(kept, odds, 0.0).sum(axis=1)).round(3).tolist()
    return found
