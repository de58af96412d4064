"""Fourth stage: the most probable sequence of states, with a confidence for each line (Viterbi 1967, beam-pruned)."""

from collections.abc import Callable, Sequence
from functools import cache
from operator import add, itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from newsroom.ingest.layout.columns import Column
from newsroom.ingest.layout.model import GAPS, LASTING, Model
from newsroom.ingest.layout.states import COUNT, SCALE, Emissions

_BEAM = 6 * SCALE
# `exp` of the lead of a state by its score, from `_EVEN` below; the path may go against the odds at a line, but not so far that `exp` overflows.
_EVEN, _FARTHEST = 25 * SCALE, 50 * SCALE
_ODDS = np.exp(np.arange(-_EVEN, _FARTHEST + 1) / SCALE)
_ODDS[0] = 0.0
# A state that is not worth following.
_NEVER = -1_000_000 * SCALE
_LASTING = np.array(LASTING)


class Path(NamedTuple):
    """The state of each line and how sure the model is of it, given its neighbours' states (0..1)."""

    states: list[int]
    confidences: list[float]


# The states worth following at a line, and what takes their entries out of a row that has one for each state.
Choices = tuple[tuple[int, ...], Callable[[Sequence[int]], tuple[int, ...]]]


# Where the states of a line may be reached from, if from more than one: the line above, its states with their scores, the scores of moves from all.
Origins = tuple[int, list[tuple[int, int]], list[list[int]]]


def decode(emissions: Emissions, gap: Column, model: Model) -> Path:
    """The best path through the lines. `emissions[line][state]` and the model's tables are fixed-point scores."""
    if not len(emissions):
        return Path([], [])
    best = emissions.argmax(axis=1)
    lead = _of_states(emissions, best) - emissions
    kept = lead <= _BEAM
    worth = kept & (lead <= _gains(best, gap, model))
    states = _best_path(emissions, worth, gap.tolist(), _foresee(lead, best, worth, gap, model), model)
    return Path(states, _confidences(states, emissions, kept, gap, model))


def _of_states(scores: Emissions, states: Column) -> Emissions:
    """The score of one state for each line (a column)."""
    found: Emissions = scores.take(np.arange(len(states)) * COUNT + states)[:, None]
    return found


def _gains(best: Column, gap: Column, model: Model) -> NDArray[np.int32]:
    """What the moves to and from each state gain at most on those of the likeliest state of the line: a state further behind is not worth following."""
    gains: NDArray[np.int32] = model.arriving.take(gap * COUNT + best, axis=0)
    gains[0] = model.start - model.start[best[0]]
    gains[:-1] += model.leaving.take(gap[1:] * COUNT + best[:-1], axis=0)
    return gains


class Foreseen(NamedTuple):
    """What is certain of a line if the line above has a certain state, found for all lines at once instead of one by one in the decoder's loop.

    `stretches[state]`, of the states that go on and on: the first line from each on that is not certain to have it. `states` are the likeliest ones;
    `stops` has the first line from each on that is not certain to have its likeliest state, if the line above has its own.
    """

    stretches: dict[int, list[int]]
    states: list[int]
    stops: list[int]


def _foresee(lead: Emissions, best: Column, worth: NDArray[np.bool_], gap: Column, model: Model) -> Foreseen:
    """A line is certain to have a state if that is then its best one, and no move can bring up another one to it."""
    count = len(gap)
    rows = gap * GAPS
    rows[:-1] += gap[1:]
    rows *= COUNT * COUNT
    others = np.where(worth, lead, -_NEVER)
    stops = np.repeat(np.arange(count)[None], len(LASTING) + 1, axis=0)
    # Most states are too far behind the likeliest one to be compared with all.
    lasting = rows[:, None] + _LASTING * (COUNT + 1)
    lines, places = (-lead.take(_LASTING, axis=1) > model.following.take(lasting * COUNT + best[:, None])).nonzero()
    leads = others.take(lines, axis=0) - lead.take(lines * COUNT + _LASTING.take(places))[:, None]
    certain = _lead_all(leads, lasting[lines, places], model)
    stops[places[certain], lines[certain]] = count
    rows += best
    rows[1:] += best[:-1] * COUNT
    stops[-1, 1:][_lead_all(others[1:], rows[1:], model)] = count
    # The last line has no moves from it.
    stops[:, -1] = count - 1
    *stretches, likeliest = np.minimum.accumulate(stops[:, ::-1], axis=1)[:, ::-1].tolist()
    return Foreseen(dict(zip(LASTING, stretches, strict=True)), best.tolist(), likeliest)


def _lead_all(leads: Emissions, rows: Column, model: Model) -> NDArray[np.bool_]:
    """Whether the leads on all other states are as great as they must be."""
    # A state after the other, which takes half the time.
    found: NDArray[np.bool_] = np.logical_and.reduce((leads > model.following.take(rows, axis=0)).T.copy())
    return found


@cache
def _choices(bits: int) -> Choices:
    """The choices that a set of states gives, as bits (two bytes hold it); on pages there are some hundreds of sets."""
    states = tuple(state for state in range(COUNT) if bits >> state & 1)
    # Of a single place `itemgetter` gives the entry alone.
    return states, itemgetter(*states) if len(states) > 1 else itemgetter(slice(states[0], states[0] + 1))


def _best_path(
    emissions: Emissions, worth: NDArray[np.bool_], gaps: Sequence[int], foreseen: Foreseen, model: Model
) -> list[int]:
    """Viterbi's path. States that no move can bring up to the best one of their line are left behind first: mostly one remains.

    Then all states of the next line are reached from that one, and nothing has to be compared; and the path is known down to the first line that
    is not certain to have what is foreseen.
    """
    # Rows of whole bytes are packed several times as fast in one.
    wide = np.zeros((len(worth), 16), np.bool_)
    wide[:, :COUNT] = worth
    sets = np.packbits(wide.ravel(), bitorder="little").view("<u2").tolist()
    line, last = 0, len(sets) - 1
    states, pick = _choices(sets[0])
    scores = list(map(add, pick(model.first), pick(emissions[0].tolist())))
    stretches, likeliest, stops = foreseen
    path: list[int] = []
    open_ends: list[Origins] = []
    while line < last:
        line += 1
        moves = model.moves[gaps[line]]
        top = max(scores)
        best = states[scores.index(top)]
        # Mostly the second best is out of reach of all moves.
        if len(scores) > 1 and sorted(scores)[-2] >= top - moves.widest[best]:
            # What some move may bring up to the best one; that itself is among them.
            rivals = zip(states, scores, pick(moves.margins[best]), strict=True)
            ahead = [(state, score) for state, score, margin in rivals if top - score <= margin]
            if len(ahead) > 1:
                states, pick = _choices(sets[line])
                open_ends.append((line - 1, ahead, moves.rows))
                path.append(best)
                scores = list(map(add, _reached(ahead, moves.rows, pick), pick(emissions[line].tolist())))
                continue
        path.append(best)
        known = line
        if best in stretches:
            known = stretches[best][line]
            path += [best] * (known - line)
        if best == likeliest[known - 1] and (stop := stops[known]) > known:
            path += likeliest[known:stop]
            best, known = likeliest[stop - 1], stop
        if known > line:
            line = known
            moves = model.moves[gaps[line]]
        states, pick = _choices(sets[line])
        scores = list(map(add, pick(moves.rows[best]), pick(emissions[line].tolist())))
    path.append(states[scores.index(max(scores))])
    # Of states from which one is reached as well, the first.
    for above, ahead, rows in reversed(open_ends):
        below = path[above + 1]
        totals = [score + rows[state][below] for state, score in ahead]
        path[above] = ahead[totals.index(max(totals))][0]
    return path


def _reached(
    ahead: list[tuple[int, int]], rows: list[list[int]], pick: Callable[[Sequence[int]], tuple[int, ...]]
) -> list[int]:
    """The scores with which these states (two at least) reach those below."""
    (upper, best), (lower, good), *others = ahead
    behind = best - good
    # A call of `max` for each takes several times as long.
    found = [
        best + move if move + behind >= other else good + other
        for move, other in zip(pick(rows[upper]), pick(rows[lower]), strict=True)
    ]
    for state, score in others:
        found = list(map(max, found, [score + move for move in pick(rows[state])]))
    return found


def _confidences(
    states: list[int], emissions: Emissions, kept: NDArray[np.bool_], gap: Column, model: Model
) -> list[float]:
    """Probability of each line's state among its candidates, its neighbours' states being as they are."""
    path = np.array(states)
    scores = np.where(kept, emissions, _NEVER)
    scores[0] += model.start
    scores[1:] += model.table.take(gap[1:] * COUNT + path[:-1], axis=0)
    scores[:-1] += model.columns.take(gap[1:] * COUNT + path[1:], axis=0)
    odds = _ODDS.take(scores - _of_states(scores, path) + _EVEN, mode="clip")
    # A quarter of the time of `sum(axis=1)`.
    found: list[float] = (1.0 / np.einsum("ij->i", odds)).round(3).tolist()
    return found
