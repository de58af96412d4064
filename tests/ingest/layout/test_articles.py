"""Where an article begins and ends, and where the next begins; the signs of heads of articles and of readers' comments."""

import numpy as np
import pytest

from newsroom.ingest.layout import states as st
from newsroom.ingest.layout.articles import split_articles, stretch
from newsroom.ingest.layout.headlines import Page
from newsroom.ingest.layout.heads import heads_above, heads_of
from newsroom.ingest.layout.lines import read_lines
from newsroom.ingest.layout.measures import Measured, Sums, measure
from newsroom.ingest.layout.page import SEQUENCE, build_page
from newsroom.ingest.layout.refrains import crowds, refrains
from newsroom.ingest.layout.replies import replies_near
from newsroom.ingest.layout.stories import correct


def measured(text: str) -> Measured:
    return measure(read_lines(text))


BELOW = "By Nora Feld\nThe ferry to Ansel sails again from Monday.\n"
ABOVE = "Harbour works begin\nThe first cranes came on Monday morning.\n"


@pytest.mark.parametrize(
    ("text", "states", "articles"),
    [
        (f"{ABOVE}What comes next\nThe second ones follow.\n", [st.HEADLINE, st.OPENING, st.HEADLINE, st.BODY], 1),
        (f"{ABOVE}Ferry sails again\n{BELOW}", [st.HEADLINE, st.OPENING, st.HEADLINE, st.SIGNATURE, st.OPENING], 2),
        (f"{ABOVE}Share\nThe second ones follow.\n", [st.HEADLINE, st.OPENING, st.AFTER, st.BODY], 1),
        (f"{ABOVE}Share\nThe ferry sails again.\n", [st.HEADLINE, st.OPENING, st.AFTER, st.OPENING], 2),
    ],
    ids=["a subhead", "a signed headline", "an aside", "an opening below the end"],
)
def test_the_next_article_begins_where_somebody_signs_it_or_it_opens(
    text: str, states: list[int], articles: int
) -> None:
    assert len(split_articles(measured(text).shapes, states)) == articles


def test_a_paragraph_keeps_its_number_and_an_item_of_a_list_does_not() -> None:
    lines = read_lines("1. Close the valve below the sink.\n2. Ferry sails again after storm\n")
    page = build_page(lines, measure(lines).shapes, [st.OPENING, st.ITEM], [1.0, 1.0], [SEQUENCE] * 2)
    assert page.articles[0].paragraphs == ["1. Close the valve below the sink."]
    assert page.lists[0].items == ["Ferry sails again after storm"]


def test_comments_show_in_what_stands_between_them() -> None:
    comments = "old_salt says:\nMay 3, 2025 at 4:10 pm\nGreat story, thank you.\nReply\n" * 4
    story = "The ferry to Ansel sails again from Monday, its owner said in a letter to the town.\n" * 16
    assert replies_near(Sums(measured(comments).own)).min() > replies_near(Sums(measured(story).own)).max()


def test_words_by_which_readers_speak_for_themselves_are_counted_up_to_three() -> None:
    said = measured("I told you so.\nWe say: you and I, my friend!\nThe mill closed.")
    assert said.own.address.tolist() == [2, 3, 0]


STORY = "The ferry to Ansel sails again from Monday, its owner said in a letter to the town council.\n"
TALK = "old_salt\n2 days ago at 07:52 am\nI never saw a ferry as late as this one, and I have seen every one of them since the month of May, when the old pier was given up for good.\n"


@pytest.mark.parametrize(("bar", "kept"), [("14 comments\n", 9), ("14 pictures\n", 11)], ids=["named", "not named"])
def test_an_article_ends_above_the_comments_below_it(bar: str, kept: int) -> None:
    text = f"{STORY * 9}Share\n{bar}Sort by\n{TALK}{TALK}"
    lines, seen = read_lines(text), measured(text)
    states = [st.BODY if shape.prose else st.FURNITURE for shape in seen.shapes]
    emissions = np.zeros((len(lines), st.COUNT), np.int32)
    emissions[:, st.FURNITURE] = 1000
    page = Page(lines, seen, emissions, states)
    assert len(stretch(page, [number for number, state in enumerate(states) if state == st.BODY])) == kept


def test_a_head_shows_in_a_signature_prose_below_and_a_dateline() -> None:
    text = f"Ferry sails again\nBy Nora Feld\nANSEL (AP) — {STORY}{STORY * 4}More\nShare\n"
    own = measured(text).own
    found = heads_of(own, Sums(own))
    assert found[0] != found[-2]  # signed below, against nothing below
    assert found[2] % 2 == 1
    assert found[3] % 2 == 0
    above = heads_above(own, Sums(own))
    assert above[:2].tolist() == [0, 0]
    assert above[2:].min() > 0


def test_refrains_are_lines_that_come_again_but_for_their_digits() -> None:
    seen = measured("Rating: 7 Votes\nRating: 36 Votes\nRating: 112 Votes\nA ferry\n")
    assert refrains(seen).tolist() == [2, 2, 2, 0]


def test_refrains_crowd_among_comments_and_not_in_a_story() -> None:
    talk, story = [crowds(refrains(seen), Sums(seen.own)) for seen in (measured(TALK * 6), measured(STORY * 12))]
    assert talk.min() > story.max()


@pytest.mark.parametrize(
    ("line", "state"),
    [
        ('"It was cold," said Mia Oort, a clerk who works at the mill.', st.BODY),
        ("Five pies that the mill kitchen bakes in a week of frost.", st.TEASER),
    ],
)
def test_a_quotation_right_below_a_caption_goes_on_with_the_story(line: str, state: int) -> None:
    lines = read_lines(
        "The bridge was shut on Monday after the frost had cracked two of its five arches, the county said.\n"
        f"The bridge in snow. Photo: Sam Okoro\n{line}\n"
    )
    states, _ = correct(lines, measure(lines).shapes, [st.OPENING, st.CAPTION, st.TEASER])
    assert states == [st.OPENING, st.CAPTION, state]
