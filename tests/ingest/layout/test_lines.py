"""Lines and hard wraps."""

import textwrap

import pytest

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


@pytest.mark.parametrize("indent", ["  ", "   ", "     ", "\t"])
def test_an_indent_begins_a_paragraph_where_no_blank_line_does(indent: str) -> None:
    head = ["Harbour bridge to close for nine weeks", "By Nora Feld"]
    wrapped = [
        textwrap.fill(paragraph, 60, initial_indent=indent, tabsize=8, expand_tabs=False) for paragraph in PARAGRAPHS
    ]
    lines = rejoin(read_lines("\n".join([*head, *wrapped])))
    assert [line.text for line in lines] == [*head, *PARAGRAPHS]


@pytest.mark.parametrize("width", [34, 36, 38, 40, 42])
def test_narrow_columns_are_rejoined_and_a_byline_below_a_full_line_stays_apart(width: int) -> None:
    head = ["Harbour bridge to close", "By Nora Feld", "March 3, 2026"]
    full = "Harbour bridge to close for weeks"
    text = "\n\n".join(["\n".join([full, *head[1:]]), *(textwrap.fill(one, width) for one in PARAGRAPHS)])
    assert [line.text for line in rejoin(read_lines(text))] == [full, *head[1:], *PARAGRAPHS]


def test_a_word_cut_at_a_hyphen_closes_up_if_the_text_spells_it_elsewhere() -> None:
    text = (
        "The reporters of the county paper went down to the old har-\n"
        "bour on Monday night, since a harbour that has stood for so\n"
        "long does not fall into the sea by itself, and there re-\n"
        "porters from the city stood in the rain as well. The well-\n"
        "known pier was gone, and so was the kiosk that had sold its\n"
        "tickets, its tea and its paper boats since before the war.\n"
    )
    (line,) = rejoin(read_lines(text))
    assert "old harbour on" in line.text and "there reporters from" in line.text and "The well-known pier" in line.text


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


@pytest.mark.parametrize("space", ["  ", "\t", "\x1f", "\u00a0", "\u2009", "\u3000", " \u200b ", "\u2009\ufeff\u00a0"])
@pytest.mark.parametrize("word", ["One", "Été"])
def test_whatever_parts_two_words_is_one_space(word: str, space: str) -> None:
    lines = read_lines(f"{word}{space}two\nA third  line\n")
    assert [line.text for line in lines] == [f"{word} two", "A third line"]
    assert lines[0].words == [word, "two"]
