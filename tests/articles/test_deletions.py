"""What editors delete can be brought back, by those who may delete it, with all that went along; and never public."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import history
from articles.ledger import values_of
from articles.models import Article, CuratedList, CuratedListItem, Deletion, Printing, Story, TaggedItem, Topic
from articles.store import authors_named
from quotes.models import CuratedQuote, Quote, Speaker, SpeakerName
from tests.adminpages import submit
from tests.factories import make_article, make_list, make_quote, make_speaker, make_topic

pytestmark = pytest.mark.django_db


def page(obj, name="change"):
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_{name}", args=[obj.pk])


def delete(client, obj):
    return client.post(page(obj, "delete"), {"post": "yes"}, follow=True)


def bring_back(client, deletion=None):
    deletion = deletion or Deletion.objects.first()
    return client.post(reverse("admin:articles_deletion_bring_back", args=[deletion.pk]), follow=True)


def member(group: str) -> Client:
    user = User.objects.create_user(group.lower(), is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def article():
    article = make_article("Pier reopens", topics=("Piers",), body='"It is dry again," Ada Moor said.')
    article.authors.set(authors_named(["Tess Arden"]))
    quote = make_quote("It is dry again,", article=article, speaker=make_speaker("Ada Moor"))
    CuratedQuote.objects.create(list=make_list("Said", kind="quotes"), quote=quote)
    return article


def test_an_article_comes_back_with_all_that_went_along(article, admin_client):
    curated = make_list("Popular", headlines=("Pier reopens",))
    before = {model: [values_of(row) for row in model.objects.all()] for model in (Quote, TaggedItem, CuratedQuote)}
    whole = values_of(article)
    shown = delete(admin_client, article).content.decode()
    assert "bring it back" in shown
    assert not Quote.objects.exists()
    assert CuratedListItem.objects.get(list=curated).article_id is None
    assert "is back. Nothing was made public." in bring_back(admin_client).content.decode()
    back = Article.objects.get()
    assert values_of(back) == whole | {"state": "draft"}
    assert {model: [values_of(row) for row in model.objects.all()] for model in before} == before
    assert CuratedListItem.objects.get(list=curated).article == back
    assert [author.name for author in back.authors.all()] == ["Tess Arden"]
    assert list(Article.objects.search("reopens")) == [back]
    assert list(Quote.objects.search("dry")) == list(Quote.objects.all())


def test_its_address_says_gone_while_it_is_and_its_history_goes_on(article, admin_client):
    submit(admin_client, page(article), slug="pier-old", _act="save")
    article.refresh_from_db()
    submit(admin_client, page(article), slug="pier", _act="save")
    delete(admin_client, article)
    for slug in ("pier", "pier-old"):
        assert admin_client.get(reverse("articles:article", args=[slug])).status_code == 410
    bring_back(admin_client)
    assert admin_client.get(reverse("articles:article", args=["pier"])).status_code == 404
    article.refresh_from_db()
    submit(admin_client, page(article), _act="publish:now", _acknowledged=None)
    Article.objects.update(state="published")
    assert admin_client.get(reverse("articles:article", args=["pier-old"])).status_code == 301
    comments = [version.revision.get_comment() for version in history.versions_of(article)]
    assert "Brought back after deletion." in comments
    assert len(comments) > 3


@pytest.mark.parametrize("make", [make_speaker, make_topic, make_list, lambda: make_quote(alone=True)])
def test_other_entries_come_back_too(make, admin_client):
    obj = make()
    before = values_of(obj) | {"is_published": False, "published_at": None}
    delete(admin_client, obj)
    assert not type(obj).objects.filter(pk=obj.pk).exists()
    bring_back(admin_client)
    now = values_of(type(obj).objects.get(pk=obj.pk))
    assert {name: value for name, value in now.items() if name != "updated_at"} == {
        name: before[name] for name in now if name != "updated_at"
    }


def test_names_come_back_with_their_speaker_who_is_found_by_them(admin_client):
    speaker = make_speaker("Ines Harrow")
    SpeakerName.objects.create(speaker=speaker, name="Harrow of the Quay", key="harrow quay")
    delete(admin_client, speaker)
    bring_back(admin_client)
    assert list(Speaker.objects.search("quay")) == [speaker]


def test_what_was_deleted_from_the_list_comes_back_one_by_one(admin_client):
    rows = [make_topic("Tides"), make_topic("Winds")]
    data = {"action": "delete_selected", "_selected_action": [row.pk for row in rows], "post": "yes"}
    admin_client.post(reverse("admin:articles_topic_changelist"), data)
    assert not Topic.objects.exists()
    bring_back(admin_client, Deletion.objects.get(name="Tides"))
    assert [topic.name for topic in Topic.objects.all()] == ["Tides"]


def test_it_comes_back_once(admin_client):
    delete(admin_client, make_topic("Tides"))
    bring_back(admin_client)
    assert "has been brought back already" in bring_back(admin_client).content.decode()


def test_what_stands_in_the_way_is_said_and_nothing_is_written(admin_client):
    first = make_article("One", source_url="https://news.example/1")
    delete(admin_client, first)
    make_article("Two", source_url="https://news.example/1")
    assert "another entry has its name, its address or its source" in bring_back(admin_client).content.decode()
    assert [article.headline for article in Article.objects.all()] == ["Two"]
    assert Deletion.objects.get().back_at is None


def test_an_address_that_was_taken_meanwhile_is_not_taken_back(admin_client):
    first = make_article("One", slug="one")
    delete(admin_client, first)
    second = make_article("Two", slug="two")
    Article.objects.filter(pk=second.pk).update(slug="one")
    bring_back(admin_client)
    assert Article.objects.get(pk=first.pk).slug == "one-2"


def test_only_those_who_may_delete_see_it_and_bring_it_back(article, admin_client):
    delete(admin_client, article)
    make_list("Popular", headlines=("Alone",))
    delete(admin_client, CuratedListItem.objects.get(headline="Alone"))
    kept = Deletion.objects.get(kind="articles.article")
    listed = reverse("admin:articles_deletion_changelist")
    reporter, editor, chief = member("Reporter"), member("Editor"), member("Chief")
    assert reporter.get(listed).status_code == 403
    assert bring_back(reporter, kept).status_code == 403
    names = editor.get(listed).content.decode()
    assert "Alone" in names
    assert "Pier reopens" not in names
    assert bring_back(editor, kept).status_code == 403
    assert not Article.objects.exists()
    assert "Pier reopens" in chief.get(page(kept)).content.decode()
    assert bring_back(chief, kept).status_code == 200
    assert Article.objects.exists()
    assert Deletion.objects.get(pk=kept.pk).back_by.username == "chief"


def test_the_list_leads_to_what_was_deleted_for_those_only_who_may_bring_it_back():
    address = reverse("admin:articles_article_changelist")
    assert "kind=articles.article" in member("Chief").get(address).content.decode()
    assert "kind=articles.article" not in member("Editor").get(address).content.decode()


def test_a_chief_can_delete_an_article_that_was_seen_to_be_a_printing(article):
    Printing.objects.create(story=Story.objects.create(), article=article)
    assert delete(member("Chief"), article).status_code == 200
    assert not Article.objects.exists()


def test_the_question_before_deleting_reads_little_of_what_goes_along(admin_client):
    speaker, article = make_speaker("Ada Moor"), make_article()
    Quote.objects.bulk_create(
        Quote(text=f"Words {n}.", article=article, speaker=speaker, start=n, end=n + 1, said_on="2026-10-05",
              fingerprint=str(n), cluster=str(n))
        for n in range(1200)
    )  # fmt: skip
    ContentType.objects.clear_cache()
    for obj, words in ((speaker, "and more quotes"), (article, "Quotes: more than 1,000")):
        with CaptureQueriesContext(connection) as captured:
            shown = admin_client.get(page(obj, "delete")).content.decode()
        assert len(captured) <= 40
        assert shown.count("Words ") <= 60
        assert words in shown
    assert CuratedList.objects.count() == 0
