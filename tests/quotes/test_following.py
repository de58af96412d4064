"""After an edit of the text a quote is where its words are, or has the words that now stand in their place, or is flagged."""

import pytest

from articles.models import Article
from articles.publishing import concerns
from articles.search import read
from articles.store import save_article
from quotes.anchors import find_changed, moved_parts, spoken_parts
from quotes.models import Quote
from quotes.passages import said
from quotes.search import find_quotes
from tests.factories import make_article, make_quote, make_speaker

BODY = (
    '"I will be on the first ship," Ines Harrow said on Monday.\n\n'
    'Nobody had been told. "Nobody asked us," she said, and left.\n\n'
    "The harbour stays shut until spring."
)


def around(text: str, exact: str) -> dict[str, str]:
    start = text.index(exact)
    return {"prefix": text[max(0, start - 40) : start], "suffix": text[start + len(exact) :][:40]}


@pytest.mark.parametrize(
    ("exact", "old", "new", "found"),
    [
        (
            "the lock is shut",
            "She said the lock is shut, and left.",
            "She said the lock’s shut, and left.",
            "the lock’s shut",
        ),
        ("We wait.", "We wait. So they said.", "We will wait. So they said.", "We will wait."),
        ("So they said.", "We wait. So they said.", "We wait. So they all said.", "So they all said."),
        ("the lock is shut", "She said the lock is shut, and left.", "She said no such thing, and left.", None),
        ("the lock is shut", "She said the lock is shut, and left.", "It rained all day in the harbour.", None),
        ("all of it", "all of it", "none of it", None),
    ],
)
def test_changed_words_are_found_between_what_stood_around_them(exact, old, new, found):
    place = find_changed(new, exact, **around(old, exact))
    assert (place and new[slice(*place)]) == found


SPLIT = 'We pay for a wall now," Harrow said in a speech. "Or we pay for a town later'


@pytest.mark.parametrize(
    ("change", "parts"),
    [
        (("a wall now", "a higher wall"), ["We pay for a higher wall,", "Or we pay for a town later"]),
        (("in a speech", "on Monday, in a speech"), ["We pay for a wall now,", "Or we pay for a town later"]),
        (("We pay", "You will pay"), ["You will pay for a wall now,", "Or we pay for a town later"]),
        (("town later", "town, later"), ["We pay for a wall now,", "Or we pay for a town, later"]),
        (('now," Harrow', "now, Harrow"), []),
        (("in a speech", 'in "a speech"'), []),
        (("wall now", 'wall" now'), []),
        (('," Harrow said in a speech. "Or', " or"), []),
    ],
)
def test_parts_stay_between_their_marks(change: tuple[str, str], parts: list[str]) -> None:
    first, second = (SPLIT.index(words) for words in ('" Harrow', "Or we"))
    new = SPLIT.replace(*change)
    moved = moved_parts(SPLIT, new, [(0, first), (second, len(SPLIT))])
    assert [new[start:end] for start, end in moved] == parts


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("One boat left", ["One boat left"]),
        (SPLIT, ["We pay for a wall now,", "Or we pay for a town later"]),
        ("“A,” she said. “B", ["A,", "B"]),
        ("A,” she said. “B", ["A,", "B"]),
        ("A.\n“B", ["A.\n", "B"]),
        ('A.\n"B," he said, "and C', ["A.\n", "B,", "and C"]),
        ('A," she said', []),
    ],
)
def test_what_stands_in_marks_is_said(words: str, parts: list[str]) -> None:
    assert [words[start:end] for start, end in spoken_parts(words)] == parts


@pytest.mark.django_db
class TestOnAnEditOfTheArticle:
    def article(self) -> tuple[Article, Quote, Quote]:
        article, speaker = make_article(body=BODY), make_speaker("Ines Harrow")
        first = make_quote("I will be on the first ship,", article=article, speaker=speaker, review_state="verified")
        second = make_quote("Nobody asked us,", article=article, speaker=speaker, review_state="verified")
        for quote, cue in ((first, "said on"), (second, "said, and")):
            start = article.text.index(cue)
            Quote.objects.filter(pk=quote.pk).update(
                cue="said", cue_start=start, cue_end=start + 4, segments=[[quote.start, quote.end]]
            )
        return article, first, second

    def edit(self, article: Article, *changes: tuple[str, str]) -> None:
        for old, new in changes:
            article.body = article.body.replace(old, new)
        save_article(article)

    def test_words_that_were_changed_are_the_quotes_words_and_wait_for_review_again(self):
        article, first, second = self.article()
        self.edit(article, ("I will be on the first", "I shall be on the very first"))
        first.refresh_from_db()
        second.refresh_from_db()
        assert first.text == article.text[first.start : first.end] == "I shall be on the very first ship,"
        assert first.segments == [[first.start, first.end]]
        assert article.text[first.cue_start : first.cue_end] == "said"
        assert (first.review_state, first.reviewer) == ("unreviewed", None)
        assert (second.text, second.review_state) == ("Nobody asked us,", "verified")
        assert article.text[second.start : second.end] == second.text
        assert list(find_quotes(read("very first ship"))) == [first]
        assert concerns(article)[-1] == "1 quote has not been reviewed."

    def test_what_was_deleted_is_flagged_and_keeps_its_words(self):
        article, first, second = self.article()
        self.edit(article, ('"Nobody asked us," she said, and left.', "She left."))
        second.refresh_from_db()
        assert (second.text, second.start, second.review_state) == ("Nobody asked us,", None, "verified")
        assert "1 quote does not stand in the text any more." in concerns(article)
        first.refresh_from_db()
        assert first.start is not None

    def test_no_quote_takes_the_place_of_another(self):
        article = make_article(body='She said "one boat left" today.\n\nShe said "two boats left" today.')
        one, two = (make_quote(words, article=article) for words in ("one boat left", "two boats left"))
        self.edit(article, ('She said "one boat left" today.\n\n', ""))
        one.refresh_from_db()
        two.refresh_from_db()
        assert (one.text, one.start) == ("one boat left", None)
        assert article.text[two.start : two.end] == two.text == "two boats left"

    def split(self) -> tuple[Article, Quote]:
        article = make_article(body=f'"{SPLIT}."\n\nThe harbour stays shut.')
        quote = make_quote(SPLIT, article=article, speaker=make_speaker("Ines Harrow"))
        parts = spoken_parts(SPLIT)
        quote.segments = [[quote.start + start, quote.start + end] for start, end in parts]
        quote.save()
        return article, quote

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (("wall now", "high wall now"), "We pay for a high wall now … Or we pay for a town later"),
            (("in a speech", "on Monday"), "We pay for a wall now … Or we pay for a town later"),
        ],
    )
    def test_what_stands_between_the_parts_is_not_said(self, change: tuple[str, str], words: str) -> None:
        article, quote = self.split()
        self.edit(article, change)
        quote.refresh_from_db()
        assert said(quote) == words
        assert change[1] in quote.text
        assert [article.text[start - 1] for start, _end in quote.segments] == ['"', '"']

    def test_of_marks_that_went_nobody_is_said_to_have_said_more(self) -> None:
        article, quote = self.split()
        self.edit(article, ('now," Harrow', "now, Harrow"))
        quote.refresh_from_db()
        assert (quote.text, quote.start, quote.segments) == (SPLIT, None, [])
        assert "1 quote does not stand in the text any more." in concerns(article)

    def test_words_that_come_back_come_back_in_their_parts(self) -> None:
        article, quote = self.split()
        self.edit(article, (f'"{SPLIT}."', "Nothing was said."))
        quote.refresh_from_db()
        assert quote.start is None
        self.edit(article, ("Nothing was said.", f'"{SPLIT}."'))
        quote.refresh_from_db()
        assert said(quote) == "We pay for a wall now … Or we pay for a town later"

    def test_an_edit_that_is_taken_back_gives_the_words_back(self):
        article, first, _ = self.article()
        self.edit(article, ("I will be", "I shall be"))
        self.edit(article, ("I shall be", "I will be"))
        first.refresh_from_db()
        assert first.text == "I will be on the first ship,"
