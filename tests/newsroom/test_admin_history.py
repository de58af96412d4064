"""Who changed what and when; two versions side by side; the way back, which is recorded, too."""

import pytest
from django.contrib.auth.models import Permission, User
from django.db import transaction
from django.test import Client
from django.urls import reverse
from reversion.models import Version

from articles import history
from articles.models import Article, CuratedList
from quotes.models import Speaker, SpeakerName
from tests.adminpages import submit
from tests.factories import make_article, make_list, make_quote, make_speaker

pytestmark = pytest.mark.django_db


def page(obj, name):
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_{name}", args=[obj.pk])


def restore(client, obj, version):
    newest = history.versions_of(obj).first()
    data = {"version": version.pk, "newest": newest.pk}
    return client.post(page(obj, "restore"), data, follow=True)


@pytest.fixture
def edited(admin_client):
    """An imported article whose headline an editor has changed."""
    article = make_article("Slipway stays shut", standfirst="Boats wait.", topics=("Slipways",))
    submit(admin_client, page(article, "change"), headline="Slipway opens after all")
    article.refresh_from_db()
    return article


def test_the_state_before_the_first_change_is_kept_beside_the_change(edited):
    new, old = history.versions_of(edited)
    assert history.snapshot(old).values["headline"] == "Slipway stays shut"
    assert history.snapshot(new).values["headline"] == "Slipway opens after all"
    assert (old.revision.user, new.revision.user.username) == (None, "admin")
    assert "Headline" in new.revision.get_comment()


def test_what_an_import_changed_between_two_edits_is_kept_before_the_second(edited, admin_client):
    Article.objects.filter(pk=edited.pk).update(standfirst="Boats wait again.")
    submit(admin_client, page(edited, "change"), byline="Tess Arden")
    assert [version.revision.user is None for version in history.versions_of(edited)] == [False, True, False, True]


def test_the_history_lists_versions_and_compares_them_word_by_word(edited, admin_client):
    listed = admin_client.get(page(edited, "history")).content.decode()
    assert listed.count('name="old"') == 2
    old = history.versions_of(edited).last()
    shown = admin_client.get(page(edited, "compare"), {"old": old.pk, "new": "now"}).content.decode()
    assert "<del> stays shut</del><ins> opens after all</ins>" in shown


def test_going_back_restores_exactly_and_is_recorded(edited, admin_client):
    old = history.versions_of(edited).last()
    before = history.snapshot(old)
    edited.tagged_items.all().delete()
    assert "Restored the version" in restore(admin_client, edited, old).content.decode()
    edited.refresh_from_db()
    assert history.present(edited) == before
    assert [topic.name for topic in edited.topics.all()] == ["Slipways"]
    assert "Restored the version" in history.versions_of(edited).first().revision.get_comment()
    assert list(Article.objects.search("shut")) == [edited]


def test_going_back_publishes_nothing(edited, admin_client):
    admin_client.post(page(edited, "withdraw"), {"because": ""})
    published = history.versions_of(edited).last()
    restore(admin_client, edited, published)
    edited.refresh_from_db()
    assert (edited.headline, edited.state) == ("Slipway stays shut", "withdrawn")


def test_names_of_a_speaker_and_items_of_a_list_come_back(admin_client):
    speaker, curated = make_speaker("Ines Harrow"), make_list("Most read", headlines=("One", "Two"))
    SpeakerName.objects.create(speaker=speaker, name="I. Harrow", key="i harrow")
    submit(admin_client, page(speaker, "change"), description="Pilot.")
    submit(admin_client, page(curated, "change"), description="Of the week.")
    speaker.names.filter(key="i harrow").delete()
    curated.items.all().delete()
    for obj in (speaker, curated):
        restore(admin_client, obj, history.versions_of(obj).first())
    assert {name.name for name in Speaker.objects.get().names.all()} == {"Ines Harrow", "I. Harrow"}
    assert [item.headline for item in CuratedList.objects.get().items.all()] == ["One", "Two"]


def test_actions_on_many_are_recorded_and_can_be_taken_back(admin_client):
    quote = make_quote(speaker=make_speaker("Ines Harrow"))
    data = {"action": "reject_selected", "_selected_action": [quote.pk]}
    admin_client.post(reverse("admin:quotes_quote_changelist"), data)
    quote.refresh_from_db()
    assert quote.review_state == "rejected"
    restore(admin_client, quote, history.versions_of(quote).last())
    quote.refresh_from_db()
    assert quote.review_state == "unreviewed"


def test_a_version_that_refers_to_something_deleted_says_so_and_changes_nothing(admin_client):
    from articles.store import authors_named

    article = make_article()
    author = authors_named(["Tess Arden"])[0]
    article.authors.add(author)
    submit(admin_client, page(article, "change"), byline="Tess Arden")
    author.delete()
    answer = restore(admin_client, article, history.versions_of(article).first()).content.decode()
    assert "Nothing was restored" in answer and "not there any more" in answer


def test_a_version_from_before_a_field_existed_leaves_the_field_alone_and_says_so(edited, admin_client):
    old = history.versions_of(edited).last()
    # As a version looks that was made before a migration renamed the field.
    Version.objects.filter(pk=old.pk).update(serialized_data=old.serialized_data.replace('"byline"', '"signed_by"'))
    Article.objects.filter(pk=edited.pk).update(byline="Tess Arden")
    compared = admin_client.get(page(edited, "compare"), {"old": old.pk}).content.decode()
    answer = restore(admin_client, edited, Version.objects.get(pk=old.pk)).content.decode()
    edited.refresh_from_db()
    assert (edited.headline, edited.byline) == ("Slipway stays shut", "Tess Arden")
    for shown in (compared, answer):
        assert "It is from before there was: byline. That stays as it is." in shown
        assert "It also held what is not kept any more: signed by." in shown


def test_a_version_of_todays_fields_has_nothing_to_explain(edited, admin_client):
    old = history.versions_of(edited).last()
    assert history.unsaid(old) == ""
    assert "from before" not in admin_client.get(page(edited, "compare"), {"old": old.pk}).content.decode()


@pytest.mark.parametrize("make", [make_article, make_speaker, make_list, make_quote])
def test_versions_of_every_kind_survive_fields_that_come_and_go(make, admin_client):
    row = make()
    history.record([row], editor=None, comment="")
    for name in history._tracked[type(row)].fields:
        version = history.versions_of(row).last()
        Version.objects.filter(pk=version.pk).update(
            serialized_data=version.serialized_data.replace(f'"{name}":', f'"old_{name}":')
        )
        version.refresh_from_db()
        assert admin_client.get(page(row, "compare"), {"old": version.pk}).status_code == 200
        with transaction.atomic():
            assert restore(admin_client, row, version).status_code == 200
            transaction.set_rollback(True)


def test_going_back_is_refused_when_somebody_saved_meanwhile(edited, admin_client):
    old = history.versions_of(edited).last()
    answer = admin_client.post(page(edited, "restore"), {"version": old.pk, "newest": old.pk}, follow=True)
    assert "Nothing was restored" in answer.content.decode()
    edited.refresh_from_db()
    assert edited.headline == "Slipway opens after all"


def test_whoever_may_only_look_sees_the_versions_and_cannot_go_back(edited):
    viewer = User.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_article"))
    client = Client()
    client.force_login(viewer)
    old = history.versions_of(edited).last()
    assert "Restore the version" not in client.get(page(edited, "compare"), {"old": old.pk}).content.decode()
    assert client.post(page(edited, "restore"), {"version": old.pk, "newest": "0"}).status_code == 403


@pytest.mark.parametrize("odd", ["0", "x", "9" * 40, "-1"])
def test_odd_numbers_of_versions_are_not_found(odd, edited, admin_client):
    assert admin_client.get(page(edited, "compare"), {"old": odd}).status_code == 404
