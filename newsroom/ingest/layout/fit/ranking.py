"""Fit the headline ranking: a softmax over the candidates of each article, maximum likelihood with an L2 penalty."""

from dataclasses import dataclass

import numpy as np
import scipy.optimize

from newsroom.ingest.layout.fit.crf import Array
from newsroom.ingest.layout.headlines import TOTAL, Candidates
from newsroom.ingest.layout.states import SCALE


@dataclass
class Choice:
    """The candidates of one article, the places of the right ones (several if printed twice), and its weight."""

    candidates: Candidates
    right: list[int]
    weight: float


def fit_ranking(choices: list[Choice], penalty: float = 12.0, rounds: int = 200) -> list[int]:
    """Fixed-point weights for `headlines.choose`. Articles without a right candidate are left out."""
    used = [choice for choice in choices if choice.right]
    table = np.concatenate([choice.candidates.features for choice in used])
    owner = np.arange(len(used)).repeat([len(choice.candidates.lines) for choice in used])
    correct = np.zeros(len(table), np.bool_)
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    for start, choice in zip(starts.tolist(), used, strict=True):
        correct[[start + place for place in choice.right]] = True
    weights = np.array([choice.weight for choice in used])

    def objective(theta: Array) -> tuple[float, Array]:
        padded = np.append(theta, 0.0)
        scores = padded[table].sum(axis=1)
        scores -= np.maximum.reduceat(scores, starts)[owner]
        grown = np.exp(scores)
        chance = grown / np.add.reduceat(grown, starts)[owner]
        mass = np.add.reduceat(np.where(correct, chance, 0.0), starts) + 1e-12
        target = np.where(correct, chance, 0.0) / mass[owner]
        gradient = np.zeros(TOTAL + 1)
        np.add.at(gradient, table.ravel(), np.repeat((chance - target) * weights[owner], table.shape[1]))
        loss = -float(weights @ np.log(mass)) + 0.5 * penalty * float(theta @ theta)
        return loss, gradient[:TOTAL] + penalty * theta

    found = scipy.optimize.minimize(
        objective, np.zeros(TOTAL), jac=True, method="L-BFGS-B", options={"maxiter": rounds}
    )
    return [int(value) for value in np.rint(np.asarray(found.x) * SCALE)]
