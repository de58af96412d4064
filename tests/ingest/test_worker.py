"""One document from bytes to what is stored: never raises, loses no line, knows where each quote stands."""

from __future__ import annotations

import gc
import pickle

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from newsroom.ingest.readers import Incoming
from newsroom.ingest.worker import Outcome, process
from tests.benchmarks.corpus import Corpus

SAMPLES = sorted((settings.BASE_DIR / "newsroom" / "samples").glob("*.txt"))


def squeezed(text: str) -> str:
    return "".join(text.split())


def assert_traceable(outcome: Outcome) -> None:
    for article in outcome.articles:
        for quote in article.quotes:
            found = quote.found
            assert article.text[found.start : found.end] == found.text
            assert quote.document_span is not None
            start, end = quote.document_span
            assert squeezed(outcome.text[start:end]) == squeezed(found.text)
    for quote in outcome.quotes:
        found = quote.found
        assert squeezed(outcome.text[found.start : found.end]) == squeezed(found.text)


def assert_nothing_lost(outcome: Outcome) -> None:
    kept = "".join(outcome.text[start:end] for _, start, end, *_ in outcome.blocks)
    assert squeezed(kept) == squeezed(outcome.text)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_samples_are_traceable_to_the_character(path):
    outcome = process(Incoming(path.name, path.read_bytes()))
    assert outcome.problem is None
    assert_nothing_lost(outcome)
    assert_traceable(outcome)


def test_hard_wrapped_dump_is_traceable_too():
    lines = []
    for line in SAMPLES[0].read_text(encoding="utf-8").split("\n"):
        words, row = line.split(), ""
        for word in words:
            if len(row) + len(word) > 70:
                lines.append(row)
                row = ""
            row = f"{row} {word}".strip()
        lines += [row, ""]
    outcome = process(Incoming("wrapped", "\n".join(lines).encode()))
    assert outcome.problem is None
    assert_nothing_lost(outcome)
    assert_traceable(outcome)


@hypothesis_settings(deadline=None, max_examples=60)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace"))))
def test_any_bytes_are_answered(data):
    outcome = process(Incoming("anything", data))
    assert pickle.loads(pickle.dumps(outcome)).sha256 == outcome.sha256  # noqa: S301 - our own bytes
    if outcome.problem is None:
        assert_nothing_lost(outcome)
        assert_traceable(outcome)
    else:
        assert "fault of the program" not in outcome.problem.reason


def test_what_could_not_be_read_keeps_its_reason():
    outcome = process(Incoming("gone.txt", None, "cannot be read: No such file"))
    assert outcome.problem is not None
    assert outcome.problem.reason == "cannot be read: No such file"


def test_pull_quote_of_the_page_itself_is_not_a_second_quote():
    path = next(path for path in SAMPLES if path.stem == "sea-barrier-long-read")
    outcome = process(Incoming(path.name, path.read_bytes()))
    in_articles = {quote.found.text.strip(" ,.") for article in outcome.articles for quote in article.quotes}
    assert not in_articles & {quote.found.text.strip(" ,.") for quote in outcome.quotes}


def test_a_document_leaves_no_cycles_behind():
    """An import seeks them seldom: what each document left would pile up."""
    documents = list(Corpus().documents(6))
    process(documents.pop())
    gc.collect()
    gc.disable()
    try:
        for incoming in documents:
            process(incoming)
        assert gc.collect() == 0
    finally:
        gc.enable()
