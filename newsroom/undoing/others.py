"""Who else has to do with the rows of a run that is undone: later runs, and people."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db.models import QuerySet

from articles.people import Asked, by, on, tables
from newsroom.models import ImportRun, RunDocument
from newsroom.undoing.account import Account, Key
from newsroom.undoing.rows import by_label, model_of

SOME = 2_000
EVER = datetime(1970, 1, 1, tzinfo=UTC)


class Others:
    """The documents that other runs read after the first of this one, but for runs that are undone themselves."""

    def __init__(self, run: ImportRun) -> None:
        self._run = run
        first = run.documents.order_by("pk").values_list("pk", flat=True).first() or 0
        later = RunDocument.objects.filter(pk__gt=first).exclude(run=run)
        self._later: QuerySet[RunDocument] = later.exclude(run__state=ImportRun.State.UNDONE)
        # The earliest of them that changed, or deleted, a row, by that row.
        self._changed: dict[Key, int] = {}
        with_changes = self._later.exclude(changes={}).order_by("pk").values_list("pk", "changes")
        for pk, changes in with_changes.iterator(chunk_size=SOME):
            account = Account({name: part for name, part in changes.items() if name != "created"})
            for key in account:
                self._changed.setdefault(key, pk)

    def made_by_the_run(self, labels: Collection[str]) -> dict[str, set[int]]:
        """The keys of the rows of these tables that the run made."""
        made: dict[str, set[int]] = {label: set() for label in labels}
        for changes in self._run.documents.order_by().values_list("changes", flat=True).iterator(chunk_size=SOME):
            for label, keys in changes.get("created", {}).items():
                if label in made:
                    made[label] |= set(keys)
        return made

    def that_read(self, documents: list[RunDocument]) -> dict[int, int]:
        """The earliest later reading of what each of these documents read: by the key of the one, that of the other."""
        keys = {document.document_id for document in documents if document.document_id}
        readings: dict[int | None, list[int]] = {}
        for pk, key in self._later.filter(document__in=keys).order_by("pk").values_list("pk", "document_id"):
            readings.setdefault(key, []).append(pk)
        found = {}
        for document in documents:
            later = [pk for pk in readings.get(document.document_id, ()) if pk > document.pk]
            if later:
                found[document.pk] = later[0]
        return found

    def that_changed(self, key: Key) -> int | None:
        return self._changed.get(key)

    def next_one(self) -> int | None:
        """The first document of later runs; without any, the last of earlier ones."""
        later = self._later.order_by("pk").values_list("pk", flat=True).first()
        if later is not None:
            return later
        earlier = RunDocument.objects.exclude(run=self._run).exclude(run__state=ImportRun.State.UNDONE)
        return earlier.order_by("-pk").values_list("pk", flat=True).first()

    def hand_over(self, account: Account, later: int) -> None:
        """Let the later document stand for what the account did, too, as if it had done it itself."""
        document = RunDocument.objects.select_for_update().get(pk=later)
        document.changes = account.then(Account(document.changes)).as_json()
        document.save(update_fields=["changes"])

    def read_it(self, later: int) -> str:
        return f"was read by import {self._run_of(later)} as well: what came of it is that one's now"

    def changed_it(self, later: int) -> str:
        return f"was changed by import {self._run_of(later)} since: it is that one's now"

    def _run_of(self, later: int) -> int:
        return RunDocument.objects.values_list("run_id", flat=True).get(pk=later)


class People:
    """What people did to rows since the run began, or to rows that it made, or that an undone run before it made."""

    def __init__(self, run: ImportRun) -> None:
        before = ImportRun.objects.filter(state=ImportRun.State.UNDONE, started_at__lt=run.started_at)
        self._since = before.order_by("started_at").values_list("started_at", flat=True).first() or run.started_at
        self._logged = self._log()

    def _log(self) -> dict[Key, str]:
        """Rows that somebody changed in the admin, with those that they are a part of."""
        entries = LogEntry.objects.filter(action_time__gte=self._since).select_related("user", "content_type")
        found: dict[Key, str] = {}
        for entry in entries.order_by("action_time").iterator(chunk_size=SOME):
            kind: Any = entry.content_type
            if kind is not None and entry.object_id and entry.object_id.isdigit():
                why = f"was changed{by(entry.user.get_username())}{on(entry.action_time)}"
                found[f"{kind.app_label}.{kind.model}", int(entry.object_id)] = why
        for label, keys in by_label(found).items():
            if label in tables.belongs:
                column, whole = tables.belongs[label]
                parts = model_of(label)._base_manager.filter(pk__in=keys).values_list("pk", column)
                found |= {(whole, owner): found[label, key] for key, owner in parts if owner is not None}
        return found

    def reasons(self, keys: Iterable[Key], is_made: Callable[[Key], bool]) -> dict[Key, str]:
        """Why rows must stay; ``is_made`` tells which of them the run made."""
        found: dict[Key, str] = {}
        for label, some in by_label(keys).items():
            new = [key for key in some if is_made((label, key))]
            old = [key for key in some if not is_made((label, key))]
            for asked in (Asked(new, EVER, made=True), Asked(old, self._since, made=False)):
                if asked.keys:
                    found |= {(label, key): why for key, why in tables.reasons(label, asked).items()}
            found |= {(label, key): self._logged[label, key] for key in some if (label, key) in self._logged}
        return found
