"""The groups that come with the site: each may do its work, and no more."""

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from newsroom.groups import GROUPS, granted
from tests.adminpages import fields_of, member, submit
from tests.factories import make_article, make_quote

pytestmark = pytest.mark.django_db


def page(obj, name="change"):
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_{name}", args=[obj.pk])


@pytest.mark.parametrize("name", list(GROUPS))
def test_each_group_has_just_the_rights_of_the_table(name):
    have = Permission.objects.filter(group__name=name).values_list("content_type__app_label", "codename")
    assert set(have) == set(granted(name))


def test_a_reporter_writes_and_hands_over_and_touches_nothing_that_is_out():
    reporter = member("Reporter")
    draft, live = make_article(state="draft", published_at=None), make_article()
    submit(reporter, page(draft), headline="Slipway opens", _act="review")
    draft.refresh_from_db()
    assert (draft.headline, draft.state) == ("Slipway opens", "in_review")
    assert reporter.get(page(live)).status_code == 200
    assert reporter.post(page(live), {"headline": "Changed"}).status_code == 403
    assert reporter.post(page(draft, "delete"), {"post": "yes"}).status_code == 403
    assert reporter.get(page(make_quote())).context["has_change_permission"] is False


def test_an_editor_publishes_and_reviews_and_deletes_nothing():
    editor = member("Editor")
    article, quote = make_article(state="draft", published_at=None), make_quote()
    picked = {"action": "publish_selected", "_selected_action": [article.pk]}
    asked = editor.post(reverse("admin:articles_article_changelist"), picked)
    editor.post(reverse("admin:articles_article_changelist"), fields_of(asked))
    submit(editor, page(quote), review_state="verified")
    article.refresh_from_db()
    quote.refresh_from_db()
    assert (article.state, quote.review_state) == ("published", "verified")
    assert editor.post(page(article, "delete"), {"post": "yes"}).status_code == 403


def test_an_importer_sees_runs_and_articles_and_changes_neither():
    importer = member("Importer")
    assert importer.get(reverse("admin:newsroom_importrun_changelist")).status_code == 200
    assert importer.post(page(make_article()), {"headline": "Changed"}).status_code == 403


def test_a_chief_deletes_and_makes_accounts():
    chief = member("Chief")
    article = make_article()
    assert chief.post(page(article, "delete"), {"post": "yes"}).status_code == 302
    assert chief.get(reverse("admin:auth_user_add")).status_code == 200


def test_a_chief_makes_nobody_mightier_than_the_groups():
    chief = member("Chief")
    boss, colleague = User.objects.create_superuser("boss"), User.objects.create_user("colleague", is_staff=True)
    assert chief.post(page(boss), {"username": "taken over"}).status_code == 403
    assert chief.post(reverse("admin:auth_user_password_change", args=[boss.pk]), {}).status_code == 403
    submit(chief, page(colleague), is_superuser="on", first_name="Ines")
    colleague.refresh_from_db()
    assert (colleague.first_name, colleague.is_superuser) == ("Ines", False)
    assert chief.get(reverse("admin:admin_logentry_changelist")).context["cl"].result_list[0].object_repr == "colleague"
