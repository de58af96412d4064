"""No text takes the engines long out of proportion: twice as much of anything takes about twice as long.

What is measured is processor time of this process, so that a busy machine changes little; and of a slow pair the faster
of three, so that it changes nothing.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator

import pytest

from articles import markdown, search, text
from newsroom.ingest.readers import Incoming
from newsroom.ingest.worker import process
from quotes.extraction import extract_quotes

# What patterns stumble over when it comes without end: blanks, letters, figures, marks that open and never close, what
# begins a name, a date, an address, a label, a line of credits.
UNITS = [
    " ", "\t", "\n", "a", "A", "1", "a ", "A ", "1 ", "a. ", "A. ", "Al ", "Mr. ", "A-", "a-", "a’", "a/", "1, ", "1.", "12:",
    "\"", "“", "” ", "‘", "’s ", "“a” ", "“a", "(", "(a", "[", "<", "</", "<a ", "<!--", "&", "&#", "-", "– ", "=", "/", ".",
    "… ", ",", ", ", ": ", "@", "a@", "http://a.", "www.", "of ", "and ", "By ", "By A and ", "said ", "January ", "12 May ",
    "2026-", "| ", "* ", "# ", "_", "__", "\\", "`", "](", "é", "e\u0301", "\u200b", "\u2028", "a\n", "A\n", "• a\n", "a, b, ",
    "said “a” and ", "Q: a\n", "Getty ", "Photo: A ", "Tags: ", "Share ",
]  # fmt: skip
SIZE = 16_000
SOON = 0.5  # seconds of processor time that need no further look


def page(odd: str) -> Incoming:
    return Incoming(
        "odd.txt",
        (
            "Harbour fees to rise in spring\n\nBy Ines Falk\nNovember 14, 2026\n\nThe port will raise its fees, it said.\n"
            f"{odd}\nShippers have until January to comment on the plan.\n"
        ).encode(),
    )


ENGINES: dict[str, Callable[[str], object]] = {
    "a page": lambda odd: process(page(odd)),
    "nothing else": lambda odd: process(Incoming("odd.txt", odd.encode())),
    "a page of HTML": lambda odd: process(
        Incoming("odd.html", f"<html><body><h1>Fees</h1><p>The port will raise its fees.</p><p>{odd}</p>".encode())
    ),
    "quotes": lambda odd: extract_quotes(f'"We are late," said Mara Quill. {odd} he said.'),
    "Markdown": lambda odd: (markdown.to_text(odd), markdown.render(odd), markdown.escape(odd)),
    "keys and a search": lambda odd: (text.fold(odd), text.make_slug(odd, "x"), search.read(odd)),
}


@pytest.fixture(autouse=True)
def own_garbage_only() -> Iterator[None]:
    """What other tests have left in memory is not looked through while an engine is measured: that took longer than the engine."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def seconds(engine: Callable[[str], object], odd: str) -> float:
    began = time.process_time()
    engine(odd)
    return time.process_time() - began


@pytest.mark.parametrize("engine", ENGINES)
def test_twice_as_much_takes_twice_as_long(engine: str) -> None:
    slow = {}
    for unit in UNITS:
        once, twice = unit * (SIZE // len(unit)), unit * (2 * SIZE // len(unit))
        if seconds(ENGINES[engine], twice) > SOON:
            one, two = (min(seconds(ENGINES[engine], odd) for _ in range(3)) for odd in (once, twice))
            if two > 2.8 * one:
                slow[unit] = (one, two)
    assert slow == {}


@pytest.mark.parametrize("unit", [" ", "A ", "“", "12 ", "a, b, "])
def test_a_line_of_a_megabyte_is_read_long_before_it_would_be_set_aside(unit: str) -> None:
    assert seconds(ENGINES["a page"], unit * (1_000_000 // len(unit))) < 40


def test_what_is_typed_into_the_search_box_is_cut() -> None:
    asked = search.read("slipway " * 100_000)
    assert len(asked.text) <= search.MAX_LENGTH
    assert len(search.read(" ".join(f"w{number}" for number in range(10_000))).words) <= search.MAX_WORDS
