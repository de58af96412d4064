from hypothesis import given
from hypothesis import strategies as st

from articles import worddiff
from articles.worddiff import Piece, as_html, pieces


def test_changed_words_are_told_apart_from_those_that_stayed():
    assert list(pieces("The boat left at dawn.", "The late ferry left at dawn.")) == [
        Piece("same", "The"), Piece("gone", " boat"), Piece("new", " late ferry"), Piece("same", " left at dawn."),
    ]  # fmt: skip


def test_texts_are_escaped():
    assert as_html("a <b>", "a <i>") == "<span>a</span><del> &lt;b&gt;</del><ins> &lt;i&gt;</ins>"


@given(st.text(max_size=200), st.text(max_size=200), st.sampled_from([0, worddiff.MAX_LENGTH]))
def test_both_versions_can_be_put_together_again(old, new, limit):
    kept, worddiff.MAX_LENGTH = worddiff.MAX_LENGTH, limit
    try:
        found = list(pieces(old, new))
    finally:
        worddiff.MAX_LENGTH = kept
    assert "".join(piece.text for piece in found if piece.change != "new") == old
    assert "".join(piece.text for piece in found if piece.change != "gone") == new
