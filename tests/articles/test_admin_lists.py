"""Lists, topics, authors and publishers in the admin."""

from __future__ import annotations

import pytest
from django.urls import reverse

from articles.models import Author, CuratedList, CuratedListItem, Publisher, TaggedItem, Topic
from tests.adminpages import submit
from tests.factories import make_article, make_list, make_publisher, make_topic

pytestmark = pytest.mark.django_db


def _page(obj) -> str:
    return reverse(f"admin:articles_{obj._meta.model_name}_change", args=[obj.pk])


def _errors(response) -> str:
    assert response.status_code == 200
    forms = [response.context["adminform"].form]
    forms += [form for inline in response.context["inline_admin_formsets"] for form in inline.formset.forms]
    return " ".join(message for form in forms for messages in form.errors.values() for message in messages)


# lists


def test_a_new_list_opens_for_its_items(admin_client):
    response = submit(admin_client, reverse("admin:articles_curatedlist_add"), title="Weekend Reads")
    made = CuratedList.objects.get()
    assert response["Location"] == _page(made)
    assert (made.slug, made.title_key) == ("weekend-reads", "weekend reads")


def test_items_link_to_the_articles_they_name(admin_client):
    article = make_article("Tram opens")
    made = make_list()
    fields = {"items-TOTAL_FORMS": "2", "items-0-position": "1", "items-0-headline": "TRAM OPENS",
              "items-1-position": "2", "items-1-headline": "Never printed"}  # fmt: skip
    assert submit(admin_client, _page(made), **fields).status_code == 302
    assert list(made.items.values_list("article", "state")) == [(article.pk, "resolved"), (None, "unresolved")]


def test_an_item_takes_the_headline_of_its_article(admin_client):
    article, made = make_article("Tram opens"), make_list()
    fields = {"items-TOTAL_FORMS": "1", "items-0-position": "1", "items-0-article": str(article.pk)}
    assert submit(admin_client, _page(made), **fields).status_code == 302
    assert made.items.get().headline == "Tram opens"


def test_an_item_of_nothing_is_refused(admin_client):
    made = make_list()
    fields = {"items-TOTAL_FORMS": "1", "items-0-position": "5"}
    assert "Give a headline, or choose an article." in _errors(submit(admin_client, _page(made), **fields))


def test_items_are_moved_and_taken_out(admin_client):
    made = make_list(headlines=("One", "Two", "Three"))
    fields = {"items-0-position": "9", "items-1-DELETE": "on"}
    assert submit(admin_client, _page(made), **fields).status_code == 302
    assert list(made.items.values_list("headline", "position")) == [("Three", 1), ("One", 2)]


@pytest.mark.parametrize(
    ("fields", "keeper"),
    [
        ({"items-0-position": "9"}, "editors"),
        ({"items-1-DELETE": "on"}, "editors"),
        ({"items-0-headline_shown": "One, at last"}, "editors"),
        ({"description": "What others read."}, "import"),
    ],
)
def test_what_an_editor_has_arranged_is_not_for_the_next_import_to_replace(fields, keeper, admin_client):
    made = make_list(headlines=("One", "Two", "Three"), managed_by="import")
    response = admin_client.get(submit(admin_client, _page(made), **fields)["Location"])
    made.refresh_from_db()
    assert made.managed_by == keeper
    assert ("the editors’ now" in response.content.decode()) == (keeper == "editors")


def test_linking_an_item_leaves_the_list_to_imports(admin_client):
    made = make_list(headlines=("Trams at last", "Two"), managed_by="import")
    article = make_article("Trams run")
    assert submit(admin_client, _page(made), **{"items-0-article": str(article.pk)}).status_code == 302
    made.refresh_from_db()
    assert made.managed_by == "import"
    assert made.items.first().article == article


def test_a_waiting_item_is_linked_by_hand(admin_client):
    make_list(headlines=("Printed otherwise",))
    item, article = CuratedListItem.objects.get(), make_article()
    assert submit(admin_client, _page(item), article=article.pk).status_code == 302
    item.refresh_from_db()
    assert (item.article, item.state, item.headline) == (article, "resolved", "Printed otherwise")


def test_two_imported_lists_of_one_title_are_refused_in_words(admin_client):
    publisher = make_publisher()
    make_list("Most Read", publisher=publisher, managed_by="import")
    other = make_list("Other", publisher=publisher, managed_by="import")
    assert "Imports manage a list of this title" in _errors(submit(admin_client, _page(other), title="MOST read"))
    other.refresh_from_db()
    assert other.title == "Other"


@pytest.mark.parametrize(("query", "found"), [("waiting=yes", ["Waits"]), ("kind__exact=quotes", ["Words"])])
def test_lists_are_filtered(query, found, admin_client):
    make_article("Here")
    make_list("Waits", headlines=("Nowhere",))
    make_list("Full", headlines=("Here",))
    make_list("Words", kind="quotes")
    page = admin_client.get(f"{reverse('admin:articles_curatedlist_changelist')}?{query}")
    assert [row.title for row in page.context["cl"].result_list] == found


# topics


def test_a_topic_gets_a_slug_of_its_own(admin_client):
    make_topic("Sea wall")
    assert submit(admin_client, reverse("admin:articles_topic_add"), name="Sea-wall!").status_code == 302
    assert len(set(Topic.objects.values_list("slug", flat=True))) == 2


def test_topics_that_differ_in_case_only_are_refused(admin_client):
    make_topic("Shipping")
    assert "of this name already" in _errors(submit(admin_client, reverse("admin:articles_topic_add"), name="SHIPPING"))


def test_a_topic_others_are_merged_into_is_kept(admin_client):
    target = make_topic("Ships")
    Topic.objects.create(name="Boats", slug="boats", merged_into=target)
    response = admin_client.post(reverse("admin:articles_topic_delete", args=[target.pk]), {"post": "yes"})
    assert response.status_code == 200
    assert Topic.objects.count() == 2


def test_topic_list_counts_articles(admin_client):
    TaggedItem.objects.create(tag=make_topic("Ships"), content_object=make_article())
    make_topic("Nothing")
    rows = admin_client.get(reverse("admin:articles_topic_changelist")).content.decode()
    assert '<td class="field-articles">1</td>' in rows
    assert '<td class="field-articles">0</td>' in rows


# authors and publishers


@pytest.mark.parametrize("model", [Author, Publisher])
def test_names_get_slugs_and_keep_those_given(model, admin_client):
    add = reverse(f"admin:articles_{model._meta.model_name}_add")
    assert submit(admin_client, add, name="Żółty Kot").status_code == 302
    assert submit(admin_client, add, name="Żółty Kot 2", slug="own").status_code == 302
    assert set(model.objects.values_list("slug", flat=True)) == {"zolty-kot", "own"}


def test_a_publisher_with_articles_cannot_be_deleted(admin_client):
    publisher = make_publisher()
    make_article(publisher=publisher)
    response = admin_client.post(reverse("admin:articles_publisher_delete", args=[publisher.pk]), {"post": "yes"})
    assert response.status_code == 200
    assert Publisher.objects.exists()


@pytest.mark.parametrize("printed", [(), ("Three",), ("Three", "Four", "Five")])
def test_items_replaced_by_an_import_meanwhile_are_not_overwritten(printed, admin_client):
    made = make_list(headlines=("One", "Two"), managed_by="import")
    opened = admin_client.get(_page(made))
    made.items.all().delete()
    for position, headline in enumerate(printed):
        CuratedListItem.objects.create(list=made, position=position, headline=headline, headline_key=headline.lower())
    fields = {"items-0-headline": "Mine", "description": "Typed."}
    response = submit(admin_client, _page(made), opened=opened, **fields)
    assert "changed by somebody while you were writing" in response.content.decode()
    assert "Typed." in response.content.decode()
    assert "Mine" in response.content.decode()
    assert list(made.items.values_list("headline", flat=True)) == list(printed)
