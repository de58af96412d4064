"""Quotes and speakers that a reader's search finds."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from rapidfuzz import fuzz, process

from articles.search import Search, completed, found, nearly_found
from articles.text import fold, letters_like, unaccented
from quotes.models import Quote, Speaker

# Names that are compared with one that was not found, and how like it they have to be, of 100.
COMPARED = 3000
LIKE = 72.0
NEAREST = 5
# Quotes that are compared with words half remembered.
COMPARED_QUOTES = 60


def find_quotes(search: Search) -> Any:
    """Public quotes with all the words (in the quote, the role or the speaker's name), newest first; sliceable.

    The search has words, here and below.
    """
    return found(Quote.objects.for_cards(), Quote.objects.public(), search, "-said_on")


def find_speakers(search: Search) -> Any:
    """Public speakers of whom a name or the description has all the words, best first; sliceable."""
    return found(Speaker.objects.all(), Speaker.objects.public(), search, None)


def complete_speakers(search: Search) -> Any:
    """Public speakers whose name has the words, the last of them perhaps unfinished; sliceable."""
    return completed(Speaker.objects.all(), Speaker.objects.public(), search, "id")


def nearly_quotes(search: Search) -> list[Quote]:
    """Public quotes that have most of the words, those with most of them first: for what is only half remembered.

    One query, bounded.
    """
    rows = nearly_found(Quote.objects.for_cards(), Quote.objects.public(), search, "-said_on")[:COMPARED_QUOTES]
    typed = fold(" ".join(search.words))

    def likeness(quote: Quote) -> tuple[int, float]:
        text = fold(unaccented(quote.text))
        found_in = fold(unaccented(f"{quote.text} {quote.role} {quote.speaker or ''}"))
        return sum(fold(word) in found_in for word in search.telling), fuzz.partial_ratio(typed, text)

    return sorted(rows, key=likeness, reverse=True)[:NEAREST]


def nearest_speakers(search: Search) -> list[Speaker]:
    """Public named speakers whose names are most like what was typed, the likest first. Two queries, bounded.

    Looked at are those whose last name begins as one of the words does: who mistypes a name mostly begins it right.
    """
    beginnings = Q(pk__in=())
    for letter in {letter for word in search.words[:6] for letter in letters_like(word[0])}:
        beginnings |= Q(sort_key__startswith=letter, sort_key__gte=letter)
    near = Speaker.objects.active().named().filter(beginnings).order_by("sort_key", "pk")
    names = {key: fold(unaccented(name)) for key, name in near.values_list("pk", "name")[:COMPARED]}
    typed = fold(" ".join(search.words))
    like = process.extract(typed, names, scorer=fuzz.token_sort_ratio, score_cutoff=LIKE, limit=NEAREST * 2)
    like += process.extract(typed, names, scorer=_last_word_ratio, score_cutoff=LIKE, limit=NEAREST * 2)
    keys = list(dict.fromkeys(key for _name, _score, key in sorted(like, key=lambda each: -each[1])))
    public = Speaker.objects.public().in_bulk(keys) if keys else {}
    return [public[key] for key in keys if key in public][:NEAREST]


def _last_word_ratio(typed: str, name: str, **options: object) -> float:
    """How like one word is to the last of a name (0 to 100): who looks for a speaker often gives only that."""
    return fuzz.ratio(typed, name.rpartition(" ")[2])
