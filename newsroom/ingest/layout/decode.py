"""Fourth stage: the most probable sequence of states, with a confidence for each line (Viterbi 1967, beam-pruned)."""

from collections.abc import Callable, Sequence
from functools import cache
from operator import add, itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from newsroom.ingest.layout.columns import Column
from newsroom.ingest.layout.model import GAPS, LASTING, Model, Moves
from newsroom.ingest.layout.states import COUNT, SCALE, Emissions

_BEAM = 6 * SCALE
_FARTHEST = 50 * SCALE
# A state that is not worth following.
_NEVER = -1_000_000 * SCALE
_LASTING = np.array(LASTING)


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
    gap = np.array(gaps)
    worth = _worth_following(emissions, kept, gap, model)
    states = _best_path(emissions, worth, gaps, _stretches(emissions, worth, gap, model), model)
    return Path(states, _confidences(states, emissions, kept, gap, model))


def _worth_following(emissions: Emissions, kept: NDArray[np.bool_], gap: Column, model: Model) -> NDArray[np.bool_]:
    """The states within the beam, without those that lose more on the likeliest state of the line than any moves to and from them gain."""
    best = emissions.argmax(axis=1)
    gains = model.arriving[gap, best]
    gains[0] = model.start - model.start[best[0]]
    gains[:-1] += model.leaving[gap[1:], best[:-1]]
    found: NDArray[np.bool_] = kept & (emissions[np.arange(len(best)), best][:, None] - emissions <= gains)
    return found


def _stretches(emissions: Emissions, worth: NDArray[np.bool_], gap: Column, model: Model) -> dict[int, list[int]]:
    """For each of the states that go on and on: the first line from each on that is not certain to have it, though the line before has.

    A line is certain if the state is then its best one, and no move can bring up another one to it: what the decoder's loop comes to line by line.
    """
    lines, count = np.arange(len(gap)), len(gap)
    gaps = gap * GAPS
    gaps[:-1] += gap[1:]
    leads = emissions.take(_LASTING, axis=1)[:, :, None] - np.where(worth, emissions, _NEVER)[:, None]
    certain: NDArray[np.bool_] = np.logical_and.reduce(leads > model.lasting.take(gaps, axis=0), axis=2)
    # The last line has no moves from it.
    certain[-1] = False
    stops = np.minimum.accumulate(np.where(certain.T, count, lines)[:, ::-1], axis=1)[:, ::-1]
    return dict(zip(LASTING, stops.tolist(), strict=True))


@cache
def _choices(bits: int) -> Choices:
    """The choices that a set of states gives, as bits (two bytes hold it); on pages there are some hundreds of sets."""
    states = tuple(state for state in range(COUNT) if bits >> state & 1)
    # Of a single place `itemgetter` gives the entry alone.
    return states, itemgetter(*states) if len(states) > 1 else itemgetter(slice(states[0], states[0] + 1))


def _best_path(
    emissions: Emissions, worth: NDArray[np.bool_], gaps: Sequence[int], stretches: dict[int, list[int]], model: Model
) -> list[int]:
    """Viterbi's path. States that no move can bring up to the best one of their line are left behind first: mostly one remains.

    Then all states of the next line are reached from that one, and nothing has to be compared; and if that is one of those that go on and on, the
    path is known down to the first line that is not certain to have it.
    """
    sets = np.packbits(worth, axis=1, bitorder="little").view("<u2").ravel().tolist()
    line, last = 0, len(sets) - 1
    states, pick = _choices(sets[0])
    scores = list(map(add, pick(model.first), pick(emissions[0].tolist())))
    back: list[int | Origins] = []
    while line < last:
        ahead = _ahead(states, scores, model.moves[gaps[line + 1]])
        if len(ahead) > 1:
            line += 1
            below, pick = _choices(sets[line])
            rows = model.moves[gaps[line]].rows
            reached = [[score + move for move in pick(rows[state])] for state, score in ahead]
            back.append(Origins([state for state, _ in ahead], reached, below))
            states, scores = below, list(map(add, map(max, *reached), pick(emissions[line].tolist())))
            continue
        best = ahead[0][0]
        back.append(best)
        line += 1
        if best in stretches:
            stop = stretches[best][line]
            back += [best] * (stop - line)
            line = stop
        states, pick = _choices(sets[line])
        scores = list(map(add, pick(model.moves[gaps[line]].rows[best]), pick(emissions[line].tolist())))
    return _back(states[scores.index(max(scores))], back)


def _ahead(states: tuple[int, ...], scores: list[int], moves: Moves) -> list[tuple[int, int]]:
    """The states, with their scores, that some move may bring up to the best one of the line; that itself among them."""
    top = max(scores)
    best = states[scores.index(top)]
    least = top - moves.widest[best]
    # Mostly the second best is out of reach of all moves.
    if len(scores) == 1 or sorted(scores)[-2] < least:
        return [(best, top)]
    margin = moves.margins[best]
    return [(state, score) for state, score in zip(states, scores, strict=True) if top - score <= margin[state]]


def _back(state: int, back: list[int | Origins]) -> list[int]:
    """The path to this last state."""
    path = [state]
    for origin in reversed(back):
        state = origin if isinstance(origin, int) else origin.of(state)
        path.append(state)
    path.reverse()
    return path


def _confidences(
    states: list[int], emissions: Emissions, kept: NDArray[np.bool_], gap: Column, model: Model
) -> list[float]:
    """Probability of each line's state among its candidates, its neighbours' states being as they are."""
    path = np.array(states)
    scores = np.where(kept, emissions, _NEVER)
    scores[0] += model.start
    scores[1:] += model.table[gap[1:], path[:-1]]
    scores[:-1] += model.columns[gap[1:], path[1:]]
    # The path may go against the odds at a line, but not so far that `exp` overflows.
    reference = np.maximum(scores[np.arange(len(path)), path], scores.max(axis=1) - _FARTHEST)
    found: list[float] = (1.0 / np.exp((scores - reference[:, None]) / SCALE).sum(axis=1)).round(3).tolist()
    return found
