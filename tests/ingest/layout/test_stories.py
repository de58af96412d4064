"""Rules on the heads of articles in story dumps, on paths that the sequence model might give."""

import pytest

from newsroom.ingest.layout import states as st
from newsroom.ingest.layout.lines import read_lines
from newsroom.ingest.layout.measures import measure
from newsroom.ingest.layout.stories import correct

OPENING = "The ferry has not left the quay since Monday, and nobody at the harbour office could say when it will."
BODY = "A second boat lies in Ostrava dock with its engine out, the harbour office said in a note to passengers."


def corrected(*given: tuple[str, int]) -> tuple[list[int], dict[int, str]]:
    lines = read_lines("\n".join(text for text, _ in given))
    return correct(lines, measure(lines).shapes, [state for _, state in given])


@pytest.mark.parametrize(
    "names",
    ["Ines Falk and Tomas Brandl", "Ines Falk and Tomas R. Brandl Harbour Courier", "Ines Falk, The Lindhaven Courier"],
)
def test_names_under_a_headline_sign_it(names):
    states, rules = corrected(
        ("Harbour boss says repairs could last until spring", st.FURNITURE), (names, st.HEADLINE),
        (OPENING, st.OPENING), (BODY, st.BODY),
    )  # fmt: skip
    assert states == [st.HEADLINE, st.SIGNATURE, st.OPENING, st.BODY]
    assert rules == {0: "headline-over-names", 1: "headline-over-names"}


@pytest.mark.parametrize(
    ("above", "headline"),
    [
        ("Most Popular", "Ines Falk and Tomas Brandl"),  # nothing in plain words above
        (
            "Harbour boss says repairs of the old quay could last",
            "Falk and Brandl win seats on Lindhaven council",
        ),  # no names alone
    ],
)
def test_headline_of_names_stays_where_nothing_better_stands_above(above, headline):
    states, _ = corrected((above, st.FURNITURE), (headline, st.HEADLINE), (OPENING, st.OPENING), (BODY, st.BODY))
    assert states[:2] == [st.FURNITURE, st.HEADLINE]


def test_headline_with_the_next_number_of_the_list_above_is_an_item():
    states, _ = corrected(
        ("4. Ten soups for a cold week", st.ITEM), ("5. Who moved the lighthouse", st.HEADLINE),
        ("Ferry Stays at the Quay as Winter Comes", st.STANDFIRST), (OPENING, st.OPENING), (BODY, st.BODY),
    )  # fmt: skip
    assert states == [st.ITEM, st.ITEM, st.HEADLINE, st.OPENING, st.BODY]


def test_short_line_over_a_dateline_is_the_headline_though_it_ends_with_a_full_stop():
    dated = ("LINDHAVEN, Verland — " + OPENING, st.BODY)
    states, _ = corrected(("What now for the ferry? Few would say.", st.OPENING), dated, (BODY, st.BODY))
    assert states == [st.HEADLINE, st.OPENING, st.BODY]


def test_short_first_paragraph_without_a_dateline_below_it_is_none():
    states, _ = corrected(("The ferry stays where it is.", st.OPENING), (OPENING, st.BODY), (BODY, st.BODY))
    assert states == [st.OPENING, st.BODY, st.BODY]


@pytest.mark.parametrize(
    ("between", "state"),
    [("Share this article", st.FURNITURE), ("Save This Story", st.FURNITURE), ("Share this burden", st.BODY)],
)
def test_a_button_between_two_paragraphs_is_furniture(between, state):
    states, _ = corrected((OPENING, st.OPENING), (BODY, st.BODY), (between, st.BODY), (BODY, st.BODY))
    assert states == [st.OPENING, st.BODY, state, st.BODY]
