"""Writes to quotes and speakers: every way in (import, admin, command) goes through these functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from articles import addresses, bulk
from articles.ledger import Ledger, Values, values_of
from articles.models import Article, CuratedList, DatePrecision
from articles.store import index, unique_slug
from articles.text import fingerprint, fold, make_slug, unaccented
from quotes.anchors import context, find, find_changed, moved_parts, spoken_parts
from quotes.likeness import person_name
from quotes.models import CuratedQuote, Origin, Quote, Speaker, SpeakerName

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from articles.annotations import Dated

_PLACE = ("start", "end", "segments", "prefix", "suffix", "cue_start", "cue_end", "mention_start", "mention_end")
_WORDS = ("text", "fingerprint", "cluster", "edited_at", "review_state", "reviewer_id", "reviewed_at")


@lru_cache(maxsize=2_000)  # the names of a batch, each of which is asked for some ten times
def name_key(name: str) -> str:
    """The key under which printings of a name meet: folded, without a leading article ("The Kremlin" -> "kremlin").

    "A" and "An" are articles only before a common noun: "A. Moor" and "An Nguyen" keep theirs.
    """
    first, *rest = name.split() or [""]
    is_article = first.casefold() == "the" or (
        first.casefold() in {"a", "an"} and any(word[0].islower() for word in rest)
    )
    key = fold(" ".join(rest)) if is_article else ""
    return (key or fold(name))[:200]


def sort_key(name: str, kind: str) -> str:
    """What an index of names sorts by, in plain letters: persons by their last name ("peskov dmitry"), others as they are
    named. (The key of a name keeps letters such as ø: it tells who is whom, and is not to change.)
    """
    words = unaccented(name_key(name)).split()
    if kind == Speaker.Kind.PERSON and len(words) > 1:
        words = [words[-1], *words[:-1]]
    return " ".join(words)[:200]


def family_of(name: str, kind: str) -> str:
    """The folded family name under which a person's names meet; empty for others."""
    return person_name(name).family[:200] if kind == Speaker.Kind.PERSON else ""


@transaction.atomic
def save_speaker(speaker: Speaker, *, origin: str = Origin.EDITOR) -> None:
    """Save a speaker with the columns that follow from the name, and remember the name among the speaker's names."""
    speaker.sort_key = sort_key(speaker.name, speaker.kind)
    if not speaker.slug:
        speaker.slug = unique_slug(Speaker, make_slug(name_key(speaker.name), "speaker"), besides=speaker)
    old_slug = addresses.slug_of(Speaker, speaker.pk)
    speaker.save()
    addresses.keep(speaker, old_slug)
    SpeakerName.objects.get_or_create(
        speaker=speaker, key=name_key(speaker.name), defaults={"name": speaker.name, "origin": origin}
    )
    _note_families(SpeakerName.objects.filter(speaker=speaker).select_related("speaker"))
    index(Speaker, [speaker])


@transaction.atomic
def save_speaker_name(name: SpeakerName) -> None:
    """Save one more form of a speaker's name, and let search find the speaker by it."""
    name.key = name_key(name.name)
    name.family = family_of(name.name, name.speaker.kind)
    name.save()
    index(Speaker, [name.speaker])


def _note_families(names: QuerySet[SpeakerName]) -> None:
    """A speaker whose kind was corrected has other family names: those of persons, or none."""
    for name in names:
        family = family_of(name.name, name.speaker.kind)
        if name.family != family:
            SpeakerName.objects.filter(pk=name.pk).update(family=family)


def prepare(quote: Quote) -> None:
    """Fill the columns that follow from the words and their place. Does not save."""
    quote.fingerprint = fingerprint(quote.text)
    quote.cluster = quote.cluster or quote.fingerprint


@transaction.atomic
def save_quote(quote: Quote, *, editor: User | None = None) -> None:
    """Save a quote that a person wrote or changed, and find its place in its text if it is not where it says."""
    before, counted_from = Quote.objects.filter(pk=quote.pk).values_list("fingerprint", "start").first() or (None, None)
    quote.fingerprint = fingerprint(quote.text)
    if quote.fingerprint != before:
        quote.cluster = quote.fingerprint
    source = quote.article or quote.document
    if source is not None:
        anchor(quote, source.text, counted_from=counted_from)
    quote.edited_at = timezone.now()
    quote.save()
    index(Quote, [quote])


def index_quotes(keys: list[int]) -> None:
    """Let search find quotes by the speaker that they have now."""
    index(Quote, Quote.objects.filter(pk__in=keys).select_related("speaker"))


def index_speakers(keys: list[int]) -> None:
    """Let search find speakers by the names that they have now."""
    index(Speaker, Speaker.objects.filter(pk__in=keys).prefetch_related("names", "merged__names"))


@transaction.atomic
def attribute(quotes: QuerySet[Quote], speaker: Speaker) -> list[int]:
    """Give those of the quotes that have no speaker to one, and let search find them by the name. Returns their keys."""
    keys = list(quotes.filter(speaker__isnull=True).order_by("pk").values_list("pk", flat=True))
    Quote.objects.filter(pk__in=keys).update(speaker=speaker, edited_at=timezone.now())
    index_quotes(keys)
    return keys


@transaction.atomic
def review(quotes: QuerySet[Quote], state: str, *, editor: User | None, note: str = "") -> int:
    """Record an editor's judgement on the quotes. Returns how many changed."""
    return quotes.exclude(review_state=state).update(
        review_state=state, review_note=note, reviewer=editor, reviewed_at=timezone.now()
    )


@transaction.atomic
def publish_alone(quotes: QuerySet[Quote]) -> int:
    """Publish the quotes that stand without an article. Returns how many changed."""
    return quotes.filter(article__isnull=True, published_at__isnull=True).update(published_at=timezone.now())


def hide_alone(values: Values) -> None:
    """Take the date at which a quote without an article appears out of the values of one that comes back."""
    values["published_at"] = None


@transaction.atomic
def reanchor_quotes(changed: Sequence[tuple[Article, Ledger]], by_person: bool = False) -> None:
    """Find the quotes of articles again in the changed texts; those whose words are gone lose their place.

    ``by_person``: words that a person changed where they stand are the quote's words from now on, and must be reviewed
    again. (An import finds quotes anew.)
    """
    articles = {article.pk: (article, ledger) for article, ledger in changed}
    quotes = list(Quote.objects.filter(article__in=articles.keys()).order_by("pk"))
    # Freed first: two quotes may swap places, which the unique constraint would see as a clash half-way.
    Quote.objects.filter(article__in=articles.keys()).update(start=None, end=None)
    taken: dict[int, list[tuple[int, int]]] = {key: [] for key in articles}
    moved, followed = [], []
    # First those that read as they did: no other takes their place.
    for quote in sorted(quotes, key=lambda quote: quote.text not in articles[quote.article_id][0].text):
        article, ledger = articles[quote.article_id]
        before = values_of(quote, (*_PLACE, *_WORDS))
        words = {column: getattr(quote, column) for column in _WORDS}
        anchor(quote, article.text, follow=by_person)
        place, others = (quote.start, quote.end), taken[article.pk]
        if quote.text != words["text"]:
            if any(begin < quote.end and quote.start < end for begin, end in others):
                quote.__dict__.update(words)  # what stands there is another quote
                _lose(quote)
            else:
                followed.append(quote)
        elif place in others:
            _lose(quote)
        if quote.start is not None:
            others.append(place)
        moved.append(quote)
        ledger.updated(quote, before)
    bulk.update(moved, _PLACE)
    if followed:
        bulk.update(followed, _WORDS)
        index_quotes([quote.pk for quote in followed])


def follow_dates(changed: Mapping[int, tuple[Dated, Dated]]) -> None:
    """Give quotes the dates that their articles have got: those that had the article's, or none where it had none."""
    for article, (was, now) in changed.items():
        rows = Quote.objects.filter(article=article)
        rows = rows.filter(said_precision=was.precision) if was.day is None else rows.dated().filter(said_on=was.day)
        rows.update(said_on=now.day or F("said_on"), said_precision=said_as_precisely(now.precision))


def said_as_precisely(precision: str) -> str:
    """How precisely it is known when a quote was said, of an article with a date of that precision: never to the hour."""
    return DatePrecision.DAY if precision == DatePrecision.TIME else precision


def anchor(quote: Quote, text: str, *, counted_from: int | None = None, follow: bool = False) -> None:
    """Give a quote its place in a text, or none if its words do not stand there. Does not save.

    ``follow``: if other words stand where they stood, and are like them, the quote takes those.

    ``counted_from``: the start that its parts, cue and mention go with, if somebody has written another one over it.
    """
    before = quote.start if counted_from is None else counted_from
    if quote.start is not None and quote.end is not None and text[quote.start : quote.end] == quote.text:
        start: int | None = quote.start
    else:
        start = find(text, quote.text, prefix=quote.prefix, suffix=quote.suffix, near=quote.start)
    if start is None:
        if not (follow and _follow(quote, text)):
            _lose(quote)
        return
    quote.start, quote.end = start, start + len(quote.text)
    quote.prefix, quote.suffix = context(text, quote.start, quote.end)
    if before is None:
        quote.segments = _spoken_in(quote)
        _forget_cue(quote)
    else:
        _move_parts(quote, start - before, text)


def _follow(quote: Quote, text: str) -> bool:
    """Let a quote have the words that stand where its own did. What was verified was not these words."""
    if quote.start is None or quote.end is None:
        return False
    place = find_changed(text, quote.text, prefix=quote.prefix, suffix=quote.suffix)
    if place is None:
        return False
    start, end = place
    parts = [(begin - quote.start, stop - quote.start) for begin, stop in quote.segments]
    moved = moved_parts(quote.text, text[start:end], parts)
    if parts and not moved:
        return False
    for part in ("cue", "mention"):
        begin = getattr(quote, f"{part}_start")
        _move_part(quote, part, start - quote.start if begin is None or begin < quote.start else end - quote.end, text)
    quote.segments = [[start + begin, start + stop] for begin, stop in moved]
    quote.start, quote.end, quote.text = start, end, text[start:end]
    quote.prefix, quote.suffix = context(text, start, end)
    quote.fingerprint = quote.cluster = fingerprint(quote.text)
    quote.edited_at = timezone.now()
    if quote.review_state == Quote.Review.VERIFIED:
        quote.review_state, quote.reviewer_id, quote.reviewed_at = Quote.Review.UNREVIEWED, None, None
    return True


def _spoken_in(quote: Quote) -> list[list[int]]:
    """The parts of a quote whose words were found again, by the marks in them; none where it is all of one piece."""
    parts = spoken_parts(quote.text) if quote.kind == Quote.Kind.DIRECT else []
    return [[quote.start + start, quote.start + end] for start, end in parts] if len(parts) > 1 else []


def _move_parts(quote: Quote, shift: int, text: str) -> None:
    # Of words that were cut, parts may reach beyond the end.
    segments = [[max(quote.start, begin + shift), min(quote.end, end + shift)] for begin, end in quote.segments]
    quote.segments = [[begin, end] for begin, end in segments if begin < end]
    # Cue and mention stand outside the words; they moved along only if they still read the same there.
    for part in ("cue", "mention"):
        _move_part(quote, part, shift, text)


def _move_part(quote: Quote, part: str, shift: int, text: str) -> None:
    begin, end = getattr(quote, f"{part}_start"), getattr(quote, f"{part}_end")
    if begin is None or end is None:
        return
    words = getattr(quote, part)
    kept = begin + shift >= 0 and bool(words) and text[begin + shift : end + shift].startswith(words)
    setattr(quote, f"{part}_start", begin + shift if kept else None)
    setattr(quote, f"{part}_end", end + shift if kept else None)


def _lose(quote: Quote) -> None:
    """The words no longer stand in the text: no place, so that nothing wrong is marked, and editors can see it."""
    quote.start = quote.end = None
    quote.segments = []
    _forget_cue(quote)


def _forget_cue(quote: Quote) -> None:
    quote.cue_start = quote.cue_end = quote.mention_start = quote.mention_end = None


@transaction.atomic
def put_into_list(curated: CuratedList, quotes: Sequence[Quote]) -> int:
    """Put quotes at the end of a list of quotes, but for those that it has. Returns how many came in."""
    CuratedList.objects.select_for_update().get(pk=curated.pk)
    here = set(curated.quote_items.values_list("quote_id", flat=True))
    new = [quote for quote in quotes if quote.pk not in here]
    start = curated.quote_items.count() + 1
    CuratedQuote.objects.bulk_create(
        CuratedQuote(list=curated, position=number, quote=quote) for number, quote in enumerate(new, start)
    )
    return len(new)
