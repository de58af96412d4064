"""The review desk's writes: one quote for each editor, decisions on one or on many, and the last one undone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from quotes.models import Origin, Quote, QuoteClaim, ReviewDecision, Speaker, SpeakerName
from quotes.store import index_quotes, index_speakers, name_key, save_speaker, save_speaker_name

if TYPE_CHECKING:
    from django.contrib.auth.models import User

CLAIMED_FOR = timedelta(minutes=5)
# How many quotes to look at for one that nobody else has: more editors than this review at once nowhere.
LOOK_AHEAD = 25
BULK = 2000
_MOMENTS = ("reviewed_at", "edited_at")
_PRONOUNS = frozenset(["he", "she", "they", "it", "we", "i", "who", "the", "a", "an", "his", "her", "their"])


class ChangedMeanwhileError(ValueError):
    """The quote is not any more what the editor was shown."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an editor says of a quote. ``speaker``: who said it, None if nobody knows; one without a key is made.

    ``whole_mention``: the other quotes of this article that name the speaker by the same words get the speaker, too.
    ``teach``: these words are from now on a form of the speaker's name.
    """

    state: str
    speaker: Speaker | None
    note: str = ""
    whole_mention: bool = False
    teach: bool = False


def claim_next(waiting: QuerySet[Quote], editor: User, *, after: int = 0) -> Quote | None:
    """The next of ``waiting`` after the quote ``after`` (then from the start) that nobody else has before them."""
    for rows in (waiting.filter(pk__gt=after), waiting.filter(pk__lte=after)):
        for quote in rows.order_by("pk")[:LOOK_AHEAD]:
            if claim(quote, editor) is None:
                return quote
    return None


def claim(quote: Quote, editor: User) -> QuoteClaim | None:
    """Take a quote; None if that went well, else the claim of who has it now."""
    now = timezone.now()
    free = QuoteClaim.objects.filter(Q(editor=editor) | Q(until__lte=now), quote=quote)
    if free.update(editor=editor, until=now + CLAIMED_FOR):
        return None
    try:
        with transaction.atomic():
            QuoteClaim.objects.create(quote=quote, editor=editor, until=now + CLAIMED_FOR)
    except IntegrityError:
        return QuoteClaim.objects.filter(quote=quote).select_related("editor").first()
    return None


def shown_as(quote: Quote) -> str:
    """What of the quote a decision is about, in one word: it must be the same when the decision comes."""
    return f"{quote.review_state}-{quote.speaker_id or 0}"


@transaction.atomic
def decide(quote: Quote, verdict: Verdict, *, editor: User, seen: str) -> ReviewDecision:
    """Record a verdict. Raises ``ChangedMeanwhileError`` if the quote is not any more what was ``seen``."""
    quote = Quote.objects.select_for_update().get(pk=quote.pk)
    if shown_as(quote) != seen:
        raise ChangedMeanwhileError("Somebody else decided on this quote, or changed it, while you were looking.")
    made = verdict.speaker if verdict.speaker is not None and verdict.speaker.pk is None else None
    if made is not None:
        save_speaker(made)
    changes = [_change(quote, _judged(verdict, editor))]
    if verdict.whole_mention and verdict.speaker is not None:
        others = of_same_mention(quote).select_for_update()
        changes += [_change(other, {"speaker_id": verdict.speaker.pk}) for other in others]
    decision = ReviewDecision(editor=editor, verdict=verdict.state, changes=changes, speaker_made=made)
    if verdict.teach and verdict.speaker is not None and is_name(quote.mention):
        decision.name_taught = _teach(verdict.speaker, quote.mention)
    _apply(changes)
    decision.save()
    QuoteClaim.objects.filter(quote=quote).delete()
    return decision


@transaction.atomic
def accept_many(waiting: QuerySet[Quote], *, editor: User) -> ReviewDecision:
    """Verify up to ``BULK`` unreviewed quotes as they stand."""
    rows = list(waiting.unreviewed().select_for_update(of=("self",)).order_by("pk")[:BULK])
    after = {"review_state": Quote.Review.VERIFIED, "reviewer_id": editor.pk}
    decision = ReviewDecision(
        editor=editor, verdict=Quote.Review.VERIFIED, changes=[_change(row, after) for row in rows]
    )
    _apply(decision.changes)
    decision.save()
    return decision


def last_decision(editor: User) -> ReviewDecision | None:
    """What the editor would undo next."""
    return ReviewDecision.objects.filter(editor=editor, undone_at__isnull=True).order_by("-pk").first()


@transaction.atomic
def undo(decision: ReviewDecision) -> list[int]:
    """Put back what was before, where nothing came after. Returns the keys of the quotes put back; twice is harmless."""
    decision = ReviewDecision.objects.select_for_update().get(pk=decision.pk)
    if decision.undone_at is not None:
        return []
    stored = Quote.objects.select_for_update().in_bulk([pk for pk, _, _ in decision.changes])
    back = [
        [pk, after, before]
        for pk, before, after in decision.changes
        if pk in stored and all(getattr(stored[pk], column) == value for column, value in after.items())
    ]
    _apply(back)
    if decision.name_taught is not None:
        speaker = decision.name_taught.speaker_id
        decision.name_taught.delete()
        decision.name_taught = None
        index_speakers([speaker])
    made, decision.speaker_made = decision.speaker_made, None
    decision.undone_at = timezone.now()
    decision.save(update_fields=["undone_at", "name_taught", "speaker_made"])
    if made is not None and not (made.quotes.exists() or made.merged.exists()):
        made.delete()
    return [pk for pk, _, _ in back]


def of_same_mention(quote: Quote) -> QuerySet[Quote]:
    """The other quotes of its article whose speaker is named by the same words and that nobody has reviewed."""
    if not quote.article_id or not quote.mention:
        return Quote.objects.none()
    same = Quote.objects.unreviewed().filter(article_id=quote.article_id, mention__iexact=quote.mention)
    return same.exclude(pk=quote.pk).order_by("pk")


def is_name(mention: str) -> bool:
    """Whether the words that stand for the speaker could be a form of a name, and not a pronoun or a description."""
    first = mention.split()[0] if mention.split() else ""
    return first[:1].isupper() and first.casefold().strip(".,") not in _PRONOUNS


def is_new_name(quote: Quote) -> bool:
    """Whether the words that stand for the speaker may be taught: a name, and not one that the speaker has already."""
    known = SpeakerName.objects.filter(speaker=quote.speaker_id, key=name_key(quote.mention))
    return is_name(quote.mention) and not known.exists()


def _teach(speaker: Speaker, mention: str) -> SpeakerName | None:
    if SpeakerName.objects.filter(speaker=speaker, key=name_key(mention)).exists():
        return None
    name = SpeakerName(speaker=speaker, name=mention[:200], origin=Origin.EDITOR)
    save_speaker_name(name)
    return name


def _judged(verdict: Verdict, editor: User) -> dict[str, Any]:
    speaker = verdict.speaker.pk if verdict.speaker is not None else None
    return {
        "speaker_id": speaker,
        "review_state": verdict.state,
        "review_note": verdict.note,
        "reviewer_id": editor.pk,
    }


def _change(quote: Quote, after: dict[str, Any]) -> list[Any]:
    before = {column: getattr(quote, column) for column in after}
    for moment in _MOMENTS:
        value = getattr(quote, moment)
        before[moment] = value.isoformat() if value else None
    return [quote.pk, before, after]


def _apply(changes: Iterable[list[Any]]) -> None:
    """Write the values after; rows that get the same values share one statement."""
    now = timezone.now()
    alike: dict[tuple[tuple[str, Any], ...], list[int]] = {}
    moved: list[int] = []
    for pk, before, after in changes:
        alike.setdefault(tuple(after.items()), []).append(pk)
        if "speaker_id" in after and before["speaker_id"] != after["speaker_id"]:
            moved.append(pk)
    for values, keys in alike.items():
        columns = dict(values)
        if "review_state" in columns:
            columns.setdefault("reviewed_at", now)
        if "speaker_id" in columns:
            columns.setdefault("edited_at", now)
        for moment in _MOMENTS:
            if isinstance(columns.get(moment), str):
                columns[moment] = parse_datetime(columns[moment])
        Quote.objects.filter(pk__in=keys).update(**columns)
    if moved:
        index_quotes(moved)
