"""Who may open what in the admin: every address that the site has, found by walking it, for every kind of visitor."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, reverse

from articles import mergers
from articles.models import CuratedListItem, Printing, ProposedChange, Story, TopicCandidate
from newsroom.models import ImportIssue, ImportRun, RunDocument
from quotes.models import SpeakerSuggestion
from tests.factories import make_article, make_list, make_quote, make_speaker, make_topic

pytestmark = pytest.mark.django_db

# Not of any model, and open to all staff by design: they show nothing but the visitor's own rights and password.
FOR_ALL_STAFF = {"index", "password_change", "password_change_done", "jsi18n", "second_factor"}
OPEN = {"login"}
# Pages for those who may do more than look, by rights of their own.
FOR_DOERS = {
    "merge", "undo", "take_back", "retry", "upload", "preview", "review", "review_one", "review_many", "review_undo",
    "withdraw", "draft_preview_new", "draft_preview_void", "presence",
}  # fmt: skip
WRITES = {"add", "change", "delete", "password_change", "restore", "draft_preview"} | FOR_DOERS
# Nothing to look at by GET.
POST_ONLY = {"logout"}
READ_ONLY_MODELS = {
    "speakersuggestion",
    "logentry",
    "merger",
    "printing",
    "topiccandidate",
    "proposedchange",
    "rawdocument",
    "importrun",
    "rundocument",
    "importissue",
}
NOBODY_DELETES = {
    "logentry",
    "merger",
    "printing",
    "topiccandidate",
    "speakersuggestion",
    "proposedchange",
    "importrun",
    "rundocument",
    "importissue",
}
NOBODY_ADDS = READ_ONLY_MODELS | {"curatedlistitem"}


def _objects() -> dict[type[Model], Model]:
    """One row of every model that has an admin."""
    quote = make_quote(alone=True)
    article = make_article(document=quote.document, topics=("Shipping",))
    publisher_article = make_article()
    curated = make_list(headlines=("Some headline",))
    run = ImportRun.objects.create(read=1, created=1)
    row = RunDocument.objects.create(
        run=run, position=0, name="a.txt", document=quote.document, outcome="created", changes={}
    )
    issue = ImportIssue.objects.create(run=run, name="b.txt", severity="quarantined", reason="It is empty.")
    from articles.store import authors_named, publisher_named

    rows: list[Model] = [
        quote, article, curated, run, row, issue, quote.document, make_speaker(), make_topic(),
        CuratedListItem.objects.get(), authors_named(["Ada Moor"])[0], publisher_named("The Harbour Post"),
        User.objects.create_user("someone"), ProposedChange.objects.create(article=article),
        TopicCandidate.objects.create(name="Sea walls", key="sea walls"),
        SpeakerSuggestion.objects.create(speaker=make_speaker(), other=make_speaker(), score=0.5),
        Printing.objects.create(story=Story.objects.create(), article=article),
        mergers.merge(make_topic("Boats"), make_topic("Ships"), editor=None),
    ]  # fmt: skip
    publisher_article.delete()
    LogEntry.objects.log_actions(User.objects.get(username="someone").pk, [article], CHANGE, change_message="Odd.")
    rows.append(LogEntry.objects.get())
    from django.contrib.auth.models import Group

    rows.append(Group.objects.create(name="desk"))
    found = {type(obj): obj for obj in rows}
    missing = set(admin.site._registry) - set(found)
    assert not missing, f"no row made for {missing}"
    return found


def _addresses(found: dict[type[Model], Model]) -> Iterator[tuple[str, str, type[Model] | None]]:
    """(address, what it is, model or None) of everything below the admin."""
    for pattern in admin.site.get_urls():
        if isinstance(pattern, URLPattern):
            if pattern.name == "view_on_site":
                for model, obj in found.items():
                    key = ContentType.objects.get_for_model(model).pk
                    yield reverse("admin:view_on_site", args=[key, obj.pk]), "view_on_site", model
            elif pattern.name and pattern.name != "app_list":
                yield reverse(f"admin:{pattern.name}"), pattern.name, None
        else:
            yield from _model_addresses(pattern, found)
    for label in sorted({model._meta.app_label for model in found}):
        yield reverse("admin:app_list", args=[label]), "app_list", None


def _model_addresses(resolver, found) -> Iterator[tuple[str, str, type[Model]]]:
    for model, obj in found.items():
        if str(resolver.pattern) != f"{model._meta.app_label}/{model._meta.model_name}/":
            continue
        for pattern in resolver.url_patterns:
            taken = pattern.pattern.converters
            if pattern.name:
                name = pattern.name.removeprefix(f"{model._meta.app_label}_{model._meta.model_name}_")
                yield reverse(f"admin:{pattern.name}", args=[obj.pk] if taken else []), name, model
            else:  # the old address of a change page
                yield reverse("admin:index") + f"{resolver.pattern}{obj.pk}/", "old_change", model


def _wanted(name: str, model: type[Model] | None, who: str) -> set[int]:
    if name in OPEN:
        return {200} if who == "anonymous" else {302}
    if name in POST_ONLY:
        return {302} if who == "anonymous" else {405}
    if who == "anonymous":
        return {302}
    if model is None and name in FOR_ALL_STAFF:
        return {200}
    if name == "autocomplete":
        return {403}  # asked without saying of what; see below
    if name == "old_change":
        return {301, 302}
    if name == "app_list":
        return {404} if who == "nobody" else {200, 404}
    if who == "nobody":
        return {403, 404} if name == "view_on_site" else {403}
    return _wanted_of_model(name, model._meta.model_name, who)


def _wanted_of_model(name: str, model: str, who: str) -> set[int]:
    if name == "view_on_site":
        return {302, 404}
    if name in FOR_DOERS and who == "viewer":
        return {403}
    if name == "presence" and model in READ_ONLY_MODELS:
        return {403}
    if name == "preview":
        return {404}  # of an upload that somebody else made
    if name in {"restore", "undo", "review_undo", "retry", "draft_preview_new", "draft_preview_void", "presence"}:
        return {405}  # by POST only
    if name == "add" and model in NOBODY_ADDS:
        return {403}
    if name == "delete" and model in NOBODY_DELETES:
        return {403}
    if who == "viewer" and name in {"add", "delete", "password_change"}:
        return {403}
    return {200}


@pytest.fixture
def visitors() -> dict[str, Client]:
    """A client for each kind of visitor."""
    users = {
        "nobody": User.objects.create_user("nobody", is_staff=True),
        "viewer": User.objects.create_user("viewer", is_staff=True),
        "superuser": User.objects.create_superuser("superuser"),
    }
    users["viewer"].user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    clients = {"anonymous": Client()}
    for name, user in users.items():
        clients[name] = Client()
        clients[name].force_login(user)
    return clients


@pytest.mark.parametrize("who", ["anonymous", "nobody", "viewer", "superuser"])
def test_every_admin_address_asks_who_it_is(who, visitors):
    wrong, seen = [], 0
    for address, name, model in _addresses(_objects()):
        status = visitors[who].get(address).status_code
        seen += 1
        if status not in _wanted(name, model, who):
            wrong.append((address, status, _wanted(name, model, who)))
    assert not wrong
    assert seen > 80


@pytest.mark.parametrize("who", ["anonymous", "nobody", "viewer"])
def test_nobody_without_the_right_changes_anything_by_post(who, visitors):
    found = _objects()
    for address, name, model in _addresses(found):
        if model is not None and name in WRITES:
            response = visitors[who].post(address, {"post": "yes"})
            assert response.status_code == (302 if who == "anonymous" else 403), address
            if who == "anonymous":
                assert "login" in response["Location"]
    assert all(type(obj).objects.filter(pk=obj.pk).exists() for obj in found.values())


@pytest.mark.parametrize(("who", "status"), [("nobody", 403), ("viewer", 200)])
def test_autocomplete_needs_the_right_to_see_what_it_lists(who, status, visitors):
    query = {"app_label": "quotes", "model_name": "quote", "field_name": "speaker", "term": "a"}
    assert visitors[who].get(reverse("admin:autocomplete"), query).status_code == status


def test_the_stock_admin_of_tags_is_gone():
    assert "taggit" not in {model._meta.app_label for model in admin.site._registry}
    names = [pattern.name for resolver in admin.site.get_urls() for pattern in getattr(resolver, "url_patterns", ())]
    assert not [name for name in names if name and ("taggit" in name or "merge_tags" in name)]


@pytest.mark.parametrize("address", ["/admin/r/x/1/", "/admin/r/999999/1/", f"/admin/r/{'9' * 40}/1/"])
def test_odd_view_on_site_addresses_are_not_found(address, visitors):
    assert visitors["superuser"].get(address).status_code == 404
