"""From draft to public and back in the admin: what the buttons say, what they do, and what is said before."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles import history, store
from articles.admin.buttons import Plan
from articles.models import Article
from tests.adminpages import submit
from tests.factories import PUBLISHED_AT, make_article, make_quote, make_speaker

pytestmark = pytest.mark.django_db
LATER = datetime(2077, 11, 22, 7, 0, tzinfo=UTC)  # a Monday


def page_of(article: Article, name: str = "change") -> str:
    return reverse(f"admin:articles_article_{name}", args=[article.pk])


def draft(**fields) -> Article:
    return make_article(**({"state": "draft", "published_at": None, "standfirst": "All aboard."} | fields))


def labels(state: str, at=None, *, may_publish: bool = True, stored_at=None, precision: str = "time") -> list[str]:
    plan = Plan(state, at, precision, may_publish, stored_at)
    return [f"{'*' if button.primary else ''}{button.label}" for button in plan.buttons()]


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (labels("draft"), ["Save draft", "Hand over for review", "*Publish now"]),
        (labels("draft", may_publish=False), ["Save draft", "*Hand over for review"]),
        (labels("in_review", may_publish=False), ["*Save, still in review", "Back to draft"]),
        (labels("in_review"), ["Save, still in review", "Back to draft", "*Publish now"]),
        (labels("draft", PUBLISHED_AT, precision="unknown")[-1:], ["*Publish now"]),
        (labels("withdrawn", PUBLISHED_AT, precision="unknown"), ["Save, still withdrawn", "*Publish again"]),
        (labels("published", PUBLISHED_AT, stored_at=PUBLISHED_AT), ["*Save changes to the live article"]),
    ],
)
def test_one_button_of_each_page_is_the_next_step(shown, expected):
    assert shown == expected


def test_buttons_say_when_on_the_clock_of_the_desk(settings):
    settings.TIME_ZONE = "Europe/Kyiv"
    timezone.get_default_timezone.cache_clear()
    try:
        assert labels("draft", LATER)[-1] == "*Schedule for Mon 22 Nov 2077 09:00 Kyiv"
        assert labels("draft", PUBLISHED_AT, precision="day")[-1].startswith("*Publish now, dated Mon 5 Oct")
        assert labels("published", LATER, stored_at=LATER)[0] == "*Save, to appear Mon 22 Nov 2077 09:00 Kyiv"
        assert labels("published", LATER, stored_at=LATER)[1:] == ["Publish now", "Back to draft"]
        off = "*Save, and take it off the site until Mon 22 Nov 2077 09:00 Kyiv"
        assert labels("published", LATER, stored_at=PUBLISHED_AT) == [off]
    finally:
        settings.TIME_ZONE = "UTC"
        timezone.get_default_timezone.cache_clear()


def test_dates_are_typed_with_their_time_zone_beside_them(admin_client):
    assert "Time zone: UTC." in admin_client.get(page_of(draft())).content.decode()


def test_publishing_now_is_one_press_and_is_logged(admin_client, admin_user):
    article = draft()
    response = submit(admin_client, page_of(article), headline="Tram opens", _act="publish:now")
    assert response["Location"] == reverse("admin:articles_article_changelist")
    article.refresh_from_db()
    assert (article.state, article.headline, article.last_editor) == ("published", "Tram opens", admin_user)
    assert Article.objects.published().exists()
    assert "state, to published" in LogEntry.objects.get().get_change_message()


def test_scheduling_says_when_it_appears(admin_client):
    article = draft()
    fields = {"published_at_0": "2077-11-22", "published_at_1": "07:00", "_act": "publish:2077-11-22T07:00"}
    response = submit(admin_client, page_of(article), **fields)
    assert "it appears on Mon 22 Nov 2077 07:00 UTC" in admin_client.get(response["Location"]).content.decode()
    assert list(Article.objects.scheduled()) == [article]


@pytest.mark.parametrize(
    ("state", "act"), [("draft", "publish:now"), ("draft", "publish:2077-11-22T08:00"), ("published", "save:now")]
)
def test_a_button_does_not_do_what_it_did_not_say(state, act, admin_client):
    article = make_article(state=state, standfirst="All aboard.")
    fields = {"published_at_0": "2077-11-22", "published_at_1": "07:00"}
    refused = submit(admin_client, page_of(article), _act=act, headline="Typed", **fields)
    assert refused.status_code == 200
    shown = refused.content.decode()
    assert 'value="Typed"' in shown
    assert "With this date the button does something else" in shown
    told = next(button for button in refused.context["buttons"] if button.primary)
    assert "Mon 22 Nov 2077 07:00 UTC" in told.label
    assert submit(admin_client, page_of(article), opened=refused, _act=told.value, **fields).status_code == 302
    assert list(Article.objects.scheduled()) == [article]


def test_what_is_scheduled_is_published_at_once_or_taken_back(admin_client):
    article, other = make_article(published_at=LATER), make_article(published_at=LATER)
    submit(admin_client, page_of(article), _act="now")
    submit(admin_client, page_of(other), _act="draft")
    article.refresh_from_db()
    other.refresh_from_db()
    assert timezone.now() - article.published_at < timedelta(minutes=1)
    assert other.state == "draft"


@pytest.mark.parametrize("act", ["save:now", "now"])
def test_what_is_scheduled_comes_out_now_when_its_date_is_taken_away(act, admin_client):
    article = draft(state="published", published_at=LATER)
    cleared = {"published_at_0": "", "published_at_1": ""}
    assert submit(admin_client, page_of(article), _act=act, **cleared).status_code == 302
    article.refresh_from_db()
    assert article.state == "published"
    assert article.published_at <= timezone.now()


def test_what_is_scheduled_goes_back_to_draft_without_a_date(admin_client):
    article = draft(state="published", published_at=LATER)
    submit(admin_client, page_of(article), _act="draft", published_at_0="", published_at_1="")
    article.refresh_from_db()
    assert (article.state, article.published_at) == ("draft", None)


def test_a_live_article_needs_its_date(admin_client):
    refused = submit(admin_client, page_of(make_article()), published_at_0="", published_at_1="")
    assert "needs the date when it appears" in refused.content.decode()


# before publishing


def test_concerns_are_shown_before_and_do_not_block(admin_client):
    article = draft(standfirst="", body='"We left at dawn." Mara Quill said.')
    make_quote("We left at dawn.", article=article)
    make_quote("Nobody said this.", article=article, start=None, end=None)
    opened = admin_client.get(page_of(article))
    assert opened.context["concerns"] == [
        "The standfirst is empty: cards show the beginning of the text instead.",
        "2 quotes have not been reviewed.",
        "1 quote does not stand in the text any more.",
    ]
    assert "Publish now anyway" in opened.content.decode()
    submit(admin_client, page_of(article), opened=opened, _act="publish:now")
    article.refresh_from_db()
    assert article.state == "published"


def test_a_live_article_says_what_an_edit_loses(admin_client):
    article = make_article(standfirst="A boat.", body='"We left at dawn." Mara Quill said.')
    make_quote("We left at dawn.", article=article)
    saved = admin_client.get(submit(admin_client, page_of(article), body="They left.", _act="save:").url)
    said = [str(message) for message in saved.context["messages"]]
    assert "With this change: 1 quote does not stand in the text any more." in said
    assert not [words for words in said if "reviewed" in words]


def test_concerns_that_nobody_was_shown_stop_it_once_and_lose_nothing(admin_client):
    article = draft(body='"We left at dawn." Mara Quill said.')
    make_quote("We left at dawn.", article=article, review_state="verified")
    held = submit(admin_client, page_of(article), body="Another text.", _act="publish:now")
    assert held["Location"] == f"{page_of(article)}#concerns"
    article.refresh_from_db()
    assert (article.state, article.body) == ("draft", "Another text.")
    opened = admin_client.get(held["Location"])
    assert "Saved, and not published yet" in opened.content.decode()
    submit(admin_client, page_of(article), opened=opened, _act="publish:now")
    article.refresh_from_db()
    assert article.state == "published"


def test_an_import_without_a_date_is_known_for_it(admin_client):
    article = draft(published_at=PUBLISHED_AT, published_precision="unknown")
    assert "No date is known" in admin_client.get(page_of(article)).content.decode()


def test_a_new_article_is_published_in_one_go(admin_client):
    fields = {"headline": "Tram opens", "standfirst": "At last.", "body": "It runs.", "_act": "publish:now"}
    assert submit(admin_client, reverse("admin:articles_article_add"), **fields).status_code == 302
    assert Article.objects.published().get().headline == "Tram opens"


# withdrawing and renaming


def test_withdrawing_tells_readers_why(admin_client, client):
    article = make_article()
    assert "Leave it on the site" in admin_client.get(page_of(article, "withdraw")).content.decode()
    admin_client.post(page_of(article, "withdraw"), {"because": "The figures were those of another year."})
    gone = client.get(article.get_absolute_url())
    assert gone.status_code == 410
    assert "The figures were those of another year." in gone.content.decode()
    assert "Withdrawn" in LogEntry.objects.get().get_change_message()


def test_before_withdrawing_the_desk_is_told_which_words_stay(admin_client):
    article, speaker = make_article(), make_speaker("Mara Quill")
    words = "The pier was never safe, and everybody in the harbour office knew it."
    make_quote(words, article=article, speaker=speaker)
    page = admin_client.get(page_of(article, "withdraw")).content.decode()
    assert "stay on the site" not in page
    teaser = make_quote("The pier was never safe, and everybody", alone=True, speaker=speaker)
    printed = make_quote(words, article=make_article("Harbour office in the dock"))
    make_quote("We sail at noon.", alone=True, speaker=speaker)
    make_quote(words, article=make_article(state="draft"))
    page = admin_client.get(page_of(article, "withdraw")).content.decode()
    linked = set(re.findall(r"/admin/quotes/quote/(\d+)/change/", page))
    assert linked == {str(teaser.pk), str(printed.pk)}
    assert "by itself, from an archived page" in page
    assert "in Harbour office in the dock" in page


@pytest.mark.parametrize("rights", [("change_article",), ("publish_article", "view_article")])
def test_withdrawing_needs_the_right_to_publish_and_to_change(rights):
    article = make_article()
    user = User.objects.create_user("half", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client = Client()
    client.force_login(user)
    assert client.post(page_of(article, "withdraw"), {"because": "No."}).status_code == 403
    assert Article.objects.published().exists()


def test_a_new_address_is_announced_and_the_old_one_leads_to_it(admin_client, client):
    article = make_article(slug="old-name")
    assert "the old address will lead here" in admin_client.get(page_of(article)).content.decode()
    response = submit(admin_client, page_of(article), slug="new-name", _act="save:now")
    assert "Its old address /articles/old-name/ leads to the new one" in admin_client.get(response.url).content.decode()
    assert client.get("/articles/old-name/")["Location"] == "/articles/new-name/"


def test_no_old_address_is_announced_of_what_nobody_could_read_yet(admin_client):
    article = make_article(slug="old-name", published_at=LATER)
    page = admin_client.get(page_of(article))
    assert "the old address will lead here" not in page.content.decode()
    response = submit(admin_client, page_of(article), slug="new-name", _act=page.context["buttons"][0].value)
    shown = admin_client.get(response.url).content.decode()
    assert "Scheduled" in shown
    assert "old address" not in shown


def test_an_address_that_leads_elsewhere_is_not_taken_from_it(admin_client, client):
    live = make_article("Tram opens", slug="old-name")
    submit(admin_client, page_of(live), slug="new-name", _act="save:now")
    other = draft()
    refused = submit(admin_client, page_of(other), slug="old-name", _act="save")
    assert "This is an old address of “Tram opens”, and leads there." in refused.content.decode()
    assert client.get("/articles/old-name/")["Location"] == "/articles/new-name/"
    assert submit(admin_client, page_of(live), slug="old-name", _act="save:now").status_code == 302


def test_a_stale_form_without_a_date_shows_both_versions_of_what_is_out_by_now(admin_client):
    article = draft()
    opened = admin_client.get(page_of(article))
    submit(admin_client, page_of(article), _act="publish:now")
    answer = submit(admin_client, page_of(article), opened=opened, headline="Mine", _act="save")
    assert answer.status_code == 200
    assert "Mine" in answer.content.decode()


@pytest.mark.parametrize("at", [PUBLISHED_AT, LATER])
def test_what_is_out_or_scheduled_says_what_to_look_at_too(at, admin_client):
    article = draft(state="published", published_at=at, standfirst="")
    shown = admin_client.get(page_of(article)).content.decode()
    assert "As it is published:" in shown
    assert "The standfirst is empty" in shown


def test_a_note_for_the_desk_is_seen_before_publishing_and_never_by_readers(admin_client, client):
    article = draft(headline="Slipway stays shut")
    submit(admin_client, page_of(article), desk_note="Ask the harbour master again.")
    assert "Note for the desk: Ask the harbour master again." in admin_client.get(page_of(article)).content.decode()
    store.publish(Article.objects.filter(pk=article.pk), editor=None)
    article.refresh_from_db()
    for address in (article.get_absolute_url(), "/", "/articles/feed.json", "/api/v1/articles", "/search/?q=harbour"):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert b"harbour master" not in answer.content, address
    first = history.versions_of(article).last()
    assert "Note for the desk" in admin_client.get(page_of(article, "compare"), {"old": first.pk}).content.decode()
