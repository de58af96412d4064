"""Two editors at one form, and forms that outlive the session: nothing typed is lost, nobody is surprised."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from articles import presence, store
from articles.admin.base import NewsroomAdmin
from articles.admin.forms import PlainWordsForm
from articles.models import Article, CuratedListItem, Deletion, OpenForm
from tests.adminpages import fields_of, submit
from tests.factories import make_article, make_list, make_quote, make_speaker, make_topic

pytestmark = pytest.mark.django_db


def page_of(obj, name: str = "change") -> str:
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_{name}", args=[obj.pk])


def editor(name: str = "ines", **fields) -> tuple[Client, User]:
    user = User.objects.create_superuser(name, password="pass word", **fields)
    client = Client()
    client.force_login(user)
    return client, user


def log_in(client: Client, address: str, name: str = "ines"):
    return client.post(address, {"username": name, "password": "pass word", "next": address.partition("next=")[2]})


# two at once


@pytest.mark.parametrize(
    ("make", "field", "others"),
    [
        (make_speaker, "description", "description"),
        (make_quote, "role", "review_note"),
        (make_list, "description", "description"),
        (make_topic, "description", "description"),
    ],
)
def test_a_stale_save_is_refused_with_both_versions(make, field, others, admin_client):
    obj = make()
    opened = admin_client.get(page_of(obj))
    submit(admin_client, page_of(obj), **{others: "By the first."})
    refused = submit(admin_client, page_of(obj), opened=opened, **{field: "By the second.", others: "By the second."})
    html = refused.content.decode()
    assert "was changed by admin while you were writing" in html
    assert "<del> first.</del>" in html
    assert "<ins> second.</ins>" in html
    assert fields_of(refused)[field] == ["By the second."]
    obj.refresh_from_db()
    assert getattr(obj, others) == "By the first."
    assert submit(admin_client, page_of(obj), opened=refused).status_code == 302
    obj.refresh_from_db()
    assert getattr(obj, field) == "By the second."


@pytest.fixture
def clash(admin_client):
    """A form that was refused: both changed the body, only the other the headline, only its writer the standfirst."""
    article = make_article("Pier opens", body="One line.", standfirst="A pier.", state="draft")
    opened = admin_client.get(page_of(article))
    submit(admin_client, page_of(article), headline="Pier reopens", body="One line of theirs.", _act="save")
    mine = {"body": "One line of mine.", "standfirst": "A long pier.", "_act": "save"}
    return article, submit(admin_client, page_of(article), opened=opened, **mine)


def test_a_refused_save_asks_field_by_field_and_suggests_what_nobody_else_touched(clash, admin_client):
    article, refused = clash
    conflicts = {conflict.name: conflict for conflict in refused.context["adminform"].form.conflicts}
    assert {name: (one.who, one.take) for name, one in conflicts.items()} == {
        "headline": ("they", "theirs"), "body": ("both", "mine"), "standfirst": ("you", "mine"),
    }  # fmt: skip
    assert conflicts["body"].theirs == "<span>One line of</span><del> theirs.</del>"
    assert conflicts["body"].yours == "<span>One line of</span><ins> mine.</ins>"
    assert fields_of(refused)["body"] == ["One line of mine."]
    submit(admin_client, page_of(article), opened=refused, _act="save")
    article.refresh_from_db()
    assert (article.headline, article.body, article.standfirst) == ("Pier reopens", "One line of mine.", "A long pier.")


def test_each_field_goes_as_it_was_chosen(clash, admin_client):
    article, refused = clash
    chosen = {"_take-headline": "mine", "_take-body": "theirs", "_take-standfirst": "mine", "_act": "save"}
    submit(admin_client, page_of(article), opened=refused, **chosen)
    article.refresh_from_db()
    assert (article.headline, article.body, article.standfirst) == ("Pier opens", "One line of theirs.", "A long pier.")


def test_a_choice_is_kept_when_the_form_has_another_fault(clash, admin_client):
    article, refused = clash
    chosen = {"_take-headline": "mine", "_take-body": "theirs", "_act": "save"}
    faulty = submit(admin_client, page_of(article), opened=refused, **chosen, source_url="javascript:x")
    assert faulty.status_code == 200
    assert fields_of(faulty)["_take-body"] == ["theirs"]
    submit(admin_client, page_of(article), opened=faulty, source_url="", _act="save")
    article.refresh_from_db()
    assert article.body == "One line of theirs."


def test_topics_and_speakers_can_be_chosen_too(admin_client):
    quote = make_quote(speaker=make_speaker("Ada Moor"))
    opened = admin_client.get(page_of(quote))
    submit(admin_client, page_of(quote), speaker=make_speaker("Tess Arden").pk, topics=[make_topic("Tides").pk])
    refused = submit(admin_client, page_of(quote), opened=opened, topics=[make_topic("Winds").pk])
    shown = {one.name: (one.who, one.take) for one in refused.context["adminform"].form.conflicts}
    assert shown == {"speaker": ("they", "theirs"), "topics": ("both", "mine")}
    submit(admin_client, page_of(quote), opened=refused, **{"_take-topics": "theirs"})
    quote.refresh_from_db()
    assert quote.speaker.name == "Tess Arden"
    assert [topic.name for topic in quote.topics.all()] == ["Tides"]


def test_an_item_changed_meanwhile_counts_for_its_list(admin_client):
    curated = make_list(headlines=("One", "Two"))
    opened = admin_client.get(page_of(curated))
    item = CuratedListItem.objects.first()
    submit(admin_client, page_of(item), headline="One, corrected")
    refused = submit(admin_client, page_of(curated), opened=opened)
    assert "while you were writing" in refused.content.decode()


def headlines(curated) -> list[str]:
    return list(curated.items.values_list("headline", flat=True))


def row_conflict(refused):
    return next(one for one in refused.context["adminform"].form.conflicts if one.name in ("items", "quote_items"))


@pytest.fixture
def moved(admin_client):
    """A list whose last item somebody moved to the front while another had its form open."""
    curated = make_list(headlines=("One", "Two", "Three", "Four"))
    store.renumber(curated.items.all())
    opened = admin_client.get(page_of(curated))
    submit(admin_client, page_of(curated), **{"items-3-position": "1"})
    assert headlines(curated) == ["Four", "One", "Two", "Three"]
    return curated, opened


def test_an_order_that_only_the_other_changed_is_shown_and_kept(moved, admin_client):
    curated, opened = moved
    refused = submit(admin_client, page_of(curated), opened=opened, description="Of the harbour.")
    conflict = row_conflict(refused)
    assert (conflict.who, conflict.take, conflict.label) == ("they", "theirs", "List items and their order")
    assert "Four" in conflict.theirs
    assert "<del>" in conflict.theirs
    submit(admin_client, page_of(curated), opened=refused)
    curated.refresh_from_db()
    assert (curated.description, headlines(curated)) == ("Of the harbour.", ["Four", "One", "Two", "Three"])


@pytest.mark.parametrize(
    ("take", "left"), [("theirs", ["Four", "One", "Two", "Three"]), ("mine", ["Three", "One", "Two", "Four"])]
)
def test_of_two_orders_the_chosen_one_stays(take, left, moved, admin_client):
    curated, opened = moved
    refused = submit(admin_client, page_of(curated), opened=opened, **{"items-2-position": "1"})
    assert row_conflict(refused).who == "both"
    assert headlines(curated) == ["Four", "One", "Two", "Three"]
    assert submit(admin_client, page_of(curated), opened=refused, **{"_take-items": take}).status_code == 302
    assert headlines(curated) == left


@pytest.mark.parametrize(
    ("take", "left"), [("theirs", ["Three", "Five"]), ("mine", ["One", "Two, corrected", "Three"])]
)
def test_rows_that_were_deleted_or_added_meanwhile_are_no_dead_end(take, left, admin_client):
    curated = make_list(headlines=("One", "Two", "Three"))
    opened = admin_client.get(page_of(curated))
    added = {"items-TOTAL_FORMS": "4", "items-3-headline": "Five", "items-3-position": "9"}
    submit(admin_client, page_of(curated), **{"items-0-DELETE": "on", "items-1-DELETE": "on"}, **added)
    assert headlines(curated) == ["Three", "Five"]
    refused = submit(admin_client, page_of(curated), opened=opened, **{"items-1-headline": "Two, corrected"})
    html = refused.content.decode()
    assert "Open the page anew" not in html
    assert "Five" in row_conflict(refused).theirs
    assert "Two, corrected" in row_conflict(refused).yours.replace("</ins>", "").replace("<ins>", "")
    assert submit(admin_client, page_of(curated), opened=refused, **{"_take-items": take}).status_code == 302
    assert headlines(curated) == left


def test_a_choice_of_rows_is_kept_when_the_form_has_another_fault(moved, admin_client):
    curated, opened = moved
    refused = submit(admin_client, page_of(curated), opened=opened, description="Of the harbour.")
    faulty = submit(admin_client, page_of(curated), opened=refused, title="")
    assert fields_of(faulty)["_take-items"] == ["theirs"]
    assert submit(admin_client, page_of(curated), opened=faulty, title="Reads").status_code == 302
    assert headlines(curated) == ["Four", "One", "Two", "Three"]


def test_quotes_of_a_list_that_were_written_anew_meanwhile_are_the_same_rows(admin_client):
    curated = make_list(kind="quotes")
    quotes = [make_quote(text=f"Word {number}.") for number in range(3)]
    rows = [curated.quote_items.create(quote=quote, position=number) for number, quote in enumerate(quotes, 1)]
    opened = admin_client.get(page_of(curated))
    curated.quote_items.filter(pk__in=[rows[0].pk, rows[1].pk]).delete()
    curated.quote_items.create(quote=quotes[0], position=1)
    refused = submit(admin_client, page_of(curated), opened=opened, **{"quote_items-2-position": "1"})
    assert submit(admin_client, page_of(curated), opened=refused, **{"_take-quote_items": "mine"}).status_code == 302
    assert list(curated.quote_items.values_list("quote", flat=True)) == [quotes[n].pk for n in (2, 0, 1)]


def test_a_name_that_was_deleted_meanwhile_comes_back_if_that_is_chosen(admin_client):
    speaker = make_speaker("Ada Moor")
    speaker.names.create(name="A. Moor", key="a moor")
    opened = admin_client.get(page_of(speaker))
    speaker.names.get(name="A. Moor").delete()
    mine = {"description": "A skipper.", "names-TOTAL_FORMS": "3", "names-2-name": "Ada M.", "names-2-id": ""}
    refused = submit(admin_client, page_of(speaker), opened=opened, **mine)
    names = next(one for one in refused.context["adminform"].form.conflicts if one.name == "names")
    assert names.who == "both"
    assert submit(admin_client, page_of(speaker), opened=refused, **{"_take-names": "mine"}).status_code == 302
    assert set(speaker.names.values_list("name", flat=True)) == {"Ada Moor", "A. Moor", "Ada M."}


def test_whoever_opens_a_form_is_told_who_else_has_it_open(admin_client, admin_user):
    article = make_article()
    first, _ = editor(first_name="Ines", last_name="Harrow")
    assert "has this form open" not in first.get(page_of(article)).content.decode()
    assert "Ines Harrow has this form open, too (last seen now)" in admin_client.get(page_of(article)).content.decode()
    said = first.post(page_of(article, "presence")).json()["words"]
    assert said.startswith("admin has this form open")
    first.post(page_of(article, "presence"), {"left": "yes"})
    assert OpenForm.objects.get().editor == admin_user


def test_whoever_saved_or_left_long_ago_is_not_there_any_more(admin_client):
    article = make_article()
    first, _ = editor()
    submit(first, page_of(article), headline="Saved and gone", _act="save")
    assert not OpenForm.objects.exists()
    first.get(page_of(article))
    OpenForm.objects.update(seen_at=timezone.now() - presence.PRESENT - timedelta(seconds=1))
    assert "has this form open" not in admin_client.get(page_of(article)).content.decode()


def test_who_may_only_look_is_nobody_to_reckon_with():
    article = make_article()
    user = User.objects.create_user("looker", is_staff=True)
    from django.contrib.auth.models import Permission

    user.user_permissions.add(Permission.objects.get(codename="view_article"))
    looker = Client()
    looker.force_login(user)
    assert looker.get(page_of(article)).status_code == 200
    assert not OpenForm.objects.exists()


# after the session has ended


@pytest.mark.parametrize("make", [make_article, make_speaker, make_quote, make_list])
def test_what_was_typed_outlives_the_session(make):
    obj = make()
    client, _ = editor()
    fields = fields_of(client.get(page_of(obj)))
    text = "body" if make is make_article else "review_note" if make is make_quote else "description"
    fields[text] = ["A long evening’s work.\r\n\r\nSecond & third."]
    Session.objects.all().delete()
    sent_away = client.post(page_of(obj), fields | {"_act": "save"})
    assert "/admin/login/" in sent_away["Location"]
    assert "What you typed is kept" in client.get(sent_away["Location"]).content.decode()
    back = log_in(client, sent_away["Location"])
    shown = client.get(back["Location"])
    assert "What you typed then is below, and is not saved yet" in shown.content.decode()
    assert fields_of(shown)[text] == ["A long evening’s work.\r\n\r\nSecond & third."]
    obj.refresh_from_db()
    assert "evening" not in getattr(obj, text)
    assert submit(client, page_of(obj), opened=shown).status_code == 302
    obj.refresh_from_db()
    assert "evening" in getattr(obj, text)
    assert "not saved yet" not in client.get(page_of(obj)).content.decode()


@pytest.mark.parametrize("make", [make_article, make_list, make_speaker])
def test_what_was_typed_into_something_deleted_meanwhile_is_shown(make, admin_client):
    obj = make()
    text = "body" if make is make_article else "description"
    opened = admin_client.get(page_of(obj))
    admin_client.post(page_of(obj, "delete"), {"post": "yes"})
    sent = submit(
        admin_client, page_of(obj), opened=opened, **{text: "An evening’s work.\r\n<b>Second.", "_act": "save"}
    )
    html = sent.content.decode()
    assert sent.status_code == 404
    assert "admin deleted" in html
    assert "An evening’s work.\r\n&lt;b&gt;Second.</textarea>" in html
    assert reverse("admin:articles_deletion_change", args=[Deletion.objects.get().pk]) in html
    assert "opened_version" not in html
    assert admin_client.get(page_of(obj)).status_code == 302


def test_the_reason_of_a_withdrawal_outlives_the_session():
    article = make_article()
    client, _ = editor()
    withdraw = page_of(article, "withdraw")
    fields = {"_form": client.get(withdraw).context["form_token"], "because": "The names were wrong."}
    Session.objects.all().delete()
    back = log_in(client, client.post(withdraw, fields)["Location"])
    shown = client.get(back["Location"])
    assert "You had been logged out" in shown.content.decode()
    assert shown.context["form"]["because"].value() == "The names were wrong."
    article.refresh_from_db()
    assert article.state == "published"
    client.post(withdraw, {"because": "The names were wrong."})
    article.refresh_from_db()
    assert (article.state, article.withdrawn_because) == ("withdrawn", "The names were wrong.")


def picture() -> SimpleUploadedFile:
    made = io.BytesIO()
    Image.new("RGB", (4, 4)).save(made, "PNG")
    return SimpleUploadedFile("pier.png", made.getvalue(), "image/png")


def test_a_picture_that_was_refused_is_asked_for_again_and_not_left_out_silently(admin_client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    article = make_article(state="draft")
    refused = submit(admin_client, page_of(article), lead_image=picture(), _act="save")
    assert "Say what the picture shows" in refused.content.decode()
    assert "“pier.png” has to be chosen again" in refused.content.decode()
    again = submit(admin_client, page_of(article), opened=refused, lead_image_alt="A pier.", _act="save")
    assert "“pier.png” was not sent again" in again.content.decode()
    chosen = {"lead_image_alt": "A pier.", "lead_image": picture(), "_act": "save"}
    assert submit(admin_client, page_of(article), opened=refused, **chosen).status_code == 302
    article.refresh_from_db()
    assert article.lead_image.name


def test_a_picture_may_be_left_out_once_that_was_said(admin_client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    article = make_article(state="draft")
    refused = submit(admin_client, page_of(article), lead_image=picture(), _act="save")
    told = submit(admin_client, page_of(article), opened=refused, _act="save")
    assert "save again to leave it out" in told.content.decode()
    assert submit(admin_client, page_of(article), opened=told, _act="save").status_code == 302
    article.refresh_from_db()
    assert not article.lead_image


def test_a_new_article_outlives_the_session_and_is_not_made_twice():
    client, _ = editor()
    add = reverse("admin:articles_article_add")
    fields = fields_of(client.get(add)) | {"headline": ["Tram opens"], "_act": "publish:now"}
    Session.objects.all().delete()
    back = log_in(client, client.post(add, fields)["Location"])
    shown = client.get(back["Location"])
    assert fields_of(shown)["headline"] == ["Tram opens"]
    assert not Article.objects.exists()
    submit(client, add, opened=shown, _act="save")
    assert Article.objects.get().state == "draft"


def test_a_note_on_a_quote_and_a_pasted_page_outlive_the_session():
    quote = make_quote()
    review = reverse("admin:quotes_quote_review_one", args=[quote.pk])
    upload = reverse("admin:newsroom_importrun_upload")
    client, _ = editor()
    for address, opened, field in ((review, reverse("admin:quotes_quote_review"), "note"), (upload, upload, "text")):
        page = client.get(opened)
        fields = {"_form": page.context["form_token"], field: "Typed for an hour.", "verdict": "disputed", "seen": "x"}
        Session.objects.all().delete()
        back = log_in(client, client.post(address, fields)["Location"])
        shown = client.get(back["Location"])
        assert "You had been logged out" in shown.content.decode()
        assert shown.context["form"][field].value() == "Typed for an hour."
        assert client.get(address).context["form"][field].value() != "Typed for an hour."
    quote.refresh_from_db()
    assert quote.review_state == "unreviewed"


def test_what_is_not_wanted_is_dropped():
    article = make_article("Stored")
    client, _ = editor()
    fields = fields_of(client.get(page_of(article))) | {"headline": ["Typed"]}
    Session.objects.all().delete()
    back = log_in(client, client.post(page_of(article), fields)["Location"])
    client.get(back["Location"])
    assert client.get(page_of(article) + "?typed=no")["Location"] == page_of(article)
    assert fields_of(client.get(page_of(article)))["headline"] == ["Stored"]


def test_somebody_else_who_logs_in_does_not_get_it():
    article = make_article("Stored")
    client, _ = editor()
    editor("mara")
    fields = fields_of(client.get(page_of(article))) | {"headline": ["Typed"]}
    Session.objects.all().delete()
    back = log_in(client, client.post(page_of(article), fields)["Location"], "mara")
    assert fields_of(client.get(back["Location"]))["headline"] == ["Stored"]


def test_strangers_can_keep_nothing():
    article = make_article()
    stranger = Client()
    for word in ("", "made:up", "x" * 5000):
        stranger.post(page_of(article), {"headline": "Spam", "_form": word})
    assert not Session.objects.exists()


def test_a_form_opened_before_a_login_in_another_tab_is_shown_again():
    article = make_article("Stored")
    user = editor()[1]
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    fields = fields_of(client.get(page_of(article))) | {"headline": ["Typed"], "csrfmiddlewaretoken": ["of an old day"]}
    back = client.post(page_of(article), fields)
    assert (back.status_code, back["Location"]) == (302, page_of(article))
    shown = client.get(page_of(article))
    assert fields_of(shown)["headline"] == ["Typed"]
    assert submit(client, page_of(article), opened=shown).status_code == 302
    article.refresh_from_db()
    assert article.headline == "Typed"


def test_forged_forms_are_refused():
    article, (_, user) = make_article("Stored"), editor()
    mallory = editor("mallory")[0]
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    theirs = fields_of(mallory.get(page_of(article))) | {"headline": ["Forged"]}
    assert client.post(page_of(article), theirs).status_code == 403
    assert client.post(page_of(article), {"headline": "Forged"}).status_code == 403
    assert fields_of(client.get(page_of(article)))["headline"] == ["Stored"]


def test_no_form_of_the_desk_could_save_what_is_only_shown_again():
    forms = [model_admin.form for model_admin in site._registry.values() if isinstance(model_admin, NewsroomAdmin)]
    assert forms
    assert all(issubclass(form, PlainWordsForm) for form in forms)
