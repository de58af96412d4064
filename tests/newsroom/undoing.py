"""What tests of undoing share: pages, imports and what is left after them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from modelsearch.models import IndexEntry

from newsroom.models import ImportRun
from newsroom.undoing.undo import Undone
from tests.newsroom.pages import FEES

FERRY = """Ferry line adds a winter boat

By Tom Arvid
November 15, 2026

A second boat will cross the sound until Easter, the ferry line of Lindhaven said on Saturday.
"People stood on the pier in the dark, and we have seen it long enough," said Greta Lindahl, head of the port's pilots' association.
"The boat is old, but it is warm," said Marten Osk, the line's captain.
The first crossing leaves at six in the morning on Monday, and tickets cost the same as before.
Tags: ferries, Lindhaven
"""
NEWER_FEES = FEES.replace("four percent", "five percent").replace(
    "Lindahl added that the money would go into new fenders and lights along the outer basin.\n",
    '"Nobody likes to pay more," said Marten Osk, captain of a ferry that uses the quays.\n',
)
# What says when a row was last written, or how often, may differ.
BOOKKEEPING = {"version", "updated_at", "created_at", "retrieved_at", "since"}


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def imported(*paths: Path, **options: Any) -> ImportRun:
    call_command("import_dump", *map(str, paths), stdout=io.StringIO(), **options)
    return ImportRun.objects.order_by("pk").last()


def told(run: ImportRun, **options: Any) -> str:
    out = io.StringIO()
    call_command("undo_import", str(run.pk), no_input=True, stdout=out, **options)
    return out.getvalue()


def state() -> dict[str, Any]:
    """Every row of the product's tables but the record of imports, and what search knows."""
    found: dict[str, Any] = {}
    for label in ("articles", "quotes"):
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            fields = [field.attname for field in model._meta.concrete_fields if field.attname not in BOOKKEEPING]
            found[model._meta.label] = [
                {name: bytes(value) if isinstance(value, memoryview) else value for name, value in row.items()}
                for row in model._base_manager.order_by("pk").values(*fields)
            ]
    found["search"] = sorted(IndexEntry.objects.values_list("content_type__model", "object_id"))
    return found


def empty(found: dict[str, Any]) -> bool:
    return not any(found.values())


def kept(undone: Undone) -> dict[str, str]:
    return {row.name: row.why for row in undone.kept}
