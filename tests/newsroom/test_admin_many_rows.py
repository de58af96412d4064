"""The desk over 10,000 rows of everything: no more than 15 queries a page, and no large table is counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlencode

import pytest
from django.contrib.admin import site
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.db.models import Model
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Merger, RawDocument, Story, Topic
from quotes.models import Quote, Speaker, SpeakerSuggestion
from tests.adminpages import log_in_member, queries_of

pytestmark = pytest.mark.django_db
MANY, MOST = 10_000, 15
# A count of all of a table; those of what hangs on the rows of a page go by their keys, and name the column.
COUNTED = re.compile(r'COUNT\(\*\).*FROM "(articles_article|quotes_quote|articles_rawdocument|quotes_speaker)"')
EXTREME = re.compile(r'(?:MIN|MAX)\(.*FROM "(articles_article|quotes_quote|articles_rawdocument)"')


def _values(model: type[Model], n: int) -> dict[str, object]:
    """What a row needs beside defaults: each foreign key that must be there leads to the row of the same number."""
    found: dict[str, object] = {}
    for field in model._meta.concrete_fields:
        if field.primary_key or field.generated:
            continue
        if isinstance(field, models.ForeignKey):
            if not field.null or (
                field.related_model in {Article, RawDocument, Speaker} and field.name != "merged_into"
            ):
                found[field.attname] = n
        elif field.unique or field.name in {"name", "headline", "slug", "title", "text", "key", "sort_key"}:
            found[field.name] = f"{field.name} {n}"
        elif isinstance(field, models.DateTimeField) and not field.null:
            found[field.name] = timezone.now()
        elif isinstance(field, models.DateField) and not field.null:
            found[field.name] = date(2026, 10, 5)
        elif isinstance(field, models.PositiveIntegerField | models.PositiveBigIntegerField) and not field.null:
            found[field.name] = 0 if field.has_default() else n
    return found


_MORE = {
    Quote: lambda n: {"start": n, "end": n + 1, "article_id": 1 + n % 5_000, "speaker_id": 1 + n % 50},
    Merger: lambda n: {"kind": "articles.topic", "source_id": n, "target_id": n + 1, "moved": {"moved": {}}},
    SpeakerSuggestion: lambda n: {"speaker_id": n, "other_id": n + 1, "score": 0.5},
    User: lambda n: {"username": f"user{n}"},
    Group: lambda n: {"name": f"group {n}"},
    LogEntry: lambda n: {"action_flag": CHANGE, "object_id": str(n)},
}

_KINDS = {"articles.deletion": lambda n: {"kind": "articles.topic", "object_id": n,
                                          "rows": {"deleted": {"articles.topic": [{"id": n, "name": "Old"}]}}}}  # fmt: skip


def _fill() -> None:
    """10,000 rows (of accounts and groups 50) of every model that the desk shows, those that others need first."""
    waiting = list(site._registry)
    done: set[type[Model]] = {ContentType, User, Group, Story}
    known: dict[type[Model], dict[str, object]] = {}
    for model in [User, Group, Story, *_in_order([model for model in waiting if model not in done])]:
        if model is LogEntry:  # whose first users and content types have whatever key the database gave them
            known[model] = {"user_id": User.objects.first().pk, "content_type_id": ContentType.objects.first().pk}
        number = 50 if model in {User, Group} else MANY + (1 if model is Speaker else 0)
        more = _MORE.get(model) or _KINDS.get(model._meta.label_lower) or (lambda n: {})
        start = model._base_manager.order_by("pk").values_list("pk", flat=True).last() or 0
        rows = [
            model(pk=start + n, **(_values(model, n) | known.get(model, {}) | more(n))) for n in range(1, number + 1)
        ]
        model._base_manager.bulk_create(rows)
    # What the database knew of other tests' tables, a few rows each, makes it join 10,000 to 10,000 one by one.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _in_order(found: list[type[Model]]) -> Iterator[type[Model]]:
    left, there = list(found), set()
    while left:
        for model in list(left):
            needed = {field.related_model for field in model._meta.concrete_fields if field.related_model} - {model}
            if not needed & (set(found) - there):
                yield model
                there.add(model)
                left.remove(model)


def _addresses() -> Iterator[str]:
    request = RequestFactory().get("/")
    request.user = User.objects.get(username="admin")
    yield reverse("admin:index")
    yield from (f"{reverse('admin:find')}?q={words}" for words in ("1", "zzzz", "headline"))
    for model, model_admin in site._registry.items():
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        changes = reverse(f"{base}_changelist")
        yield from (changes, f"{changes}?p=3", f"{changes}?q=zzzz")
        shown = model_admin.get_changelist_instance(request)
        for spec in shown.filter_specs:
            yield from [changes + choice["query_string"] for choice in spec.choices(shown) if "query_string" in choice][
                1:3
            ]
        key = model._base_manager.order_by("pk").values_list("pk", flat=True).last()
        for name in ("change", "history", "delete"):
            yield reverse(f"{base}_{name}", args=[key])
    yield reverse("admin:quotes_quote_review")
    for field, label in (("speaker", "quotes.quote"), ("article", "quotes.quote"), ("tag", "articles.taggeditem")):
        app, model = label.split(".")
        query = {"app_label": app, "model_name": model, "field_name": field, "term": "1"}
        yield f"{reverse('admin:autocomplete')}?{urlencode(query)}"


def _asked(client: Client, address: str) -> tuple[int, list[str]]:
    with CaptureQueriesContext(connection) as captured:
        status = client.get(address).status_code
    return status, queries_of(captured)


def test_no_page_of_the_desk_asks_more_of_many_rows(admin_client: Client):
    """As a member of a group asks for it; of a superuser where no group may."""
    member = log_in_member()  # first: rows with keys of their own leave PostgreSQL's sequences behind
    _fill()
    wrong, seen = [], 0
    for address in _addresses():
        status, queries = _asked(member, address)
        if status == 403:
            status, queries = _asked(admin_client, address)
        seen += 1
        counted = [sql for sql in queries if COUNTED.search(sql) or EXTREME.search(sql)]
        if len(queries) > MOST or counted or status not in {200, 302, 403}:
            wrong.append(f"{address}: {status}, {len(queries)} queries, {counted}")
    assert not wrong, "\n".join(wrong)
    assert seen > 130
    assert Topic.objects.count() == MANY


def test_an_action_on_all_pages_counts_nothing(admin_client: Client):
    Article.objects.bulk_create(Article(headline=f"Headline {n}", slug=f"slug-{n}") for n in range(MANY))
    changes = reverse("admin:articles_article_changelist")
    with CaptureQueriesContext(connection) as captured:
        admin_client.post(changes, {"action": "publish_selected", "select_across": "1", "_selected_action": ["1"]})
    assert len(captured) <= MOST
    assert not [query["sql"] for query in captured if COUNTED.search(query["sql"])]
    assert not Article.objects.filter(state="published").exists()
