"""What the page about the archive says of its accuracy and limits: read from the README, where the figures are kept."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"
_MARKS = re.compile(r"\*\*|`")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
# What a programmer may type, and a reader of the page may not.
_COMMANDS = re.compile(r"\s*\([^()]*`[^()]*\)")
_CELL = re.compile(r"(?<!\\)\|")


@dataclass(slots=True)
class Table:
    """``about`` is the text above it; ``command`` prints the figures; ``columns`` head the ``rows`` after the first cell."""

    about: str
    command: str
    columns: list[str]
    rows: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Facts:
    tables: list[Table]
    limits: list[str]


@cache
def facts() -> Facts:
    """Nothing of either where the README was not installed with the program."""
    try:
        text = README.read_text(encoding="utf-8")
    except OSError:
        return Facts([], [])
    return read(text)


def read(text: str) -> Facts:
    return Facts(_tables(_section(text, "How well it works")), _items(_section(text, "Limits")))


def _section(text: str, title: str) -> str:
    return text.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def _tables(section: str) -> list[Table]:
    found = []
    above = ""
    for block in section.strip().split("\n\n"):
        if not block.startswith("|"):
            above = _plain(_COMMANDS.sub("", block))
            continue
        head, _rule, *rows = ([_plain(cell) for cell in _CELL.split(line.strip("| "))] for line in block.splitlines())
        found.append(Table(above, head[0], head[1:], rows))
    return found


def _items(section: str) -> list[str]:
    return [_plain(item) for item in re.findall(r"^- (.+(?:\n  .+)*)", section, re.MULTILINE)]


def _plain(markdown: str) -> str:
    return " ".join(_MARKS.sub("", _LINK.sub(r"\1", markdown)).split())
