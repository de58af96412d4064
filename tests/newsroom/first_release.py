"""A database as the first release left it, taken to today's tables and back: ``python -m tests.newsroom.first_release``.

On a database of its own, which must be empty. Prints what was done, or fails.
"""

from __future__ import annotations

import hashlib
import os
import sys
from datetime import UTC, date, datetime
from typing import Any

FIRST = [("articles", "0001_initial"), ("quotes", "0001_initial"), ("newsroom", "0001_initial")]
OURS = {app for app, _ in FIRST}
AT = datetime(2026, 10, 5, 9, 30, tzinfo=UTC)
WORDS = "We will open the slipway when it is safe"
BODY = f'The tide came in at six. "{WORDS}," Bram Oakley said.\n\nThe council meets again on Monday.'


def fill(apps: Any) -> None:
    """A row of every table that the first release had, with the columns it had."""
    from articles.markdown import to_text
    from articles.text import fingerprint, headline_key

    def make(label: str, **values: Any) -> Any:
        return apps.get_model(label).objects.create(**values)

    editor = make("auth.User", username="tess", is_staff=True)
    publisher = make("articles.Publisher", name="The Harbour Post", slug="the-harbour-post")
    raw = f"{BODY}\n".encode()
    document = make(
        "articles.RawDocument", sha256=hashlib.sha256(raw).hexdigest(), raw=raw, size=len(raw), name="slipway.txt",
        encoding="utf-8", text=BODY, blocks=[["paragraph", 0, len(BODY), 0, "model"]], publisher=publisher, retrieved_at=AT,
    )  # fmt: skip
    topic = make("articles.Topic", name="Slipways", slug="slipways")
    make("articles.Topic", name="Slips", slug="slips", merged_into=topic)
    text = to_text(BODY)
    articles = []
    for state in ("published", "draft", "withdrawn"):
        headline = f"Slipway is {state}"
        articles.append(
            make(
                "articles.Article", headline=headline, headline_key=headline_key(headline), slug=f"slipway-{state}",
                body=BODY, text=text, content_hash=fingerprint(f"{headline}\n\n{text}"), publisher=publisher, state=state,
                published_at=AT, document=document, last_editor=editor, edited_at=AT, source_url=f"https://a.example/{state}",
            )
        )  # fmt: skip
    author = make("articles.Author", name="Tess Arden", slug="tess-arden")
    articles[0].authors.add(author)
    make("articles.TaggedItem", content_object=articles[0], tag=topic)
    kept = {"kind": "articles", "is_published": True, "on_homepage": True}
    printed = make(
        "articles.CuratedList", title="Most read", title_key="most read", slug="most-read", managed_by="import", **kept
    )
    for position, (headline, article) in enumerate((("Slipway is published", articles[0]), ("Not here", None))):
        make("articles.CuratedListItem", list=printed, position=position, headline=headline,
             headline_key=headline_key(headline), article=article)  # fmt: skip
    speaker = make("quotes.Speaker", name="Bram Oakley", slug="bram-oakley", sort_key="oakley bram", kind="person")
    other = make("quotes.Speaker", name="Oakley", slug="oakley", sort_key="oakley", kind="person", merged_into=speaker)
    for whose, name in ((speaker, "Bram Oakley"), (other, "Oakley")):
        make("quotes.SpeakerName", speaker=whose, name=name, key=name.lower(), origin="import")
    make("quotes.Position", speaker=speaker, title="harbour master", first_seen=date(2026, 10, 5))
    start = text.index(WORDS)
    end = start + len(WORDS)
    said = {"text": WORDS, "speaker": speaker, "start": start, "end": end, "segments": [[start, end]], "cue": "said",
            "prefix": text[max(0, start - 40) : start], "suffix": text[end : end + 40], "said_on": date(2026, 10, 5),
            "fingerprint": fingerprint(WORDS), "cluster": fingerprint(WORDS), "origin": "import", "confidence": 0.9,
            "review_state": "disputed", "review_note": "By whom?", "reviewer": editor}  # fmt: skip
    quotes = [make("quotes.Quote", article=article, document=document, **said) for article in articles]
    make("quotes.TaggedQuote", content_object=quotes[0], tag=topic)
    best = make("articles.CuratedList", title="Best", title_key="best", slug="best", **kept | {"kind": "quotes"})
    make("quotes.CuratedQuote", list=best, position=0, quote=quotes[0])
    run = make("newsroom.ImportRun", state="finished", finished_at=AT, read=2, created=1, quarantined=1, user=editor)
    make("newsroom.RunDocument", run=run, position=0, name="slipway.txt", document=document, outcome="created",
         changes={"created": {"articles.article": [articles[0].pk]}})  # fmt: skip
    make("newsroom.RunDocument", run=run, position=1, name="odd.txt", outcome="quarantined")
    make("newsroom.ImportIssue", run=run, name="odd.txt", severity="quarantined", reason="Not a text.", byte_offset=3)


def rows(apps: Any) -> dict[str, list[dict[str, Any]]]:
    """What is in the columns of the first release, by table. Its models are asked: later ones have more columns."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in OURS:
            columns = [field.attname for field in model._meta.concrete_fields]
            found[model._meta.label] = [
                {name: bytes(value) if isinstance(value, memoryview) else value for name, value in row.items()}
                for row in model._base_manager.order_by("pk").values(*columns)
            ]
    return found


def check_today() -> None:
    """The site of today works on what came from the first release, shows what is public, and hides the rest."""
    from django.core.management import call_command
    from django.test import Client

    from newsroom import integrity

    call_command("rebuild_modelsearch_index", verbosity=0)
    assert integrity.faults() == [], integrity.faults()
    client = Client(SERVER_NAME="localhost")
    wanted = {
        "/": 200, "/articles/slipway-published/": 200, "/articles/slipway-draft/": 404, "/articles/slipway-withdrawn/": 410,
        "/speakers/bram-oakley/": 200, "/speakers/oakley/": 301, "/topics/slipways/": 200, "/topics/slips/": 301,
        "/lists/most-read/": 200, "/lists/best/": 200, "/quotes/": 200, "/search/?q=slipway": 200, "/articles/feed.atom": 200,
        "/api/v1/quotes": 200,
    }  # fmt: skip
    answers = {address: client.get(address) for address in wanted}
    assert {address: answer.status_code for address, answer in answers.items()} == wanted
    shown = b"".join(answer.content for answer in answers.values() if answer.status_code == 200)
    assert WORDS.encode() in shown
    assert b"Slipway is draft" not in shown and b"Slipway is withdrawn" not in shown


def main() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    def go(targets: list[tuple[str, str]]) -> None:
        MigrationExecutor(connection).migrate(targets)

    loader = MigrationExecutor(connection).loader
    others = [node for node in loader.graph.leaf_nodes() if node[0] not in OURS | {"modelsearch"}]
    leaves = [node for node in loader.graph.leaf_nodes() if node[0] in OURS]
    go([*FIRST, *others])
    first = loader.project_state([*FIRST, *others]).apps
    fill(first)
    before = rows(first)
    assert all(before.values()), [table for table, found in before.items() if not found]
    for way in ("there", "and there again, after a way back"):
        # One at a time, as a site that takes every release has them.
        steps = [migration for migration, _ in MigrationExecutor(connection).migration_plan(leaves)]
        for migration in steps:
            go([(migration.app_label, migration.name)])
        call_command("migrate", verbosity=0)
        assert _same(before), "something of the first release is lost"
        check_today()
        if way == "there":
            forwards = len(steps)
            go(FIRST)
            assert rows(first) == before, "something is lost on the way back"
    sys.stdout.write(f"{forwards} migrations, forwards, back and forwards\n")


def _same(before: dict[str, list[dict[str, Any]]]) -> bool:
    """Today's tables still hold what was in the columns of the first release."""
    from django.apps import apps

    for label, found in before.items():
        model = apps.get_model(label)
        columns = {field.attname for field in model._meta.concrete_fields}
        now = {row["id"]: row for row in model._base_manager.values(*columns)}
        for row in found:
            same = {name: value for name, value in row.items() if name in columns}
            held = {
                name: bytes(value) if isinstance(value, memoryview) else value for name, value in now[row["id"]].items()
            }
            if any(held[name] != value for name, value in same.items()):
                return False
    return True


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    main()
