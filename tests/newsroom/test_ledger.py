"""A document's record names every row that it made, changed or deleted, with what the changed ones held before."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import Model

from articles.ledger import Ledger, values_of
from articles.models import ArticleKey, Publisher
from newsroom.models import RunDocument

pytestmark = pytest.mark.django_db

FIRST = """Harbour fees to rise in spring, port says

By Ines Falk and Ola Brandt
November 14, 2026

The port of Lindhaven will raise its fees by four percent in March, its management told shippers on Friday.
"We have kept prices still for six years, and the quays do not pay for themselves," said Greta Lindahl, head of the port's pilots' association.
Lindahl added that the money would go into new fenders and lights along the outer basin.
"The plan comes too late for this winter," said Jonas Wik, a ship broker.
Shippers have until the end of January to comment on the plan, which the city council must then approve.
Tags: ports, Lindhaven

Most Popular

Ferry line adds a winter boat

Museum reopens after storm
"""
# A corrected version: a quote has moved, one is gone, another author signs, the list shows something else.
SECOND = (
    FIRST.replace("four percent in March", "five percent in the month of April")
    .replace("By Ines Falk and Ola Brandt", "By Ines Falk and Pia Storm")
    .replace('"The plan comes too late for this winter," said Jonas Wik, a ship broker.\n', "")
    .replace("November 14", "November 16")
    .replace("Museum reopens after storm", "Tram drivers vote on offer")
    .replace("Tags: ports, Lindhaven", "Tags: ports, fees")
)
# The story that the list has been waiting for.
THIRD = """Ferry line adds a winter boat

By Ola Brandt
November 18, 2026

The line between Lindhaven and the islands puts a second boat on the route until the ice goes, it said on Tuesday.
"Passengers have asked us for this every year," said Jonas Wik, the head of the line.
The boat will leave at noon and come back before dark, and takes cars on four days of the week.
"""


def watched() -> list[type[Model]]:
    """The tables of the two apps, with those in between, but for what is sampled from an article and goes with it."""
    return [
        model for label in ("articles", "quotes") for model in apps.get_app_config(label).get_models(True)
        if model is not ArticleKey
    ]  # fmt: skip


def picture() -> dict[str, dict[Any, dict[str, Any]]]:
    return {
        model._meta.label_lower: {row.pk: values_of(row) for row in model._default_manager.all()} for model in watched()
    }


def difference(before: dict, after: dict) -> dict[str, Any]:
    """What a complete record of the step from one picture to the other would say."""
    created, updated, deleted = {}, {}, {}
    for label, rows in after.items():
        here = before[label]
        created[label] = sorted(rows.keys() - here.keys())
        deleted[label] = sorted((here[key] for key in here.keys() - rows.keys()), key=lambda row: row["id"])
        updated[label] = {
            str(key): {
                column: [here[key][column], value] for column, value in row.items() if here[key][column] != value
            }
            for key, row in rows.items()
            if key in here and here[key] != row
        }
    parts = {"created": created, "updated": updated, "deleted": deleted}
    return {name: {label: rows for label, rows in part.items() if rows} for name, part in parts.items()}


def recorded(run: int) -> dict[str, Any]:
    """The records of a run's documents, put together."""
    found: dict[str, Any] = {"created": {}, "updated": {}, "deleted": {}}
    for changes in RunDocument.objects.filter(run=run).order_by("position").values_list("changes", flat=True):
        for name in ("created", "deleted"):
            for label, rows in changes.get(name, {}).items():
                found[name].setdefault(label, []).extend(rows)
        for label, rows in changes.get("updated", {}).items():
            found["updated"].setdefault(label, {}).update(rows)
    found["created"] = {label: sorted(keys) for label, keys in found["created"].items()}
    found["deleted"] = {label: sorted(rows, key=lambda row: row["id"]) for label, rows in found["deleted"].items()}
    return found


def test_each_row_that_an_import_made_changed_or_deleted_is_on_record(tmp_path: Path):
    for number, text in enumerate((FIRST, SECOND, THIRD), 1):
        file = tmp_path / f"{number}.txt"
        file.write_text(text, encoding="utf-8")
        before = picture()
        call_command("import_dump", str(file), publisher="Verland Courier", stdout=io.StringIO())
        wanted, found = difference(before, picture()), recorded(number_of_last_run())
        # When a row was last written says nothing of what it holds; the record may name a moment a little earlier.
        for part in (wanted, found):
            for rows in part["updated"].values():
                for columns in rows.values():
                    columns.pop("updated_at", None)
        for part in wanted:
            for label in {*wanted[part], *found[part]}:
                assert found[part].get(label) == wanted[part].get(label), (part, label)
        if text is SECOND:
            assert {"articles.article", "quotes.quote", "articles.curatedlist"} <= set(wanted["updated"])
            assert {"quotes.quote", "articles.curatedlistitem", "articles.article_authors"} <= set(wanted["deleted"])
        if text is THIRD:
            assert {"quotes.position", "articles.curatedlistitem"} <= set(wanted["created"]) | set(wanted["updated"])


def number_of_last_run() -> int:
    return RunDocument.objects.latest("run_id").run_id


def test_of_a_row_entered_twice_the_first_and_the_last_values_stay():
    row = Publisher.objects.create(name="Verland Courier", slug="verland-courier")
    ledger = Ledger()
    for name in ("Verland Post", "Verland Mail"):
        before = values_of(row)
        row.name = name
        ledger.updated(row, before)
    ledger.updated(row, values_of(row))
    assert ledger.as_json() == {
        "updated": {"articles.publisher": {str(row.pk): {"name": ["Verland Courier", "Verland Mail"]}}}
    }


def test_a_row_that_was_only_looked_at_is_not_on_record():
    row = Publisher.objects.create(name="Verland Courier", slug="verland-courier")
    ledger = Ledger()
    ledger.updated(row, values_of(row))
    assert ledger.as_json() == {}
