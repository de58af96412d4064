"""What the extraction found, as rows: for an import, and for an article that was written or exchanged on the desk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from articles import bulk
from articles.ledger import Ledger
from articles.models import Article, DatePrecision
from articles.store import index
from quotes import store
from quotes.anchors import context
from quotes.directory import NamedSource, SpeakerDirectory, note_positions
from quotes.extraction import ExtractedQuote, extract_quotes
from quotes.models import Origin, Quote, Speaker

# As the database has them: to look up a member of an enumeration takes longer than all else that is done with it.
_IMPORT, _DAY, _UNKNOWN = str(Origin.IMPORT), str(DatePrecision.DAY), str(DatePrecision.UNKNOWN)
ROLE_LENGTH = Quote._meta.get_field("role").max_length
MENTION_LENGTH = Quote._meta.get_field("mention").max_length
CUE_LENGTH = Quote._meta.get_field("cue").max_length
REPORTED_BY_LENGTH = Quote._meta.get_field("reported_by").max_length

# What the text says of who said the words, and where.
ATTRIBUTION = (
    "speaker_id", "role", "reported_by", "kind", "segments", "cue", "cue_start", "cue_end", "mention", "mention_start",
    "mention_end", "confidence", "rule",
)  # fmt: skip


def quote_of(found: ExtractedQuote, text: str, speaker: Speaker | None, *, day: dt.date | None) -> Quote:
    """A quote as found in ``text``, unsaved. ``day``: that of the text, None if it is not known."""
    prefix, suffix = context(text, found.start, found.end)
    mention = text[found.speaker_start : found.speaker_end] if found.speaker_start is not None else ""
    quote = bulk.new(
        Quote,
        text=found.text,
        kind=found.kind,
        segments=[list(segment) for segment in found.segments],
        speaker=speaker,
        role=found.role[:ROLE_LENGTH],
        reported_by=(found.reported_by or "")[:REPORTED_BY_LENGTH],
        start=found.start,
        end=found.end,
        prefix=prefix,
        suffix=suffix,
        cue=(found.cue or "")[:CUE_LENGTH],
        cue_start=found.cue_start,
        cue_end=found.cue_end,
        mention=mention[:MENTION_LENGTH],
        mention_start=found.speaker_start,
        mention_end=found.speaker_end,
        said_on=day or timezone.now().date(),
        said_precision=_DAY if day else _UNKNOWN,
        confidence=found.confidence,
        rule=found.rule[:100],
        origin=_IMPORT,
    )
    store.prepare(quote)
    quote.imported_fingerprint = quote.fingerprint
    return quote


def is_untouched(quote: Quote) -> bool:
    """Whether an import made it and no editor has changed or judged it since."""
    return quote.origin == Origin.IMPORT and quote.edited_at is None and quote.review_state == Quote.Review.UNREVIEWED


def attribute_as(newer: Quote, quote: Quote) -> None:
    """Let a quote have the source that ``newer`` has, the same words in another version of the text. Does not save."""
    quote.speaker = newer.speaker
    for column in ATTRIBUTION[1:]:
        setattr(quote, column, getattr(newer, column))


def was_printed_as(quote: Quote) -> str:
    """The fingerprint of the words as the dump had them, under which a re-import meets a quote that was corrected."""
    return quote.imported_fingerprint or quote.fingerprint


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading an article's text once more comes to: quotes that are new, each as found and as an unsaved row that
    has no speaker yet; and quotes here that the text has no more, and that nobody corrected, judged or entered.
    """

    article: Article
    new: list[tuple[ExtractedQuote, Quote]]
    gone: list[Quote]


def look(article: Article, quotes: Iterable[Quote] | None = None) -> Reading:
    """Compare an article's text with the quotes that are here of it (asked for, unless given). Writes nothing."""
    rows = Quote.objects.filter(article=article) if quotes is None else quotes
    here = {was_printed_as(quote): quote for quote in rows}
    taken = {(quote.start, quote.end) for quote in here.values()}
    day = article.published_at.date() if article.published_at and article.date_known else None
    still, new = set(), []
    for found in extract_quotes(article.text):
        row = quote_of(found, article.text, None, day=day)
        still.add(row.fingerprint)
        if row.fingerprint in here or (row.start, row.end) in taken:
            continue
        taken.add((row.start, row.end))
        row.article, row.document = article, article.document
        if day is not None:
            row.said_precision = store.said_as_precisely(article.published_precision)
        new.append((found, row))
    gone = [quote for words, quote in here.items() if words not in still and is_untouched(quote)]
    return Reading(article, new, gone)


def take_up(reading: Reading) -> None:
    """Bring an article's quotes in line with its text: what is new comes, with its speakers, and what is gone goes."""
    speakers, ledger = SpeakerDirectory(), Ledger()
    speakers.read(found.speaker for found, _ in reading.new if found.speaker)
    for found, row in reading.new:
        if found.speaker and found.speaker_kind:
            row.speaker = speakers.find(NamedSource(found.speaker, found.speaker_kind, found.role), ledger)
    Quote.objects.filter(pk__in=[quote.pk for quote in reading.gone]).delete()
    speakers.write()
    speakers.index()
    made = [row for _, row in reading.new]
    bulk.insert(made)
    note_positions(
        (row.speaker, row.role, row.said_on if row.date_known else None, ledger) for row in made if row.speaker
    )
    index(Quote, made)


def read_again(article: Article) -> None:
    """Bring the quotes of an article in line with a text that was exchanged."""
    take_up(look(article))
