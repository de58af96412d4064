"""How the words of quotes, and what is known of them, are written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from django.conf import settings
from django.utils.safestring import SafeString

from articles.annotations import Annotation
from articles.writing import direction, drawn, excerpt, printed_date
from quotes.models import Origin, Quote, Speaker
from quotes.passages import said, stands_in_marks

_CONFIDENCE = [
    (0.9, "High", "Of the quotes scored like this one, at least nine in ten name the right speaker."),
    (0.75, "Good", "Of the quotes scored like this one, at least three in four name the right speaker."),
    (0.6, "Fair", "Of the quotes scored like this one, more than half name the right speaker."),
    (0.0, "Low", "The software that found this quote was not sure. Check the source before you rely on it."),
]
_NOBODY_NAMED = (
    "No speaker named",
    "Confidence is of the speaker, and of these words nobody is named as having said them.",
)
_WRONG_SPEAKER = (
    "Overruled by an editor",
    "The software goes by whom the source names, and an editor found that these words are not that speaker’s.",
)
_IN_MARKS = "The words stand in quotation marks in the source."
_WITHOUT_MARKS = (
    "The words stand in the source as the speaker’s own, without quotation marks, as answers in an interview do."
)
_REVIEW = {
    Quote.Review.UNREVIEWED: "Found by software. No editor has checked it yet: read it in its context before you rely on it.",
    Quote.Review.VERIFIED: "An editor checked the words and the speaker against the source.",
    Quote.Review.DISPUTED: "Somebody contests that these words were said, or said like this.",
    Quote.Review.MISATTRIBUTED: "An editor found that these words are not this speaker’s, though the source says so.",
}
_KIND = {
    Quote.Kind.DIRECT: ("Direct quote", "The words stand in the source as the speaker’s own."),
    Quote.Kind.MIXED: ("Partly quoted", "Only the parts in quotation marks are the speaker’s own words."),
    Quote.Kind.INDIRECT: ("Reported speech", "The source reports what was said in its own words."),
}


def quoted(quote: Quote, length: int = 0) -> str:
    """The words on one line: in quotation marks if they were said just so, without any if they are reported."""
    words = " ".join(said(quote).split())
    words = excerpt(words, length) if length else words
    if quote.kind == Quote.Kind.DIRECT:
        return f"“{words}”"
    return f"… {words}" if words[:1].islower() else words


def quoted_with_doubt(quote: Quote, length: int) -> str:
    """The same for where nothing else of its page goes along: what editors doubt of it stands before the words."""
    words = quoted(quote, length)
    return f"{quote.doubt}: {words}" if quote.doubt else words


def quoted_paragraphs(quote: Quote) -> list[str]:
    """The words of a direct quote by paragraph: each opens with a mark and the last one closes, as is printed."""
    lines = [line.strip() for line in said(quote).split("\n") if line.strip()]
    return [f"“{line}" for line in lines[:-1]] + [f"“{line}”" for line in lines[-1:]]


@dataclass(frozen=True, slots=True)
class _Who:
    name: str
    address: str

    def get_absolute_url(self) -> str:
        return self.address


@dataclass(frozen=True, slots=True)
class _OnCard:
    """What a card shows of a quote, by the names that a quote has for it where it has one."""

    kind: str
    direction: str
    address: str
    words: str
    language: str
    speaker: _Who | None
    role_then: str
    source: str
    source_address: str
    publisher: str
    date: str
    others: int
    review_state: str
    doubt: str


def quote_card(quote: Quote, hide_speaker: bool = False) -> SafeString:
    """A quote in a list, read ``for_cards()``; of how many more printings, if ``once_each`` said so."""
    article, speaker = quote.article, quote.speaker
    publisher = article.publisher if article else None
    address = quote.get_absolute_url()
    shown = _OnCard(
        kind=quote.kind,
        direction=direction(quote.text),
        address=address,
        words=quoted(quote, 420),
        language=article.language if article else "",
        speaker=_Who(speaker.name, speaker.get_absolute_url()) if speaker else None,
        role_then=quote.role_then,
        source=article.headline if article else "",
        source_address=f"{article.get_absolute_url()}#{quote.anchor}" if article else "",
        publisher=publisher.name if publisher else "",
        date=printed_date(quote.said_on, quote.said_precision) if quote.date_known else "",
        others=getattr(quote, "others", 0),
        review_state=quote.review_state,
        doubt=quote.doubt,
    )
    draw = _quote_card.__wrapped__ if settings.DEBUG else _quote_card
    return draw(shown, hide_speaker)


@lru_cache(maxsize=1024)
def _quote_card(quote: _OnCard, hide_speaker: bool) -> SafeString:
    """Looks at nothing but what it shows, like a card of an article."""
    return drawn("quotes/_card.html", quote=quote, hide_speaker=hide_speaker)


class _Spoken(NamedTuple):
    """What the list below an article shows of a quote in it."""

    kind: str
    direction: str
    address: str
    words: str
    speaker: str
    speaker_address: str
    role: str
    kind_word: str
    review: str
    anchor: str


def spoken(annotations: Iterable[Annotation], language: str) -> SafeString:
    """The quotes that are marked in an article, in a list."""
    draw = _spoken.__wrapped__ if settings.DEBUG else _spoken
    return draw(tuple(_of_annotation(annotation) for annotation in annotations), language)


def _of_annotation(annotation: Annotation) -> _Spoken:
    quote = annotation.subject
    speaker = quote.speaker
    return _Spoken(
        quote.kind,
        direction(quote.text),
        annotation.url,
        quoted(quote, 420),
        speaker.name if speaker else "",
        speaker.get_absolute_url() if speaker else "",
        quote.role,
        kind_word(quote),
        "" if quote.review_state == Quote.Review.UNREVIEWED else quote.get_review_state_display(),
        annotation.anchor,
    )


@lru_cache(maxsize=1024)
def _spoken(quotes: tuple[_Spoken, ...], language: str) -> SafeString:
    """Looks at nothing but what it shows, like a card of an article."""
    return drawn("quotes/_spoken.html", quotes=quotes, language=language)


def voices(annotations: Iterable[Annotation]) -> list[tuple[str, str, str]]:
    """Who speaks in an article, in the order of speaking, with the first role printed: (name, address, role)."""
    found: dict[int, Speaker] = {}
    roles: dict[int, str] = {}
    for annotation in annotations:
        quote, key = annotation.subject, annotation.subject.speaker_id
        if quote.speaker is not None:
            found.setdefault(key, quote.speaker)
            roles[key] = roles.get(key) or quote.role
    return [(speaker.name, speaker.get_absolute_url(), roles[key]) for key, speaker in found.items()]


def confidence_word(quote: Quote) -> str:
    return _confidence(quote)[0]


def confidence_meaning(quote: Quote) -> str:
    return _confidence(quote)[1]


def _confidence(quote: Quote) -> tuple[str, str]:
    """In a word and a sentence: how sure it is who spoke."""
    if quote.origin == Origin.EDITOR:
        return "Entered by an editor", f"A person recorded this quote{' and its speaker' if quote.speaker_id else ''}."
    if quote.speaker_id is None:
        return _NOBODY_NAMED
    if quote.review_state == Quote.Review.MISATTRIBUTED:
        return _WRONG_SPEAKER
    return next((word, meaning) for least, word, meaning in _CONFIDENCE if quote.confidence >= least)


def review_meaning(quote: Quote) -> str:
    return _REVIEW.get(quote.review_state, "")  # type: ignore[call-overload]


def kind_word(quote: Quote) -> str:
    return _KIND[quote.kind][0]  # type: ignore[index]


def kind_meaning(quote: Quote) -> str:
    marks = stands_in_marks(quote) if quote.kind == Quote.Kind.DIRECT else None
    if marks is not None:
        return _IN_MARKS if marks else _WITHOUT_MARKS
    return _KIND[quote.kind][1]  # type: ignore[index]


def by_initial(speakers: Iterable[Speaker]) -> list[tuple[str, list[Speaker]]]:
    """(letter, speakers) of speakers that are in the order of their names."""
    return [(letter, list(same)) for letter, same in groupby(speakers, lambda speaker: _initial(speaker.sort_key))]


def _initial(sort_key: str) -> str:
    """The letter an index of names files the key under: A to Z, else a number sign."""
    first = sort_key[:1].upper()
    return first if "A" <= first <= "Z" else "#"
