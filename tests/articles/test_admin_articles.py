"""What an editor can do with an article in the admin, and what is refused."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, TaggedItem, Topic, TopicOrigin
from articles.store import authors_named
from tests.adminpages import fields_of, submit
from tests.factories import PUBLISHED_AT, make_article, make_document, make_publisher, make_topic

pytestmark = pytest.mark.django_db
LIST = "admin:articles_article_changelist"


def _client(*rights: str) -> Client:
    user = User.objects.create_user("-".join(rights) or "nobody", is_staff=True)
    for right in rights:
        app, codename = right.split(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    client = Client()
    client.force_login(user)
    return client


def _page(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])


def _errors(response) -> str:
    assert response.status_code == 200
    form = response.context["adminform"].form
    return " ".join(message for messages in form.errors.values() for message in messages)


def _act(client: Client, action: str, *articles: Article, **more: str):
    """Choose articles and an action, and confirm it."""
    keys = [article.pk for article in articles]
    asked = client.post(reverse(LIST), {"action": action, "_selected_action": keys, **more}, follow=True)
    confirmed = fields_of(asked)
    return client.post(reverse(LIST), confirmed | more, follow=True) if "confirmed" in confirmed else asked


# writing


def test_saving_goes_through_the_store_and_is_logged(admin_client, admin_user):
    article = make_article()
    response = submit(admin_client, _page(article), headline="Ferry “sinks”", body="One *word*.\r\n\r\nTwo.")
    assert response.status_code == 302
    article.refresh_from_db()
    assert (article.text, article.headline_key, article.version) == ("One word.\nTwo.", "ferry sinks", 2)
    assert article.last_editor == admin_user
    assert article.edited_at is not None
    assert LogEntry.objects.get().object_id == str(article.pk)
    assert list(Article.objects.all().search("sinks")) == [article]


def test_saving_an_unchanged_form_changes_no_text(admin_client):
    article = make_article(body="\nFirst line after a blank one.\n\nTwo.")
    submit(admin_client, _page(article))
    before = article.text
    article.refresh_from_db()
    assert article.text == before


def test_line_ends_as_browsers_send_them_change_no_text(admin_client):
    article = make_article(body="One.\n\nTwo.")
    submit(admin_client, _page(article), headline="Ferry sinks", body="One.\r\n\r\nTwo.")
    article.refresh_from_db()
    assert (article.headline, article.body) == ("Ferry sinks", "One.\n\nTwo.")
    assert "Body" not in LogEntry.objects.get().get_change_message()


def test_new_article_gets_a_slug_and_is_a_draft(admin_client):
    response = submit(admin_client, reverse("admin:articles_article_add"), headline="Tram opens", body="It runs.")
    assert response.status_code == 302
    article = Article.objects.get()
    assert (article.slug, article.state, article.text, article.version) == ("tram-opens", "draft", "It runs.", 1)


def test_hostile_text_is_shown_as_text(admin_client):
    evil = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
    document = make_document(f"{evil}\n", name=evil, blocks=[[evil, 0, 10, 0, evil]], encoding=evil[:40])
    article = make_article(evil, body=evil, byline=evil, topics=(evil,), publisher=make_publisher(evil),
                           document=document)  # fmt: skip
    for address in (
        _page(article),
        reverse(LIST),
        reverse("admin:articles_rawdocument_change", args=[document.pk]),
        reverse("admin:articles_rawdocument_changelist"),
        reverse(LIST) + "?publisher=%22%3E%3Cscript%3E&topic=%22%3E%3Cscript%3E&q=%22%3E%3Cscript%3E",
    ):
        html = admin_client.get(address).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert '"><script>' not in html


# topics


def test_topics_that_stay_keep_who_set_them(admin_client):
    article = make_article(topics=("Shipping",))
    TaggedItem.objects.update(origin=TopicOrigin.PRINTED)
    fresh = make_topic("Harbour")
    kept = Topic.objects.get(name="Shipping")
    assert submit(admin_client, _page(article), topics=[kept.pk, fresh.pk]).status_code == 302
    origins = dict(article.tagged_items.values_list("tag__name", "origin"))
    assert origins == {"Shipping": "printed", "Harbour": "editor"}
    assert submit(admin_client, _page(article), topics=[fresh.pk]).status_code == 302
    assert list(article.topics.names()) == ["Harbour"]


def test_a_merged_topic_stands_for_its_target(admin_client):
    target, old = make_topic("Ships"), make_topic("Boats")
    Topic.objects.filter(pk=old.pk).update(merged_into=target)
    article = make_article()
    submit(admin_client, _page(article), topics=[old.pk, target.pk])
    assert list(article.topics.names()) == ["Ships"]


# two at once


def test_stale_save_is_refused_and_nothing_typed_is_lost(admin_client):
    article = make_article(body="As it was.")
    opened = admin_client.get(_page(article))
    submit(admin_client, _page(article), body="By the first.")
    refused = submit(admin_client, _page(article), opened=opened, body="By the second.", byline="Ada Moor")
    assert "changed by admin while you were writing" in _errors(refused)
    article.refresh_from_db()
    assert (article.body, article.version, article.byline) == ("By the first.", 2, "")
    fields = fields_of(refused)
    assert (fields["body"], fields["byline"]) == (["By the second."], ["Ada Moor"])
    assert "<del> first.</del>" in refused.content.decode()  # what was saved meanwhile is shown to compare


def test_whoever_was_told_may_save_on_top(admin_client):
    article = make_article()
    opened = admin_client.get(_page(article))
    submit(admin_client, _page(article), body="By the first.")
    refused = submit(admin_client, _page(article), opened=opened, body="By the second.")
    assert submit(admin_client, _page(article), opened=refused).status_code == 302
    article.refresh_from_db()
    assert (article.body, article.version) == ("By the second.", 3)


@pytest.mark.parametrize("version", ["", "0", "-1", "x", None])
def test_a_save_that_does_not_say_what_it_was_opened_with_is_refused(version, admin_client):
    article = make_article(body="As it was.")
    response = submit(admin_client, _page(article), opened_version=version, body="Changed.")
    assert _errors(response)
    article.refresh_from_db()
    assert article.body == "As it was."


def test_a_published_action_meanwhile_counts_as_a_change(admin_client):
    article = make_article(state="draft")
    opened = admin_client.get(_page(article))
    _act(admin_client, "publish_selected", article)
    assert "changed by" in _errors(submit(admin_client, _page(article), opened=opened, body="Mine."))
    article.refresh_from_db()
    assert article.state == "published"


# what the database refuses, in words


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"source_url": "https://example.org/taken"}, "has this source address already"),
        ({"headline": ""}, "required"),
        ({"slug": "taken"}, "already exists"),
        ({"_act": "withdraw"}, "cannot be done"),
        ({"source_url": "javascript:alert(1)"}, "valid URL"),
    ],
)
def test_refusals_are_in_plain_words(changed, words, admin_client):
    make_article(source_url="https://example.org/taken", slug="taken")
    article = make_article(state="draft")
    assert words in _errors(submit(admin_client, _page(article), **changed))


def test_picture_without_alternative_text_is_refused(admin_client, settings, tmp_path):
    from io import BytesIO

    from django.core.files.uploadedfile import SimpleUploadedFile
    from PIL import Image

    settings.MEDIA_ROOT = tmp_path
    buffer = BytesIO()
    Image.new("RGB", (2, 2)).save(buffer, "PNG")
    picture = SimpleUploadedFile("a.png", buffer.getvalue(), "image/png")
    article = make_article()
    response = submit(admin_client, _page(article), lead_image=picture)
    assert "Say what the picture shows" in _errors(response)
    assert not list(tmp_path.rglob("*.png"))


# publishing


def test_actions_publish_and_withdraw_and_are_logged(admin_client, admin_user):
    article, dated = make_article(state="draft", published_at=None), make_article(state="published")
    response = _act(admin_client, "publish_selected", article, dated)
    assert "1 article published." in response.content.decode()
    article.refresh_from_db()
    assert (article.state, article.last_editor) == ("published", admin_user)
    assert [entry.object_id for entry in LogEntry.objects.all()] == [str(article.pk)]
    assert "2 articles withdrawn." in _act(admin_client, "withdraw_selected", article, dated).content.decode()
    assert not Article.objects.published().exists()


@pytest.mark.parametrize("action", ["publish_selected", "withdraw_selected"])
def test_actions_need_the_right_to_publish(action):
    draft, live = make_article(state="draft"), make_article()
    client = _client("articles.view_article", "articles.change_article", "articles.delete_article")
    response = _act(client, action, draft, live)
    assert response.status_code == 200
    assert action not in response.content.decode()
    assert list(Article.objects.order_by("pk").values_list("state", flat=True)) == ["draft", "published"]
    assert not LogEntry.objects.exists()


def test_who_may_only_publish_needs_no_right_to_change():
    draft = make_article(state="draft")
    _act(_client("articles.view_article", "articles.publish_article"), "publish_selected", draft)
    draft.refresh_from_db()
    assert draft.state == "published"


@pytest.mark.parametrize("act", ["publish", "publish:now", "now"])
def test_without_the_right_the_form_cannot_publish(act):
    draft = make_article(state="draft")
    client = _client("articles.view_article", "articles.change_article")
    page = client.get(_page(draft)).content.decode()
    assert 'value="publish' not in page
    assert "cannot be done" in _errors(submit(client, _page(draft), _act=act))
    draft.refresh_from_db()
    assert draft.state == "draft"
    assert submit(client, _page(draft), _act="review").status_code == 302


def test_without_the_right_what_is_out_stays_as_it_is():
    article = make_article(published_at=timezone.now() + timedelta(days=3))
    client = _client("articles.view_article", "articles.change_article")
    assert client.get(_page(article)).status_code == 200
    assert client.post(_page(article), {"headline": "Changed", "_act": "draft"}).status_code == 403


def test_without_the_right_a_new_article_cannot_be_published():
    client = _client("articles.view_article", "articles.add_article")
    response = submit(
        client, reverse("admin:articles_article_add"), headline="Tram", _act="publish:now", published_at_0="2020-01-01",
        published_at_1="00:00",
    )  # fmt: skip
    assert "cannot be done" in _errors(response)
    assert not Article.objects.exists()


def test_an_action_on_more_than_the_list_shows_does_nothing(admin_client, monkeypatch):
    from articles.admin import ArticleAdmin

    monkeypatch.setattr(ArticleAdmin, "list_per_page", 1)
    articles = [make_article(state="draft") for _ in range(12)]
    response = _act(admin_client, "publish_selected", articles[0], select_across="1")
    assert "nothing was done" in response.content.decode()
    assert not Article.objects.published().exists()


# lists


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=scheduled", ["Later"]),
        ("state=published", ["Now"]),
        ("state=draft", ["Draft"]),
        ("topic=shipping", ["Now"]),
        ("publisher=none", ["Draft", "Later"]),
        ("q=late", ["Later"]),
        ("q=dawn", ["Draft", "Later", "Now"]),
        ("q=%21%21", []),
        ("state=nonsense&publisher=x", ["Draft", "Later", "Now"]),
    ],
)
def test_filters_and_search_find(query, found, admin_client):
    make_article("Now", topics=("Shipping",), publisher=make_publisher())
    make_article("Later", published_at=timezone.now() + timedelta(days=1))
    make_article("Draft", state="draft")
    page = admin_client.get(f"{reverse(LIST)}?{query}")
    assert sorted(article.headline for article in page.context["cl"].result_list) == found


def test_publisher_filter_finds_its_articles(admin_client):
    publisher = make_publisher("Ours")
    article = make_article(publisher=publisher)
    make_article()
    page = admin_client.get(f"{reverse(LIST)}?publisher={publisher.pk}")
    assert list(page.context["cl"].result_list) == [article]


def test_scheduled_shows_as_such(admin_client):
    make_article(published_at=timezone.now() + timedelta(days=1))
    assert ">Scheduled</span>" in admin_client.get(reverse(LIST)).content.decode()


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"state": "published", "published_at": PUBLISHED_AT}, True),
        ({"state": "published", "published_at": timezone.now() + timedelta(days=9)}, False),
        ({"state": "draft"}, False),
        ({"state": "withdrawn"}, False),
    ],
)
def test_view_on_site_only_when_there_is_a_page(fields, shown, admin_client):
    html = admin_client.get(_page(make_article(**fields))).content.decode()
    assert ("viewsitelink" in html) is shown


def test_boxes_show_what_is_stored_and_after_a_refusal_what_was_chosen(admin_client):
    article = make_article(topics=("Winds", "Tides"), publisher=make_publisher("The Quay"))
    article.authors.set(authors_named(["Ines Harrow", "Oda Brandt"]))
    opened = admin_client.get(_page(article))
    assert _chosen(opened) == {"Winds", "Tides", "The Quay", "Ines Harrow", "Oda Brandt"}
    choice = {"topics": [make_topic("Tides").pk, make_topic("Piers").pk], "publisher": make_publisher("The Pier").pk}
    choice["authors"] = [article.authors.get(name="Oda Brandt").pk]
    refused = submit(admin_client, _page(article), opened=opened, source_url="javascript:x", _act="save", **choice)
    assert _chosen(refused) == {"Tides", "Piers", "The Pier", "Oda Brandt"}


def _chosen(page) -> set[str]:
    """What the boxes that complete what is typed show as chosen."""
    html = page.content.decode()
    boxes = re.findall(r'<select name="(?:topics|authors|publisher)".*?</select>', html, re.DOTALL)
    assert len(boxes) == 3
    return set(re.findall(r"<option[^>]* selected>([^<]+)</option>", "".join(boxes)))


def test_pages_beyond_the_first_are_reached_without_counting(admin_client, monkeypatch):
    from articles.admin import ArticleAdmin

    monkeypatch.setattr(ArticleAdmin, "list_per_page", 2)
    monkeypatch.setattr(ArticleAdmin, "list_max_show_all", 2)
    made = [make_article() for _ in range(25)]
    first = admin_client.get(reverse(LIST))
    assert "more than 20 articles" in first.content.decode()
    ninth = admin_client.get(reverse(LIST) + "?p=9")
    assert [article.pk for article in ninth.context["cl"].result_list] == [made[8].pk, made[7].pk]
    last = admin_client.get(reverse(LIST) + "?p=13")
    assert [article.pk for article in last.context["cl"].result_list] == [made[0].pk]
    assert "25 articles" in last.content.decode()


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", "9" * 30, "²"])
def test_pages_that_are_not_there_do_no_harm(page, admin_client):
    make_article()
    response = admin_client.get(reverse(LIST), {"p": page}, follow=True)
    assert response.status_code == 200
    assert len(response.context["cl"].result_list) == 1
