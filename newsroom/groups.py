"""Who may do what: the four groups that a newsroom starts with. A site may change them, or add its own, in the admin.

``granted`` is the one table of it; the migrations apply it (again whenever models have been added), and never take a
right away that somebody gave.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

VIEW = ("view",)
WRITE = ("view", "add", "change")
ALL = ("view", "add", "change", "delete")

# Group -> model -> rights. A right that is no verb of Django's is the codename of a permission of its own.
_REPORTER: dict[str, tuple[str, ...]] = {
    "articles.article": WRITE,
    "articles.author": ("view", "add"),
    "articles.topic": ("view", "add"),
    "articles.publisher": VIEW,
    "articles.curatedlist": VIEW,
    "articles.curatedlistitem": VIEW,
    "articles.rawdocument": VIEW,
    "articles.citation": VIEW,
    "quotes.quote": VIEW,
    "quotes.speaker": VIEW,
    "quotes.speakername": VIEW,
    "quotes.position": VIEW,
    "quotes.curatedquote": VIEW,
}
_EDITOR: dict[str, tuple[str, ...]] = {
    **_REPORTER,
    "articles.article": (*WRITE, "publish_article"),
    "articles.author": WRITE,
    "articles.topic": (*WRITE, "merge_topic"),
    "articles.topicname": ALL,
    "articles.topiccandidate": ("view", "change"),
    "articles.publisher": WRITE,
    "articles.curatedlist": WRITE,
    "articles.curatedlistitem": ALL,
    "articles.proposedchange": ("view", "change"),
    "articles.merger": VIEW,
    # Of these each group sees, and may bring back, the kinds that it may delete.
    "articles.deletion": VIEW,
    "articles.printing": ("view", "change"),
    "quotes.quote": (*WRITE, "review_quote"),
    "quotes.speaker": (*WRITE, "merge_speaker"),
    "quotes.speakername": ALL,
    "quotes.position": ALL,
    "quotes.speakersuggestion": ("view", "change"),
    "quotes.curatedquote": ALL,
    "newsroom.importrun": VIEW,
    "newsroom.rundocument": VIEW,
    "newsroom.importissue": VIEW,
}
_IMPORTER: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_REPORTER, VIEW),
    "newsroom.importrun": ("view", "start_importrun", "undo_importrun"),
    "newsroom.rundocument": VIEW,
    "newsroom.importissue": VIEW,
}
_CHIEF: dict[str, tuple[str, ...]] = {
    **_EDITOR,
    **{
        model: (*_EDITOR[model], "delete")
        for model in ("articles.article", "articles.author", "articles.topic", "articles.publisher",
                      "articles.curatedlist", "quotes.quote", "quotes.speaker")
    },
    "newsroom.importrun": _IMPORTER["newsroom.importrun"],
    "auth.user": WRITE,
    "auth.group": VIEW,
    "admin.logentry": VIEW,
}  # fmt: skip
GROUPS = {"Reporter": _REPORTER, "Editor": _EDITOR, "Importer": _IMPORTER, "Chief": _CHIEF}


def granted(group: str) -> Iterator[tuple[str, str]]:
    """The permissions of a group, as (app label, codename)."""
    for label, rights in GROUPS[group].items():
        app, model = label.split(".")
        for right in rights:
            yield app, f"{right}_{model}" if right in ALL else right


def grant(apps: Any) -> None:
    """Make the groups and give them what the table says, as far as the models are there. For use in migrations."""
    from django.apps import apps as installed
    from django.contrib.auth.management import create_permissions

    for config in installed.get_app_configs():
        # Django makes permissions after all migrations have run, which is too late for one that gives them away.
        create_permissions(config, apps=apps, verbosity=0)
    groups, permissions = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    there = {
        (app, codename): pk
        for pk, app, codename in permissions.objects.values_list("pk", "content_type__app_label", "codename")
    }
    for name in GROUPS:
        group, _ = groups.objects.get_or_create(name=name)
        group.permissions.add(*(there[right] for right in granted(name) if right in there))
