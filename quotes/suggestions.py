"""Pairs of speakers who may be one: what waits for an editor. A pair that was decided never comes again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from articles import bulk
from articles.ledger import Ledger, values_of
from quotes.likeness import Reason, total
from quotes.models import Speaker, SpeakerSuggestion

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models import Model

State = SpeakerSuggestion.State


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two speakers (saved by the time they are suggested) and what speaks for their being one."""

    one: Speaker
    other: Speaker
    reasons: tuple[Reason, ...]
    ledger: Ledger


def suggest(found: Sequence[Likeness]) -> None:
    """Let pairs wait for an editor, each once, with the strongest reasons seen. At most three queries."""
    best: dict[tuple[int, int], Likeness] = {}
    for likeness in found:
        pair = (min(likeness.one.pk, likeness.other.pk), max(likeness.one.pk, likeness.other.pk))
        if pair[0] != pair[1] and (pair not in best or total(likeness.reasons) > total(best[pair].reasons)):
            best[pair] = likeness
    if not best:
        return
    rows = SpeakerSuggestion.objects.filter(
        speaker__in={pair[0] for pair in best}, other__in={pair[1] for pair in best}
    )
    here = {(row.speaker_id, row.other_id): row for row in rows}
    new, changed = [], []
    for pair, likeness in best.items():
        row = here.get(pair)
        score = total(likeness.reasons)
        reasons = [[reason.what, reason.weight, reason.words] for reason in likeness.reasons]
        if row is None:
            row = SpeakerSuggestion(speaker_id=pair[0], other_id=pair[1], score=score, reasons=reasons)
            likeness.ledger.created([row])
            new.append(row)
        elif row.state == State.WAITING and score > row.score:
            before = values_of(row, ["score", "reasons"])
            row.score, row.reasons = score, reasons
            likeness.ledger.updated(row, before)
            changed.append(row)
    bulk.insert(new)
    bulk.update(changed, ["score", "reasons"])


@transaction.atomic
def dismiss(suggestions: QuerySet[SpeakerSuggestion], *, editor: User) -> int:
    """Say that these are two: the pairs never come again. Returns how many changed."""
    return _decide(suggestions.filter(state=State.WAITING), State.DISMISSED, editor)


@transaction.atomic
def reopen(suggestions: QuerySet[SpeakerSuggestion], *, editor: User) -> int:
    """Take back what ``dismiss`` did. Returns how many changed."""
    return _decide(suggestions.filter(state=State.DISMISSED), State.WAITING, editor)


def _decide(suggestions: QuerySet[SpeakerSuggestion], state: str, editor: User | None) -> int:
    return suggestions.update(state=state, decided_by=editor, decided_at=timezone.now())


def merged(source: Model, target: Model, editor: User | None) -> None:
    """After a merger: its own suggestion is settled, and those of the source with others are the target's now."""
    if not isinstance(source, Speaker):
        return
    waiting = SpeakerSuggestion.objects.filter(Q(speaker=source) | Q(other=source), state=State.WAITING)
    for row in waiting:
        third = row.other_id if row.speaker_id == source.pk else row.speaker_id
        pair = (min(third, target.pk), max(third, target.pk))
        taken = third == target.pk or SpeakerSuggestion.objects.filter(speaker=pair[0], other=pair[1]).exists()
        if taken:
            _decide(SpeakerSuggestion.objects.filter(pk=row.pk), State.MERGED, editor)
        else:
            SpeakerSuggestion.objects.filter(pk=row.pk).update(speaker=pair[0], other=pair[1])
