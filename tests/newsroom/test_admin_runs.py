"""A run's page on the desk: how far it is, its documents and what came of them, undoing it, trying again."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from newsroom import holds
from newsroom.models import ImportIssue, ImportRun
from quotes.models import Quote
from tests.newsroom.test_import_runs import fill

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(tmp_path: Path) -> ImportRun:
    call_command("import_dump", str(fill(tmp_path / "dumps", range(2))), stdout=io.StringIO())
    return ImportRun.objects.get()


def page(run: ImportRun, name: str = "change") -> str:
    return reverse(f"admin:newsroom_importrun_{name}", args=[run.pk])


def test_page_of_a_running_import_shows_how_far_it_is_and_looks_again(admin_client):
    run = ImportRun.objects.create(read=20, created=20, total=100, seconds=10)
    lock = holds.hold(run.pk)
    try:
        response = admin_client.get(page(run))
        assert response["Refresh"] == "5"
        assert "20 of 100 documents read, 2.0 a second, about 40 s left" in response.content.decode()
        assert 'max="100" value="20"' in response.content.decode()
    finally:
        lock.release()
    response = admin_client.get(page(run))
    assert "Refresh" not in response
    assert "--resume" in response.content.decode()
    run.refresh_from_db()
    assert run.state == "interrupted"


def test_document_leads_to_the_rows_it_made(admin_client, run):
    document = run.documents.first()
    html = admin_client.get(reverse("admin:newsroom_rundocument_change", args=[document.pk])).content.decode()
    [article] = document.changes["created"]["articles.article"]
    assert reverse("admin:articles_article_change", args=[article]) in html
    assert reverse("admin:articles_rawdocument_change", args=[document.document_id]) in html
    assert reverse("admin:quotes_quote_change", args=[document.changes["created"]["quotes.quote"][0]]) in html


def test_undoing_asks_first_and_names_what_stays(admin_client, admin_user, run):
    kept = Article.objects.first()
    Quote.objects.filter(article=kept).update(review_state="verified", reviewer=admin_user)
    asked = admin_client.get(page(run, "take_back")).content.decode()
    assert kept.headline in asked
    assert "which was" in asked
    assert Article.objects.count() == 2
    response = admin_client.post(page(run, "take_back"), follow=True)
    assert "is undone" in response.content.decode()
    assert list(Article.objects.all()) == [kept]
    run.refresh_from_db()
    assert (run.state, run.undone_by) == ("undone", admin_user)
    shown = admin_client.get(page(run)).content.decode()
    assert kept.headline in shown
    assert page(run, "take_back") not in shown


def test_an_undo_that_would_undo_nothing_is_not_offered_and_leaves_the_run(admin_client, admin_user, run):
    Quote.objects.update(review_state="verified", reviewer=admin_user, reviewed_at=timezone.now())
    asked = admin_client.get(page(run, "take_back")).content.decode()
    assert "Undo it" not in asked
    assert "people have changed, reviewed or filed since all that this import brought" in asked
    said = admin_client.post(page(run, "take_back"), follow=True).content.decode()
    assert "Nothing was undone." in said
    with pytest.raises(CommandError, match="Nothing was undone"):
        call_command("undo_import", str(run.pk), "--no-input", stdout=io.StringIO())
    run.refresh_from_db()
    assert (run.state, run.undone_at, run.undone) == ("finished", None, {})
    Quote.objects.update(review_state="unreviewed", reviewer=None, reviewed_at=None)
    admin_client.post(page(run, "take_back"))
    assert not Article.objects.exists()


def test_quarantine_is_tried_again_from_the_page(admin_client, admin_user, tmp_path):
    folder = fill(tmp_path / "dumps", range(1))
    with override_settings(IMPORT_MAX_DOCUMENT_BYTES=100), pytest.raises(CommandError):
        call_command("import_dump", str(folder), stdout=io.StringIO())
    run = ImportRun.objects.get()
    assert page(run, "retry") in admin_client.get(page(run)).content.decode()
    said = admin_client.post(page(run, "retry"), follow=True).content.decode()
    assert "1 came in" in said
    assert ImportRun.objects.first().user == admin_user
    assert not ImportIssue.objects.quarantine().exists()
    assert page(run, "retry") not in admin_client.get(page(run)).content.decode()


def test_who_may_only_look_sees_no_buttons_and_is_refused(client, run):
    user = User.objects.create_user("viewer", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(user)
    assert page(run, "take_back") not in client.get(page(run)).content.decode()
    for name in ("take_back", "retry"):
        assert client.post(page(run, name)).status_code == 403
    assert Article.objects.count() == 2


def test_a_run_leads_on_to_its_articles_and_the_review_of_its_quotes(admin_client, run):
    html = admin_client.get(page(run)).content.decode()
    for article in Article.objects.all():
        assert reverse("admin:articles_article_change", args=[article.pk]) in html
        waiting = Quote.objects.filter(document=article.document, review_state="unreviewed").count()
        assert f"{reverse('admin:quotes_quote_review')}?document={article.document_id}" in html
        assert f"Review its {waiting} quote" in html
