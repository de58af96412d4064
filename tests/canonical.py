"""What a database holds, as one hash that does not depend on how it came to hold it: ``python -m tests.canonical``.

Two databases have the same hash if they have the same rows, told by what is in them. Left out:

- primary keys, for a killed import takes numbers that are never used; where a row points to another, the other's
  content stands in the hash instead of its key;
- moments of writing (``auto_now``, ``retrieved_at``), and dates that stand for the moment of arrival because the dump
  gives none (precision ``unknown``);
- the book-keeping of runs (``newsroom``): an import that was killed and run again is two runs. That their counts
  reconcile, and that each document is in the last run, is checked by itself;
- accounts, sessions, logs and migrations, which no import writes.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from typing import Any

from django.apps import apps
from django.db.models import Field, ForeignKey, Model

MOMENTS = {"retrieved_at", "edited_at"}
# A date that means the moment of arrival: column -> the column that says so.
ARRIVALS = {"published_at": "published_precision", "said_on": "said_precision"}


def contents() -> dict[str, Counter[str]]:
    """The hashes of the rows of each table."""
    hashes = _Hashes()
    found = {
        model._meta.label_lower: Counter(hashes.of(row) for row in model._base_manager.all().iterator(chunk_size=500))
        for label in ("articles", "quotes")
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    }
    return found | {"search": _search(hashes)}


def digest(found: dict[str, Counter[str]] | None = None) -> str:
    """One hash of it all: of ``found``, or of what the database has now."""
    tables = {label: sorted(rows.elements()) for label, rows in (found or contents()).items()}
    return hashlib.sha256(json.dumps(tables, sort_keys=True).encode()).hexdigest()


class _Hashes:
    def __init__(self) -> None:
        self._known: dict[tuple[str, Any], str] = {}

    def of(self, row: Model | None) -> str:
        if row is None:
            return ""
        key = (row._meta.label_lower, row.pk)
        if key not in self._known:
            values = {
                field.attname: self.at(field.related_model, getattr(row, field.attname))
                if isinstance(field, ForeignKey)
                else _plain(getattr(row, field.attname))
                for field in row._meta.concrete_fields
                if _counts(field, row)
            }
            self._known[key] = hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()
        return self._known[key]

    def at(self, model: type[Model], key: Any) -> str:
        """Of the row that has the key; empty if there is none."""
        known = self._known.get((model._meta.label_lower, key))
        return self.of(model._base_manager.filter(pk=key).first()) if known is None else known


def _counts(field: Field[Any, Any], row: Model) -> bool:
    if field.primary_key or field.name in MOMENTS or getattr(field, "auto_now", False):
        return False
    if getattr(field, "auto_now_add", False):
        return False
    return field.name not in ARRIVALS or getattr(row, ARRIVALS[field.name], "") != "unknown"


def _plain(value: Any) -> Any:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else value


def _search(hashes: _Hashes) -> Counter[str]:
    """What the search index says of each row, by the row's content."""
    found: Counter[str] = Counter()
    for entry in apps.get_model("modelsearch", "IndexEntry").objects.select_related("content_type").iterator():
        texts = (entry.title, entry.body, entry.autocomplete)
        row = hashes.at(entry.content_type.model_class(), int(entry.object_id))
        found[hashlib.sha256(json.dumps([row, *map(str, texts)]).encode()).hexdigest()] += 1
    return found


def faults() -> list[str]:
    """What is wrong with the database, whatever it holds."""
    from newsroom import integrity

    return [str(fault) for fault in integrity.faults()]


def main() -> None:
    found = contents()
    said = {
        "digest": digest(found),
        "faults": faults(),
        "tables": {label: sum(rows.values()) for label, rows in found.items()},
    }
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    import django

    django.setup()
    main()
