"""An import taken back: what it made goes, what it changed is as before, and what people have worked on since stays.

The run's documents are gone through from the last to the first, some at a time, all in one transaction:

documents | what later runs read too: theirs now | what people worked on: kept | the rest: deleted, reverted, put back
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from articles import store as article_store
from articles.models import Article
from articles.people import tables
from newsroom import runs
from newsroom.models import ImportIssue, ImportRun, RunDocument
from newsroom.undoing import rows
from newsroom.undoing.account import Account, Key
from newsroom.undoing.others import Others, People
from quotes.models import Quote, Speaker

if TYPE_CHECKING:
    from django.contrib.auth.models import User

logger = logging.getLogger(__name__)

CHUNK = 200
KEPT_NAMED = 1_000
DOCUMENT = "articles.rawdocument"
# Kept whole: when a later import changed any part of one, it stands on all of it.
STANDS_WHOLE = {"articles.article", "articles.curatedlist"}


class CannotUndoError(Exception):
    """The run cannot be undone now; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A row that stays: its ``label`` ("articles.article"), ``key`` and ``name``, and ``why``, to follow the name."""

    label: str
    key: int
    name: str
    why: str


@dataclass(slots=True)
class Undone:
    """``removed`` and ``restored`` rows by label; rows that were ``kept``, and how many in all.

    Of those that people worked on each is named, of those that later runs rely on the first thousand. ``in_vain``: the
    run stays as it was, for nothing would go or be put back, people having worked on what it made.
    """

    removed: Counter[str] = field(default_factory=Counter)
    restored: Counter[str] = field(default_factory=Counter)
    kept: list[Kept] = field(default_factory=list)
    kept_in_all: int = 0
    by_people: int = 0

    @property
    def in_vain(self) -> bool:
        return bool(self.by_people and not self.removed.total() and not self.restored.total())

    def keep(self, found: Kept, *, always: bool) -> None:
        self.kept_in_all += 1
        self.by_people += always
        if always or len(self.kept) < KEPT_NAMED:
            self.kept.append(found)

    def as_json(self) -> dict[str, Any]:
        return {
            "removed": dict(self.removed),
            "restored": dict(self.restored),
            "kept": [[row.label, row.key, row.name, row.why] for row in self.kept],
            "kept_in_all": self.kept_in_all,
        }


def undone_of(run: ImportRun) -> Undone:
    """What undoing the run came to, as its row keeps it."""
    told = run.undone
    return Undone(
        Counter(told.get("removed", {})),
        Counter(told.get("restored", {})),
        [Kept(*row) for row in told.get("kept", [])],
        told.get("kept_in_all", 0),
    )


def undo(run: ImportRun, *, user: User | None = None, dry_run: bool = False) -> Undone:
    """Take the run back, all or nothing. A run that is undone already stays as it is, and is told again.

    So does one of which nothing would go or be put back (``Undone.in_vain``): it can be undone once people let go of it.

    Rows stay that people have worked on since, with all that belongs to them, and so do those that later runs rely on;
    these are from then on the later run's, as if it had made them, and go when that is undone. With ``dry_run`` the
    same is done and rolled back. Raises ``CannotUndoError``.
    """
    began = timezone.now()
    try:
        with transaction.atomic():
            undone = _undo(run, user)
            transaction.set_rollback(dry_run or undone.in_vain)
    except (IntegrityError, ProtectedError) as error:
        logger.warning("Undoing import %s failed: %s", run.pk, error)
        raise CannotUndoError(
            f"Import {run.pk} was not undone: another import, or an editor, was using the same rows. Try again."
        ) from error
    if dry_run or undone.in_vain:
        run.refresh_from_db()
    elif run.undone_at is not None and run.undone_at >= began:
        removed, restored = sum(undone.removed.values()), sum(undone.restored.values())
        told = (run.pk, user or "the command", removed, restored, undone.kept_in_all)
        logger.info("Import %s was undone by %s: %s rows removed, %s restored, %s kept", *told)
    return undone


def _undo(run: ImportRun, user: User | None) -> Undone:
    runs.settle()
    locked = ImportRun.objects.select_for_update().get(pk=run.pk)
    if locked.state == ImportRun.State.UNDONE:
        return undone_of(locked)
    if locked.state == ImportRun.State.RUNNING:
        raise CannotUndoError(
            f"Import {run.pk} is running (process {locked.process}). End that process first (Ctrl-C, kill -INT)."
        )
    undone = _Undoing(locked).go()
    if undone.in_vain:
        return undone
    ImportIssue.objects.filter(resolved_by=locked).update(resolved_at=None, resolved_by=None)
    run.state, run.undone_at, run.undone_by = ImportRun.State.UNDONE, timezone.now(), user
    run.undone = undone.as_json()
    run.save(update_fields=["state", "undone_at", "undone_by", "undone"])
    return undone


class _Undoing:
    def __init__(self, run: ImportRun) -> None:
        self.run = run
        self.undone = Undone()
        self.others = Others(run)
        self.people = People(run)
        self.made = self.others.made_by_the_run({*tables.shared, *STANDS_WHOLE})
        # Rows that many documents may lead to (speakers, topics), and changes to them: decided in the end.
        self.shared = Account()
        self._named: set[Key] = set()

    def go(self) -> Undone:
        for chunk in self._chunks():
            account = self._of_this_run_alone(chunk)
            whole = rows.wholes(account)
            shared = account.part(lambda key, whole=whole: self._is_shared(whole[key]) or key[0] in tables.shared)
            self.shared = shared.then(self.shared)
            self._undo_own(account.part(lambda key, shared=shared: key not in shared), whole)
        self._undo_shared()
        return self.undone

    def _is_made(self, key: Key) -> bool:
        return key[1] in self.made.get(key[0], ())

    def _is_shared(self, key: Key) -> bool:
        return key[0] in tables.shared and self._is_made(key)

    def _chunks(self) -> Iterator[list[RunDocument]]:
        """The run's documents, the last first."""
        documents = self.run.documents.order_by("-position")
        last = None
        while chunk := list((documents if last is None else documents.filter(position__lt=last))[:CHUNK]):
            yield chunk
            last = chunk[-1].position

    def _of_this_run_alone(self, chunk: list[RunDocument]) -> Account:
        """What the documents did, but for those that a later run read too: that one answers for them from now on."""
        account = Account()
        read_later = self.others.that_read(chunk)
        for document in reversed(chunk):
            changes = Account(document.changes)
            later = read_later.get(document.pk)
            if later is not None and changes:
                # But what another run changed before that one read it is the other's.
                whole = rows.wholes(changes)
                sooner = {unit for unit, other in self._changed_later(changes, whole).items() if other < later}
                theirs = changes.part(lambda key, whole=whole, sooner=sooner: _unit(key, whole) not in sooner)
                changes = changes.part(lambda key, theirs=theirs: key not in theirs)
                self.others.hand_over(theirs, later)
                self._keep((DOCUMENT, document.document_id or 0), self.others.read_it(later), name=document.name)
            account.then(changes)
        return account

    def _changed_later(self, account: Account, whole: dict[Key, Key]) -> dict[Key, int]:
        """Rows that a later run changed, each with the first document that did; of such as stand whole, the whole."""
        found: dict[Key, int] = {}
        for key in account:
            unit = _unit(key, whole)
            for changed in (key, unit):
                later = self.others.that_changed(changed)
                if later is not None:
                    found[unit] = min(later, found.get(unit, later))
        return found

    def _undo_own(self, account: Account, whole: dict[Key, Key]) -> None:
        dumps = account.part(lambda key: key[0] == DOCUMENT)
        rest = account.part(lambda key: key[0] != DOCUMENT)
        stays = self._what_stays(rest, whole)
        gone = rest.part(lambda key: not stays & {key, whole[key]})
        articles = [pk for label, pk in gone if label == "articles.article"]
        headlines = _headlines(articles)
        self.undone.removed += rows.remove(gone.created)
        self._restore(gone)
        article_store.resolve_list_items(headlines | _headlines(articles))
        self._undo_dumps(dumps)

    def _what_stays(self, account: Account, whole: dict[Key, Key]) -> set[Key]:
        """Rows that are kept: of such as stand whole the whole, of others each by itself."""
        wholes = dict.fromkeys([*account, *(whole[key] for key in account)])
        reasons = self.people.reasons(wholes, lambda key: self._is_made(key) or key in account.created)
        # What people did to a part they did to the whole.
        for key, why in list(reasons.items()):
            reasons.setdefault(whole.get(key, key), f"has “{self._name(key)}”, which {why}")
        for key, why in reasons.items():
            if whole.get(key, key) == key:
                self._keep(key, why, by_people=True)
        changed = self._changed_later(account, whole)
        handed = {unit: later for unit, later in changed.items() if whole.get(unit, unit) not in reasons}
        for unit, later in handed.items():
            self.others.hand_over(account.part(lambda key, unit=unit: _unit(key, whole) == unit), later)
            self._keep(unit, self.others.changed_it(later))
        return {*reasons, *handed}

    def _restore(self, account: Account) -> None:
        restored = rows.revert(account.updated) + rows.put_back(account.deleted)
        self.undone.restored.update(Counter(row._meta.label_lower for row in restored))
        for model in (Article, Quote, Speaker):
            article_store.index(model, [row for row in restored if isinstance(row, model)])

    def _undo_dumps(self, account: Account) -> None:
        """Dumps go, or are as they were, if nothing comes from them any more. Undone runs only remember their names."""
        keys = [pk for _, pk in account]
        used = set(rows.in_use(DOCUMENT, keys, besides=(RunDocument, ImportIssue)))
        for model in (RunDocument, ImportIssue):
            others = model.objects.filter(document__in=keys).exclude(run=self.run)
            living = others.exclude(run__state=ImportRun.State.UNDONE).values_list("document_id", flat=True)
            used |= set(living) & {pk for _, pk in account.created}
        gone = [pk for _, pk in account.created if pk not in used]
        for model in (RunDocument, ImportIssue):
            model.objects.filter(document__in=gone).update(document=None)
        self.undone.removed += rows.remove((DOCUMENT, pk) for pk in gone)
        self._restore(account.part(lambda key: key not in account.created and key[1] not in used))
        self._leave_to_the_next(account.part(lambda key: key[1] in used))

    def _undo_shared(self) -> None:
        """Rows that documents share go if nothing uses them any more; in the order of ``tables.shared``."""
        whole = rows.wholes(self.shared)
        for label in tables.shared:
            keys = [key for key in self.shared.created if key[0] == label]
            reasons = self.people.reasons(keys, lambda key: True)
            for key, why in reasons.items():
                self._keep(key, why, by_people=True)
            left = [key for key in keys if key not in reasons]
            used = rows.in_use(label, [pk for _, pk in left])
            self.undone.removed += rows.remove(key for key in left if key[1] not in used)
            for pk, what in used.items():
                self._keep((label, pk), f"is used by {what} that stay")
            units = {(label, pk) for pk in used}
            self._leave_to_the_next(self.shared.part(lambda key, units=units: bool(units & {key, whole[key]})))
        changed: dict[int, list[Key]] = {}
        for key in self.shared:
            later = self.others.that_changed(key)
            if later is not None and key not in self.shared.created:
                changed.setdefault(later, []).append(key)
        for later, some in changed.items():
            self.others.hand_over(self.shared.part(set(some).__contains__), later)
        handed = {key for some in changed.values() for key in some}
        self._restore(self.shared.part(lambda key: key not in self.shared.created and key not in handed))

    def _leave_to_the_next(self, account: Account) -> None:
        later = self.others.next_one()
        if later is not None and account:
            self.others.hand_over(account, later)

    def _keep(self, key: Key, why: str, *, name: str | None = None, by_people: bool = False) -> None:
        if key in self._named:
            return
        self._named.add(key)
        if name is None:
            name = self._name(key)
        if name:
            self.undone.keep(Kept(*key, name, why), always=by_people)

    def _name(self, key: Key) -> str:
        """What the row is called; empty if it is gone."""
        label, pk = key
        row = rows.model_of(label)._base_manager.filter(pk=pk).first()
        return "" if row is None else str(row)


def _unit(key: Key, whole: dict[Key, Key]) -> Key:
    return whole[key] if whole[key][0] in STANDS_WHOLE else key


def _headlines(articles: list[int]) -> set[str]:
    return set(Article.objects.filter(pk__in=articles).values_list("headline_key", flat=True))
