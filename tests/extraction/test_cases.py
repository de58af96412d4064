"""Runs every hand-written case of `cases/*.txt` and holds each file to its floor.

A case is a title line (`== ...`), the text, and one line for each quote expected, in the order of their start:

    -- kind | speaker or - | text [| role=... | kind=... | by=...]

An ellipsis with blanks around it (" … ") in the expected text stands for anything. A case without such lines
expects that nothing comes out.
"""

from pathlib import Path
from typing import NamedTuple

import pytest

from quotes.extraction import ExtractedQuote, extract_quotes
from quotes.extraction.assemble import RULE_NAMES

CASES = Path(__file__).parent / "cases"
FLOORS = CASES / "floors.tsv"
FEWEST = 250


class Case(NamedTuple):
    title: str
    text: str
    expected: list[str]


def read_cases(path: Path) -> list[Case]:
    cases: list[Case] = []
    for block in path.read_text(encoding="utf-8").split("\n== ")[1:]:
        title, *lines = block.rstrip().split("\n")
        expected = [line[3:] for line in lines if line.startswith("-- ")]
        text = "\n".join(line for line in lines if not line.startswith("-- ")).strip()
        cases.append(Case(title, text, expected))
    return cases


def fits(line: str, quote: ExtractedQuote) -> bool:
    kind, speaker, text, *more = (part.strip() for part in line.split(" | "))
    head, _, tail = text.partition(" … ")
    same_text = quote.text.startswith(head) and quote.text.endswith(tail) if tail else quote.text == text
    extras = dict(part.split("=", 1) for part in more)
    return (
        quote.kind == kind
        and (quote.speaker or "-") == speaker
        and same_text
        and extras.get("role", quote.role) == quote.role
        and extras.get("kind", quote.speaker_kind) == quote.speaker_kind
        and extras.get("by", quote.reported_by) == quote.reported_by
    )


def passes(case: Case) -> bool:
    found = extract_quotes(case.text)
    return len(found) == len(case.expected) and all(map(fits, case.expected, found))


def floors() -> dict[str, int]:
    rows = (line.split("\t") for line in FLOORS.read_text(encoding="utf-8").splitlines() if line[:1] != "#")
    return {name: int(count) for name, count in rows}


def case_files() -> list[Path]:
    return sorted(CASES.glob("*.txt"))


@pytest.mark.parametrize("path", case_files(), ids=lambda path: path.stem)
def test_file_of_cases_keeps_its_floor(path: Path) -> None:
    cases = read_cases(path)
    failing = [case.title for case in cases if not passes(case)]
    right = len(cases) - len(failing)
    floor = floors()[path.stem]
    assert right >= floor, f"{right} of {len(cases)} right, floor {floor}; failing: {failing}"
    assert right == floor, (
        f"{right} of {len(cases)} right: raise the floor of {path.stem} in {FLOORS.name}; failing: {failing}"
    )


def test_there_are_enough_cases() -> None:
    assert sum(len(read_cases(path)) for path in case_files()) >= FEWEST


def test_every_rule_decides_in_some_case() -> None:
    texts = [case.text for path in case_files() for case in read_cases(path)]
    decided = {quote.rule.partition(".")[0] for text in texts for quote in extract_quotes(text)}
    assert set(RULE_NAMES.values()) <= decided
