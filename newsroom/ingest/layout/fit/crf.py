"""A linear-chain conditional random field with partially observed labels, in numpy (training only).

Lafferty, McCallum and Pereira 2001; partial labels as in Bellare and McCallum 2007: the likelihood of a line's allowed set. The forward and backward
passes run in the linear domain with scaling, many documents at a time.
"""

from dataclasses import dataclass

import numpy as np
import scipy.optimize
import scipy.sparse
from numpy.typing import NDArray

from newsroom.ingest.layout.states import COUNT

Array = NDArray[np.float64]
_BATCH_CELLS = 60_000
_FLOOR = 1e-30


@dataclass
class Problem:
    """All documents, one under another: features (rows x features), allowed states, gap class of each row, first rows."""

    features: scipy.sparse.csr_matrix
    allowed: NDArray[np.bool_]
    gaps: NDArray[np.int64]
    lengths: list[int]
    weights: Array
    gap_classes: int


@dataclass
class Parameters:
    """Emission weights (features x states), transitions (gap class x from x to), first-state weights."""

    emit: Array
    move: Array
    first: Array


def unpack(theta: Array, features: int, gap_classes: int) -> Parameters:
    """The flat vector as parameters (views, not copies)."""
    cut = features * COUNT
    end = cut + gap_classes * COUNT * COUNT
    return Parameters(
        theta[:cut].reshape(features, COUNT),
        theta[cut:end].reshape(gap_classes, COUNT, COUNT),
        theta[end : end + COUNT],
    )


def batches(lengths: list[int]) -> list[list[int]]:
    """Documents of like length together, so that padding stays small."""
    order = sorted(range(len(lengths)), key=lambda number: lengths[number])
    out: list[list[int]] = [[]]
    for number in order:
        if out[-1] and lengths[number] * (len(out[-1]) + 1) > _BATCH_CELLS:
            out.append([])
        out[-1].append(number)
    return out


class Objective:
    """Penalised negative log-likelihood and its gradient."""

    def __init__(self, problem: Problem, penalty: float) -> None:
        self.problem = problem
        self.penalty = penalty
        self.starts = np.concatenate([[0], np.cumsum(problem.lengths)]).astype(np.int64)
        self.batches = batches(problem.lengths)
        self.size = problem.features.shape[1]
        self.transposed = problem.features.T.tocsr()

    def __call__(self, theta: Array) -> tuple[float, Array]:
        problem = self.problem
        now = unpack(theta, self.size, problem.gap_classes)
        scores = problem.features @ now.emit
        gradient = np.zeros_like(theta)
        slope = unpack(gradient, self.size, problem.gap_classes)
        expected = np.zeros_like(scores)
        loss = 0.0
        for batch in self.batches:
            loss += self._batch(batch, scores, now, expected, slope)
        slope.emit[:] = self.transposed @ expected
        gradient += self.penalty * theta
        return loss + 0.5 * self.penalty * float(theta @ theta), gradient

    def _batch(self, batch: list[int], scores: Array, now: Parameters, expected: Array, slope: Parameters) -> float:
        problem = self.problem
        longest = max(problem.lengths[number] for number in batch)
        rows = np.full((longest, len(batch)), -1, dtype=np.int64)
        for column, number in enumerate(batch):
            count = problem.lengths[number]
            rows[:count, column] = np.arange(self.starts[number], self.starts[number] + count)
        there = rows >= 0
        weight = problem.weights[batch]
        emission = scores[rows]
        peak = emission.max(axis=2, keepdims=True)
        potential = np.exp(emission - peak)
        potential[~there] = 1.0
        moves = np.exp(now.move)
        gaps = problem.gaps[rows]
        # The free and the clamped pass go side by side: steps, not cells, are what costs.
        clamped = potential * problem.allowed[rows]
        clamped[~there] = 1.0
        here = np.concatenate([potential, clamped], axis=1)
        signed = np.concatenate([weight, -weight])
        twice = np.concatenate([there, there], axis=1)
        log, node, edge, begin = _passes(
            here, moves, np.exp(now.first), np.concatenate([gaps, gaps], axis=1), twice, signed
        )
        both = node.reshape(longest, 2, len(batch), COUNT)
        expected[rows[there]] = ((both[:, 0] - both[:, 1]) * weight[None, :, None])[there]
        slope.move[:] += edge * moves
        slope.first[:] += begin
        return float(signed @ log)


def _passes(
    here: Array, moves: Array, first: Array, gaps: NDArray[np.int64], there: NDArray[np.bool_], weight: Array
) -> tuple[Array, Array, Array, Array]:
    """(log partition, state marginals, weighted transition counts without the factor exp(move), first-state counts)."""
    steps, width, count = here.shape
    onward = moves.transpose(1, 0, 2).reshape(count, -1)
    return_ = moves.transpose(2, 0, 1).reshape(count, -1)
    columns = np.arange(width)
    full = [bool(row.all()) for row in there]

    def moved(vector: Array, tables: Array, step: int) -> Array:
        """The vectors after the moves of their gaps."""
        out: Array = (vector @ tables).reshape(width, -1, count)[columns, gaps[step]]
        return out

    forward, backward, ahead = np.empty_like(here), np.ones_like(here), np.zeros_like(here)
    scale = np.ones((steps, width))
    now = first[None, :] * here[0]
    for step in range(steps):
        if step:
            now = moved(forward[step - 1], onward, step) * here[step]
            if not full[step]:
                now = np.where(there[step][:, None], now, forward[step - 1])
        total = now.sum(axis=1) + _FLOOR
        scale[step] = total if full[step] else np.where(there[step], total, 1.0)
        forward[step] = now / total[:, None]
    for step in range(steps - 1, 0, -1):
        ahead[step] = here[step] * backward[step] / scale[step][:, None]
        if full[step]:
            backward[step - 1] = moved(ahead[step], return_, step)
        else:
            ahead[step][~there[step]] = 0.0
            backward[step - 1] = np.where(there[step][:, None], moved(ahead[step], return_, step), backward[step])
    node = forward * backward
    node /= node.sum(axis=2, keepdims=True) + _FLOOR
    begin = (node[0] * weight[:, None]).sum(axis=0)
    return np.log(scale).sum(axis=0), node, _edges(forward * weight[None, :, None], ahead, gaps, len(moves)), begin


def _edges(forward: Array, ahead: Array, gaps: NDArray[np.int64], classes: int) -> Array:
    """For each class of gap, what moves between two states add up to."""
    count = forward.shape[2]
    before, after = forward[:-1].reshape(-1, count), ahead[1:].reshape(-1, count)
    chosen = gaps[1:].reshape(-1)
    return np.stack([before[chosen == gap].T @ after[chosen == gap] for gap in range(classes)])


def fit(problem: Problem, penalty: float, rounds: int, start: Array | None = None) -> Array:
    """The flat parameters after at most `rounds` of L-BFGS from zero: deterministic for given data and numpy."""
    objective = Objective(problem, penalty)
    size = problem.features.shape[1] * COUNT + problem.gap_classes * COUNT * COUNT + COUNT
    theta = np.zeros(size) if start is None else start
    found = scipy.optimize.minimize(
        objective, theta, jac=True, method="L-BFGS-B", options={"maxiter": rounds, "maxcor": 8, "maxfun": 2 * rounds}
    )
    best: Array = np.asarray(found.x, dtype=np.float64)
    return best
