"""Stage 5b: the choice among candidates, a log-linear model over their features.

Weights come from `data/attribution.weights` (made by fit.py; the header tells from what). A weight that is missing
counts nothing; so the model never sees more than what the features name.
"""

import math
from collections.abc import Callable, Sequence
from functools import cache, lru_cache

from quotes.extraction.groups import Group
from quotes.extraction.vocabulary import DATA, VocabularyError


@cache
def load_weights(name: str) -> dict[str, int]:
    """Feature -> weight in hundredths of `data/<name>.weights`. Raises VocabularyError when the file is missing or holds none."""
    path = DATA / f"{name}.weights"
    table: dict[str, int] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise VocabularyError(f"weights {path} cannot be read: {error.strerror}") from error
    for line in lines:
        if line and not line.startswith("# "):
            value, _, feature = line.partition("\t")
            table[feature] = int(value)
    if not table:
        raise VocabularyError(f"{path.name}: no weights")
    return table


REMEMBERED = 20_000  # groups of features whose sums are kept; a few megabytes


@cache
def group_weight(name: str) -> Callable[[Group], int]:
    """The function that sums the weights of a group of features, by the model `name`; it remembers what it was asked."""
    get = load_weights(name).get

    @lru_cache(REMEMBERED)
    def weight(group: Group) -> int:
        names, values = group
        return sum([get(feature, 0) for feature in names(*values)])

    return weight


def score(name: str, groups: Sequence[Group]) -> float:
    """The sum of all weights of some groups of features, by the model `name`; exact, so that equals stay equal in any order."""
    return sum(map(group_weight(name), groups)) / 100


def softmax(scores: list[float]) -> list[float]:
    """The scores as chances that sum to one."""
    top = max(scores)
    exps = [math.exp(score - top) for score in scores]
    total = sum(exps)
    return [value / total for value in exps]
