"""Many articles published, scheduled or withdrawn at once: one record of it, by which it can be undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from articles import store
from articles.models import Article, DatePrecision, StateDecision

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Act = StateDecision.Act
# What a decision changes, and undoing it puts back.
_COLUMNS = ("state", "published_at", "published_precision", "withdrawn_because")


@dataclass(frozen=True, slots=True)
class Wish:
    """What to do with articles. ``at``: when they are to appear, for scheduling; ``because``: why they are withdrawn."""

    act: str
    at: datetime | None = None
    because: str = ""


def concerned(articles: QuerySet[Article], act: str) -> QuerySet[Article]:
    """Those of the articles that such a decision changes: none that is where it leads to already."""
    now = timezone.now()
    if act == Act.WITHDRAW:
        return articles.filter(state=Article.State.PUBLISHED, published_at__lte=now)
    if act == Act.SCHEDULE:
        return articles.exclude(state=Article.State.PUBLISHED, published_at__lte=now)
    return articles.exclude(state=Article.State.PUBLISHED)


@transaction.atomic
def decide(articles: QuerySet[Article], wish: Wish, *, editor: User) -> StateDecision:
    """Do to the articles concerned what is wished, all of it or nothing. The record says what changed."""
    keys = list(concerned(articles, wish.act).order_by("pk").values_list("pk", flat=True))
    rows = Article.objects.filter(pk__in=keys)
    before = {row["pk"]: row for row in rows.select_for_update().order_by("pk").values("pk", *_COLUMNS)}
    if wish.act == Act.WITHDRAW:
        store.withdraw(rows, editor=editor, because=wish.because)
    else:
        if wish.at is not None:
            with store.dating(keys):
                rows.update(published_at=wish.at, published_precision=DatePrecision.TIME)
            # A scheduled one that gets another hour is published in name already; it counts as a change all the same.
            rows.filter(state=Article.State.PUBLISHED).update(version=F("version") + 1, last_editor=editor)
        store.publish(rows, editor=editor)
    versions = dict(rows.values_list("pk", "version"))
    changes = [[key, versions[key], _as_json(values)] for key, values in before.items()]
    return StateDecision.objects.create(editor=editor, act=wish.act, changes=changes)


@transaction.atomic
def undo(decision: StateDecision, *, editor: User) -> list[int]:
    """Put back what was before, where nothing came after. Returns the keys of those articles; twice is harmless."""
    decision = StateDecision.objects.select_for_update().get(pk=decision.pk)
    if decision.undone_at is not None:
        return []
    now, back = timezone.now(), []
    with store.dating(key for key, _version, _values in decision.changes):
        for key, version, values in decision.changes:
            at = parse_datetime(values["published_at"]) if values["published_at"] else None
            rows = Article.objects.filter(pk=key, version=version)
            earlier = values | {"published_at": at}
            if rows.update(**earlier, version=F("version") + 1, last_editor=editor, updated_at=now):
                back.append(key)
    decision.undone_at, decision.undone_by = now, editor
    decision.save(update_fields=["undone_at", "undone_by"])
    return back


def _as_json(values: dict[str, Any]) -> dict[str, Any]:
    moment = values["published_at"]
    return {name: values[name] for name in _COLUMNS} | {"published_at": moment.isoformat() if moment else None}
