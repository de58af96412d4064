"""Lists on the desk: their order, when they show, other headlines, what imports print beside them, items by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.models import CuratedList, CuratedListItem
from quotes.models import CuratedQuote
from tests.adminpages import fields_of, submit
from tests.factories import make_article, make_list, make_publisher, make_quote

pytestmark = pytest.mark.django_db


def page_of(obj) -> str:
    return reverse(f"admin:articles_{obj._meta.model_name}_change", args=[obj.pk])


def order(curated: CuratedList) -> str:
    return "".join(curated.items.order_by("position").values_list("headline", flat=True))


@pytest.mark.parametrize(
    ("positions", "expected"),
    [
        ({"items-3-position": "1"}, "DABC"),
        ({"items-0-position": "3"}, "BCAD"),
        ({"items-1-position": ""}, "ACDB"),
        ({"items-0-position": "4", "items-1-position": "3", "items-2-position": "2", "items-3-position": "1"}, "DCBA"),
    ],
)
def test_numbers_put_items_where_they_say(positions, expected, admin_client):
    curated = make_list()
    for number, headline in enumerate("ABCD", 1):
        CuratedListItem.objects.create(list=curated, position=number, headline=headline, headline_key=headline.lower())
    assert submit(admin_client, page_of(curated), **positions).status_code == 302
    assert order(curated) == expected
    assert list(curated.items.values_list("position", flat=True)) == [1, 2, 3, 4]


def test_a_new_item_goes_to_the_end(admin_client):
    curated = make_list(headlines=("A", "B"))
    submit(
        admin_client, page_of(curated), **{"items-TOTAL_FORMS": "3", "items-2-headline": "C", "items-2-position": ""}
    )
    assert order(curated) == "ABC"


def test_quotes_of_a_list_are_ordered_in_the_same_way(admin_client):
    curated = make_list(kind="quotes")
    for number in (1, 2):
        CuratedQuote.objects.create(list=curated, position=number, quote=make_quote(f"Words {number}"))
    submit(admin_client, page_of(curated), **{"quote_items-1-position": "1"})
    rows = curated.quote_items.order_by("position").values_list("position", "quote__text")
    assert list(rows) == [(1, "Words 2"), (2, "Words 1")]


def test_rows_can_be_dragged_and_their_numbers_stay_in_sight(admin_client):
    html = admin_client.get(page_of(make_list(headlines=("A",)))).content.decode()
    assert " sortable" in html
    assert 'type="number" name="items-0-position"' in html
    assert "adminsortable2/js/adminsortable2" in html


@pytest.mark.parametrize(
    ("appears", "goes", "public"), [(None, None, True), (-1, 1, True), (1, None, False), (-2, -1, False)]
)
def test_a_list_comes_and_goes_by_the_clock(appears, goes, public, admin_client, client):
    now = timezone.now()
    moments = {
        name: now + timedelta(hours=hours)
        for name, hours in (("appears_at", appears), ("until", goes))
        if hours is not None
    }
    curated = make_list("Weekend Reads", headlines=("A",), **moments)
    assert curated.is_public is public
    assert client.get(curated.get_absolute_url()).status_code == (200 if public else 404)
    assert (b"Weekend Reads" in client.get("/").content) is public
    assert ("viewsitelink" in admin_client.get(page_of(curated)).content.decode()) is public


def test_a_list_cannot_go_before_it_comes(admin_client):
    fields = {"appears_at_0": "2077-01-02", "appears_at_1": "00:00", "until_0": "2077-01-01", "until_1": "00:00"}
    refused = submit(admin_client, page_of(make_list()), **fields)
    assert "It has to disappear after it appears." in refused.content.decode()


def test_readers_see_the_headline_that_editors_put_in_place_of_the_printed_one(admin_client, client):
    curated = make_list(headlines=("PRINTED IN CAPITALS", "Other"))
    submit(admin_client, page_of(curated), **{"items-0-headline_shown": "In plain letters"})
    html = client.get(curated.get_absolute_url()).content.decode()
    assert "In plain letters" in html
    assert "PRINTED IN CAPITALS" not in html
    assert "Other" in html


# what imports print


def test_what_was_printed_stands_beside_what_editors_chose_and_is_taken_by_a_tick(admin_client):
    make_list("Most read", headlines=("Older",), managed_by="import", publisher=make_publisher("Elsewhere"))
    printed = make_list("MOST READ", headlines=("Tram opens", "Pier shut", "Here"), managed_by="import",
                        as_of=timezone.now())  # fmt: skip
    curated = make_list("Most read", headlines=("Here",))
    opened = admin_client.get(page_of(curated))
    html = opened.content.decode()
    assert "Tram opens" in html
    assert "Older" not in html
    assert html.count('name="take"') == 2
    chosen = printed.items.get(headline="Pier shut")
    submit(admin_client, page_of(curated), opened=opened, take=[chosen.pk])
    assert order(curated) == "HerePier shut"


def test_only_what_was_shown_can_be_taken(admin_client):
    secret = make_list("Secret", headlines=("Not of this list",), managed_by="import")
    make_list("Most read", headlines=("A",), managed_by="import")
    curated = make_list("Most read")
    submit(admin_client, page_of(curated), take=[secret.items.get().pk, "x"])
    assert order(curated) == ""


@pytest.mark.parametrize("publisher", [None, "Courier"])
def test_a_list_is_not_given_back_to_imports_that_have_another(publisher, admin_client):
    house = make_publisher(publisher) if publisher else None
    make_list("Most read", managed_by="import", publisher=house)
    curated = make_list("Most read", headlines=("A",), publisher=house)
    html = submit(admin_client, page_of(curated), managed_by="import").content.decode()
    assert "Delete that one first, if they are to manage this one." in html
    curated.refresh_from_db()
    assert curated.managed_by == "editors"


def test_lists_that_imports_manage_propose_nothing(admin_client):
    curated = make_list("Most read", managed_by="import", headlines=("A",))
    assert "As printed<" not in admin_client.get(page_of(curated)).content.decode()


# items by hand


def test_an_item_that_fits_several_articles_is_settled_by_a_choice(admin_client):
    one, two = (make_article("Tram opens", publisher=make_publisher(name)) for name in ("The Post", "The Mail"))
    item = make_list(headlines=("Tram opens",)).items.get()
    assert item.state == "ambiguous"
    html = admin_client.get(page_of(item)).content.decode()
    assert "Tram opens · The Post" in html
    assert submit(admin_client, page_of(item), fitting=two.pk).status_code == 302
    item.refresh_from_db()
    assert (item.article, item.state) == (two, "resolved")
    assert "fitting" not in fields_of(admin_client.get(page_of(item)))
    assert one != two


def test_an_item_that_nothing_comes_near_is_not_asked_what_it_may_be(admin_client):
    item = make_list(headlines=("Never printed here",)).items.get()
    assert "fitting" not in fields_of(admin_client.get(page_of(item)))
    assert "May be" not in admin_client.get(page_of(item)).content.decode()


def test_an_item_that_is_printed_otherwise_is_offered_what_comes_near(admin_client):
    near = make_article("New tram line opens on Monday")
    make_article("Pier shut")
    item = make_list(headlines=("Tram line opens",)).items.get()
    html = admin_client.get(page_of(item)).content.decode()
    assert f'value="{near.pk}"' in html
    assert "Pier shut" not in html
