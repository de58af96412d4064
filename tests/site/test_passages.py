"""The words of a quote and the passage around them, from offsets alone: no database."""

from quotes.models import Quote
from quotes.passages import CONTEXT_LENGTH, alone, passage, said, sentence, sentence_alone, stands_in_marks

TEXT = 'Rain fell. "Close the gates," Ida Fenn said.\nShe added that the pumps would run all night. Nobody slept.'


def _quote(words: str, text: str = TEXT, kind: str = "direct", **fields: object) -> Quote:
    start = text.index(words)
    place = {"start": start, "end": start + len(words), "segments": [[start, start + len(words)]]}
    return Quote(text=words, kind=kind, **(place | fields))


def _joined(quote: Quote, text: str = TEXT) -> str:
    found = passage(quote, text)
    assert found is not None
    return "\n".join("".join(piece.text for piece in pieces) for pieces in found.paragraphs)


def test_passage_keeps_the_text_and_marks_the_words() -> None:
    quote = _quote("Close the gates,")
    assert _joined(quote) == TEXT
    marked = [piece.text for pieces in passage(quote, TEXT).paragraphs for piece in pieces if piece.marked]
    assert marked == ["Close the gates,"]


def test_passage_is_cut_between_words_and_says_so() -> None:
    text = "before " * 200 + '"Close the gates," she said. ' + "after " * 200
    found = passage(_quote("Close the gates,", text), text)
    assert found.cut_before
    assert found.cut_after
    shown = "".join(piece.text for pieces in found.paragraphs for piece in pieces)
    assert shown.startswith("before ")
    assert shown.endswith("after")
    assert len(shown) <= 2 * CONTEXT_LENGTH + len("Close the gates,")


def test_passage_without_blanks_is_cut_all_the_same() -> None:
    text = "天" * 2000 + "水来了" + "地" * 2000
    found = passage(_quote("水来了", text), text)
    assert sum(len(piece.text) for pieces in found.paragraphs for piece in pieces) == 2 * CONTEXT_LENGTH + 3


def test_passage_of_a_lost_place_is_none() -> None:
    assert passage(_quote("Close the gates,", start=None, end=None), TEXT) is None
    assert passage(_quote("Close the gates,", start=0, end=16), TEXT) is None


def test_comma_before_the_attribution_is_left_out() -> None:
    assert said(_quote("Close the gates,")) == "Close the gates"


def test_segments_that_do_not_fit_are_not_used() -> None:
    assert said(_quote("Close the gates,", end=5)) == "Close the gates"
    assert said(_quote("Close the gates,", segments=[[900, 950]])) == "Close the gates"


def test_reported_clause_is_shown_in_its_sentence() -> None:
    clause = "that the pumps would run all night"
    pieces = sentence(_quote(clause, kind="indirect", segments=[]), TEXT)
    assert "".join(piece.text for piece in pieces) == "She added that the pumps would run all night."
    assert [piece.text for piece in pieces if piece.marked] == [clause]


def test_abbreviation_does_not_end_the_sentence() -> None:
    text = "It rained. On Nov. 3 Dr. Ida J. Fenn said that the pumps would run until Dec. 4 at 5 p.m. in town. Nobody slept."
    clause = "that the pumps would run until Dec. 4 at 5 p.m. in town"
    pieces = sentence(_quote(clause, text, kind="indirect", segments=[]), text)
    assert "".join(piece.text for piece in pieces).startswith("On Nov. 3 Dr. Ida J. Fenn said")


def test_quote_alone_is_shown_in_its_own_line() -> None:
    quote = Quote(text="We asked.", prefix='Another teaser.\n"', suffix='" Ida Fenn said.\nA third')
    shown = alone(quote)
    assert "".join(piece.text for piece in shown.paragraphs[0]) == '"We asked." Ida Fenn said.'
    assert not shown.cut_before
    assert not shown.cut_after


def test_words_without_marks_in_their_source_are_told_from_those_with_marks() -> None:
    def around(prefix: str, suffix: str) -> bool | None:
        return stands_in_marks(Quote(text="We asked.", prefix=prefix, suffix=suffix))

    assert around('Rain fell. "', '" Ida Fenn said.')
    assert around("Rain fell. «", "")  # goes on in the next paragraph
    assert around("Q: Did you ask?\nA: ", "\nQ: Whom?") is False
    assert around("", "") is None


def test_context_of_a_quote_alone_is_cut_between_words() -> None:
    line = "Everybody on the quay had waited for hours when the word came: “We sail.” Fisheries Minister Vesna Kolar said so at ten."
    start = line.index("We sail.")
    quote = Quote(
        text="We sail.", start=start, end=start + 8, prefix=line[start - 40 : start], suffix=line[start + 8 :][:40]
    )
    shown = alone(quote)
    assert [piece.text for piece in shown.paragraphs[0]] == [
        "waited for hours when the word came: “",
        "We sail.",
        "” Fisheries Minister Vesna Kolar said",
    ]
    assert shown.cut_before
    assert shown.cut_after


def test_quote_alone_at_the_edge_of_its_dump_is_not_called_cut() -> None:
    shown = alone(Quote(text="We asked.", start=1, end=10, prefix="“", suffix="”"))
    assert not shown.cut_before
    assert not shown.cut_after


def test_reported_words_alone_are_shown_in_their_sentence() -> None:
    quote = Quote(
        text="that it rained",
        kind="indirect",
        prefix="It was late. Fenn said ",
        suffix=". The boats were out when the evening fel",
    )
    assert "".join(piece.text for piece in sentence_alone(quote)) == "Fenn said that it rained."
    cut = Quote(
        text="that it rained",
        kind="indirect",
        prefix="Fenn said ",
        suffix=" on all of the boats that were out on the"[:40],
    )
    assert "".join(piece.text for piece in sentence_alone(cut)).endswith("that were out on …")
