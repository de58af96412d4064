"""Makes the tables of `data/calibration.txt` from judged decisions; used by fit.py alone.

The table is isotonic regression by pool adjacent violators (Ayer et al., Annals of Mathematical Statistics 26, 1955),
with each block holding at least FEWEST decisions.
"""

from collections.abc import Mapping, Sequence

from quotes.extraction.vocabulary import DATA

FEWEST = 40  # decisions in a block
Pairs = Sequence[tuple[float, bool]]


def isotonic(pairs: Pairs) -> list[tuple[float, float]]:
    """Rising (mean chance, share right) points from (chance, right) pairs; [] where there are none."""
    blocks: list[list[float]] = []  # sum of chances, number right, number
    for chance, right in sorted(pairs):
        if blocks and blocks[-1][2] < FEWEST:
            blocks[-1] = [blocks[-1][0] + chance, blocks[-1][1] + right, blocks[-1][2] + 1]
        else:
            blocks.append([chance, float(right), 1.0])
        if blocks[-1][2] >= FEWEST:
            pool(blocks)
    if len(blocks) > 1 and blocks[-1][2] < FEWEST:
        join_last(blocks)
        pool(blocks)
    return [(block[0] / block[2], share(block)) for block in blocks]


def join_last(blocks: list[list[float]]) -> None:
    """Makes one of the last two blocks."""
    last = blocks.pop()
    blocks[-1] = [one + other for one, other in zip(blocks[-1], last, strict=True)]


def pool(blocks: list[list[float]]) -> None:
    """Joins the last block with those before it until the shares rise."""
    while len(blocks) > 1 and share(blocks[-2]) >= share(blocks[-1]):
        join_last(blocks)


def share(block: Sequence[float]) -> float:
    """The share of right decisions of a block."""
    return block[1] / block[2]


def write_tables(tables: Mapping[str, Pairs], notes: Sequence[str]) -> None:
    """Writes `data/calibration.txt`."""
    lines = [
        "# Confidence for each chance of the models: chance:share of decisions that were right.",
        *(f"# {note}" for note in notes),
    ]
    for kind, pairs in tables.items():
        points = isotonic(pairs)
        lines += ["", f"[{kind}]", " ".join(f"{chance:.3f}:{right:.3f}" for chance, right in points)]
    (DATA / "calibration.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
