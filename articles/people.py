"""What people did to rows that imports made: what an undone import must leave alone, and how its rows hang together.

Each app says this of its own tables here, in one place, and apps that stand above add to it from ``AppConfig.ready``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from articles.models import Article, Author, CuratedList, CuratedListItem, Publisher, TaggedItem, Topic, TopicOrigin


@dataclass(frozen=True, slots=True)
class Asked:
    """Rows of one model, by key, and since when people's work counts.

    ``made``: the import in question made the rows, so that whatever people added to them, they added since.
    """

    keys: Collection[int]
    since: datetime
    made: bool


# (key, why): what a person did, in words that follow the row's name.
Reasons = Iterator[tuple[int, str]]


@dataclass(slots=True)
class Tables:
    """What undoing an import needs to know of the tables; labels as ``articles.article``.

    ``work``: by label, who tells what people did. ``belongs``: rows that are part of another one and share its fate:
    by label, the look-up of that row's key and its label. ``shared``: rows that many documents may lead to, which go
    last, and only if nothing uses them; for each, uses that no foreign key shows. ``incidental``: (label, foreign key)
    that do not count as a use. ``unseen``: tables that nobody needs to be told of.
    """

    work: dict[str, list[Callable[[Asked], Reasons]]] = field(default_factory=dict)
    belongs: dict[str, tuple[str, str]] = field(default_factory=dict)
    shared: dict[str, Callable[[Collection[int]], set[int]] | None] = field(default_factory=dict)
    incidental: set[tuple[str, str]] = field(default_factory=set)
    unseen: set[str] = field(default_factory=set)

    def tell(self, label: str, teller: Callable[[Asked], Reasons]) -> None:
        self.work.setdefault(label, []).append(teller)

    def reasons(self, label: str, asked: Asked) -> dict[int, str]:
        """What people did to the rows; those they left alone are not among the keys."""
        found: dict[int, str] = {}
        for teller in self.work.get(label, ()):
            for key, why in teller(asked):
                found.setdefault(key, why)
        return found


tables = Tables()


def on(moment: datetime | None) -> str:
    return f" on {timezone.localtime(moment):%d %b %Y}" if moment else ""


def by(name: str | None) -> str:
    return f" by {name}" if name else ""


def _articles(asked: Asked) -> Reasons:
    rows = Article.objects.filter(pk__in=asked.keys)
    touched = Q(edited_at__gte=asked.since) | (Q(last_editor__isnull=False) if asked.made else Q(pk__in=()))
    for key, moment, name in rows.filter(touched).values_list("pk", "edited_at", "last_editor__username"):
        yield key, f"was changed{by(name)}{on(moment)}"
    for key, moment, name in rows.filter(proposed_changes__decided_at__gte=asked.since).values_list(
        "pk", "proposed_changes__decided_at", "proposed_changes__decided_by__username"
    ):
        yield key, f"has a new version that was decided on{by(name)}{on(moment)}"
    if asked.made:
        listed = CuratedListItem.objects.filter(article__in=asked.keys, list__managed_by=CuratedList.ManagedBy.EDITORS)
        for key, title in listed.values_list("article_id", "list__title"):
            yield key, f"stands in the editors' list “{title}”"
        filed = TaggedItem.objects.filter(content_object__in=asked.keys, origin=TopicOrigin.EDITOR)
        for key, name in filed.values_list("content_object_id", "tag__name"):
            yield key, f"was filed under “{name}” by an editor"
        for key in rows.filter(printing__decided_by__isnull=False).values_list("pk", flat=True):
            yield key, "was compared with its other printings by an editor"


def _lists(asked: Asked) -> Reasons:
    theirs = CuratedList.objects.filter(pk__in=asked.keys, managed_by=CuratedList.ManagedBy.EDITORS)
    for key in theirs.values_list("pk", flat=True):
        yield key, "was taken over by the editors"


def _topics(asked: Asked) -> Reasons:
    rows = Topic.objects.filter(pk__in=asked.keys)
    for key in rows.exclude(description="").values_list("pk", flat=True):
        yield key, "was described by an editor"
    for key in rows.filter(Q(merged_into__isnull=False) | Q(merged__isnull=False)).values_list("pk", flat=True):
        yield key, "was merged by an editor"


def _authors(asked: Asked) -> Reasons:
    for key in Author.objects.filter(pk__in=asked.keys).exclude(bio="").values_list("pk", flat=True):
        yield key, "was described by an editor"


def _publishers(asked: Asked) -> Reasons:
    for key in Publisher.objects.filter(pk__in=asked.keys).exclude(homepage="").values_list("pk", flat=True):
        yield key, "was given an address by an editor"


def register() -> None:
    tables.tell("articles.article", _articles)
    tables.tell("articles.curatedlist", _lists)
    tables.tell("articles.topic", _topics)
    tables.tell("articles.author", _authors)
    tables.tell("articles.publisher", _publishers)
    for label, column in (
        ("articles.article_authors", "article_id"),
        ("articles.taggeditem", "content_object_id"),
        ("articles.citation", "article_id"),
        ("articles.articlekey", "article_id"),
        ("articles.printing", "article_id"),
        ("articles.proposedchange", "article_id"),
        ("articles.proposedfield", "change__article_id"),
    ):
        tables.belongs[label] = (column, "articles.article")
    tables.belongs["articles.curatedlistitem"] = ("list_id", "articles.curatedlist")
    tables.belongs["articles.topicname"] = ("topic_id", "articles.topic")
    tables.belongs["articles.topiccandidate_examples"] = ("topiccandidate_id", "articles.topiccandidate")
    tables.shared |= dict.fromkeys(
        ("articles.author", "articles.topiccandidate", "articles.topic", "articles.story", "articles.publisher")
    )
    tables.incidental |= {("articles.topiccandidate", "topic")}
    tables.unseen |= {"articles.articlekey", "articles.article_authors", "articles.topiccandidate_examples"}
