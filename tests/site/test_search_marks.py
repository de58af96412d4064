"""The words that were looked for are marked in what was found, and the piece that is shown is the one they stand in."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.writing import hits, mark_words


@given(st.text(), st.lists(st.text(min_size=1), max_size=3))
def test_marking_keeps_the_text_and_escapes_it(shown: str, words: list[str]) -> None:
    marked = mark_words(shown, words).replace("<mark>", "").replace("</mark>", "")
    assert "<" not in marked
    assert ">" not in marked


def test_marking_escapes_before_it_marks() -> None:
    assert mark_words("a <b> c", ["b"]) == "a &lt;<mark>b</mark>&gt; c"
    assert mark_words("amp & more", ["amp"]) == "<mark>amp</mark> &amp; more"


@pytest.mark.parametrize(
    ("shown", "words", "marked"),
    [
        ("Agnes made a drawing and drawings", ["a", "drawing"], ["a", "drawing", "drawings"]),
        ("Into the court, in courts", ["in", "court"], ["court", "in", "courts"]),
        ("Don't go to the don", ["don", "t"], ["Don", "t", "don"]),
        ("Kestrel and the keel", ["ke"], ["Kestrel", "keel"]),
        ("Kestrel and Ke", ["ke"], ["Ke"]),
        ("Thirty ships", ["t"], []),
        ("Élan in Évora", ["in", "evo"], ["in"]),
        ("Élan of Évora", ["in", "evo"], ["Évora"]),
    ],
)
def test_short_words_are_marked_by_themselves(shown: str, words: list[str], marked: list[str]) -> None:
    assert re.findall("<mark>(.*?)</mark>", mark_words(shown, words)) == marked


@pytest.mark.parametrize("letter", ["a", "ä"])
def test_snippet_shows_the_words_side_by_side_or_the_longest(letter: str) -> None:
    beginning, filler = f"A wall, {letter} sea. ", "filler " * 200
    assert "<mark>sea</mark> <mark>wall</mark> broke" in hits(
        f"{beginning}{filler}The sea wall broke.", ["sea", "wall"]
    )
    assert "<mark>harbours</mark>" in hits(f"{beginning}{filler}Two harbours.", ["a", "harbour"])
    assert hits(f"{beginning}{filler}Two harbours.", ["qu", "se"]).startswith("A wall")


def test_snippet_begins_near_the_hit() -> None:
    snippet = hits("word " * 200 + "needle in here", ["needle"])
    assert snippet.startswith("…")
    assert "<mark>needle</mark>" in snippet


@pytest.mark.parametrize("mark", ["", "“", "é"])
@pytest.mark.parametrize("blank", [" ", "\n\n", " " * 40])
@pytest.mark.parametrize("before", [0, 3, 90, 400])
def test_a_piece_is_the_same_however_the_text_is_set(mark: str, blank: str, before: int) -> None:
    words = [*["filler"] * before, "oneedle", f"{mark}a", "Needles,", *["after"] * 200]
    snippet = hits(blank.join(words), ["needle", "missing"])
    assert snippet == hits(" ".join(words), ["needle", "missing"])
    assert "<mark>Needles</mark>," in snippet
    assert "<mark>oneedle" not in snippet
    assert snippet.endswith("after…")
    assert snippet.startswith("…") == (before > 3)
