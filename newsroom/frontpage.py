"""The front page of the desk: what to begin, what waits, what appears next, and the last imports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.contrib.admin import AdminSite
from django.db.models import IntegerField, QuerySet, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

# As far as the review desk counts, too.
QUEUE_CAP = 1000
RUNS_SHOWN = 5
COMING_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Queue:
    """Rows of ``model`` (``app.Model``) that wait for an editor: ``waiting`` narrows all of them to these.

    ``query`` is what the address of the change list ends with to show just them; ``page`` is the name of the page where
    reviewers work them off.
    """

    label: str
    model: str
    query: str
    waiting: Callable[[QuerySet], QuerySet]
    page: str = ""


QUEUES = (
    Queue("Drafts", "articles.Article", "state=draft", lambda rows: rows.filter(state="draft")),
    Queue("Articles in review", "articles.Article", "state=in_review", lambda rows: rows.filter(state="in_review")),
    Queue(
        "Scheduled for the next 24 hours",
        "articles.Article",
        "state=scheduled",
        lambda rows: rows.scheduled().filter(published_at__lte=timezone.now() + timedelta(days=1)),
    ),
    Queue(
        "Newer versions of articles",
        "articles.ProposedChange",
        "state__exact=waiting",
        lambda rows: rows.filter(state="waiting"),
    ),
    Queue(
        "Quotes without a speaker",
        "quotes.Quote",
        "queue=no-speaker",
        lambda rows: rows.unattributed(),
        page="quotes_quote_review",
    ),
    Queue(
        "Quotes to review",
        "quotes.Quote",
        "queue=unreviewed",
        lambda rows: rows.unreviewed(),
        page="quotes_quote_review",
    ),
    Queue(
        "Quotes of low confidence",
        "quotes.Quote",
        "queue=low-confidence",
        lambda rows: rows.low_confidence(),
        page="quotes_quote_review",
    ),
    Queue(
        "Speakers who may be one",
        "quotes.SpeakerSuggestion",
        "state__exact=waiting",
        lambda rows: rows.filter(state="waiting"),
    ),
    Queue(
        "Proposed topics",
        "articles.TopicCandidate",
        "state__exact=waiting",
        lambda rows: rows.filter(state="waiting"),
    ),
    Queue(
        "List items without their article",
        "articles.CuratedListItem",
        "state=unresolved",
        lambda rows: rows.filter(article__isnull=True, several_fit=False),
    ),
    Queue(
        "List items that fit several articles",
        "articles.CuratedListItem",
        "state=ambiguous",
        lambda rows: rows.filter(article__isnull=True, several_fit=True),
    ),
    Queue(
        "Documents set aside by imports",
        "newsroom.ImportIssue",
        "quarantine=waiting",
        lambda rows: rows.quarantine(),
    ),
    Queue(
        "Imports that failed",
        "newsroom.ImportRun",
        "state__exact=failed",
        lambda rows: rows.filter(state="failed"),
    ),
)


# What people come to the desk to begin: the label, the name of the page, the right that it takes.
BEGINNINGS = (
    ("Write an article", "articles_article_add", "articles.add_article"),
    ("Review quotes", "quotes_quote_review", "quotes.review_quote"),
    ("Upload a dump", "newsroom_importrun_upload", "newsroom.start_importrun"),
)


def context(site: AdminSite, request: HttpRequest) -> dict[str, Any]:
    """What the front page shows this visitor."""
    return {
        "beginnings": [
            {"label": label, "address": reverse(f"{site.name}:{page}")}
            for label, page, right in BEGINNINGS
            if request.user.has_perm(right)
        ],
        "queues": list(_queues(site, request)),
        "coming": _coming(site, request),
        "runs": _runs(site, request),
    }


def _queues(site: AdminSite, request: HttpRequest) -> Iterator[dict[str, str]]:
    """The queues that the user may see, each with how many wait, counted up to the cap."""
    seen = [
        (queue, model)
        for queue in QUEUES
        if site.get_model_admin(model := apps.get_model(queue.model)).has_view_permission(request)
    ]
    numbers = _how_many([queue.waiting(model._default_manager.order_by()) for queue, model in seen])
    for place, (queue, model) in enumerate(seen):
        changelist = f"{model._meta.app_label}_{model._meta.model_name}_changelist"
        may_work_them_off = queue.page and request.user.has_perm("quotes.review_quote")
        address = reverse(f"{site.name}:{queue.page if may_work_them_off else changelist}")
        shown = f"{QUEUE_CAP:,}+" if numbers[place] > QUEUE_CAP else f"{numbers[place]:,}"
        yield {"label": queue.label, "number": shown, "address": f"{address}?{queue.query}"}


def _coming(site: AdminSite, request: HttpRequest) -> list[dict[str, str]]:
    """What appears next, and when."""
    from articles.publishing import in_words  # as below

    model = apps.get_model("articles.Article")
    if not site.get_model_admin(model).has_view_permission(request):
        return []
    page = f"{site.name}:articles_article_change"
    rows = model.objects.scheduled().order_by("published_at", "pk").only("headline", "published_at")
    return [
        {"when": in_words(row.published_at), "headline": row.headline, "address": reverse(page, args=[row.pk])}
        for row in rows[:COMING_SHOWN]
    ]


def _runs(site: AdminSite, request: HttpRequest) -> list[Any]:
    from newsroom import runs  # the admin site is made before there are models

    model = apps.get_model("newsroom.ImportRun")
    if not site.get_model_admin(model).has_view_permission(request):
        return []
    runs.settle()
    return list(model.objects.select_related("user")[:RUNS_SHOWN])


def _how_many(queues: list[QuerySet]) -> Counter[int]:
    """How many rows each of the queues has, by its place: in one query, and of none more than one past the cap."""
    parts = [
        rows.model._default_manager.filter(pk__in=rows.values("pk")[: QUEUE_CAP + 1])
        .order_by()
        .values_list(Value(place, IntegerField()))
        for place, rows in enumerate(queues)
    ]
    return Counter(place for (place,) in parts[0].union(*parts[1:], all=True)) if parts else Counter()
