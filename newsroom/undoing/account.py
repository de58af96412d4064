"""What several pieces of work came to together: ledgers (see ``articles.ledger``) put one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Self

Key = tuple[str, int]
Values = dict[str, Any]


class Account:
    """Rows made, changed and deleted, by (label, key).

    ``updated``: by column, the value before and after; ``deleted``: all values as they were before.
    """

    def __init__(self, changes: dict[str, Any] | None = None) -> None:
        self.created: dict[Key, None] = {}
        self.updated: dict[Key, dict[str, list[Any]]] = {}
        self.deleted: dict[Key, Values] = {}
        if changes:
            self._read(changes)

    def _read(self, changes: dict[str, Any]) -> None:
        for label, keys in changes.get("created", {}).items():
            self.created.update(dict.fromkeys((label, key) for key in keys))
        for label, rows in changes.get("updated", {}).items():
            for key, columns in rows.items():
                self.updated[label, int(key)] = {column: list(pair) for column, pair in columns.items()}
        for label, rows in changes.get("deleted", {}).items():
            for values in rows:
                self.deleted[label, values["id"]] = dict(values)

    def then(self, later: Account) -> Self:
        """Add what came later: the account is of both, as if they had been one piece of work."""
        for key, values in later.deleted.items():
            earlier = {column: before for column, (before, _) in self.updated.pop(key, {}).items()}
            if key in self.created:
                del self.created[key]
            else:
                self.deleted[key] = values | earlier
        for key, columns in later.updated.items():
            if key not in self.created:
                mine = self.updated.setdefault(key, {})
                for column, (before, after) in columns.items():
                    mine[column] = [mine[column][0] if column in mine else before, after]
        self.created.update(later.created)
        return self

    def part(self, wanted: Callable[[Key], bool]) -> Account:
        """The account of some of the rows."""
        found = Account()
        found.created = {key: None for key in self.created if wanted(key)}
        found.updated = {key: columns for key, columns in self.updated.items() if wanted(key)}
        found.deleted = {key: values for key, values in self.deleted.items() if wanted(key)}
        return found

    def __iter__(self) -> Iterator[Key]:
        yield from dict.fromkeys([*self.created, *self.updated, *self.deleted])

    def __contains__(self, key: Key) -> bool:
        return key in self.created or key in self.updated or key in self.deleted

    def __bool__(self) -> bool:
        return bool(self.created or self.updated or self.deleted)

    def as_json(self) -> dict[str, Any]:
        """As ``RunDocument.changes`` has it."""
        created: dict[str, list[int]] = {}
        updated: dict[str, dict[str, Any]] = {}
        deleted: dict[str, list[Values]] = {}
        for label, key in self.created:
            created.setdefault(label, []).append(key)
        for (label, key), columns in self.updated.items():
            updated.setdefault(label, {})[str(key)] = columns
        for (label, _), values in self.deleted.items():
            deleted.setdefault(label, []).append(values)
        parts = {"created": created, "updated": updated, "deleted": deleted}
        return {name: part for name, part in parts.items() if part}
