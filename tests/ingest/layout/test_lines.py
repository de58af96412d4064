"""Lines and hard wraps."""

import textwrap

from newsroom.ingest.layout.lines import read_lines
from newsroom.ingest.layout.unwrap import rejoin, wrap_width

PARAGRAPHS = [
    "The swing bridge across the harbour will close to all traffic in March so that four cracked bearings can be replaced, the county said.",
    "Engineers found the cracks during an inspection that had been put off twice, and they advised a speed limit that drivers have ignored.",
    "Two ferries that were sold to a museum last year have been borrowed back, and foot passengers will travel free until the bridge opens.",
]


def test_a_hard_wrapped_text_is_rejoined() -> None:
    text = "\n\n".join(textwrap.fill(paragraph, 64) for paragraph in PARAGRAPHS)
    lines = rejoin(read_lines(text))
    assert [line.text for line in lines] == PARAGRAPHS


def test_a_text_of_whole_paragraphs_is_left_alone() -> None:
    lines = read_lines("\n".join(PARAGRAPHS))
    assert wrap_width(lines) == 0
    assert rejoin(lines) == lines


def test_a_list_in_a_wrapped_text_stays_a_list() -> None:
    text = (
        "\n\n".join(textwrap.fill(paragraph, 64) for paragraph in PARAGRAPHS) + "\n\n  * One item\n  * Another item\n"
    )
    assert [line.text for line in rejoin(read_lines(text))][-2:] == ["One item", "Another item"]


def test_sentences_cut_at_their_links_are_rejoined() -> None:
    text = "The report was seen by\nThe Courier\n, which printed it\n. A spokesman for the\ncounty\n, asked about it\n, said nothing.\nNext"
    assert [line.text for line in rejoin(read_lines(text))][-1] == "Next"
    assert len(rejoin(read_lines(text))) < 8


def test_bullets_are_taken_off_and_offsets_kept() -> None:
    text = "  • A thing\r\n\r\n12. Another\n"
    first, second = read_lines(text)
    assert (first.text, first.bullet, text[first.start : first.end]) == ("A thing", "•", "• A thing")
    assert (second.text, second.bullet, second.blanks) == ("Another", "12.", 1)


def test_invisible_characters_and_no_break_spaces_are_tidied() -> None:
    (line,) = read_lines("\ufeffOne\u00a0two\u200b  three")
    assert line.text == "One two three"
