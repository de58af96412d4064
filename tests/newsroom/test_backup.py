"""A backup, put back, is a site in order that shows what it showed and hides what it hid."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests import postgres
from tests.benchmarks.corpus import write
from tests.databases import ON_POSTGRES, ROOT, Database, empty_database

SAMPLES = str(ROOT / "newsroom" / "samples")


def restored(backup: Path, place: Path) -> Database:
    """As the README says."""
    database = empty_database(place, "restored")
    if ON_POSTGRES:
        program = shutil.which("pg_restore") or str(postgres.binaries() / "pg_restore")
        command = [program, "--no-owner", "--exit-on-error", f"--dbname={database.url}", str(backup)]
        subprocess.run(command, check=True, capture_output=True)
    else:
        shutil.copy(backup, place / "restored.sqlite3")
    return database


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """A site with the samples: some public, one draft, one withdrawn, one rejected quote, one address that was."""
    database = empty_database(tmp_path_factory.mktemp("site"), "site")
    database.run("migrate", "-v0")
    database.run("import_dump", "--publish", "--publisher", "Verland Courier", SAMPLES, NEWSROOM_IMPORT_WORKERS="1")
    database.run("-m", "tests.newsroom.seen", "hide")
    return database


def test_what_is_put_back_is_in_order_and_shows_and_hides_the_same(site: Database, tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    assert f"Written to {backup}" in site.run("backup", str(backup))
    back = restored(backup, tmp_path)
    assert "All is well." in back.run("check_integrity")
    assert "No migrations to apply" in back.run("migrate")
    before, after = (json.loads(each.run("-m", "tests.newsroom.seen").splitlines()[-1]) for each in (site, back))
    assert before == after
    assert sorted(set(before["pages"].values())) == [200, 301, 404, 410]
    assert before["hidden"] == []
    # It is a site like any other: what was in stays as it is, what is new comes in.
    said = back.run("import_dump", "--json", "--publisher", "Verland Courier", SAMPLES, NEWSROOM_IMPORT_WORKERS="1")
    number = len(list(Path(SAMPLES).iterdir()))
    assert f'"created": 0, "updated": 0, "unchanged": {number}, "quarantined": 0' in said
    assert "All is well." in back.run("check_integrity")


def test_backup_is_whole_while_an_import_writes(tmp_path: Path) -> None:
    live = empty_database(tmp_path, "live")
    live.run("migrate", "-v0")
    write(tmp_path / "dumps", 60)
    running = live.start("import_dump", str(tmp_path / "dumps"), NEWSROOM_IMPORT_WORKERS="1", NEWSROOM_IMPORT_BATCH="2")
    copies = []
    while running.poll() is None:
        copies.append(tmp_path / f"copy-{len(copies)}")
        live.run("backup", str(copies[-1]))
    assert running.wait() == 0
    assert copies
    for number in {0, len(copies) // 2, len(copies) - 1}:
        place = tmp_path / f"place-{number}"
        place.mkdir()
        assert "All is well." in restored(copies[number], place).run("check_integrity")


def test_nothing_is_overwritten(site: Database, tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.write_text("Mine.")
    assert "is not overwritten" in site.run("backup", str(here), code=2)
    assert here.read_text() == "Mine."
    assert "There is no folder" in site.run("backup", str(tmp_path / "no" / "where"), code=2)


def test_backup_that_fails_leaves_no_file_and_no_new_database(tmp_path: Path) -> None:
    url = "postgres://nobody@127.0.0.1:1/none" if ON_POSTGRES else f"sqlite:///{tmp_path}/none.sqlite3"
    said = Database(url).run("backup", str(tmp_path / "backup"), code=1)
    assert "The backup failed: " in said and "Traceback" not in said
    assert list(tmp_path.iterdir()) == []
