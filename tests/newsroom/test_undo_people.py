"""An import taken back: what people have worked on since stays, and is named."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model
from django.urls import reverse

from articles import store as article_store
from articles.ledger import values_of
from articles.models import (
    Article,
    CuratedList,
    CuratedListItem,
    ProposedChange,
    RawDocument,
    TaggedItem,
    Topic,
)
from newsroom.undoing.undo import undo
from quotes import store as quote_store
from quotes.models import Position, Quote, Speaker
from tests.adminpages import submit
from tests.newsroom.undoing import FERRY, NEWER_FEES, imported, kept, put, state

pytestmark = pytest.mark.django_db


SAMPLES = settings.BASE_DIR / "newsroom" / "samples"


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
