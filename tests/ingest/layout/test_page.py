"""What parse_page promises for any text, and what it makes of a few small dumps."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsroom.ingest.layout import parse_page
from newsroom.ingest.layout.explain import explain

STORY = (
    "Mill bridge reopens after two winters\n\n"
    "By Nora Feld\n"
    "14 January 2025\n\n"
    "TARNWICK (Norpress) — The mill bridge in Tarnwick reopened on Monday after two winters of repairs that cost twice what was planned.\n\n"
    "About 300 people crossed it on foot before the first bus was let through, the town council said in a statement.\n\n"
    "“I had forgotten how short the way is,” said Edda Brook, who lives on the far bank and had walked round by the weir.\n\n"
    "Most Popular\n\n"
    "Two charged over forged railway tickets\n\n"
    "Old mill to become homes for forty families\n\n"
    "Rare orchid found on motorway verge\n"
)

pieces = st.sampled_from(
    [
        *STORY.split("\n"),
        "Share",
        "1",
        "* * *",
        "By",
        "• ",
        "\u200b",
        "\ufeff",
        "3 hours ago",
        "Most Read",
        "©",
        "\x0c",
        "a\u2028b",
        "\t\tx",
        "“",
        "4/5/2025",
        "Title: A bridge",
        "Text: It shut.",
        "Body:",
        "Date: 2026-03-14T09:15:00Z",
        "   An indented line of a paragraph that is as long as others",
        "2 Comments",
        "Read more:",
        "1 One of ten",
    ]
)
dumps = st.one_of(st.text(), st.lists(st.one_of(pieces, st.text(max_size=40)), max_size=40).map("\n".join))


@settings(max_examples=300, deadline=None)
@given(dumps)
def test_every_non_blank_line_lies_in_exactly_one_block(text: str) -> None:
    page = parse_page(text)
    position = 0
    for raw in text.splitlines(keepends=True):
        line = raw.strip()
        if line:
            start = position + raw.index(line)
            holders = [block for block in page.blocks if block.start < start + len(line) and start < block.end]
            assert len(holders) == 1
            assert holders[0].start <= start
            assert start + len(line) <= holders[0].end
        position += len(raw)


@settings(max_examples=100, deadline=None)
@given(dumps)
def test_blocks_are_in_order_and_agree_with_the_page(text: str) -> None:
    page = parse_page(text)
    assert all(before.end <= after.start for before, after in zip(page.blocks, page.blocks[1:], strict=False))
    assert [block.text for block in page.blocks if block.label == "teaser"] == page.teasers
    assert sum(len(each.items) for each in page.lists) == sum(block.label == "list_item" for block in page.blocks)
    aside = {"furniture", "caption", "credit", "tags"}
    assert [block.text for block in page.blocks if block.label in aside] == page.furniture
    body = {"paragraph", "subhead", "blockquote"}
    for number, article in enumerate(page.articles):
        assert article.paragraphs == [b.text for b in page.blocks if b.article == number and b.label in body]
    assert all(0 <= block.confidence <= 1 for block in page.blocks)


def test_an_empty_text_gives_an_empty_page() -> None:
    page = parse_page("")
    assert (page.articles, page.teasers, page.lists, page.furniture, page.blocks) == ([], [], [], [], [])


def test_a_signed_story_is_taken_apart() -> None:
    page = parse_page(STORY)
    (article,) = page.articles
    assert article.headline == "Mill bridge reopens after two winters"
    assert article.byline == "Nora Feld"
    assert article.authors == ["Nora Feld"]
    assert article.published is not None
    assert article.published.isoformat() == "2025-01-14"
    assert article.dateline == "TARNWICK (Norpress)"
    assert len(article.paragraphs) == 3
    assert [(each.label, len(each.items)) for each in page.lists] == [("Most Popular", 3)]


def test_offsets_point_at_the_words_in_the_text_as_given() -> None:
    text = "\ufeff\r\n" + STORY.replace("\n", "\r\n")
    for block in parse_page(text).blocks:
        assert text[block.start : block.end].split() == block.text.split()


@pytest.mark.parametrize("ranks", [("01", "02"), ("1", "2"), ("①", "②"), ("#1", "#2"), ("1.", "2.")])
def test_a_rank_is_taken_off_the_items_of_a_list(ranks: tuple[str, str]) -> None:
    first, second = ranks
    page = parse_page(
        f"{STORY}\nMost Read\n{first} Why the mill road floods\n{second} Five bridges that never came back\n"
    )
    assert page.lists[-1].items == ["Why the mill road floods", "Five bridges that never came back"]


def test_a_number_that_is_no_rank_stays_with_its_item() -> None:
    page = parse_page(f"{STORY}\nMost Read\n12 reasons to take the ferry\nFive bridges that never came back\n")
    assert page.lists[-1].items[0] == "12 reasons to take the ferry"


def test_the_same_text_gives_the_same_page() -> None:
    assert parse_page(STORY) == parse_page(STORY)


def test_explain_prints_a_line_for_each_block_and_colours_on_request() -> None:
    page = parse_page(STORY)
    plain = list(explain(page))
    assert len(plain) == len(page.blocks) + 2
    assert not any("\x1b" in line for line in plain)
    assert any("\x1b[" in line for line in explain(page, colour=True))


def test_explain_shows_no_control_characters_of_the_dump() -> None:
    assert not any("\x1b" in line for line in explain(parse_page("a\x1b[31mred\x07 line")))


@pytest.mark.parametrize(
    "text",
    [
        "x" * 200_000,
        "\n" * 200_000,
        ", " * 100_000,
        "word " * 40_000,
        "1/2/" * 50_000,
        "(" * 200_000,
        "By " * 60_000,
        "A headline about a bridge\n" * 8_000,
        ",\n" * 60_000,
        ":" * 100_000 + "x",
    ],
    ids=[
        "one word",
        "blank lines",
        "commas",
        "words",
        "slashes",
        "brackets",
        "by",
        "headlines",
        "comma lines",
        "colons",
    ],
)
def test_large_odd_texts_are_read_in_a_few_seconds(text: str) -> None:
    start = time.process_time()
    parse_page(text)
    assert time.process_time() - start < 10
