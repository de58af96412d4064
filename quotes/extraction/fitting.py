"""The mathematics of fit.py: convex losses with an L2 penalty, minimised by L-BFGS from zero; deterministic.

Used for development alone: it needs numpy and scipy (requirements-dev.txt).
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

SEEN_AT_LEAST = 3  # a feature rarer than this gets no weight


class Choice(NamedTuple):
    """One region: the features of each candidate and which of them are right."""

    options: list[list[str]]
    right: list[int]


class Judged(NamedTuple):
    """One yes-or-no decision: its features, and what the annotators say."""

    row: list[str]
    right: bool


def fit_logistic(data: list[Judged], penalty: float) -> dict[str, float]:
    """Weights of a logistic model for the decisions that are right."""
    columns = index_features(judged.row for judged in data)
    x = matrix([judged.row for judged in data], columns)
    y = np.array([1.0 if judged.right else -1.0 for judged in data])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        margins = y * (x @ weights)
        value = np.logaddexp(0, -margins).sum() + penalty * (weights @ weights)
        return value, x.T @ (-y / (1 + np.exp(margins))) + 2 * penalty * weights

    solved = minimize(loss, np.zeros(len(columns)), jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return {name: float(solved.x[column]) for name, column in columns.items()}


def index_features(rows: Iterator[list[str]]) -> dict[str, int]:
    """Feature -> column, for the features seen often enough."""
    counts = Counter(name for row in rows for name in row)
    return {
        name: column for column, name in enumerate(sorted(name for name, n in counts.items() if n >= SEEN_AT_LEAST))
    }


def matrix(rows: list[list[str]], columns: dict[str, int]) -> csr_matrix:
    """The rows as a sparse matrix of ones."""
    pointers, indices = [0], []
    for row in rows:
        indices += [columns[name] for name in row if name in columns]
        pointers.append(len(indices))
    return csr_matrix((np.ones(len(indices)), indices, pointers), shape=(len(rows), len(columns)))


def fit_ranker(data: list[Choice], penalty: float) -> dict[str, float]:
    """Weights that make the right candidates of each choice likely (the sum of their chances)."""
    rows = [row for choice in data for row in choice.options]
    columns = index_features(iter(rows))
    x = matrix(rows, columns)
    groups = np.repeat(np.arange(len(data)), [len(choice.options) for choice in data])
    first = np.concatenate([[0], np.cumsum([len(choice.options) for choice in data])[:-1]])
    right = np.zeros(len(rows))
    for start, choice in zip(first, data, strict=True):
        right[[start + index for index in choice.right]] = 1.0

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = x @ weights
        scores -= np.maximum.reduceat(scores, first)[groups]
        exps = np.exp(scores)
        chances = exps / np.add.reduceat(exps, first)[groups]
        good = np.add.reduceat(chances * right, first)
        wanted = chances * right / np.maximum(good, 1e-12)[groups]
        value = -np.log(np.maximum(good, 1e-12)).sum() + penalty * (weights @ weights)
        return value, x.T @ (chances - wanted) + 2 * penalty * weights

    solved = minimize(loss, np.zeros(len(columns)), jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return {name: float(solved.x[column]) for name, column in columns.items()}


def crossed(data: list[Any], fit: Callable[[list[Any]], dict[str, float]]) -> Iterator[tuple[Any, dict[str, float]]]:
    """Each item with weights fitted on the half that it is not in."""
    halves = data[::2], data[1::2]
    for unseen, seen in (halves, halves[::-1]):
        weights = fit(seen)
        yield from ((item, weights) for item in unseen)
