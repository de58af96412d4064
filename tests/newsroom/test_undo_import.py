"""An import taken back: what goes, what comes back, what stays and is named."""

from __future__ import annotations

import io
import itertools
import json
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Model
from django.urls import reverse
from modelsearch.models import IndexEntry

from articles import store as article_store
from articles.ledger import values_of
from articles.models import (
    Article,
    CuratedList,
    CuratedListItem,
    Printing,
    ProposedChange,
    RawDocument,
    TaggedItem,
    Topic,
)
from newsroom import holds
from newsroom.models import ImportIssue, ImportRun
from newsroom.undoing.account import Account
from newsroom.undoing.undo import CannotUndoError, Undone, undo
from quotes import store as quote_store
from quotes.models import Position, Quote, Speaker
from tests.adminpages import submit

pytestmark = pytest.mark.django_db

SAMPLES = settings.BASE_DIR / "newsroom" / "samples"

FEES = """Harbour fees to rise in spring, port says

By Ines Falk
November 14, 2026

The port of Lindhaven will raise its fees by four percent in March, its management told shippers on Friday.
"We have kept prices still for six years, and the quays do not pay for themselves," said Greta Lindahl, head of the port's pilots' association.
Lindahl added that the money would go into new fenders and lights along the outer basin.
Shippers have until the end of January to comment on the plan, which the city council must then approve.
Tags: ports, Lindhaven

Most Popular

Ferry line adds a winter boat

Museum reopens after storm
"""
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


@pytest.fixture
def fees(tmp_path: Path) -> Path:
    return put(tmp_path, "fees.txt", FEES)


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


def test_article_that_an_editor_changed_stays_whole_and_is_named(fees, tmp_path):
    run = imported(fees, put(tmp_path, "ferry.txt", FERRY))
    article = Article.objects.get(headline__startswith="Harbour")
    article.standfirst = "From March."
    article_store.save_article(article, editor=User.objects.create_user("ida"))
    quotes = set(article.quotes.values_list("pk", flat=True))
    undone = undo(run)
    article.refresh_from_db()
    assert article.standfirst == "From March."
    assert set(article.quotes.values_list("pk", flat=True)) == quotes
    assert {author.name for author in article.authors.all()} == {"Ines Falk"}
    assert article.document is not None
    assert not Article.objects.filter(headline__startswith="Ferry").exists()
    assert not Speaker.objects.filter(name="Marten Osk").exists()
    assert "was changed by ida" in kept(undone)[article.headline]
    assert Speaker.objects.filter(name="Greta Lindahl").exists()


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


def test_reviewed_quote_keeps_its_article(fees):
    run = imported(fees)
    quote_store.review(Quote.objects.filter(kind="direct"), "verified", editor=User.objects.create_user("ida"))
    article = Article.objects.get()
    assert "was reviewed by ida" in kept(undo(run))[article.headline]
    assert Quote.objects.filter(review_state="verified").exists()


@pytest.mark.parametrize("work", ["list", "topic", "publish", "speaker", "wikidata"])
def test_other_work_of_people_is_kept_and_named(fees, work, admin_client, admin_user):
    run = imported(fees)
    article, speaker = Article.objects.get(), Speaker.objects.get(name="Greta Lindahl")
    if work == "list":
        shelf = CuratedList.objects.create(title="Our picks", title_key="our picks", slug="our-picks")
        CuratedListItem.objects.create(list=shelf, article=article, headline=article.headline)
    elif work == "topic":
        article.tagged_items.filter(tag__name="ports").update(origin="editor")
    elif work == "publish":
        article_store.publish(Article.objects.all(), editor=admin_user)
    elif work == "speaker":
        submit(admin_client, reverse("admin:quotes_speaker_change", args=[speaker.pk]), name="Greta E. Lindahl")
    else:
        Speaker.objects.filter(pk=speaker.pk).update(wikidata_id="Q1")
    names = kept(undo(run))
    if work in {"speaker", "wikidata"}:
        speaker.refresh_from_db()
        assert speaker.name in names
        assert not Article.objects.exists()
    else:
        assert article.headline in names
        assert Article.objects.filter(pk=article.pk).exists()


def _work(chance: random.Random, editor: User) -> Model:
    """Something that an editor does to a row. Returns the row."""
    doing = chance.choice(("write", "publish", "review", "correct", "describe", "date", "take over", "list", "file"))
    row: Any
    if doing in {"write", "publish", "list", "file"}:
        row = chance.choice(list(Article.objects.all()))
        if doing == "write":
            row.correction = "The hour was wrong."
            article_store.save_article(row, editor=editor)
        elif doing == "publish":
            article_store.publish(Article.objects.filter(pk=row.pk), editor=editor)
        elif doing == "list":
            shelf, _ = CuratedList.objects.get_or_create(title="Our picks", title_key="our picks", slug="our-picks")
            CuratedListItem.objects.create(list=shelf, article=row, headline=row.headline)
        else:
            TaggedItem.objects.update_or_create(
                tag=chance.choice(list(Topic.objects.all())), content_object=row, defaults={"origin": "editor"}
            )
    elif doing in {"review", "correct"}:
        row = chance.choice(list(Quote.objects.select_related("article")))
        if doing == "review":
            quote_store.review(Quote.objects.filter(pk=row.pk), "disputed", editor=editor)
        else:
            row.role = "harbour master"
            quote_store.save_quote(row, editor=editor)
    elif doing in {"describe", "date"}:
        row = chance.choice(list(Speaker.objects.exclude(positions=None)))
        if doing == "describe":
            Speaker.objects.filter(pk=row.pk).update(description="Known for her patience.")
        else:
            Position.objects.filter(speaker=row).update(start=date(2020, 1, 1))
    else:
        row = chance.choice(list(CuratedList.objects.exclude(slug="our-picks")))
        CuratedList.objects.filter(pk=row.pk).update(managed_by="editors")
    row.refresh_from_db()
    return row


def test_whatever_people_worked_on_stays_as_they_left_it_and_is_named(admin_user):
    run = imported(SAMPLES, publisher="Verland Courier")
    for seed in range(25):
        chance = random.Random(seed)  # noqa: S311 - the same edits each time
        with transaction.atomic():
            worked_on = [_work(chance, admin_user) for _ in range(chance.randint(0, 4))]
            before = {row: values_of(type(row).objects.get(pk=row.pk)) for row in worked_on}
            undone = undo(run)
            named = {(row.label, row.key) for row in undone.kept}
            for row, values in before.items():
                whole = row.article if isinstance(row, Quote) and row.article else row
                assert values_of(type(row).objects.get(pk=row.pk)) == values, (seed, row)
                assert (whole._meta.label_lower, whole.pk) in named, (seed, row)
            # What stands in a list that editors took over is theirs too.
            theirs = set(CuratedListItem.objects.filter(list__managed_by="editors").values_list("article", flat=True))
            theirs |= {row.article_id for row in worked_on if isinstance(row, Quote)}
            theirs |= {row.pk for row in worked_on if isinstance(row, Article)}
            assert set(Article.objects.values_list("pk", flat=True)) == theirs - {None}, seed
            if not worked_on:
                assert not Quote.objects.exists() and not Speaker.objects.exists() and not RawDocument.objects.exists()
            after = state()
            assert undo(run).as_json() == undone.as_json()
            assert state() == after
            transaction.set_rollback(True)


def test_new_version_that_an_editor_worked_on_since_stays(fees, tmp_path):
    imported(fees)
    run = imported(put(tmp_path, "newer.txt", NEWER_FEES))
    article = Article.objects.get()
    article.standfirst = "From March."
    article_store.save_article(article)
    undone = undo(run)
    article.refresh_from_db()
    assert "five percent" in article.text
    assert article.headline in kept(undone)


def test_document_that_a_later_run_read_too_is_that_ones(fees, tmp_path):
    first = imported(fees, put(tmp_path, "ferry.txt", FERRY))
    second = imported(fees)
    assert second.unchanged == 1
    undone = undo(first)
    assert f"was read by import {second.pk} as well" in kept(undone)[str(fees)]
    assert Article.objects.get().headline.startswith("Harbour")
    undo(second)
    assert empty(state())


def test_speaker_whom_a_later_run_quotes_stays_until_that_is_undone(fees, tmp_path):
    first = imported(fees)
    second = imported(put(tmp_path, "ferry.txt", FERRY))
    undone = undo(first)
    assert kept(undone)["Greta Lindahl"] == "is used by quotes that stay"
    assert Quote.objects.filter(speaker__name="Greta Lindahl").exists()
    assert Position.objects.filter(speaker__name="Greta Lindahl").exists()
    undo(second)
    assert empty(state())


# Every fifth order: first to last, last to first, and those in which a run goes whose rows two others lean on.
@pytest.mark.parametrize(
    "order", [*list(itertools.permutations(range(4)))[::5], (0, 2, 1, 3), (3, 0, 2, 1), (3, 2, 1, 0)]
)
def test_runs_undone_in_any_order_leave_nothing(tmp_path, order):
    files = [
        [put(tmp_path, "fees.txt", FEES)],
        [put(tmp_path, "newer.txt", NEWER_FEES), put(tmp_path, "ferry.txt", FERRY)],
        [tmp_path / "ferry.txt", tmp_path / "fees.txt"],
        [put(tmp_path, "newest.txt", NEWER_FEES.replace("five percent", "six percent"))],
    ]
    runs = [imported(*paths, publisher="Verland Courier") for paths in files]
    for number in order:
        undo(runs[number])
    assert empty(state())


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_printings_topics_and_citations_of_several_runs_leave_nothing(tmp_path, order):
    copy = FEES.replace("Harbour fees to rise in spring, port says", "Port of Lindhaven gets dearer")
    cites = FERRY.replace("on Saturday.", "on Saturday, Reuters reported, and the ports of Lindhaven wait.")
    texts = [(FEES, "Verland Courier"), (copy, "Sound Gazette"), (cites, "Sound Gazette")]
    runs = [imported(put(tmp_path, f"{n}.txt", text), publisher=name) for n, (text, name) in enumerate(texts)]
    assert Printing.objects.count() == 2
    assert TaggedItem.objects.filter(origin="found").exists()
    for number in order:
        undo(runs[number])
    assert empty(state())


def test_version_that_waits_for_an_editor_goes_with_its_run(fees, tmp_path):
    imported(fees)
    article = Article.objects.get()
    article.body = article.body.replace("four percent", "some four percent")
    article_store.save_article(article)
    before = state()
    run = imported(put(tmp_path, "newer.txt", NEWER_FEES))
    assert ProposedChange.objects.filter(state="waiting").exists()
    undo(run)
    assert state() == before


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
    for number, said in ((run.pk, "Say --no-input"), (99, "There is no import 99")):
        with pytest.raises(CommandError, match=said) as caught:
            call_command("undo_import", str(number))
        assert caught.value.returncode == 2
    assert Article.objects.exists()


def test_accounts_one_after_the_other_are_one():
    first = Account({"created": {"a.b": [1]}, "updated": {"a.b": {"2": {"x": [0, 1]}, "3": {"x": [0, 1]}}}})
    then = {"updated": {"a.b": {"1": {"x": [7, 8]}, "2": {"x": [1, 2]}}}, "deleted": {"a.b": [{"id": 3, "x": 1}]}}
    assert first.then(Account(then)).as_json() == {
        "created": {"a.b": [1]},
        "updated": {"a.b": {"2": {"x": [0, 2]}}},
        "deleted": {"a.b": [{"id": 3, "x": 0}]},
    }
    assert first.then(Account({"deleted": {"a.b": [{"id": 1}]}})).created == {}


def test_raw_bytes_go_with_the_run_and_its_documents_keep_their_names(fees):
    run = imported(fees)
    undo(run)
    assert not RawDocument.objects.exists()
    assert run.documents.get().name == str(fees)
