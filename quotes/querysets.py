"""Named queries over quotes and speakers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Subquery
from django.utils import timezone
from modelsearch.queryset import SearchableQuerySetMixin

from articles.querysets import has_live, is_live

if TYPE_CHECKING:
    from articles.models import Article
    from articles.prepared import Slot
    from quotes.models import Speaker

LOW_CONFIDENCE = 0.6
# Whether nobody printed when it was said. In the words of an index, without a value to be given: SQLite takes it for that.
UNDATED = Func(F("said_precision"), template="(%(expressions)s = 'unknown')", output_field=models.BooleanField())


def is_public(prefix: str = "", now: Slot | None = None) -> Q:
    """The condition that a quote is public: not rejected, and its article (or, alone, the quote itself) published."""
    return ~Q(**{f"{prefix}review_state": "rejected"}) & (
        _is_out_alone(prefix, now) | is_live(f"{prefix}article__", now)
    )


def _is_out_alone(prefix: str = "", now: Slot | None = None) -> Q:
    """The condition that a quote stands in no article, and was published by itself."""
    return Q(**{f"{prefix}article__isnull": True, f"{prefix}published_at__lte": now or timezone.now()})


class QuoteQuerySet(SearchableQuerySetMixin, models.QuerySet["Quote"]):
    def public(self, now: Slot | None = None) -> QuoteQuerySet:
        """Now, or at the moment of asking, in a prepared query."""
        return self.filter(is_public(now=now))

    def public_each(self) -> QuoteQuerySet:
        """``public``, looked up for one row after the other: of some speakers' quotes. A join PostgreSQL begins with all
        articles, if they are many."""
        return self.exclude(review_state="rejected").filter(_is_out_alone() | Q(has_live("article")))

    def with_address(self) -> QuoteQuerySet:
        """What has a public address: what is public, and what was (its address says that it is gone)."""
        return self.filter(_is_out_alone() | is_live("article__") | Q(article__state="withdrawn"))

    def unreviewed(self) -> QuoteQuerySet:
        return self.filter(review_state="unreviewed")

    def dated(self) -> QuoteQuerySet:
        """Quotes of which somebody printed when they were said; those that arrived without a date are never latest."""
        return self.exclude(said_precision="unknown")

    def attributed(self) -> QuoteQuerySet:
        return self.filter(speaker__isnull=False)

    def unattributed(self) -> QuoteQuerySet:
        """The editors' queue of quotes for which no speaker was found, and nobody has said that none is known."""
        return self.unreviewed().filter(speaker__isnull=True)

    def low_confidence(self) -> QuoteQuerySet:
        return self.unreviewed().filter(confidence__lt=LOW_CONFIDENCE)

    def latest_first(self) -> QuoteQuerySet:
        return self.order_by("-said_on", "-pk")

    def dated_first(self) -> QuoteQuerySet:
        """Latest first, and last those of which nobody printed when they were said. Of one speaker, as an index has them."""
        return self.order_by(UNDATED.asc(), "-said_on", "-pk")

    def in_text_order(self) -> QuoteQuerySet:
        return self.order_by("start", "pk")

    def of_article(self, article: Article | Slot) -> QuoteQuerySet:
        return self.filter(article=article).in_text_order()

    def for_cards(self) -> QuoteQuerySet:
        """With all that a card shows: who, where, from which publisher."""
        return self.select_related("speaker", "article", "article__publisher", "document").defer(
            "article__body", "article__text", "document__raw", "document__text", "document__blocks"
        )

    def as_marks(self) -> QuoteQuerySet:
        """With what the page of their article shows of quotes, and nothing else."""
        return self.select_related("speaker").only(
            "text", "kind", "segments", "role", "start", "end", "review_state", "article_id", "speaker__name",
            "speaker__slug", "speaker__kind",
        )  # fmt: skip

    def for_results(self) -> QuoteQuerySet:
        """With what a search result shows, and nothing else."""
        return self.select_related("speaker").only(
            "text", "kind", "segments", "start", "end", "role", "said_on", "said_precision", "speaker__name",
            "speaker__slug",
        )  # fmt: skip

    def for_names(self) -> QuoteQuerySet:
        """With the words and who said them, and nothing else: of many, to choose among or to count."""
        return self.select_related("speaker").only(
            "text",
            "kind",
            "role",
            "confidence",
            "review_state",
            "article_id",
            "speaker__name",
            "speaker__slug",
            "speaker__kind",
        )

    def for_page(self) -> QuoteQuerySet:
        """With the text that surrounds the quote as well."""
        sources = ("article__publisher", "article__document", "document__publisher")
        unread = [
            f"{source}__{part}" for source in ("document", "article__document") for part in ("raw", "blocks", "text")
        ]
        return self.select_related("speaker", *sources).defer("article__body", *unread).with_role_beside()

    def with_role_beside(self) -> QuoteQuerySet:
        """Adds ``role_beside``, for ``Quote.role_then``: the first role that the article prints with another quote of the
        same speaker. Papers give it once, and then the name alone.
        """
        same = {"article": OuterRef("article"), "speaker": OuterRef("speaker")}
        beside = self.model.objects.filter(**same).exclude(review_state__in=["rejected", "misattributed"])
        return self.annotate(role_beside=Subquery(beside.exclude(role="").in_text_order().values("role")[:1]))


class SpeakerQuerySet(SearchableQuerySetMixin, models.QuerySet["Speaker"]):
    def active(self) -> SpeakerQuerySet:
        return self.filter(merged_into__isnull=True)

    def public(self, now: Slot | None = None) -> SpeakerQuerySet:
        """Speakers with at least one public quote."""
        from quotes.models import Quote

        return self.active().filter(Exists(Quote.objects.public(now).filter(speaker=OuterRef("pk"))))

    def named(self) -> SpeakerQuerySet:
        """Persons and organisations: those who belong in an index of names."""
        return self.exclude(kind="unnamed")

    def under_letter(self, letter: str) -> SpeakerQuerySet:
        """Those whose sort key begins with a letter a to z; ``other``: with none of these; an empty text: all."""
        if not letter:
            return self
        if letter == "other":
            return self.exclude(sort_key__regex="^[a-z]")
        return self.filter(sort_key__startswith=letter, sort_key__gte=letter)

    def for_results(self, now: Slot | None = None) -> SpeakerQuerySet:
        """With what a search result shows, and nothing else."""
        return self.with_latest_role(now).only("name", "slug", "kind")

    def with_latest_role(self, now: Slot | None = None) -> SpeakerQuerySet:
        """Adds ``latest_role``: the role printed with the latest public quote that has one."""
        from quotes.models import Quote

        quotes = Quote.objects.public(now).filter(speaker=OuterRef("pk")).exclude(role="").dated_first()
        return self.annotate(latest_role=Subquery(quotes.values("role")[:1]))


class OfSpeakerQuerySet(models.QuerySet):
    """Rows that belong to a speaker: names, positions."""

    def of(self, speaker: Speaker) -> OfSpeakerQuerySet:
        """Those of the speaker and of all who were merged into it."""
        return self.filter(Q(speaker=speaker) | Q(speaker__merged_into=speaker))
