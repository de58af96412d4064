"""Filing several articles or quotes at once: topics given and taken off, places in lists, each kept as a version."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from articles import history
from articles.models import Article, CuratedList
from quotes.models import Quote
from tests.adminpages import fields_of, member, submit
from tests.factories import make_article, make_list, make_quote, make_topic

pytestmark = pytest.mark.django_db
ARTICLES, QUOTES = "/admin/articles/article/", "/admin/quotes/quote/"


def file(client: Client, address: str, action: str, rows: list[Any], **wishes: Any) -> Any:
    """Choose the action, and send the page that it answers with back, filled in."""
    asked = client.post(address, {"action": action, "_selected_action": [row.pk for row in rows]})
    return client.post(address, fields_of(asked) | wishes, follow=True)


def topics_of(*articles: Article) -> list[set[str]]:
    return [set(article.topics.names()) for article in articles]


def put_back_the_oldest(client: Client, obj: Article | CuratedList) -> None:
    versions = list(history.versions_of(obj))
    address = reverse(f"admin:articles_{obj._meta.model_name}_restore", args=[obj.pk])
    answer = client.post(address, {"version": versions[-1].pk, "newest": versions[0].pk}, follow=True)
    assert "Restored the version of" in answer.content.decode()


def test_articles_get_topics_and_lose_them_and_only_those_that_change_are_new_versions():
    client, shipping, fish = member("Editor"), make_topic("Shipping"), make_topic("Fish")
    one, other = make_article(topics=("Shipping", "Fish")), make_article(topics=("Fish",))
    page = file(client, ARTICLES, "file_selected", [one, other], add=[shipping.pk]).content.decode()
    assert "Given Shipping: 1 article." in page
    assert topics_of(one, other) == [{"Shipping", "Fish"}, {"Fish", "Shipping"}]
    assert [row.version for row in Article.objects.order_by("pk")] == [one.version, other.version + 1]
    assert LogEntry.objects.filter(change_message="Given Shipping, from the list.").count() == 1
    file(client, ARTICLES, "file_selected", [one, other], take_off=[fish.pk])
    assert topics_of(one, other) == [{"Shipping"}, {"Shipping"}]


def test_it_can_be_taken_back_article_by_article():
    client, shipping = member("Editor"), make_topic("Shipping")
    article = make_article(topics=("Fish",))
    file(client, ARTICLES, "file_selected", [article], add=[shipping.pk])
    put_back_the_oldest(client, article)
    assert topics_of(article) == [{"Fish"}]


def test_articles_go_to_the_end_of_a_list_once():
    client, there = member("Editor"), make_article("Already there")
    curated = make_list("Weekend reads", managed_by="editors")
    file(client, ARTICLES, "file_selected", [there], curated=curated.pk)
    new = make_article("Slipway stays shut")
    page = file(client, ARTICLES, "file_selected", [there, new], curated=curated.pk).content.decode()
    assert "1 put into the list" in page
    assert list(curated.items.values_list("headline", "article", "position")) == [
        ("Already there", there.pk, 1), ("Slipway stays shut", new.pk, 2),
    ]  # fmt: skip
    assert (
        "All of them are there already"
        in file(client, ARTICLES, "file_selected", [new], curated=curated.pk).content.decode()
    )
    assert LogEntry.objects.filter(object_repr="Weekend reads").exists()


def test_lists_that_imports_fill_are_not_offered():
    client, printed = member("Editor"), make_list("Most Popular", managed_by="import")
    page = file(client, ARTICLES, "file_selected", [make_article()], curated=printed.pk).content.decode()
    assert "Select a valid choice" in page
    assert not printed.items.exists()


def test_nothing_chosen_is_said():
    page = file(member("Editor"), ARTICLES, "file_selected", [make_article()]).content.decode()
    assert "Choose what is to be done with them." in page


def test_a_reporter_files_drafts_and_no_lists():
    client, topic = member("Reporter"), make_topic("Shipping")
    draft, live = make_article(state="draft", published_at=None), make_article()
    curated = make_list("Weekend reads", managed_by="editors")
    page = file(client, ARTICLES, "file_selected", [draft, live], add=[topic.pk], curated=curated.pk).content.decode()
    assert topics_of(draft, live) == [{"Shipping"}, set()]
    assert "1 are out" not in page
    assert "1 is out, and yours to read only: its topics stay as they are." in page
    assert not curated.items.exists()


def test_more_than_can_be_looked_over_is_refused(monkeypatch):
    monkeypatch.setattr("articles.admin.filing_many.AT_ONCE", 1)
    client = member("Editor")
    page = client.post(ARTICLES, {"action": "file_selected", "_selected_action": [make_article().pk, make_article().pk]},
                       follow=True)  # fmt: skip
    assert "At most 1 at a time" in page.content.decode()


def test_quotes_go_into_a_list_of_quotes_which_can_be_put_back_as_it_was():
    client = member("Editor")
    curated = make_list("Quotes of the week", kind=CuratedList.Kind.QUOTES, managed_by="editors")
    one, other = make_quote("The tide came in."), make_quote("The tide went out.")
    file(client, QUOTES, "list_selected", [one], curated=curated.pk)
    file(client, QUOTES, "list_selected", [one, other], curated=curated.pk)
    assert list(curated.quote_items.values_list("quote", "position")) == [(one.pk, 1), (other.pk, 2)]
    put_back_the_oldest(client, curated)
    assert not curated.quote_items.exists()
    assert Quote.objects.count() == 2


def test_two_who_change_one_list_of_quotes_are_told(admin_client):
    curated = make_list("Quotes of the week", kind=CuratedList.Kind.QUOTES, managed_by="editors")
    page = reverse("admin:articles_curatedlist_change", args=[curated.pk])
    opened = admin_client.get(page)
    file(member("Editor"), QUOTES, "list_selected", [make_quote()], curated=curated.pk)
    refused = submit(admin_client, page, opened=opened, description="Mine.")
    assert "was changed by editor while you were writing" in refused.content.decode()
    assert submit(admin_client, page, description="Mine.").status_code == 302


def test_an_article_says_in_which_lists_it_stands(admin_client):
    article = make_article("Slipway stays shut")
    page = reverse("admin:articles_article_change", args=[article.pk])
    assert "In none." in admin_client.get(page).content.decode()
    curated = make_list("Weekend reads", headlines=("Another", "Slipway stays shut"))
    address = reverse("admin:articles_curatedlist_change", args=[curated.pk])
    assert f'<a href="{address}">Weekend reads</a>, place 1' in admin_client.get(page).content.decode()


def test_before_an_article_is_deleted_it_is_said_that_lists_lose_it(admin_client):
    article = make_article("Slipway stays shut")
    make_list("Weekend reads", headlines=("Slipway stays shut", "Another"))
    page = admin_client.get(reverse("admin:articles_article_delete", args=[article.pk])).content.decode()
    assert "List items that stay without it: 1" in page
    make_list("Most Popular")
    alone = admin_client.get(reverse("admin:articles_article_delete", args=[make_article("Alone").pk]))
    assert "that stay without it" not in alone.content.decode()
