"""Stage 5b: the choice among candidates, a log-linear model over their features.

Weights come from `data/attribution.weights` (made by fit.py; the header tells from what). A weight that is missing
counts nothing; so the model never sees more than what the features name.
"""

import math
from functools import cache

from quotes.extraction.vocabulary import DATA, VocabularyError


@cache
def load_weights(name: str) -> dict[str, float]:
    """Feature -> weight of `data/<name>.weights`. Raises VocabularyError when the file is missing or holds none."""
    path = DATA / f"{name}.weights"
    table: dict[str, float] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise VocabularyError(f"weights {path} cannot be read: {error.strerror}") from error
    for line in lines:
        if line and not line.startswith("# "):
            value, _, feature = line.partition("\t")
            table[feature] = int(value) / 100
    if not table:
        raise VocabularyError(f"{path.name}: no weights")
    return table


def softmax(scores: list[float]) -> list[float]:
    """The scores as chances that sum to one."""
    top = max(scores)
    exps = [math.exp(score - top) for score in scores]
    total = sum(exps)
    return [value / total for value in exps]
