"""The front page of the admin, and the record of imports in it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone

from articles import mergers
from articles.admin import searching
from articles.models import CuratedListItem
from newsroom import finding, frontpage
from newsroom.models import ImportIssue, ImportRun, RunDocument
from quotes.models import Quote
from tests.factories import make_article, make_list, make_quote, make_speaker

pytestmark = pytest.mark.django_db


def _queues(client) -> dict[str, str]:
    page = client.get(reverse("admin:index"))
    assert page.status_code == 200
    return {queue["label"]: queue["number"] for queue in page.context["queues"]}


def _run(**fields) -> ImportRun:
    run = ImportRun.objects.create(read=2, created=1, quarantined=1, state="finished", **fields)
    document = make_quote(alone=True).document
    RunDocument.objects.create(run=run, position=0, name="a.txt", document=document, outcome="created",
                               changes={"created": {"quotes.quote": [1]}})  # fmt: skip
    ImportIssue.objects.create(run=run, name="<b>.txt", severity="quarantined", reason="It is <empty>.", line=3)
    return run


# queues


def test_queues_say_how_many_wait(admin_client):
    make_quote(speaker=make_speaker())
    make_quote()
    make_quote(confidence=0.1)
    make_article(state="in_review")
    make_list(headlines=("Nowhere",))
    CuratedListItem.objects.create(list=make_list("Other"), headline="Twice", headline_key="twice", several_fit=True)
    assert _queues(admin_client) == {
        "Drafts": "0",
        "Articles in review": "1",
        "Scheduled for the next 24 hours": "0",
        "Newer versions of articles": "0",
        "Quotes without a speaker": "2",
        "Quotes to review": "3",
        "Quotes of low confidence": "1",
        "Speakers who may be one": "0",
        "Proposed topics": "0",
        "List items without their article": "1",
        "List items that fit several articles": "1",
        "Documents set aside by imports": "0",
        "Imports that failed": "0",
    }


def test_every_queue_opens_on_just_what_it_counted(admin_client):
    make_quote(speaker=make_speaker())
    make_quote(confidence=0.1)
    make_article(state="in_review")
    make_list(headlines=("Nowhere",))
    for queue in admin_client.get(reverse("admin:index")).context["queues"]:
        page = admin_client.get(queue["address"])
        assert page.status_code == 200, queue
        shown = page.context["waiting"] if "waiting" in page.context else str(len(page.context["cl"].result_list))
        assert shown == queue["number"], queue


def test_long_queues_are_counted_up_to_the_cap(admin_client, monkeypatch):
    monkeypatch.setattr(frontpage, "QUEUE_CAP", 2)
    article = make_article(body="Nothing.")
    for _ in range(4):
        make_quote(article=article)
    assert _queues(admin_client)["Quotes to review"] == "2+"


def test_only_queues_of_what_one_may_see_are_shown(client):
    make_quote()
    _run()
    user = User.objects.create_user("reporter", is_staff=True)
    client.force_login(user)
    assert _queues(client) == {}
    user.user_permissions.set(Permission.objects.filter(codename="view_article"))
    assert set(_queues(client)) == {"Drafts", "Articles in review", "Scheduled for the next 24 hours"}
    assert "Latest imports" not in client.get(reverse("admin:index")).content.decode()
    user.user_permissions.add(Permission.objects.get(codename="view_importrun"))
    assert "Latest imports" in client.get(reverse("admin:index")).content.decode()


# the record of imports


def test_what_appears_next_is_named_with_its_moment_in_the_order_it_appears(admin_client):
    now = timezone.now()
    for headline, hours in (("Late", 50), ("Soon", 2), ("Out", -2)):
        make_article(headline, published_at=now + timedelta(hours=hours))
    page = admin_client.get(reverse("admin:index"))
    assert [row["headline"] for row in page.context["coming"]] == ["Soon", "Late"]
    assert page.context["coming"][0]["when"].endswith(" UTC")
    scheduled = admin_client.get(reverse("admin:articles_article_changelist"), {"state": "scheduled"})
    assert [row.headline for row in scheduled.context["cl"].result_list] == ["Soon", "Late"]


def test_one_box_finds_what_each_list_would_and_only_of_what_one_may_see(admin_client, client):
    quay = make_article("Quay wall to be raised")
    make_quote("The quay is ours.", article=make_article("Nothing of the kind"), speaker=make_speaker("Mara Quay"))
    make_list("Quay reads")
    page = admin_client.get(reverse("admin:find"), {"q": "  quay "})
    rows = {group.kind: [words for words, _ in group.rows] for group in page.context["found"]}
    assert rows["articles"] == ["Quay wall to be raised"]
    assert rows["speakers"] == ["Mara Quay"]
    assert rows["curated lists"] == ["Quay reads"]
    assert "The quay is ours." in rows["quotes"][0]
    assert reverse("admin:articles_article_change", args=[quay.pk]) in page.content.decode()
    assert "Nothing has these words." in admin_client.get(reverse("admin:find"), {"q": "zzzz"}).content.decode()
    assert "Nothing has" not in admin_client.get(reverse("admin:find")).content.decode()
    user = User.objects.create_user("reader", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_speaker"))
    client.force_login(user)
    assert [group.kind for group in client.get(reverse("admin:find"), {"q": "quay"}).context["found"]] == ["speakers"]


def test_who_was_merged_is_marked_where_found_last_and_not_to_be_chosen(admin_client):
    short, full = make_speaker("Quay"), make_speaker("Mara Quay")
    record = mergers.merge(short, full, editor=None)
    find = admin_client.get(reverse("admin:find"), {"q": "quay"}).context["found"]
    rows = {group.kind: [words for words, _ in group.rows] for group in find}
    assert rows["speakers"] == ["Mara Quay", "Quay (merged into Mara Quay)"]
    asked = {"term": "quay", "app_label": "quotes", "model_name": "quote", "field_name": "speaker"}
    chosen = admin_client.get(reverse("admin:autocomplete"), asked).json()["results"]
    assert [one["text"] for one in chosen] == ["Mara Quay"]
    address = reverse("admin:articles_merger_change", args=[record.pk])
    page = admin_client.get(reverse("admin:quotes_speaker_change", args=[full.pk])).content.decode()
    assert f'Merged into this one: <a href="{address}">Quay</a>' in page
    admin_client.post(reverse("admin:articles_merger_undo", args=[record.pk]))
    for speaker in (short, full):
        page = admin_client.get(reverse("admin:quotes_speaker_change", args=[speaker.pk])).content.decode()
        assert "Merged into this one" not in page
        history = admin_client.get(reverse("admin:quotes_speaker_history", args=[speaker.pk])).content.decode()
        assert "Undone: “Quay” merged into “Mara Quay”." in history


@pytest.mark.parametrize("named", [searching.FIRST_NAMED, 3])
@pytest.mark.parametrize("many", [searching.MANY, 3])
def test_what_each_list_finds_is_shown_up_to_a_few_with_a_way_to_the_rest(admin_client, monkeypatch, named, many):
    monkeypatch.setattr(searching, "FIRST_NAMED", named)
    monkeypatch.setattr(searching, "MANY", many)
    make_article("A bridge")
    made = [make_article("Quay wall to be raised") for _ in range(8)]
    [group] = [one for one in admin_client.get(reverse("admin:find"), {"q": "quay"}).context["found"] if one.rows]
    newest = made[: -finding.SHOWN - 1 : -1]
    assert [page for _, page in group.rows] == [
        reverse("admin:articles_article_change", args=[article.pk]) for article in newest
    ]
    assert group.rest == f"{reverse('admin:articles_article_changelist')}?q=quay"


@pytest.mark.parametrize("bounds", [(50, 100), (3, 100), (3, 4)])
def test_a_list_shows_what_was_found_whether_few_or_many(admin_client, monkeypatch, bounds):
    for name, value in zip(("KEYS_NAMED", "MANY"), bounds, strict=True):
        monkeypatch.setattr(searching, name, value)
    made = [make_quote("The quay is dry.") for _ in range(8)]
    make_quote("The bridge is up.")
    shown = admin_client.get(reverse("admin:quotes_quote_changelist"), {"q": "quay"}).context["cl"].result_list
    assert {quote.pk for quote in shown} == {quote.pk for quote in made}


def test_the_log_is_narrowed_to_what_it_was_done_to(admin_client, admin_user):
    article, speaker = make_article(), make_speaker()
    for row in (article, speaker):
        LogEntry.objects.log_actions(admin_user.pk, [row], CHANGE, change_message="Odd.")
    address = reverse("admin:admin_logentry_changelist")
    kind = ContentType.objects.get_for_model(speaker).pk
    page = admin_client.get(address, {"kind": kind})
    assert [entry.object_repr for entry in page.context["cl"].result_list] == [str(speaker)]
    assert f'<option value="{kind}" selected>speaker</option>' in page.content.decode()
    for odd in ("", "0", "x"):
        assert len(admin_client.get(address, {"kind": odd}).context["cl"].result_list) == 2


def test_whoever_may_not_is_told_on_a_page_of_the_desk_and_it_is_logged(client, caplog):
    user = User.objects.create_user("nobody", is_staff=True)
    client.force_login(user)
    assert "Your account is in no group yet" in client.get(reverse("admin:index")).content.decode()
    user.groups.set([Group.objects.get(name="Reporter")])
    refused = client.get(reverse("admin:quotes_quote_review"))
    assert refused.status_code == 403
    html = refused.content.decode()
    assert "You are in the group Reporter. A chief editor can give you another" in html
    assert f'href="{reverse("admin:index")}"' in html
    assert "Forbidden (Permission denied): /admin/quotes/quote/review/" in caplog.text


def test_a_run_shows_its_figures_issues_and_documents(admin_client):
    run = _run(options={"paths": ["dumps/a.txt"], "publish": True}, counts={"articles": 7})
    html = admin_client.get(reverse("admin:newsroom_importrun_change", args=[run.pk])).content.decode()
    assert "dumps/a.txt" in html
    assert "&lt;b&gt;.txt" in html
    assert "It is &lt;empty&gt;." in html
    for model in ("rundocument", "importissue"):
        page = admin_client.get(reverse(f"admin:newsroom_{model}_changelist") + f"?run__id__exact={run.pk}")
        assert len(page.context["cl"].result_list) == 1


def test_a_document_names_the_runs_that_read_it(admin_client):
    run = _run()
    document = Quote.objects.get().document
    html = admin_client.get(reverse("admin:articles_rawdocument_change", args=[document.pk])).content.decode()
    assert reverse("admin:newsroom_importrun_change", args=[run.pk]) in html


@pytest.mark.parametrize("model", ["importrun", "rundocument", "importissue"])
def test_nobody_changes_the_record(model, admin_client):
    _run()
    key = {"importrun": ImportRun, "rundocument": RunDocument, "importissue": ImportIssue}[model].objects.get().pk
    for name, args in (("add", []), ("change", [key]), ("delete", [key])):
        assert (
            admin_client.post(reverse(f"admin:newsroom_{model}_{name}", args=args), {"post": "yes"}).status_code == 403
        )
    response = admin_client.post(
        reverse(f"admin:newsroom_{model}_changelist"),
        {"action": "delete_selected", "_selected_action": [key], "post": "yes"},
    )
    assert response.status_code in {200, 302}
    assert ImportRun.objects.count() == RunDocument.objects.count() == ImportIssue.objects.count() == 1


def test_no_page_of_the_desk_carries_inline_style_or_script(admin_client):
    quote, run = make_quote(), _run()
    for address in (
        reverse("admin:index"),
        reverse("admin:quotes_quote_changelist"),
        reverse("admin:quotes_quote_change", args=[quote.pk]),
        reverse("admin:articles_article_change", args=[quote.article.pk]),
        reverse("admin:articles_rawdocument_change", args=[Quote.objects.get(article=None).document.pk]),
        reverse("admin:newsroom_importrun_change", args=[run.pk]),
    ):
        html = admin_client.get(address).content.decode()
        assert " style=" not in html, address
        assert "<style" not in html, address
        assert "<script>" not in html, address
        assert " onclick=" not in html, address
