"""What earlier releases left behind becomes what this one works on, and nothing of it is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

from tests.databases import empty_database
from tests.newsroom.first_release import OURS


def test_first_release_with_data_goes_forwards_and_back_and_forwards(tmp_path: Path) -> None:
    said = empty_database(tmp_path, "first_release").run("-m", "tests.newsroom.first_release")
    assert "migrations, forwards, back and forwards" in said


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_migration_can_be_taken_back() -> None:
    """That it does no harm is the test above."""
    loader = MigrationLoader(None)
    ours = {node: migration for node, migration in loader.disk_migrations.items() if node[0] in OURS}
    assert len(ours) > 15
    assert [node for node, migration in ours.items() if not all(step.reversible for step in migration.operations)] == []
