"""An import taken back: what goes, what comes back, and how it is asked for."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from articles import store as article_store
from articles.models import (
    Article,
    CuratedList,
    CuratedListItem,
    RawDocument,
    Topic,
)
from newsroom import holds
from newsroom.models import ImportIssue, ImportRun
from newsroom.undoing.undo import CannotUndoError, undo
from quotes.models import Speaker
from tests.newsroom.pages import FEES
from tests.newsroom.undoing import FERRY, NEWER_FEES, empty, imported, put, state, told

pytestmark = pytest.mark.django_db


def test_all_that_a_run_made_goes(fees, tmp_path):
    before = state()
    assert empty(before)
    run = imported(fees, put(tmp_path, "ferry.txt", FERRY), publisher="Verland Courier", publish=True)
    assert Speaker.objects.exists() and Topic.objects.exists() and CuratedList.objects.exists()
    undone = undo(run)
    assert state() == before
    assert undone.kept == []
    assert undone.removed["articles.article"] == 2
    run.refresh_from_db()
    assert (run.state, run.read, run.created) == ("undone", 2, 2)


def test_what_was_undone_can_be_imported_again(fees):
    first = imported(fees)
    slug = Article.objects.get().slug
    undo(first)
    second = imported(fees)
    assert second.created == 1
    assert Article.objects.get().slug == slug


def test_what_was_updated_is_as_it_was(fees, tmp_path):
    imported(fees, put(tmp_path, "ferry.txt", FERRY))
    before = state()
    run = imported(put(tmp_path, "newer.txt", NEWER_FEES))
    assert "five percent" in Article.objects.get(headline__startswith="Harbour").text
    assert state() != before
    undone = undo(run)
    assert state() == before
    assert undone.kept == []
    assert Article.objects.all().search("four percent").count() == 1
    assert Article.objects.get(headline__startswith="Harbour").version == 3


def test_list_item_waits_again_when_its_article_goes(fees, tmp_path):
    imported(fees)
    run = imported(put(tmp_path, "ferry.txt", FERRY))
    assert CuratedListItem.objects.get(position=1).state == "resolved"
    undo(run)
    assert CuratedListItem.objects.get(position=1).state == "unresolved"


def test_undone_twice_is_harmless_and_told_again(fees):
    run = imported(fees)
    article = Article.objects.get()
    article_store.save_article(article)
    first = told(run)
    after = state()
    assert article.headline in first
    second = told(run)
    assert state() == after
    assert "was undone already" in second
    assert article.headline in second


def test_retry_that_is_undone_leaves_the_document_in_quarantine(tmp_path):
    bad = put(tmp_path, "fees.txt", "")
    with pytest.raises(CommandError):
        imported(bad)
    run = ImportRun.objects.get()
    bad.write_text(FEES, encoding="utf-8")
    retried = imported(retry=run.pk)
    assert not ImportIssue.objects.quarantine().exists()
    undo(retried)
    assert ImportIssue.objects.quarantine().count() == 1
    assert not Article.objects.exists()


def test_run_that_is_going_on_is_not_undone(fees):
    run = imported(fees)
    ImportRun.objects.filter(pk=run.pk).update(state="running")
    lock = holds.hold(run.pk)
    try:
        with pytest.raises(CannotUndoError, match="is running"):
            undo(run)
    finally:
        lock.release()
    assert Article.objects.exists()


def test_dry_run_foretells_and_writes_nothing(fees, tmp_path):
    run = imported(fees, put(tmp_path, "ferry.txt", FERRY))
    article_store.save_article(Article.objects.first())
    before = state()
    foretold = json.loads(told(run, dry_run=True, json=True))
    assert state() == before
    done = json.loads(told(run, json=True))
    assert {**foretold, "dry_run": False} == done
    assert state() != before


def test_fault_at_the_end_leaves_everything_as_it_was(fees):
    run = imported(fees)
    before = state()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        undo(run)
        raise ZeroDivisionError
    assert state() == before
    assert ImportRun.objects.get().state == "finished"


def test_command_asks_first_and_wants_a_run_that_is_there(fees, monkeypatch):
    run = imported(fees)
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
    for number, said in ((run.pk, "Say --no-input"), (run.pk + 1, f"There is no import {run.pk + 1}")):
        with pytest.raises(CommandError, match=said) as caught:
            call_command("undo_import", str(number))
        assert caught.value.returncode == 2
    assert Article.objects.exists()


def test_raw_bytes_go_with_the_run_and_its_documents_keep_their_names(fees):
    run = imported(fees)
    undo(run)
    assert not RawDocument.objects.exists()
    assert run.documents.get().name == str(fees)
