"""Several articles published, scheduled or withdrawn at once: asked back first, all or nothing, undone as one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from articles.admin import many
from articles.models import Article, StateDecision
from tests.adminpages import fields_of
from tests.factories import make_article, make_quote

pytestmark = pytest.mark.django_db
LIST = "/admin/articles/article/"
LATER = {"at_0": "2077-11-22", "at_1": "07:00"}


def ask(client, act, *articles):
    return client.post(
        LIST, {"action": f"{act}_selected", "_selected_action": [row.pk for row in articles]}, follow=True
    )


def confirm(client, asked, **typed):
    return client.post(LIST, fields_of(asked) | typed, follow=True)


def states():
    return list(Article.objects.order_by("pk").values_list("state", flat=True))


def undo(client):
    return client.post(
        reverse("admin:articles_article_many_undo", args=[StateDecision.objects.first().pk]), follow=True
    )


@pytest.fixture
def drafts():
    first = make_article(state="draft", published_at=None, standfirst="All aboard.")
    second = make_article(state="draft", published_at=timezone.now() + timedelta(days=2))
    make_quote(article=second)
    return first, second


def test_what_should_be_known_of_each_is_shown_before_anything_is_done(drafts, admin_client):
    shown = ask(admin_client, "publish", *drafts, make_article()).content.decode()
    assert "draft, appears at once" in shown
    assert "draft, appears on " in shown
    assert "The standfirst is empty" in shown
    assert "1 of those selected stays as it is" in shown
    assert states() == ["draft", "draft", "published"]


def test_they_are_published_together_logged_and_put_back_together(drafts, admin_client):
    done = confirm(admin_client, ask(admin_client, "publish", *drafts))
    assert "2 articles published." in done.content.decode()
    assert states() == ["published", "published"]
    assert LogEntry.objects.count() == 2
    assert Article.objects.scheduled().count() == 1
    address = reverse("admin:articles_article_many_undo", args=[StateDecision.objects.get().pk])
    assert address in done.content.decode()
    assert admin_client.get(address).content.decode().count("becomes what it was: draft") == 2
    assert "Undone: 2 articles are as before." in undo(admin_client).content.decode()
    assert states() == ["draft", "draft"]
    assert Article.objects.get(pk=drafts[0].pk).published_at is None
    assert "0 articles are as before" in undo(admin_client).content.decode()
    assert LogEntry.objects.count() == 4


def test_an_article_changed_since_is_not_put_back(drafts, admin_client):
    confirm(admin_client, ask(admin_client, "publish", *drafts))
    Article.objects.filter(pk=drafts[0].pk).update(version=99)
    assert "1 were changed since, and stay as they are" in undo(admin_client).content.decode()
    assert states() == ["published", "draft"]


def test_readers_are_told_the_reason_given_for_all(admin_client):
    articles = make_article(), make_article()
    scheduled = make_article(published_at=timezone.now() + timedelta(days=2))
    asked = ask(admin_client, "withdraw", *articles, scheduled)
    assert scheduled.headline not in asked.content.decode()
    confirm(admin_client, asked, because="Its figures were wrong.")
    assert states() == ["withdrawn", "withdrawn", "published"]
    gone = admin_client.get(articles[1].get_absolute_url())
    assert gone.status_code == 410
    assert "Its figures were wrong." in gone.content.decode()
    undo(admin_client)
    assert admin_client.get(articles[1].get_absolute_url()).status_code == 200
    assert Article.objects.get(pk=articles[1].pk).withdrawn_because == ""


def test_they_are_scheduled_for_one_moment_and_those_on_the_site_are_left_alone(drafts, admin_client):
    live = make_article()
    past = confirm(admin_client, ask(admin_client, "schedule", *drafts, live), at_0="2020-01-01", at_1="07:00")
    assert "This moment has passed" in past.content.decode()
    assert states() == ["draft", "draft", "published"]
    confirm(admin_client, ask(admin_client, "schedule", *drafts, live), **LATER)
    assert {row.published_at.year for row in Article.objects.scheduled()} == {2077}
    assert Article.objects.scheduled().count() == 2
    asked = ask(admin_client, "schedule", *drafts)
    confirm(admin_client, asked, at_0="2078-11-22", at_1="07:00")
    assert {row.published_at.year for row in Article.objects.scheduled()} == {2078}
    undo(admin_client)
    assert {row.published_at.year for row in Article.objects.scheduled()} == {2077}


def test_what_changed_while_the_question_stood_is_asked_again(drafts, admin_client):
    asked = ask(admin_client, "publish", *drafts)
    Article.objects.filter(pk=drafts[0].pk).update(version=99)
    again = confirm(admin_client, asked)
    assert "changed while you were looking" in again.content.decode()
    assert states() == ["draft", "draft"]
    confirm(admin_client, again)
    assert states() == ["published", "published"]


def test_more_than_can_be_looked_over_are_refused(drafts, admin_client, monkeypatch):
    monkeypatch.setattr(many, "AT_ONCE", 1)
    assert "At most 1 at a time" in ask(admin_client, "publish", *drafts).content.decode()


def test_nothing_to_do_is_said(drafts, admin_client):
    assert "None of them can be withdrawn" in ask(admin_client, "withdraw", *drafts).content.decode()
