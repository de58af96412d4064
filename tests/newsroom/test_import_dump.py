"""``manage.py import_dump`` as an operator meets it: what it makes, what it says, what it answers."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from articles import store as article_store
from articles.models import Article, CuratedList, CuratedListItem, RawDocument, Topic
from newsroom.management.commands.import_dump import _of_database
from newsroom.models import ImportIssue, ImportRun, RunDocument
from newsroom.undoing.undo import undo
from quotes.models import Position, Quote, Speaker
from tests.factories import make_list, make_publisher
from tests.newsroom.pages import FEES
from tests.newsroom.undoing import state

pytestmark = pytest.mark.django_db
SAMPLES = settings.BASE_DIR / "newsroom" / "samples"


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    path = tmp_path / "fees.txt"
    path.write_text(FEES, encoding="utf-8")
    return path


def run(*paths: object, **options: object) -> str:
    out = io.StringIO()
    call_command("import_dump", *map(str, paths), stdout=out, **options)
    return out.getvalue()


def failing(*paths: object, **options: object) -> tuple[int, str, str]:
    """Exit code, message and report of a run that does not end well."""
    out = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("import_dump", *map(str, paths), stdout=out, **options)
    return caught.value.returncode, str(caught.value), out.getvalue()


def rows() -> dict[str, list]:
    """Every row of the product's own tables."""
    models = [
        model for label in ("articles", "quotes", "newsroom") for model in apps.get_app_config(label).get_models()
    ]
    return {model._meta.label: list(model.objects.order_by("pk").values_list()) for model in models}


def test_makes_article_quotes_speaker_topics_and_list(dump):
    report = run(dump, publisher="Verland Courier")
    article = Article.objects.get()
    assert article.headline == "Harbour fees to rise in spring, port says"
    assert [author.name for author in article.authors.all()] == ["Ines Falk"]
    assert (article.published_at.date().isoformat(), article.published_precision) == ("2026-11-14", "day")
    assert article.publisher.name == "Verland Courier"
    assert {topic.name for topic in Topic.objects.all()} == {"ports", "Lindhaven"}
    direct = Quote.objects.get(kind="direct")
    assert direct.speaker.name == "Greta Lindahl"
    assert direct.said_on.isoformat() == "2026-11-14"
    assert Position.objects.filter(speaker=direct.speaker, title=direct.role).exists()
    assert [item.headline for item in CuratedList.objects.get().items.all()] == [
        "Ferry line adds a winter boat",
        "Museum reopens after storm",
    ]
    assert "documents" in report
    assert "Import" in report


def test_surname_resolves_to_the_speaker_named_in_full(dump):
    run(dump)
    assert set(Speaker.objects.filter(name__contains="Lindahl").values_list("name", flat=True)) == {"Greta Lindahl"}


def test_what_comes_in_is_a_draft_unless_told_otherwise(dump):
    run(dump)
    assert Article.objects.get().state == "draft"
    assert not Article.objects.published().exists()
    assert not Quote.objects.public().exists()
    assert not CuratedList.objects.published().exists()


def test_publish_makes_all_of_it_public(dump):
    run(dump, publish=True)
    assert Article.objects.published().count() == 1
    assert Quote.objects.public().count() == Quote.objects.count() > 0
    assert CuratedList.objects.published().count() == 1


def test_second_run_changes_nothing_and_says_so(dump):
    run(dump)
    before = {name: found for name, found in rows().items() if not name.startswith("newsroom.")}
    assert "nothing changed" in run(dump)
    assert {name: found for name, found in rows().items() if not name.startswith("newsroom.")} == before
    last = ImportRun.objects.first()
    assert (last.read, last.unchanged, last.created) == (1, 1, 0)
    assert last.counts["articles"] == {"unchanged": 1}
    assert last.counts["quotes"] == {"unchanged": Quote.objects.count()}


def test_dry_run_writes_nothing_and_foretells_the_run():
    before = rows()
    foretold = json.loads(run(SAMPLES / "*.txt", dry_run=True, json=True))
    assert rows() == before
    done = json.loads(run(SAMPLES / "*.txt", json=True))
    assert {key: done[key] for key in ("documents", "rows", "details")} == {
        key: foretold[key] for key in ("documents", "rows", "details")
    }
    assert (foretold["dry_run"], foretold["run"]) == (True, None)


def test_explain_shows_what_each_line_is_taken_for_and_writes_nothing(dump, tmp_path):
    (tmp_path / "empty.txt").touch()
    before = rows()
    code, message, shown = failing(dump, tmp_path / "empty.txt", explain=True)
    assert rows() == before
    assert [line for line in shown.splitlines() if line.startswith("list_label") and "Most Popular" in line]
    assert "is empty" in shown
    assert (code, message) == (1, "Some documents cannot be read: see above.")


def test_explain_shows_a_record_as_the_import_takes_it(tmp_path):
    rows = tmp_path / "rows.jsonl"
    rows.write_text(json.dumps({"title": "The Pier Stays Shut", "text": "It needs new planks."}), encoding="utf-8")
    shown = run(rows, explain=True)
    assert any(line.startswith("headline") and "The Pier Stays Shut" in line for line in shown.splitlines())


def test_explain_colours_a_pipe_if_told_to(dump):
    assert "\x1b[" in run(dump, explain=True, force_color=True)
    assert "\x1b[" not in run(dump, explain=True)


def test_explain_refuses_options_it_would_ignore(dump):
    code, message, _ = failing(dump, explain=True, publish=True, json=True)
    assert code == 2
    assert "--publish, --json" in message


def test_new_version_updates_what_nobody_touched(dump, tmp_path):
    run(dump)
    [kept] = Quote.objects.filter(kind="direct")
    later = tmp_path / "fees-2.txt"
    later.write_text(FEES.replace("four percent", "five percent"), encoding="utf-8")
    run(later)
    article = Article.objects.get()
    assert "five percent" in article.text
    assert article.version == 2
    kept.refresh_from_db()
    assert article.text[kept.start : kept.end] == kept.text
    assert ImportRun.objects.first().updated == 1


def test_new_version_leaves_alone_what_an_editor_changed(dump, tmp_path):
    run(dump)
    article = Article.objects.get()
    article.body = article.body.replace("four percent", "about four percent")
    article_store.save_article(article)
    later = tmp_path / "fees-2.txt"
    later.write_text(FEES.replace("four percent", "five percent"), encoding="utf-8")
    report = run(later)
    article.refresh_from_db()
    assert "about four percent" in article.text
    assert "changed by an editor" in report


def test_date_option_dates_what_prints_no_date(dump, tmp_path):
    undated = tmp_path / "undated.txt"
    undated.write_text(FEES.replace("November 14, 2026\n", ""), encoding="utf-8")
    run(undated, date=dt.date(2026, 11, 20))
    assert Article.objects.get().published_at.date().isoformat() == "2026-11-20"


def test_without_any_date_the_article_is_known_to_be_undated(tmp_path):
    undated = tmp_path / "undated.txt"
    undated.write_text(FEES.replace("November 14, 2026\n", ""), encoding="utf-8")
    run(undated, publish=True)
    article = Article.objects.get()
    assert article.published_at is not None
    assert not article.date_known
    assert {quote.said_precision for quote in Quote.objects.all()} == {"unknown"}


def test_standard_input_is_read(dump, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(FEES.encode())))
    run("-")
    assert RawDocument.objects.get().name == "standard input"


def test_directory_is_read_below_without_hidden_files(dump, tmp_path):
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "fees.txt").write_text(FEES.replace("four", "six"), encoding="utf-8")
    (tmp_path / ".hidden").write_text("no", encoding="utf-8")
    run(tmp_path)
    assert ImportRun.objects.get().read == 2


def test_what_is_passed_over_in_a_directory_is_counted_in_the_report(dump, tmp_path):
    (tmp_path / ".hidden").write_text("no", encoding="utf-8")
    for name in ("one", "two"):
        (tmp_path / name).symlink_to(dump)
    os.mkfifo(tmp_path / "pipe")
    old = tmp_path / "old.txt"
    old.write_text("no", encoding="utf-8")
    os.utime(old, (0, 0))
    said = run(tmp_path, since=dt.date(2020, 1, 1))
    assert (
        "Left out: 1 hidden file or directory; 2 symbolic links (give a path itself to have it followed); 1 pipe"
        in said
    )
    assert "; 1 document of a file not changed since that day." in said
    machine = json.loads(run(tmp_path, since=dt.date(2020, 1, 1), json=True))
    assert machine["left_out"] == {"hidden": 1, "link": 2, "special": 1, "older": 1}
    assert "Left out" not in run(dump)


def test_directory_that_a_pattern_leads_to_is_named_rather_than_passed_over(dump, tmp_path):
    (tmp_path / "deeper").mkdir()
    said = run(tmp_path / "*")
    assert "Left out: 1 directory that a pattern leads to (give it as a path to have it read)." in said


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("empty.txt", b"", "is empty"),
        ("blank.txt", b" \r\n\n\t", "holds nothing but blanks and empty lines"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "is a PNG picture, not text"),
        ("noise.bin", bytes(range(256)) * 20, "is not text: byte 0x00 at offset 0"),
        ("line.txt", b"a" * 50_000_000, "is larger than 10,000,000 bytes"),
    ],
)
def test_bad_document_is_set_aside_with_its_reason(tmp_path, dump, name, data, reason):
    bad = tmp_path / name
    bad.write_bytes(data)
    code, message, report = failing(bad, dump)
    assert code == 1
    assert "1 document was set aside" in message
    assert f"{bad}" in report
    assert reason in report
    last = ImportRun.objects.get()
    assert (last.read, last.created, last.quarantined, last.state) == (2, 1, 1, "finished")
    issue = ImportIssue.objects.get()
    assert reason in issue.reason
    assert Article.objects.count() == 1


def test_bytes_of_what_was_set_aside_are_kept(tmp_path):
    bad = tmp_path / "noise.bin"
    bad.write_bytes(bytes(range(256)) * 20)
    failing(bad)
    document = RawDocument.objects.get()
    assert bytes(document.raw) == bytes(range(256)) * 20
    assert ImportIssue.objects.get().byte_offset == 0


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("nowhere.txt", "There is no file or directory"),
        ("*.nothing", "No file matches"),
        ("hollow", "holds no readable files"),
    ],
)
def test_path_to_nothing_is_a_usage_error_and_writes_nothing(tmp_path, dump, path, message):
    (tmp_path / "hollow").mkdir()
    code, said, _ = failing(dump, tmp_path / path)
    assert code == 2
    assert message in said
    assert path in said
    assert not ImportRun.objects.exists()


def test_empty_path_is_not_the_current_directory(dump, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, said, _ = failing("")
    assert code == 2
    assert "One of the paths is empty" in said
    assert not ImportRun.objects.exists()


def test_standard_input_is_read_only_once():
    code, said, _ = failing("-", "-")
    assert code == 2
    assert "only once" in said


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:///{folder}/new.sqlite3", "run 'manage.py migrate' first"),
        ("sqlite:///{folder}/none/new.sqlite3", "The database cannot be used"),
        ("postgres://nobody@127.0.0.1:1/none", "The database cannot be used"),
    ],
)
def test_database_that_cannot_be_used_is_said_in_one_line(dump, tmp_path, url, said):
    done = subprocess.run(
        [sys.executable, "manage.py", "import_dump", str(dump)],
        cwd=settings.BASE_DIR,
        env={"PATH": "", "DATABASE_URL": url.format(folder=tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_report_for_machines_stays_clean_whatever_is_logged(dump, tmp_path):
    database = f"sqlite:///{tmp_path}/log.sqlite3"
    environment = {"PATH": "", "DATABASE_URL": database, "NEWSROOM_LOG_LEVEL": "DEBUG"}
    for command in (["migrate", "-v0"], ["import_dump", "--json", str(dump)]):
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["documents"]["read"] == 1


def test_wrong_date_is_a_usage_error(dump):
    with pytest.raises(CommandError, match="not a date of the form"):
        call_command("import_dump", str(dump), "--date=14/11/2026")


def test_unreadable_file_is_named(tmp_path, dump, monkeypatch):
    gone = tmp_path / "gone.txt"
    gone.write_text("x", encoding="utf-8")
    real = Path.open

    def refuse(self, *args, **kwargs):
        if self == gone:
            raise PermissionError(13, "Permission denied")
        return real(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", refuse)
    code, _, report = failing(gone, dump)
    assert code == 1
    assert "cannot be read: Permission denied" in report


def test_run_records_what_each_document_made(dump):
    run(dump)
    done = RunDocument.objects.get()
    assert done.outcome == "created"
    assert done.changes["created"]["articles.article"] == [Article.objects.get().pk]
    assert sorted(done.changes["created"]["quotes.quote"]) == sorted(Quote.objects.values_list("pk", flat=True))


def test_imported_rows_are_found_by_search_at_once(dump):
    run(dump)
    assert Article.objects.all().search("harbour fees").count() == 1
    assert Quote.objects.all().search("quays").count() >= 1
    assert Speaker.objects.all().search("Lindahl").count() == 1


def test_newer_list_replaces_an_older_one_and_not_the_other_way(dump, tmp_path):
    run(dump)
    older = tmp_path / "older.txt"
    older.write_text(
        FEES.replace("November 14", "November 2")
        .replace("Ferry line adds a winter boat", "Old news")
        .replace("Harbour fees to rise in spring, port says", "Harbour master to retire in the autumn of next year"),
        encoding="utf-8",
    )
    run(older)
    assert "Old news" not in {item.headline for item in CuratedList.objects.get().items.all()}


def test_editors_list_is_left_alone(dump):
    run(dump)
    CuratedList.objects.update(managed_by="editors", as_of=None)
    run(SAMPLES / "*.txt")
    assert CuratedList.objects.filter(title="Most Popular", managed_by="editors").get().items.count() == 2


@pytest.mark.parametrize("publisher", ["", "Verland Courier"])
def test_what_is_printed_after_editors_took_a_list_over_is_kept_beside_it(publisher, dump, tmp_path):
    run(dump, publisher=publisher, publish=True)
    theirs = CuratedList.objects.get()
    CuratedList.objects.update(managed_by="editors")
    kept = list(theirs.items.values_list("headline", flat=True))
    before = state()
    newer = tmp_path / "newer.txt"
    newer.write_text(FEES.replace("November 14", "November 20").replace("Ferry line adds a winter boat", "New boat"))
    run(newer, publisher=publisher, publish=True)
    printed = CuratedList.objects.get(managed_by="import")
    assert (printed.publisher, printed.is_published, printed.on_homepage) == (theirs.publisher, False, False)
    assert "New boat" in printed.items.values_list("headline", flat=True)
    assert list(theirs.items.values_list("headline", flat=True)) == kept
    other = make_list(theirs.title, managed_by="import", publisher=make_publisher("Elsewhere"), headlines=("Not ours",))
    CuratedList.objects.filter(pk=other.pk).update(as_of=timezone.now() + dt.timedelta(days=9))
    assert article_store.printed_like(theirs) == printed
    listed = list(CuratedListItem.objects.values_list())
    run(newer, publisher=publisher, publish=True)
    older = tmp_path / "older.txt"
    older.write_text(FEES.replace("November 14", "November 2").replace("Ferry line adds a winter boat", "Old boat"))
    run(older, publisher=publisher, publish=True)
    assert list(CuratedListItem.objects.values_list()) == listed
    other.delete()
    other.publisher.delete()
    for made in ImportRun.objects.order_by("-pk")[:3]:
        undo(made)
    assert state() == before


def test_samples_come_in_whole():
    report = json.loads(run(SAMPLES / "*.txt", json=True, publish=True))
    assert report["documents"]["quarantined"] == 0
    assert report["rows"]["articles"]["created"] == 19
    assert report["rows"]["quotes"]["created"] >= 200
    for quote in Quote.objects.select_related("article", "document"):
        source = quote.article.text if quote.article else quote.document.text
        assert " ".join(source[quote.start : quote.end].split()) == " ".join(quote.text.split())


@pytest.mark.parametrize(
    "cause",
    [psycopg.errors.DiskFull("could not extend file: wrote only 4096 of 8192 bytes"), sqlite3.OperationalError()],
)
def test_full_disk_is_said_in_plain_words_whatever_the_database_says(cause):
    error = OperationalError(str(cause) or "database or disk is full")
    error.__cause__ = cause
    assert _of_database(error, []) == "The database has no space left on its disk: make some. Nothing was imported."
