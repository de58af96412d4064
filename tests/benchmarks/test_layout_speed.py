"""Layout speed: documents a second, beside an engine that sees the HTML, and time that grows with the text and no faster."""

import gzip
import json
import time
from collections.abc import Callable
from html import escape
from pathlib import Path

import numpy as np
import pytest
import trafilatura

from newsroom.ingest.layout import parse_page
from newsroom.ingest.layout.features import COLUMNS, FITTED, FOLDED
from newsroom.ingest.layout.states import COUNT

pytestmark = pytest.mark.benchmark

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "dumps-eval"
RENDERINGS = ("innertext", "soup", "nodes", "wrapped")
DUMP = "\n".join(
    [
        f"The harbour board said on Monday that pier {n} would stay closed until the divers had looked at it again."
        for n in range(12)
    ]
    + ["Harbour board keeps twelve piers closed", ""]
    + [
        f"Pier {n} has been closed since the storm of last winter, and the {n} boats that used it lie in the outer harbour."
        for n in range(14)
    ]
    + ["", "Most Popular", ""]
    + [f"Item number {n} about a ferry that was late" for n in range(6)]
)
SECTIONS = [
    "News",
    "Sport",
    "Weather",
    "Business",
    "Opinion",
    "Culture",
    "Travel",
    "Motoring",
    "Obituaries",
    "Puzzles",
    "Video",
    "Podcasts",
]


def page(number: int) -> str:
    """A page as a browser copies it: two hundred lines, of which thirty are an article."""
    menu = [f"{section}\nLatest in {section.lower()} {number}" for section in SECTIONS]
    story = [
        f"Pier {n + number} has been closed since the storm of last winter, and the {n} boats that used it lie in the outer harbour, "
        f"where the board of {number} members found room for them after a long night of talks with their owners."
        for n in range(24)
    ]
    links = [f"Ferry {n} of line {number} was late again on Monday\n{n} hours ago\nBy Nora Feld" for n in range(24)]
    foot = [f"{section} {word} {number}" for section in SECTIONS for word in ("archive", "newsletter", "help", "jobs")]
    head = [f"Harbour board keeps {number} piers closed", "By Nora Feld", "Monday, 3 May 2027, 09:15", "Share"]
    return "\n".join([*menu, *head, *story, "14 comments", "Most Read", *links, *foot])


def seconds(call: Callable[[], object], times: int = 3) -> float:
    """Processor time of the best of several runs."""
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        call()
        best = min(best, time.process_time() - start)
    return best


def report(capsys: pytest.CaptureFixture[str], text: str) -> None:
    with capsys.disabled():
        print(f"\n{text}", end="")  # noqa: T201 - a benchmark prints its figures


def rate(texts: list[str], call: Callable[[str], object] = parse_page) -> float:
    """Documents a second of one core."""
    return len(texts) / seconds(lambda: [call(text) for text in texts])


def test_documents_a_second_beside_an_engine_that_sees_the_html(capsys: pytest.CaptureFixture[str]) -> None:
    parse_page("warm")
    pages = [page(number) for number in range(40)]
    markup = ["<html><body>" + "".join(f"<p>{escape(line)}</p>" for line in text.split("\n")) for text in pages]
    ours, theirs = rate(pages), rate(markup[:10], trafilatura.extract)
    report(
        capsys,
        f"layout: {ours:.0f} pages of {len(pages[0])} characters a second; trafilatura: {theirs:.0f}; {ours / theirs:.1f} times as many",
    )
    dumps = rate([f"{DUMP}\nItem {number}" for number in range(50)])
    report(capsys, f"layout: {dumps:.0f} story dumps of {len(DUMP)} characters a second")
    assert ours > theirs


@pytest.mark.parametrize("rendering", RENDERINGS)
def test_real_pages_a_second(rendering: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = CORPUS / "real" / f"real_dev.{rendering}.jsonl.gz"
    if not path.exists():
        pytest.skip(f"no corpus of real pages at {path}")
    parse_page("warm")
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        texts = [json.loads(row)["dump"] for row in rows]
    found = rate(texts)
    report(capsys, f"layout: {found:.0f} real pages ({rendering}) a second")
    assert found > 0


@pytest.mark.parametrize(
    "unit",
    ["x", "\n", "word ", "A headline about a bridge\n", f"{DUMP}\n", ", ", "1/2/", "(", "By A. Name, 3 May 2025\n"],
    ids=["one word", "blank lines", "one line", "headlines", "dumps", "commas", "slashes", "brackets", "bylines"],
)
def test_twice_the_text_takes_at_most_2_3_times_as_long(unit: str) -> None:
    parse_page("warm")
    size = 500_000
    once, twice = unit * (size // len(unit)), unit * (2 * size // len(unit))
    ratios = []
    for _ in range(4):  # other work on the machine disturbs single measurements
        small, large = seconds(lambda: parse_page(once), 2), seconds(lambda: parse_page(twice), 2)
        ratios.append((large - 0.02) / small)
        if ratios[-1] <= 2.3:
            break
    assert min(ratios) <= 2.3


def test_folded_tables_take_fewer_look_ups_and_less_time() -> None:
    numbers = np.random.default_rng(7)
    weights = numbers.integers(-300, 300, (FITTED.total, COUNT), np.int32)
    folded = FOLDED.fold(weights, FITTED)
    columns = np.stack([numbers.integers(0, size, 200, np.int32) for size in COLUMNS.values()])
    assert len(FOLDED.blocks) < 0.6 * len(FITTED.blocks)
    assert seconds(lambda: [folded.take(FOLDED.numbers(columns), axis=0).sum(axis=0) for _ in range(200)]) < seconds(
        lambda: [weights.take(FITTED.numbers(columns), axis=0).sum(axis=0) for _ in range(200)]
    )
