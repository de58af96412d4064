"""Every door of the admin, found by asking the URL resolver, and for each something to send that really writes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axes.models import AccessAttempt
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db.models import Model
from django.test import Client, RequestFactory, override_settings
from django.urls import URLPattern
from django_otp.oath import totp

from articles import decisions, deletions, history, mergers, proposals
from articles.models import Article, CuratedListItem, Deletion, Printing, Story, TopicCandidate
from articles.store import authors_named, publisher_named
from newsroom import secondfactor, uploads
from newsroom.ingest.jobs import Asked
from newsroom.models import ImportIssue, ImportRun, RunDocument
from quotes import reviewing
from quotes.models import SpeakerSuggestion
from tests.adminpages import fields_of
from tests.factories import make_article, make_document, make_list, make_quote, make_speaker, make_topic
from tests.newsroom.test_import_runs import fill

ROOT = "/admin/"
PASSWORD = "a-harbour-of-words"
OTHER_PASSWORD = "a-quay-full-of-verbs"
# What a new row of each model takes beside what its form holds already.
NEW: dict[str, dict[str, str]] = {
    "article": {"headline": "A new headline", "body": "A new text."},
    "author": {"name": "Tess Arden"},
    "publisher": {"name": "The Quay Gazette"},
    "curatedlist": {"title": "Weekend reads", "kind": "articles"},
    "topic": {"name": "Lighthouses"},
    "quote": {"text": "A line that nobody said before.", "kind": "direct"},
    "speaker": {"name": "Oda Brandt", "kind": "person"},
    "group": {"name": "Interns"},
    "user": {"username": "newcomer", "password1": OTHER_PASSWORD, "password2": OTHER_PASSWORD, "usable_password": "true"},
}  # fmt: skip


@dataclass
class World:
    """Rows behind the doors: ``rows`` one of each model that has an admin, ``others`` those of further lines."""

    rows: dict[str, Model]
    others: dict[str, Model]
    boss: Client = field(default_factory=Client)


def patterns() -> Iterator[str]:
    """All addresses below the admin's root, as their patterns, each once."""
    yield from dict.fromkeys(_walk(admin.site.get_urls()))


def _walk(found: list[Any], prefix: str = "") -> Iterator[str]:
    for pattern in found:
        if isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern)
        else:
            yield from _walk(pattern.url_patterns, prefix + str(pattern.pattern))


def actions() -> Iterator[str]:
    """The actions on lists: what is sent to a list's address besides."""
    request = RequestFactory().get(ROOT)
    request.user = User(is_superuser=True, is_staff=True)
    for model, model_admin in admin.site._registry.items():
        for name in model_admin.get_actions(request):
            yield f"{model._meta.app_label}/{model._meta.model_name}/ [{name}]"


def make_world(folder: Path) -> World:
    run = _run_with_something_set_aside(folder)
    quote = make_quote(alone=True)
    article = make_article(document=quote.document, topics=("Shipping",))
    draft = make_article(state="draft", published_at=None)
    quote_of_article = make_quote(article=make_article(body='"A line of its own," Mara Quill said.'))
    row = RunDocument.objects.create(
        run=run, position=9, name="z.txt", document=quote.document, outcome="created", changes={}
    )
    someone = User.objects.create_user("someone", password=PASSWORD, is_staff=True)
    superuser, newcomer = User.objects.create_superuser("superuser"), User.objects.create_user("other")
    secondfactor.waiting_device(someone)
    make_list(headlines=("Some headline",))
    item = CuratedListItem.objects.get()
    proposals.propose([proposals.Proposal(article, quote.document, {"headline": "A newer one"}, {"headline": article.headline})])  # fmt: skip
    one, other = make_speaker("Harrow"), make_speaker("Ines Harrow")
    LogEntry.objects.log_actions(someone.pk, [article], CHANGE, change_message="Odd.")
    made: list[Model] = [
        quote_of_article, article, item.list, item, run, row, ImportIssue.objects.get(), make_document(), one,
        make_topic(), authors_named(["Ada Moor"])[0], publisher_named("The Harbour Post"), someone,
        article.proposed_changes.get(), TopicCandidate.objects.create(name="Sea walls", key="sea walls"),
        SpeakerSuggestion.objects.create(speaker=one, other=other, score=0.5),
        Printing.objects.create(story=Story.objects.create(), article=article),
        mergers.merge(make_topic("Boats"), make_topic("Ships"), editor=None),
        LogEntry.objects.get(), Group.objects.create(name="desk"), _deleted(),
    ]  # fmt: skip
    quote.published_at = None
    quote.save(update_fields=["published_at"])
    for obj in made:
        if getattr(admin.site._registry[type(obj)], "tracked", ()):
            history.record(type(obj).objects.filter(pk=obj.pk), editor=None, comment="As it was.")
    history.record(Article.objects.filter(pk=draft.pk), editor=None, comment="As it was.")
    rows = {f"{obj._meta.app_label}/{obj._meta.model_name}/": obj for obj in made}
    missing = {
        model for model in admin.site._registry if f"{model._meta.app_label}/{model._meta.model_name}/" not in rows
    }
    assert not missing, f"no row made for {missing}"
    decided = decisions.decide(
        Article.objects.filter(pk=make_article(state="draft").pk), decisions.Wish("publish"), editor=someone
    )
    world = World(
        rows,
        {"decision": decided, "draft": draft, "of a superuser": superuser, "of a newcomer": newcomer, "other": other},
    )
    world.boss.force_login(superuser)
    return world


def _deleted() -> Deletion:
    topic = make_topic("Tides")
    deletions.note([topic], editor=None)
    topic.delete()
    return Deletion.objects.get()


def _run_with_something_set_aside(folder: Path) -> ImportRun:
    with override_settings(IMPORT_MAX_DOCUMENT_BYTES=100):
        try:
            call_command("import_dump", str(fill(folder / "dumps", range(1))), stdout=io.StringIO())
        except CommandError:
            return ImportRun.objects.get()
    raise AssertionError("nothing was set aside")


def address(pattern: str, variant: str, world: World, user: User | None) -> str:
    """A real address for a pattern; ``variant`` says of which row, where there are several kinds."""
    if pattern.startswith("r/"):
        return f"{ROOT}r/{ContentType.objects.get_for_model(Article).pk}/{world.rows['articles/article/'].pk}/"
    if pattern.startswith("^("):
        return f"{ROOT}articles/"
    if pattern.startswith("("):
        return f"{ROOT}no-such-page/"
    if pattern == "newsroom/importrun/upload/<int:pk>/":
        owner = user if user and variant != "of another" else User.objects.get(username="someone")
        text = "Slipway opens\n\nThe slipway opens today, the council said.\n\nIt had been shut for a year."
        return f"{ROOT}newsroom/importrun/upload/{uploads.keep('page.txt', text.encode(), Asked(), user=owner).pk}/"
    if pattern == "autocomplete/":
        return f"{ROOT}autocomplete/?app_label=quotes&model_name=quote&field_name=speaker&term=a"
    return ROOT + re.sub(r"<[^>]+>", lambda _: str(_row(pattern, variant, world).pk), pattern)


def _row(pattern: str, variant: str, world: World) -> Model:
    if pattern.startswith("articles/article/many/"):
        return world.others["decision"]
    if pattern.startswith("quotes/quote/look/"):
        return world.rows["quotes/quote/"].article
    return world.others.get(variant) or world.rows[_model(pattern)]


def _model(pattern: str) -> str:
    return "/".join(pattern.split("/")[:2]) + "/"


def body(pattern: str, variant: str, world: World, user: User | None) -> dict[str, Any]:
    """What to send to a door, so that it writes if it lets one in."""
    if pattern in SPECIAL:
        return SPECIAL[pattern](world, user)
    model, last = _model(pattern), pattern.rstrip("/").rpartition("/")[2]
    row = world.rows.get(model)
    if row is None:
        return {}
    if pattern == model and variant:
        return _of_action(variant, model, row, world)
    if last == "restore":
        version = history.versions_of(_row(pattern, variant, world)).first()
        return {"version": version.pk, "newest": version.pk}
    if (
        last in {"add", "change"}
        and (page := world.boss.get(address(pattern, variant, world, user))).status_code == 200
    ):
        return fields_of(page) | (_new(model, row) if last == "add" else {})
    return {"post": "yes", "because": "Its figures were wrong."}


def _new(model: str, row: Model) -> dict[str, Any]:
    name = model.split("/")[1]
    more = {"article": row.article_id, "said_on": "2026-10-05"} if name == "quote" else {}
    return NEW.get(name, {}) | more


def _of_action(action: str, model: str, row: Model, world: World) -> dict[str, Any]:
    keys = list(type(row)._default_manager.values_list("pk", flat=True))
    sent = {"action": action, "_selected_action": keys}
    if action == "delete_selected":
        return sent | {"_selected_action": [row.pk], "post": "yes"}
    if action == "give_selected":
        return sent | {"give": "yes", "speaker": world.others["other"].pk}
    if action in {"publish_selected", "schedule_selected", "withdraw_selected"} and model == "articles/article/":
        asked = fields_of(world.boss.post(ROOT + model, sent))
        return asked | {"at_0": "2077-10-05", "at_1": "09:30"}
    if action == "file_selected":
        return sent | {"filed": "yes", "add": [world.rows["articles/topic/"].pk]}
    if action == "list_selected":
        curated = make_list("Quotes of the week", kind="quotes", managed_by="editors")
        return sent | {"filed": "yes", "curated": curated.pk}
    if action == "take_factor_away":
        return sent | {"_selected_action": [row.pk]}
    if action == "let_in_again":
        AccessAttempt.objects.create(username=row.username, failures_since_start=5)
        return sent | {"_selected_action": [row.pk]}
    if action == "reopen_selected":
        SpeakerSuggestion.objects.update(state="dismissed")
    if action == "rejoin_selected":
        Printing.objects.update(state="parted")
    return sent


def _merge(one: Model, other: Model) -> dict[str, Any]:
    return {"one": [one.pk, other.pk], "kept": other.pk}


def _decision(world: World, user: User | None) -> dict[str, Any]:
    quote = world.rows["quotes/quote/"]
    if user is not None:
        verdict = reviewing.Verdict("verified", None)
        reviewing.decide(quote, verdict, editor=user, seen=reviewing.shown_as(quote))
    return {}


def _code(world: World, user: User | None) -> dict[str, Any]:
    if user is None:
        return {"code": "123456"}
    device = secondfactor.waiting_device(user)
    return {"code": f"{totp(device.bin_key, device.step, device.t0, device.digits):06}"}


def _passwords(world: World, user: User | None) -> dict[str, Any]:
    return {"password1": OTHER_PASSWORD, "password2": OTHER_PASSWORD, "usable_password": "true"}


SPECIAL: dict[str, Any] = {
    "login/": lambda world, user: {"username": user.username if user else "someone", "password": PASSWORD},
    "second-factor/": _code,
    "password_change/": lambda world, user: {
        "old_password": PASSWORD, "new_password1": OTHER_PASSWORD, "new_password2": OTHER_PASSWORD,
    },
    "auth/user/<id>/password/": _passwords,
    "articles/article/add/preview/": lambda world, user: NEW["article"],
    "articles/proposedchange/<path:object_id>/change/": lambda world, user: {
        "_accept": "yes", "version": world.rows["articles/article/"].version,
    },
    "articles/topic/merge/": lambda world, user: _merge(world.rows["articles/topic/"], make_topic("Piers")),
    "quotes/speaker/merge/": lambda world, user: _merge(world.rows["quotes/speaker/"], world.others["other"]),
    "quotes/quote/review/undo/": _decision,
    "quotes/quote/review/many/": lambda world, user: {
        "rule": "", "confidence": "0", "last": str(world.rows["quotes/quote/"].pk),
    },
    "quotes/quote/review/<int:pk>/": lambda world, user: {
        "verdict": "rejected", "seen": reviewing.shown_as(world.rows["quotes/quote/"]),
    },
    "newsroom/importrun/upload/": lambda world, user: {"text": "Slipway opens\n\nThe slipway opens, the council said."},
    "newsroom/importrun/upload/<int:pk>/": lambda world, user: {"confirm": "yes"},
}  # fmt: skip
