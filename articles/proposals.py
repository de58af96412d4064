"""Newer versions of articles that editors have changed: they wait, field by field, for a decision, which can be undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from articles import annotations, store
from articles.models import Article, ProposedChange, ProposedField, RawDocument
from articles.versions import Name, set_value, value_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

State = ProposedField.State


class ProposalError(Exception):
    """A decision that cannot be carried out; says why, for an editor."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A newer version: ``new`` values by field as its ``document`` has them, ``old`` ones as the article has them."""

    article: Article
    document: RawDocument
    new: Mapping[str, str]
    old: Mapping[str, str]


@dataclass(slots=True)
class Proposed:
    """What became of a proposal: its rows, and the change that it took the place of."""

    change: ProposedChange
    fields: list[ProposedField]
    replaced: ProposedChange | None


def propose(proposals: Sequence[Proposal]) -> list[Proposed]:
    """Let newer versions wait, in the order given; constant number of queries. Returns what was written for each.

    One proposal waits for an article at a time: a newer one takes its place and carries on what of it still stands.
    """
    if not proposals:
        return []
    waiting = ProposedChange.State.WAITING
    earlier = list(
        ProposedChange.objects.filter(article__in={proposal.article.pk for proposal in proposals}, state=waiting)
    )
    latest: dict[int, tuple[ProposedChange, list[ProposedField]]] = {row.article_id: (row, []) for row in earlier}
    for row in ProposedField.objects.filter(change__in=earlier, state=State.WAITING).select_related("change"):
        latest[row.change.article_id][1].append(row)
    done = []
    for proposal in proposals:
        change = ProposedChange(article=proposal.article, document=proposal.document)
        replaced, carried = latest.get(proposal.article.pk, (None, []))
        fields = [
            ProposedField(change=change, name=name, old=proposal.old.get(name, ""), new=value)
            for name, value in proposal.new.items()
        ]
        fields += [
            ProposedField(change=change, name=row.name, old=row.old, new=row.new)
            for row in carried
            if row.name not in proposal.new
        ]
        if replaced is not None:
            replaced.state = ProposedChange.State.REPLACED
        latest[proposal.article.pk] = (change, fields)
        done.append(Proposed(change, fields, replaced))
    ProposedChange.objects.bulk_update(earlier, ["state"])
    ProposedChange.objects.bulk_create(proposed.change for proposed in done)
    ProposedField.objects.bulk_create(row for proposed in done for row in proposed.fields)
    return done


@transaction.atomic
def decide(change: ProposedChange, decisions: Mapping[str, str], *, editor: User, version: int) -> Article:
    """Accept or reject fields of a waiting proposal: ``decisions`` are ``accepted`` or ``rejected`` by field name.

    Fields without a decision go on waiting. ``version`` is that of the article which the editor had before them.
    Raises ``ProposalError`` if either has changed since; then nothing is written.
    """
    change, article = _locked(change)
    if change.state != ProposedChange.State.WAITING:
        raise ProposalError("This proposal has been decided already, or a newer one has taken its place.")
    if article.version != version:
        raise ProposalError("The article was changed while you were comparing. Look at it once more, then decide.")
    fields = [row for row in change.fields.all() if row.state == State.WAITING and row.name in decisions]
    accepted = {row.name: row for row in fields if decisions[row.name] == State.ACCEPTED}
    names = _author_names(article)
    for row in fields:
        row.state = State(decisions[row.name])
        row.old = value_of(article, row.name, names)
    ProposedField.objects.bulk_update(fields, ["state", "old"])
    _write(article, {name: row.new for name, row in accepted.items()}, editor)
    if Name.BODY in accepted:
        annotations.new_version(article)
    if not change.fields.filter(state=State.WAITING).exists():
        _settle(change, ProposedChange.State.DECIDED, editor)
    return article


@transaction.atomic
def take_back(change: ProposedChange, *, editor: User) -> tuple[Article, list[str]]:
    """Undo the decisions on a proposal: what was accepted gives way to what stood there before, and all waits again.

    A field that was changed again since keeps its newest value. Returns the article and the names of such fields.
    Raises ``ProposalError`` if a newer proposal waits for the article.
    """
    change, article = _locked(change)
    if change.state == ProposedChange.State.REPLACED or _others_waiting(change):
        raise ProposalError("A newer version has come in since: decide on that one.")
    names = _author_names(article)
    fields = [row for row in change.fields.all() if row.state != State.WAITING]
    accepted = [row for row in fields if row.state == State.ACCEPTED]
    kept = [row for row in accepted if value_of(article, row.name, names) != row.new]
    back = {row.name: row.old for row in accepted if row not in kept}
    _write(article, back, editor)
    if Name.BODY in back:
        annotations.new_version(article)
    for row in fields:
        if row not in kept:
            row.state = State.WAITING
    ProposedField.objects.bulk_update(fields, ["state"])
    if len(kept) < len(fields):
        _settle(change, ProposedChange.State.WAITING, None)
    return article, [row.get_name_display() for row in kept]


def _locked(change: ProposedChange) -> tuple[ProposedChange, Article]:
    article = Article.objects.select_for_update().get(pk=change.article_id)
    return ProposedChange.objects.select_for_update().get(pk=change.pk), article


def _others_waiting(change: ProposedChange) -> bool:
    waiting = ProposedChange.objects.filter(article=change.article_id, state=ProposedChange.State.WAITING)
    return waiting.exclude(pk=change.pk).exists()


def _author_names(article: Article) -> list[str]:
    return list(article.authors.values_list("name", flat=True))


def _write(article: Article, values: Mapping[str, str], editor: User) -> None:
    if not values:
        return
    for name, value in values.items():
        set_value(article, name, value)
    store.save_article(article, editor=editor)
    if Name.AUTHORS in values:
        article.authors.set(store.authors_named(values[Name.AUTHORS].split("\n")))


def _settle(change: ProposedChange, state: str, editor: User | None) -> None:
    change.state = state
    change.decided_by = editor
    change.decided_at = timezone.now() if editor else None
    change.save(update_fields=["state", "decided_by", "decided_at"])


def shown_values(change: ProposedChange) -> list[tuple[ProposedField, str]]:
    """The fields of a proposal, each with the value to show on the left: that of the article now, or when decided."""
    article = change.article
    names = _author_names(article)
    return [
        (row, value_of(article, row.name, names) if row.state == State.WAITING else row.old)
        for row in change.fields.all()
    ]
