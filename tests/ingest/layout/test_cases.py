"""Dumps of many layouts with the label of each line (see cases/README.md), pinned as floors that only rise."""

from pathlib import Path
from typing import NamedTuple

import pytest

from newsroom.ingest.layout import parse_page

CASES = sorted((Path(__file__).parent / "cases").glob("*.txt"))
# Share of lines with the right label, and cases without a single wrong one, as of the last fit.
LINES_FLOOR = 0.99
WHOLE_CASES_FLOOR = 93


class Case(NamedTuple):
    """A dump and the wanted label of each non-blank line ('+' continues the line above)."""

    text: str
    wanted: list[str]


def read_case(path: Path) -> Case:
    """Take labels and dump apart."""
    wanted, lines = [], []
    newline = "\n"
    for row in path.read_text(encoding="utf-8").splitlines():
        if row.startswith("#"):
            newline = "\r\n" if row == "# newlines: crlf" else newline
            continue
        label, _, text = row.partition("|")
        lines.append(text.removeprefix(" "))
        if text.strip():
            wanted.append(label.strip())
    return Case(newline.join(lines) + newline, wanted)


def labels_of(text: str) -> list[str]:
    """The label of each non-blank line: '+' for a line that lies in the block of the one above."""
    blocks = parse_page(text).blocks
    found = []
    position = 0
    before = None
    for raw in text.splitlines(keepends=True):
        if raw.strip():
            start = position + len(raw) - len(raw.lstrip())
            block = next(block for block in blocks if block.start <= start < block.end)
            found.append("+" if block is before else block.label)
            before = block
        position += len(raw)
    return found


def test_there_are_sixty_cases_or_more() -> None:
    assert len(CASES) >= 60


def test_lines_come_out_as_the_cases_say() -> None:
    right = total = whole = 0
    wrong = []
    for path in CASES:
        case = read_case(path)
        found = labels_of(case.text)
        assert len(found) == len(case.wanted), path.name
        misses = [(want, got) for want, got in zip(case.wanted, found, strict=True) if want != got]
        right += len(found) - len(misses)
        total += len(found)
        whole += not misses
        if misses:
            wrong.append(f"{path.name}: {misses[:4]}")
    report = f"{right} of {total} lines, {whole} of {len(CASES)} cases\n" + "\n".join(wrong)
    assert right / total >= LINES_FLOOR, report
    assert whole >= WHOLE_CASES_FLOOR, report


@pytest.mark.parametrize("path", [path for path in CASES if "-none-" in path.name], ids=lambda path: path.stem)
def test_a_dump_without_an_article_gives_none(path: Path) -> None:
    assert parse_page(read_case(path).text).articles == []
