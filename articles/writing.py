"""How dates, excerpts and search hits are written. Text is escaped first; only then is anything put around it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, tzinfo
from functools import lru_cache, partial
from html import escape

from django.conf import settings
from django.template import engines
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from jinja2 import pass_context
from jinja2.runtime import Context

from articles.dates import Span
from articles.models import Article, DatePrecision
from articles.querysets import EXCERPT_LENGTH
from articles.text import accent_blind, set_plainly

WORDS_A_MINUTE = 230  # Brysbaert 2019, "How many words do we read per minute?": 238 for English non-fiction
SNIPPET_LENGTH = 260
# A searched word of so many letters is marked with what it goes on with; a shorter one begins too many that were not meant.
LONG = 4
MORE, END = r"\w*", r"\b"
# The end of a sentence, not of an abbreviation: at least three small letters or figures before it, no small letter after.
_SENTENCE_END = re.compile(r"(?<=[^\W_A-Z]{3})[.!?…][\"”’)]*(?=\s+[^\sa-z\d])")
_FORMATS = {
    DatePrecision.YEAR: ("Y", "%Y"),
    DatePrecision.MONTH: ("F Y", "%Y-%m"),
    DatePrecision.DAY: ("j F Y", "%Y-%m-%d"),
    DatePrecision.TIME: ("j F Y, H:i", None),
}


def drawn(template: str, **shown: object) -> SafeString:
    """A part of a page, which sees nothing but what it is given."""
    return SafeString(engines["public"].env.get_template(template).render(shown))


def printed_date(value: date | datetime, precision: str = DatePrecision.DAY) -> SafeString:
    """``<time>`` with as much of the date as is known; in the site's own time zone, for no page is in its reader's."""
    return _time(value, precision, timezone.get_default_timezone())


@lru_cache(maxsize=4096)
def _time(value: date | datetime, precision: str, zone: tzinfo) -> SafeString:
    """Dates repeat from page to page."""
    shown, machine = _FORMATS.get(precision, _FORMATS[DatePrecision.DAY])  # type: ignore[call-overload]
    if isinstance(value, datetime):
        value = value.astimezone(zone)
    elif machine is None:
        shown, machine = _FORMATS[DatePrecision.DAY]
    stamp = value.strftime(machine).zfill(4) if machine else value.isoformat(timespec="minutes")
    return format_html('<time datetime="{}">{}</time>', stamp, date_format(value, shown))


def span_name(span: Span) -> str:
    """A year, a month or a day in words."""
    return date_format(span.first, _FORMATS[DatePrecision(span.precision)][0])


def span_address(span: Span) -> str:
    """Of its page in the archive."""
    return _address_of_span(span, get_script_prefix())


@lru_cache(maxsize=4096)
def _address_of_span(span: Span, _prefix: str) -> str:
    day = span.first
    parts = {"year": [day.year], "month": [day.year, day.month], "day": [day.year, day.month, day.day]}[span.precision]
    return reverse(f"articles:archive_{span.precision}", args=parts)


def article_date(article: Article, full: bool = False) -> str:
    """When the article appeared; where nobody printed a date, that, and when it was archived."""
    if article.published_at is None:
        return "Not dated"
    if article.date_known:
        precision = article.published_precision
        if precision == DatePrecision.TIME and not full:
            precision = DatePrecision.DAY
        return printed_date(article.published_at, precision)
    if not full:
        return "Date not printed"
    return format_html("Date not printed; archived on {}", printed_date(article.published_at, DatePrecision.DAY))


def card(article: Article, heading: str = "h2", brief: bool = False, shared: Iterable[str] | None = None) -> SafeString:
    """An article in a list (read as ``articles.shown`` reads cards); ``brief``: without text and byline.

    With ``shared``, what it has in common with another, that stands in place of the topic.
    """
    topic = article.main_topic if shared is None else None
    publisher = article.publisher
    draw = _card.__wrapped__ if settings.DEBUG else _card
    return draw(
        address=article.get_absolute_url(),
        headline=article.headline,
        language=article.language,
        topic=topic.name if topic else "",
        topic_address=topic.get_absolute_url() if topic else "",
        text="" if brief else teaser(article, 180),
        byline="" if brief else excerpt(article.byline, 60),
        publisher=publisher.name if publisher else "",
        date=article_date(article),
        heading=heading,
        shared=tuple(shared or ()),
    )


@lru_cache(maxsize=1024)
def _card(**shown: str | tuple[str, ...]) -> SafeString:
    """Looks at nothing but what it shows, so a card that was drawn is drawn: the latest stand on many pages."""
    return drawn("articles/_card.html", **shown)


@pass_context
def about(context: Context, voices: Iterable[tuple[str, str, str]]) -> SafeString:
    """What stands beside an article, of what ``articles.pages.article_context`` gives; ``voices`` speak in it."""
    article, publisher = context["article"], context["article"].publisher
    draw = _about.__wrapped__ if settings.DEBUG else _about
    return draw(
        voices=tuple(voices),
        topics=tuple((topic.name, topic.get_absolute_url()) for topic in context["topics"]),
        printings=tuple(
            (
                other.headline,
                other.get_absolute_url(),
                other.language,
                other.publisher.name if other.publisher else "",
                article_date(other),
            )
            for other in context["printings"]
        ),
        cited=tuple(
            (source.name, source.publisher.homepage if source.publisher else "", source.evidence)
            for source in context["cited"]
        ),
        publisher=publisher.name if publisher else "",
        homepage=publisher.homepage if publisher else "",
        source=article.source_url,
        archived=printed_date(article.document.retrieved_at) if article.document else "",
    )


@lru_cache(maxsize=1024)
def _about(**shown: object) -> SafeString:
    """Looks at nothing but what it shows, like a card."""
    return drawn("articles/_story_aside.html", **shown)


def options(choices: Iterable[tuple[str, str]], chosen: str) -> SafeString:
    """``<option>`` for each (value, label): hundreds, and mostly the same ones as on the page before."""
    return _options(tuple(choices), chosen)


@lru_cache(maxsize=64)
def _options(choices: tuple[tuple[str, str], ...], chosen: str) -> SafeString:
    parts = ((value, " selected" if value == chosen else "", label) for value, label in choices)
    return format_html_join("", '<option value="{}"{}>{}</option>', parts)


def reading_minutes(text: str) -> int:
    """Whole minutes that reading the text takes, at least one."""
    words = text.count(" ") + text.count("\n") + 1  # near enough, and not a list of a thousand words
    return max(1, round(words / WORDS_A_MINUTE))


def excerpt(text: str, length: int = 180) -> str:
    """The beginning of the text on one line, cut between words, with an ellipsis if it was cut."""
    # What is cut off is neither split nor joined, unless there are so many blanks in the beginning.
    line = " ".join(text[: 2 * length].split())
    if len(line) <= length:
        line = " ".join(text.split(None, length + 1)).rstrip()
    return _cut(line, length)


def _cut(line: str, length: int) -> str:
    if len(line) <= length:
        return line
    cut = line[: length + 1].rsplit(" ", 1)[0][:length]
    return f"{cut.rstrip(' ,;:.–—-')}…"


def teaser(article: Article, length: int = 180) -> str:
    """The standfirst, or else the beginning of the text without the dateline it opens with: whole sentences, if they
    fill at least half of the length.
    """
    if article.standfirst:
        return _whole_sentences(article.standfirst, length)
    # Lists have read no more than that of it, which ends where it ends, in a word as a rule.
    text = article.excerpt if hasattr(article, "excerpt") else article.text[:EXCERPT_LENGTH]
    goes_on = len(text) >= EXCERPT_LENGTH
    if article.dateline and text.startswith(article.dateline):
        text = text[len(article.dateline) :].lstrip(" —–-:")
    return _whole_sentences(text, length, goes_on)


# A page and its data describe it by the same words, and cards come again from page to page.
@lru_cache(maxsize=1024)
def _whole_sentences(text: str, length: int, goes_on: bool = False) -> str:
    """``goes_on``: more follows the text, which may end in a word."""
    line = " ".join(text.split())
    if goes_on:
        length = min(length, max(0, len(line) - 1))
    if len(line) <= length:
        return line
    ends = [end.end() for end in _SENTENCE_END.finditer(line, 0, length + 2) if length // 2 <= end.end() <= length]
    return line[: ends[-1]] if ends else _cut(line, length)


def hits(text: str, words: Iterable[str], length: int = SNIPPET_LENGTH) -> SafeString:
    """A piece of the text around the first of the words, with each of them in ``<mark>``."""
    # So much of it that the piece is in it, however the lines are broken, as a rule.
    hit = _first_hit(text, words)
    near, far = max(0, hit - 2 * length), hit + 4 * length
    near = max(text.rfind(blank, 0, near) for blank in " \n") + 1
    line = " ".join(text[near:far].split())
    if far < len(text) and len(line) < 3 * length:
        near, line = 0, " ".join(text.split())
    # Up to the word the line has the same words as the text.
    start = max(0, len(" ".join(text[near:hit].split())) - length // 3)
    if start:
        start = line.rfind(" ", 0, start) + 1
    piece = excerpt(line[start:], length)
    shown = mark_words(piece, words)
    return SafeString(f"…{shown}") if start or near else shown


def _first_hit(text: str, words: Iterable[str]) -> int:
    """Where the words begin side by side, or else the longest that is there; 0 if none is."""
    wanted = [word.lower() for word in words if word]
    if not wanted:
        return 0
    plain = set_plainly(text)
    # Most texts are of plain letters, as the words are, and a page long: to look for one word after the other is quicker.
    find = partial(_first_place, plain.lower()) if plain.isascii() else partial(_first_match, text)
    places = map(find, (" ".join(wanted), *sorted(wanted, key=len, reverse=True)))
    found = next((place for place in places if place >= 0), -1)
    return found if found >= 0 else max(0, find(wanted[-1], is_beginning=True))


def _first_match(text: str, words: str, *, is_beginning: bool = False) -> int:
    """``_first_place``, of texts in other letters."""
    patterns = _patterns([words])
    found = patterns[-1 if is_beginning else 0].search(text)
    return found.start() if found else -1


def _first_place(text: str, words: str, *, is_beginning: bool = False) -> int:
    """Where the words first stand; -1 if they do nowhere. A long one may go on, and any other if it is a beginning."""
    may_go_on = is_beginning or len(words) >= LONG
    place = text.find(words)
    while place >= 0:
        end = place + len(words)
        goes_on = end < len(text) and _is_letter(text[end])
        if (place == 0 or not _is_letter(text[place - 1])) and (may_go_on or not goes_on):
            return place
        place = text.find(words, place + 1)
    return -1


def _is_letter(char: str) -> bool:
    return char.isalnum() or char == "_"


def mark_words(text: str, words: Iterable[str]) -> SafeString:
    """The text, escaped, with each of the words in ``<mark>``: long ones with what they go on with (“drawings”), short ones by
    themselves, and the last one as a beginning, too, where none of them stands.
    """
    hits_of_each = ([*pattern.finditer(text)] for pattern in _patterns(words))
    pieces = []
    place = 0
    for hit in next(filter(None, hits_of_each), ()):
        pieces.append(f"{escape(text[place : hit.start()])}<mark>{escape(hit.group())}</mark>")
        place = hit.end()
    return SafeString(f"{''.join(pieces)}{escape(text[place:])}")


def _patterns(words: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    return _patterns_of(tuple(words))


@lru_cache(maxsize=64)
def _patterns_of(words: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """Match the words where they begin a word, whatever their case and accents; the second one, the last of them alone."""
    wanted = sorted({word for word in words if word}, key=len, reverse=True)
    if not wanted:
        return ()
    either = "|".join(f"{accent_blind(word)}{MORE if len(word) >= LONG else END}" for word in wanted)
    last = next(word for word in reversed(words) if word)
    each = [either, *([f"{accent_blind(last)}{MORE}"] if 1 < len(last) < LONG else [])]
    return tuple(re.compile(rf"\b(?:{choice})", re.IGNORECASE) for choice in each)


def direction(text: str) -> str:
    """``rtl`` or ``ltr``: what ``dir="auto"`` comes to for the text, for what stands around it and should follow it."""
    strong = next((kind for kind in map(unicodedata.bidirectional, text) if kind in {"L", "R", "AL"}), "L")
    return "ltr" if strong == "L" else "rtl"
