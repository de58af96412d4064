"""Word lists kept as data files."""

from functools import cache
from importlib import resources


@cache
def word_list(name: str) -> frozenset[str]:
    """The words of data/NAME.txt; lines that open with # say where they come from. Raises ValueError if there are none."""
    text = resources.files("newsroom.ingest.layout").joinpath("data", f"{name}.txt").read_text(encoding="utf-8")
    words = frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())
    if not words:
        raise ValueError(f"data/{name}.txt holds no words")
    return words


@cache
def phrases(name: str) -> frozenset[str]:
    """The phrases of data/NAME.txt, one a line. Raises ValueError if there are none."""
    text = resources.files("newsroom.ingest.layout").joinpath("data", f"{name}.txt").read_text(encoding="utf-8")
    found = frozenset(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))
    if not found:
        raise ValueError(f"data/{name}.txt holds no phrases")
    return found
