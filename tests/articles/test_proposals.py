"""Newer versions of articles that an editor has changed: what waits, what is decided, and the way back."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from articles import store
from articles.models import Article, ProposedChange, ProposedField
from articles.proposals import Proposal, ProposalError, decide, propose, take_back
from articles.versions import compare, digests, value_of
from quotes import store as quote_store
from quotes.models import Quote
from tests.factories import make_article, make_document

pytestmark = pytest.mark.django_db

OLD = "The wall held.\n\nIt was built in spring."
NEW = '"It leaks at two places," said Mara Quill, the harbour master.\n\nIt was built in spring.'
HOSTILE = '<script>alert(1)</script> & "so" on'


@pytest.fixture
def editor() -> User:
    return User.objects.create_user("ada", is_staff=True)


def _imported(**values: str) -> Article:
    article = make_article("Wall holds", body=OLD, byline="Ines Falk")
    dump = {name: value_of(article, name) for name in ("headline", "body", "byline", "dateline")} | values
    Article.objects.filter(pk=article.pk).update(imported=digests(dump), edited_at=None)
    article.refresh_from_db()
    return article


def _proposed(article: Article, **new: str) -> ProposedChange:
    old = {name: value_of(article, name) for name in new}
    return propose([Proposal(article, make_document(), new, old)])[0].change


def _decide(change: ProposedChange, editor: User, **decisions: str) -> Article:
    article = Article.objects.get(pk=change.article_id)
    return decide(change, decisions, editor=editor, version=article.version)


# three-way comparison


def test_fields_nobody_touched_are_applied_and_the_editors_wait():
    article = _imported()
    article.headline = "Wall holds, for now"
    store.save_article(article)
    found = compare(article, {"headline": "Wall leaks", "body": NEW, "byline": "Ines Falk"}, [])
    assert found.applied == {"body": NEW}
    assert found.proposed == {"headline": "Wall leaks"}


def test_correction_stands_where_the_source_says_what_it_said():
    article = _imported()
    article.body = OLD.replace("spring", "autumn")
    store.save_article(article)
    assert compare(article, {"headline": "Wall holds", "body": OLD}, []).state == "unchanged"


def test_without_a_record_of_the_dump_all_of_an_edited_article_is_the_editors():
    article = make_article("Wall holds", body=OLD)
    assert compare(article, {"body": NEW}, []).proposed == {"body": NEW}
    article.edited_at = None
    assert compare(article, {"body": NEW}, []).applied == {"body": NEW}


# waiting


def test_newer_proposal_replaces_the_older_and_carries_on_what_still_waits():
    article = _imported()
    first = _proposed(article, headline="Wall leaks", byline="I. Falk")
    second = _proposed(article, headline="Wall leaks badly")
    first.refresh_from_db()
    assert (first.state, second.state) == ("replaced", "waiting")
    assert dict(second.fields.values_list("name", "new")) == {"headline": "Wall leaks badly", "byline": "I. Falk"}


def test_two_versions_in_one_batch_end_as_in_two():
    article = _imported()
    documents = make_document(), make_document()
    propose(
        [
            Proposal(article, documents[0], {"headline": "A", "byline": "B"}, {}),
            Proposal(article, documents[1], {"headline": "C"}, {}),
        ]
    )
    assert list(ProposedChange.objects.order_by("pk").values_list("state", flat=True)) == ["replaced", "waiting"]
    assert dict(ProposedField.objects.filter(change__state="waiting").values_list("name", "new")) == {
        "headline": "C",
        "byline": "B",
    }


# deciding


def test_accepted_field_is_taken_and_rejected_one_kept(editor):
    change = _proposed(_imported(), headline="Wall leaks", byline="Tom Reyes")
    _decide(change, editor, headline="accepted", byline="rejected")
    article = Article.objects.get()
    assert (article.headline, article.byline, article.last_editor) == ("Wall leaks", "Ines Falk", editor)
    change.refresh_from_db()
    assert (change.state, change.decided_by) == ("decided", editor)


def test_undecided_fields_go_on_waiting(editor):
    change = _proposed(_imported(), headline="Wall leaks", byline="Tom Reyes")
    _decide(change, editor, headline="accepted")
    change.refresh_from_db()
    assert change.state == "waiting"


def test_accepted_authors_and_date_are_taken(editor):
    change = _proposed(_imported(), authors="Ines Falk\nTom Reyes", published="2026-10-07T00:00:00+00:00 day")
    _decide(change, editor, authors="accepted", published="accepted")
    article = Article.objects.get()
    assert {author.name for author in article.authors.all()} == {"Ines Falk", "Tom Reyes"}
    assert (article.published_at.date().isoformat(), article.published_precision) == ("2026-10-07", "day")


def test_accepted_body_brings_its_quotes_and_keeps_those_an_editor_corrected(editor):
    article = _imported()
    quote = Quote(text="The wall held.", article=article, start=0, end=14, said_on=article.published_at.date())
    quote_store.save_quote(quote, editor=editor)
    _decide(_proposed(article, body=NEW), editor, body="accepted")
    found = Quote.objects.get(text="It leaks at two places,")
    article.refresh_from_db()
    assert article.text[found.start : found.end] == found.text
    assert found.speaker.name == "Mara Quill"
    quote.refresh_from_db()
    assert (quote.text, quote.start) == ("The wall held.", None)


def test_decision_on_an_article_that_changed_meanwhile_is_refused(editor):
    change = _proposed(_imported(), headline="Wall leaks")
    version = Article.objects.get().version
    store.save_article(Article.objects.get())
    with pytest.raises(ProposalError, match="changed while you were comparing"):
        decide(change, {"headline": "accepted"}, editor=editor, version=version)
    assert Article.objects.get().headline == "Wall holds"


def test_decision_can_be_undone_and_made_again(editor):
    change = _proposed(_imported(), headline="Wall leaks", body=NEW)
    _decide(change, editor, headline="accepted", body="accepted")
    assert Quote.objects.exists()
    take_back(change, editor=editor)
    article = Article.objects.get()
    assert (article.headline, article.body) == ("Wall holds", OLD)
    assert not Quote.objects.exists()
    change.refresh_from_db()
    assert change.state == "waiting"
    assert _decide(change, editor, headline="accepted").headline == "Wall leaks"


def test_undoing_keeps_what_was_changed_again_since(editor):
    change = _proposed(_imported(), headline="Wall leaks", byline="Tom Reyes")
    _decide(change, editor, headline="accepted", byline="accepted")
    article = Article.objects.get()
    article.headline = "Wall leaks, port says"
    store.save_article(article)
    _, kept = take_back(change, editor=editor)
    article.refresh_from_db()
    assert (article.headline, article.byline, kept) == ("Wall leaks, port says", "Ines Falk", ["Headline"])


def test_undoing_is_refused_once_a_newer_version_waits(editor):
    change = _proposed(_imported(), headline="Wall leaks")
    _decide(change, editor, headline="accepted")
    _proposed(Article.objects.get(), headline="Wall leaks badly")
    with pytest.raises(ProposalError, match="newer version"):
        take_back(change, editor=editor)


# the page


def _address(change: ProposedChange) -> str:
    return reverse("admin:articles_proposedchange_change", args=[change.pk])


def test_page_shows_both_versions_escaped(admin_client):
    change = _proposed(_imported(), headline=HOSTILE)
    html = admin_client.get(_address(change)).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html
    assert "<del>Wall holds</del>" in html


def test_fields_are_decided_on_the_page_logged_and_undone(admin_client):
    change = _proposed(_imported(), headline="Wall leaks", byline="Tom Reyes")
    version = Article.objects.get().version
    form = {"version": version, "field-headline": "accepted", "field-byline": "rejected", "_decide": "1"}
    assert admin_client.post(_address(change), form).status_code == 302
    assert Article.objects.get().headline == "Wall leaks"
    logged = set(LogEntry.objects.values_list("content_type__model", flat=True))
    assert logged == {"article", "proposedchange"}
    admin_client.post(_address(change), {"_undo": "1"})
    assert Article.objects.get().headline == "Wall holds"


@pytest.mark.parametrize(("button", "headline"), [("_accept", "Wall leaks"), ("_reject", "Wall holds")])
def test_all_fields_are_decided_at_once(button, headline, admin_client):
    change = _proposed(_imported(), headline="Wall leaks", byline="Tom Reyes")
    admin_client.post(_address(change), {"version": Article.objects.get().version, button: "1"})
    change.refresh_from_db()
    assert (Article.objects.get().headline, change.state) == (headline, "decided")


@pytest.mark.parametrize(
    "form", [{}, {"version": "²"}, {"version": "1", "field-headline": "maybe", "_decide": "1"}, {"_accept": "1"}]
)
def test_incomplete_form_changes_nothing_and_says_so(form, admin_client):
    change = _proposed(_imported(), headline="Wall leaks")
    response = admin_client.post(_address(change), form, follow=True)
    assert 'class="error"' in response.content.decode()
    assert Article.objects.get().headline == "Wall holds"


def test_who_may_only_look_cannot_decide(client, editor):
    change = _proposed(_imported(), headline="Wall leaks")
    client.force_login(editor)
    assert client.get(_address(change)).status_code == 403
    editor.user_permissions.add(Permission.objects.get(codename="view_proposedchange"))
    page = client.get(_address(change))
    assert page.status_code == 200
    assert "_accept" not in page.content.decode()
    form = {"version": Article.objects.get().version, "_accept": "1"}
    assert client.post(_address(change), form).status_code == 403
    editor.user_permissions.add(Permission.objects.get(codename="change_article"))
    assert client.post(_address(change), form).status_code == 302
    assert Article.objects.get().headline == "Wall leaks"


def test_queue_on_the_front_page_counts_what_waits(admin_client):
    _proposed(_imported(), headline="Wall leaks")
    html = admin_client.get(reverse("admin:index")).content.decode()
    assert "Newer versions of articles" in html
    assert "articles/proposedchange/?state__exact=waiting" in html
