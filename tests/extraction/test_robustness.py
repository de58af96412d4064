"""No text makes the engine raise, and every offset gives back its words."""

import subprocess
import sys
from itertools import pairwise
from unicodedata import normalize

from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.extraction import extract_quotes
from quotes.extraction.marks import find_regions, paragraphs
from quotes.extraction.stream import build_stream

MARK_SOUP = st.text(alphabet="\"“”„‟«»‚‹›'‘’` \n\r\u2028.,:;—-()[]aAsé1", max_size=200)
NEWSISH = st.lists(
    st.sampled_from(
        [
            '"', "“", "”", "'", "’", ",", ".", ":", "\n", "—", "(", ")", "said", "he", "told", "that", "Ann Bell", "the mayor", "according to",
            "who", "called", "it", "adding", "’s", "of", "and", "The", "report", "No.", "U.S.", "3.5", "Mr. Holt", "in a statement", "?", "…",
        ]
    ),
    max_size=60,
).map(" ".join)  # fmt: skip


def check(text: str) -> None:
    quotes = extract_quotes(text)
    assert len({(quote.start, quote.end) for quote in quotes}) == len(quotes)
    for quote in quotes:
        assert text[quote.start : quote.end] == quote.text
        assert 0 <= quote.start < quote.end <= len(text)
        assert 0.0 <= quote.confidence <= 1.0
        assert quote.rule
        assert (quote.speaker_start is None) == (quote.speaker_end is None)
        assert (quote.cue is None) == (quote.cue_start is None) == (quote.cue_end is None)
        if quote.cue_start is not None:
            assert text[quote.cue_start : quote.cue_end] == quote.cue
        assert (quote.kind == "indirect") == (quote.segments == ())
        for start, end in quote.segments:
            assert quote.start <= start <= end <= quote.end


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_arbitrary_unicode_never_raises(text: str) -> None:
    check(text)


@given(MARK_SOUP)
@settings(max_examples=250, deadline=None)
def test_mark_soup_never_raises(text: str) -> None:
    check(text)


@given(NEWSISH)
@settings(max_examples=250, deadline=None)
def test_shuffled_news_words_never_raise(text: str) -> None:
    check(text)


@given(MARK_SOUP)
@settings(max_examples=150, deadline=None)
def test_regions_are_ordered_and_inside_their_paragraph(text: str) -> None:
    regions = find_regions(text)
    spans = paragraphs(text)
    for region in regions:
        assert region.start <= region.inner_start <= region.inner_end <= region.end
        assert any(first <= region.start and region.end <= last for first, last in spans)
    assert all(one.end <= other.start for one, other in pairwise(regions))


@given(NEWSISH)
@settings(max_examples=150, deadline=None)
def test_stream_has_one_tag_for_each_token_and_one_token_for_each_region(text: str) -> None:
    regions = find_regions(text)
    stream = build_stream(text, regions)
    assert len(stream.tags) == len(stream.starts) == len(stream.ends) == len(stream.lows)
    assert [stream.tags[token] for token in stream.token_of] == ["Q"] * len(regions)


def test_text_without_words_gives_nothing() -> None:
    for text in ("", "\n\n", " \t\r\n", '"', "“”", "....", "\x00", "﻿"):
        assert extract_quotes(text) == []


def test_same_text_gives_the_same_quotes() -> None:
    text = '"We shall see," said Ann Bell. She said the vote was near.'
    assert extract_quotes(text) == extract_quotes(text)


def test_accents_behind_their_letters_are_read_as_accented_letters() -> None:
    composed = '"The lake is frozen," said Zoë Márk. Márk said the café was shut.'
    text = normalize("NFD", composed)
    found = extract_quotes(text)
    assert [(quote.kind, quote.speaker) for quote in found] == [("direct", "Zoë Márk"), ("indirect", "Zoë Márk")]
    assert [text[quote.start : quote.end] for quote in found] == [quote.text for quote in found]
    assert [normalize("NFC", quote.text) for quote in found] == [quote.text for quote in extract_quotes(composed)]


def test_importing_the_package_reads_no_data() -> None:
    code = "import sys, quotes.extraction; print(sorted(m for m in sys.modules if m.startswith('quotes.extraction')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['quotes.extraction', 'quotes.extraction.model']"
