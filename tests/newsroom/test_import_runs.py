"""Runs that are stopped, gone on with, limited, kept apart and followed up."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import override_settings

from articles.models import Article, RawDocument
from newsroom import holds, runs
from newsroom.ingest import jobs
from newsroom.ingest.following import DropFolder
from newsroom.ingest.intake import Remaining, Unread, Until
from newsroom.ingest.load import Loader, LoadOptions
from newsroom.ingest.load_documents import taken_in
from newsroom.ingest.readers import Incoming
from newsroom.ingest.stopping import StopSignals
from newsroom.ingest.worker import Outcome
from newsroom.models import ImportIssue, ImportRun

pytestmark = pytest.mark.django_db
STORY = """Buoy {number} is moved again

By Ines Falk

November 14, 2026

The harbour office of Lindhaven moved buoy {number} on Friday, for the second time this year.

"We had the currents of number {number} measured anew," said Greta Lindahl, head of the pilots' association.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return fill(tmp_path / "dumps", range(50))


def fill(folder: Path, numbers: range) -> Path:
    folder.mkdir(exist_ok=True)
    for number in numbers:
        (folder / f"{number:03}.txt").write_text(STORY.format(number=number), encoding="utf-8")
    return folder


def run(*paths: object, **options: object) -> str:
    out = io.StringIO()
    call_command("import_dump", *map(str, paths), stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue()


def refused(*paths: object, **options: object) -> tuple[int, str]:
    with pytest.raises(CommandError) as caught:
        run(*paths, **options)
    return caught.value.returncode, str(caught.value)


def counts(found: ImportRun) -> tuple[int, int, int]:
    return found.read, found.created, found.unchanged


def test_run_that_stopped_at_its_limit_goes_on_where_it_stopped(folder):
    run(folder, limit=30, publisher="Verland Courier")
    found = ImportRun.objects.get()
    assert (found.state, counts(found), found.total) == ("interrupted", (30, 30, 0), 50)
    run(resume=0)
    found.refresh_from_db()
    assert (found.state, counts(found)) == ("finished", (50, 50, 0))
    assert list(found.documents.values_list("position", flat=True)) == list(range(50))
    assert Article.objects.filter(publisher__name="Verland Courier").count() == 50


def test_limit_that_nothing_lies_beyond_ends_the_run(folder):
    run(folder, limit=50)
    assert ImportRun.objects.get().state == "finished"


def test_file_that_came_meanwhile_is_taken_when_the_run_goes_on(folder):
    run(folder, limit=30)
    (folder / "000-first.txt").write_text(STORY.format(number=77), encoding="utf-8")
    run(resume=ImportRun.objects.get().pk)
    assert counts(ImportRun.objects.get()) == (51, 51, 0)


def test_two_documents_of_one_name_are_two_when_one_is_done():
    source = [Incoming("a", b"1"), Incoming("a", b"2"), Incoming("b", b"3")]
    assert [incoming.data for incoming in Remaining(source, ["a"])] == [b"2", b"3"]


def test_stop_between_documents_is_no_end():
    asked = iter([False, False, True])
    source = Until([Incoming(name, b"") for name in "abc"], lambda: next(asked))
    assert [incoming.name for incoming in source] == ["a", "b"]
    assert source.cut


def test_what_is_here_is_not_read_again_and_what_was_set_aside_is(folder):
    fill(folder, range(30))
    (folder / "aside.txt").write_bytes(b"\x00\x01\x02" * 50)
    run(folder, limit=40)
    (folder / "copy.txt").write_bytes((folder / "000.txt").read_bytes())
    unread = [
        outcome.name for outcome in Unread(jobs.open_paths([str(folder)]), taken_in) if isinstance(outcome, Outcome)
    ]
    assert unread == [str(folder / f"{number:03}.txt") for number in range(40)] + [str(folder / "copy.txt")]


def test_what_was_undone_after_it_was_found_to_be_here_is_read_after_all(folder):
    run(folder, limit=3)
    known = list(Unread(jobs.open_paths([str(folder)]), taken_in))[:3]
    call_command("undo_import", ImportRun.objects.get().pk, no_input=True, stdout=io.StringIO())
    second = ImportRun.objects.create()
    loaded = Loader(second, LoadOptions()).load(known)
    assert [done.result for done in loaded] == ["created"] * 3
    assert Article.objects.count() == 3


def test_first_signal_ends_the_run_after_the_batch_and_says_how_to_go_on(tmp_path):
    many = 2_400  # so many that the run does not end before the signal comes
    folder = fill(tmp_path / "dumps", range(many))
    database = tmp_path / "signal.sqlite3"
    environment = {"PATH": "", "DATABASE_URL": f"sqlite:///{database}"}

    def manage(*arguments: str) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    assert manage("migrate", "-v0").wait() == 0
    process = manage("import_dump", str(folder))
    with closing(sqlite3.connect(database)) as rows:
        while process.poll() is None and not rows.execute("SELECT 1 FROM newsroom_rundocument").fetchone():
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=60)[1]
        assert process.returncode == 143
        assert said.rstrip().endswith("To go on: python manage.py import_dump --resume 1")
        [(state, read, written)] = rows.execute(
            "SELECT state, read, (SELECT count(*) FROM articles_article) FROM newsroom_importrun"
        ).fetchall()
        assert state == "interrupted"
        assert 0 < read == written < many
        assert manage("import_dump", "--resume").wait(timeout=120) == 0
        assert rows.execute("SELECT state, read, created FROM newsroom_importrun").fetchall() == [
            ("finished", many, many)
        ]


def test_second_signal_is_an_interrupt():
    with StopSignals(lambda: None) as stop:
        os.kill(os.getpid(), signal.SIGINT)
        assert stop.wait(5)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(5)


def test_run_whose_process_is_gone_is_seen_to_be_interrupted(folder):
    dead = ImportRun.objects.create(inputs=[str(folder)])
    run(folder)
    dead.refresh_from_db()
    assert (dead.state, dead.finished_at) == ("interrupted", dead.progress_at)


def test_living_run_keeps_others_off_its_input(folder):
    first, hold = runs.begin(user=None, options={}, inputs=[str(folder)], total=None)
    try:
        code, message = refused(folder / "001.txt")
        assert code == 2
        assert f"Import {first.pk} is reading {folder}" in message
        assert refused(resume=first.pk)[0] == 2
        assert not RawDocument.objects.exists()
        run(folder / "001.txt", dry_run=True)
    finally:
        hold.release()
    run(folder / "001.txt")
    first.refresh_from_db()
    assert first.state == "interrupted"


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ("/d", "/d", True),
        ("/d", "/d/e/a.txt", True),
        ("/d/*.txt", "/d/a.txt", True),
        ("/d", "/d/*.txt", True),
        ("/d", "/dd", False),
        ("/d/a.txt", "/d/b.txt", False),
        ("/d/a*", "/d/b.txt", False),
    ],
)
def test_inputs_that_can_lead_to_one_file_meet(one, other, meet):
    assert runs.overlap(one, other) is runs.overlap(other, one) is meet


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "Which dumps?"),
        ({"resume": 0}, "No import was interrupted"),
        ({"resume": 99}, "There is no import 99"),
        ({"retry": 0}, "Nothing waits in quarantine"),
        ({"resume": 0, "publish": True}, "leave out --publish"),
        ({"retry": 0, "date": dt.date(2026, 11, 1)}, "leave out --date"),
        ({"follow": "/nowhere"}, "--follow needs a directory"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is(options, said):
    code, message = refused(**options)
    assert (code, ImportRun.objects.count()) == (2, 0)
    assert said in message


def test_undone_run_is_not_gone_on_with(folder):
    run(folder, limit=1)
    ImportRun.objects.update(state="undone", undone_at=dt.datetime.now(dt.UTC))
    assert "was undone" in refused(resume=ImportRun.objects.get().pk)[1]


def test_files_changed_before_the_day_are_left_out(folder):
    for path in sorted(folder.iterdir())[:45]:
        os.utime(path, (0, dt.datetime(2026, 10, 31, 23, 59, tzinfo=dt.UTC).timestamp()))
    os.utime(folder / "045.txt", (0, dt.datetime(2026, 11, 1, 0, 0, tzinfo=dt.UTC).timestamp()))
    run(folder, since=dt.date(2026, 11, 1))
    assert ImportRun.objects.get().read == 5


def test_what_was_set_aside_is_tried_again_and_marked_when_it_is_in(folder):
    with override_settings(IMPORT_MAX_DOCUMENT_BYTES=100):
        assert refused(folder / "001.txt", publisher="Verland Courier")[0] == 1
    [issue] = ImportIssue.objects.quarantine()
    raw = (folder / "001.txt").read_bytes()
    assert (issue.size, issue.sha256) == (len(raw), hashlib.sha256(raw).hexdigest())
    run(retry=0)
    issue.refresh_from_db()
    assert issue.resolved_by == ImportRun.objects.first()
    assert Article.objects.get().publisher.name == "Verland Courier"
    assert not ImportIssue.objects.quarantine().exists()


def test_document_that_is_bad_still_stays_in_quarantine(tmp_path):
    (tmp_path / "noise.bin").write_bytes(bytes(range(256)) * 20)
    assert refused(tmp_path)[0] == 1
    code, message = refused(retry=ImportRun.objects.get().pk)
    assert (code, ImportRun.objects.first().quarantined) == (1, 1)
    assert "set aside" in message
    assert {issue.sha256 for issue in ImportIssue.objects.quarantine()} == {RawDocument.objects.get().sha256}


def test_what_is_set_aside_again_waits_once_with_the_latest_run(tmp_path):
    (tmp_path / "noise.bin").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "cut.gz").write_bytes(gzip.compress(bytes(range(256)) * 20)[:-40])
    (tmp_path / "large.txt").write_bytes(b"x" * 200)
    with override_settings(IMPORT_MAX_DOCUMENT_BYTES=100):
        refused(tmp_path)
        for _ in range(3):
            refused(retry=0)
        refused(tmp_path)
    latest = ImportRun.objects.first()
    assert latest.pk == ImportRun.objects.order_by("pk").first().pk + 4
    assert set(ImportIssue.objects.quarantine().values_list("run", flat=True)) == {latest.pk}
    assert ImportIssue.objects.quarantine().count() == 3
    call_command("undo_import", latest.pk, no_input=True, stdout=io.StringIO())
    assert set(ImportIssue.objects.quarantine().values_list("run", flat=True)) == {latest.pk - 1}


def test_archive_that_came_whole_and_directory_that_was_opened_leave_the_quarantine(tmp_path):
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for number in range(3):
            archive.writestr(f"{number}.txt", STORY.format(number=number) * 20)
    place = tmp_path / "all.zip"
    place.write_bytes(whole.getvalue()[:-60])
    (tmp_path / "cut.gz").write_bytes(gzip.compress(STORY.format(number=7).encode())[:-40])
    first = ImportRun.objects.create(options={"paths": [str(tmp_path)]}, read=1, quarantined=1, state="finished")
    ImportIssue.objects.create(run=first, name=str(tmp_path / "in"), severity="quarantined", reason="cannot be read")
    refused(tmp_path)
    assert ImportIssue.objects.quarantine().count() == 3
    fill(tmp_path / "in", range(10, 12))
    place.write_bytes(whole.getvalue())
    (tmp_path / "cut.gz").write_bytes(gzip.compress(STORY.format(number=7).encode()))
    run(tmp_path)
    assert not ImportIssue.objects.quarantine().exists()
    ImportIssue.objects.update(resolved_at=None, resolved_by=None)
    with pytest.raises(CommandError):  # of the file that was cut off, the piece that was kept is no document
        run(retry=0)
    assert {Path(issue.name).name for issue in ImportIssue.objects.quarantine()} == {"cut.gz"}


def test_report_for_machines_is_whole_when_the_run_stops_early(folder):
    report = json.loads(run(folder, limit=3, json=True))
    assert (report["state"], len(report["details"]), report["documents"]["read"]) == ("interrupted", 3, 3)


# a drop folder


class Looks:
    """Stands for the pauses between two looks at a drop folder: something happens in each, the last asks to stop."""

    def __init__(self, *happenings):
        self._happenings = list(happenings)

    def __call__(self, seconds):
        if not self._happenings:
            return True
        self._happenings.pop(0)()
        return False


def test_file_is_taken_once_it_has_stopped_growing(tmp_path):
    growing = tmp_path / "a.txt"
    growing.write_text("One.", encoding="utf-8")
    (tmp_path / "b.txt.part").write_text("One.", encoding="utf-8")

    def grow():
        growing.write_text(growing.read_text(encoding="utf-8") + " More.", encoding="utf-8")

    looked = []
    folder = DropFolder(tmp_path, Looks(grow, grow, lambda: looked.append(growing.read_text(encoding="utf-8"))))
    assert folder.new_files() == [str(growing)]
    assert looked == ["One. More. More."]
    assert folder.new_files() == []


def test_folder_that_is_emptied_and_filled_again_goes_on(tmp_path):
    path = fill(tmp_path / "drop", range(1)) / "000.txt"

    def vanish():
        path.unlink()
        path.parent.rmdir()

    folder = DropFolder(path.parent, Looks(lambda: None, vanish, lambda: fill(path.parent, range(1)), lambda: None))
    assert folder.new_files() == [str(path)]
    assert folder.new_files() == [str(path)]


def test_following_takes_what_comes_and_ends_when_asked(tmp_path):
    folder = fill(tmp_path / "drop", range(2))
    stop = StopSignals(lambda: None)
    job = jobs.following(str(folder), jobs.Asked(), stop, pause=0.01)
    for batch in job.progress():
        if len(batch) == 2:
            fill(folder, range(2, 5))
        else:
            stop.signal = signal.SIGINT
    assert (job.run.state, counts(job.run)) == ("finished", (5, 5, 0))


def test_only_living_runs_are_alive():
    lock = holds.hold(12)
    assert holds.alive([11, 12]) == {12}
    lock.keep()
    assert holds.alive([12]) == {12}
    lock.release()
    assert holds.alive([12]) == set()
