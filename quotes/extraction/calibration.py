"""From the model's chance to a confidence that holds: of those at 0.9, nine in ten are right.

`data/calibration.txt` holds for each kind of decision a rising table of (chance, share that was right), found by fit.py
by isotonic regression (pool adjacent violators) on articles that the weights have not seen; between its points we interpolate.
"""

from bisect import bisect_right
from functools import cache

from quotes.extraction.vocabulary import VocabularyError, sections


@cache
def table(kind: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """(chances, shares) for a kind of decision. Raises VocabularyError when the kind is not in the file."""
    try:
        points = [point.split(":") for point in sections("calibration")[kind]]
    except KeyError:
        raise VocabularyError(f"calibration.txt has no section [{kind}]") from None
    return tuple(float(chance) for chance, _ in points), tuple(float(share) for _, share in points)


def calibrated(kind: str, chance: float) -> float:
    """The share of right decisions at this chance, rounded to hundredths."""
    chances, shares = table(kind)
    index = bisect_right(chances, chance)
    if index == 0:
        return round(shares[0], 2)
    if index == len(chances):
        return round(shares[-1], 2)
    left, right = chances[index - 1], chances[index]
    weight = (chance - left) / (right - left)
    return round(shares[index - 1] + weight * (shares[index] - shares[index - 1]), 2)
