"""Stage 5b: the choice among candidates, a log-linear model over their features.

Weights come from `data/attribution.weights` (made by fit.py; the header tells from what). A weight that is missing
counts nothing; so the model never sees more than what the features name.
"""

import math
from collections.abc import Sequence
from functools import cache
from itertools import repeat

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


NOTHING = repeat(0)  # the weight of a feature that the model does not hold
REMEMBERED = 30_000  # groups of features whose sums are kept; a few megabytes


class GroupSums(dict[Group, int]):
    """Group of features -> the sum of its weights in one model, worked out when first asked for.

    A dictionary, and emptied when full, for a look-up in it costs half of one in `lru_cache`.
    """

    def __init__(self, weights: dict[str, int]) -> None:
        super().__init__()
        self.weights = weights

    def __missing__(self, group: Group) -> int:
        names, *values = group
        total = sum(map(self.weights.get, names(*values), NOTHING))
        if len(self) >= REMEMBERED:
            self.clear()
        self[group] = total
        return total


@cache
def group_sums(name: str) -> GroupSums:
    """The sums of the model `name`."""
    return GroupSums(load_weights(name))


def score(name: str, groups: Sequence[Group], named: Sequence[str] = ()) -> float:
    """The sum of all weights of some groups of features, by the model `name`; exact, so that equals stay equal in any order.

    `named`: features given by name, for to look up a group costs more than it saves where its values hardly come back.
    """
    sums = group_sums(name)
    total = sum(map(sums.__getitem__, groups))
    if named:
        total += sum(map(sums.weights.get, named, NOTHING))
    return total / 100


def softmax(scores: list[float]) -> list[float]:
    """The scores as chances that sum to one."""
    top = max(scores)
    exps = [math.exp(score - top) for score in scores]
    total = sum(exps)
    return [value / total for value in exps]
