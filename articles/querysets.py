"""Named queries over articles: named once, chained everywhere."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Substr
from django.db.models.lookups import IsNull
from django.utils import timezone
from modelsearch.queryset import SearchableQuerySetMixin

if TYPE_CHECKING:
    from articles.dates import AnySpan, Span
    from articles.models import Topic
    from articles.prepared import Slot

# Dates that are at least as precise as a span of time: an article of "October 2026" belongs to no day.
_AT_LEAST = {
    "day": ["time", "day"],
    "month": ["time", "day", "month"],
    "year": ["time", "day", "month", "year"],
}
EXCERPT_LENGTH = 320


def is_live(prefix: str = "", now: datetime | Slot | None = None) -> Q:
    """The condition that an article is public, for use from a relation: ``is_live("article__")``.

    Scheduled articles become public by the clock alone: no job has to run at their hour.
    """
    return Q(**{f"{prefix}state": "published", f"{prefix}published_at__lte": now or timezone.now()})


def has_live(path: str, now: Slot | None = None) -> IsNull:
    """The condition that the article a row points to (``path``) is public, looked up for one row after the other.

    Of few rows. A join PostgreSQL may begin with all articles, where it cannot know that they are few.
    """
    from articles.models import Article

    return IsNull(Subquery(Article.objects.published(now).filter(pk=OuterRef(path)).order_by().values("pk")[:1]), False)


def filings() -> Prefetch:
    """The topics of articles, in one query, for ``Article.filings``."""
    from articles.models import TaggedItem

    return Prefetch("tagged_items", TaggedItem.objects.select_related("tag"), to_attr="filings")


class ArticleQuerySet(SearchableQuerySetMixin, models.QuerySet["Article"]):
    def published(self, now: Slot | None = None) -> ArticleQuerySet:
        """What the public may see now (or at the moment of asking, in a prepared query)."""
        return self.filter(is_live(now=now))

    def with_address(self, now: Slot | None = None) -> ArticleQuerySet:
        """What has a public address: what is published, and what was (its address says that it is gone)."""
        return self.filter(is_live(now=now) | Q(state="withdrawn"))

    def scheduled(self) -> ArticleQuerySet:
        return self.filter(state="published", published_at__gt=timezone.now())

    def drafts(self) -> ArticleQuerySet:
        return self.filter(state__in=["draft", "in_review"])

    def latest_first(self) -> ArticleQuerySet:
        return self.order_by("-published_at", "-pk")

    def within(self, span: Span | AnySpan) -> ArticleQuerySet:
        """Articles whose printed date lies in the span; those whose date is not known belong to none."""
        start, end = span.moments()
        return self.as_precise_as(span).filter(published_at__gte=start, published_at__lt=end)

    def as_precise_as(self, span: Span | AnySpan) -> ArticleQuerySet:
        """Articles of which the date is known well enough to belong to a span of that length."""
        return self.filter(published_precision__in=_AT_LEAST[span.precision])

    def dated(self) -> ArticleQuerySet:
        """Articles with a date that was printed, or set by an editor."""
        return self.exclude(published_precision="unknown")

    def undated(self) -> ArticleQuerySet:
        return self.filter(published_precision="unknown")

    def tagged(self, topic: Topic | Slot) -> ArticleQuerySet:
        return self.filter(tagged_items__tag=topic)

    def with_excerpts(self) -> ArticleQuerySet:
        """Adds ``excerpt``: the beginning of the text, for cards of articles without a standfirst."""
        return self.annotate(excerpt=Substr("text", 1, EXCERPT_LENGTH))

    def with_topics(self) -> ArticleQuerySet:
        """With what ``Article.filed_under`` and ``Article.main_topic`` look at."""
        return self.prefetch_related(filings())

    def for_cards(self) -> ArticleQuerySet:
        """With all that a card shows, and without the bodies that it does not."""
        return self.select_related("publisher").with_topics().defer("body", "text", "correction", "desk_note")

    def as_card(self) -> ArticleQuerySet:
        """With what a card or the lead shows of the article itself, and nothing else."""
        columns = ("headline", "slug", "language", "standfirst", "byline", "dateline", "published_at",
                   "published_precision", "lead_image", "publisher__name")  # fmt: skip
        return self.select_related("publisher").only(*columns).with_excerpts()

    def for_entries(self) -> ArticleQuerySet:
        """With what an entry of a feed or of the API tells: as cards, and who wrote it."""
        return self.for_cards().prefetch_related("authors").with_excerpts()

    def for_results(self) -> ArticleQuerySet:
        """With the text, of which a search result shows the piece around what was looked for, and nothing unseen."""
        return self.select_related("publisher").only(
            "headline", "slug", "language", "text", "published_at", "published_precision", "publisher__name"
        )

    def for_links(self) -> ArticleQuerySet:
        """With what a line that links to it shows, and nothing else."""
        return self.select_related("publisher").only(
            "headline", "slug", "language", "published_at", "published_precision", "publisher__name"
        )

    def as_page(self) -> ArticleQuerySet:
        """With what readers see on its page, and of other rows that it points to, and nothing else."""
        columns = (
            "headline", "slug", "standfirst", "body", "text", "byline", "dateline", "source_url", "language", "lead_image",
            "lead_image_alt", "lead_image_caption", "lead_image_credit", "state", "published_at", "published_precision",
            "correction", "withdrawn_because", "updated_at", "publisher__name", "publisher__homepage",
            "document__retrieved_at", "printing__story", "printing__state",
        )  # fmt: skip
        return self.select_related("publisher", "document", "printing").only(*columns)

    def for_page(self) -> ArticleQuerySet:
        """With what its page shows of other rows that it points to."""
        return self.select_related("publisher", "document", "printing").defer(
            "document__raw", "document__text", "document__blocks"
        )

    def untouched(self) -> ArticleQuerySet:
        """Articles that no person has changed since they were imported."""
        return self.filter(edited_at__isnull=True)


class TopicQuerySet(models.QuerySet):
    def active(self) -> TopicQuerySet:
        return self.filter(merged_into__isnull=True)

    def public(self, now: Slot | None = None) -> TopicQuerySet:
        """Topics that lead somewhere: at least one public article."""
        from articles.models import TaggedItem

        live = TaggedItem.objects.filter(has_live("content_object", now), tag=OuterRef("pk"))
        # Looked up for one topic after the other, from its latest article on in the order of an index, which ends at the
        # first that is public. In a join, or without an order, PostgreSQL may read all that was ever filed, or all articles.
        live = live.order_by("-content_object_id")
        return self.active().alias(live=Subquery(live.values("content_object_id")[:1])).filter(live__isnull=False)


class CuratedListQuerySet(models.QuerySet):
    def published(self, now: Slot | None = None) -> CuratedListQuerySet:
        """What the public may see now (or at the moment of asking): like articles, lists come and go by the clock."""
        now = now or timezone.now()
        begun = Q(appears_at__isnull=True) | Q(appears_at__lte=now)
        return self.filter(begun, Q(until__isnull=True) | Q(until__gt=now), is_published=True)

    def on_homepage(self, now: Slot | None = None) -> CuratedListQuerySet:
        return self.published(now).filter(on_homepage=True)

    def with_items(self) -> CuratedListQuerySet:
        """With items and, where they are public, their articles as ``item.live_article`` (else None)."""
        from articles.models import Article

        live = Article.objects.published().for_links()
        return self.prefetch_related("items", Prefetch("items__article", queryset=live, to_attr="live_article"))
