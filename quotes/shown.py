"""What the page of a quote shows of rows, read by prepared queries."""

from __future__ import annotations

from django.db import models
from django.db.models import QuerySet

from articles.models import TaggedItem, Topic
from articles.prepared import NOW, Asking, Prepared, Slot, in_step
from quotes.models import Quote, Speaker, TaggedQuote
from quotes.querysets import QuoteQuerySet

SAME_WORDS = 20
MORE_QUOTES = 4

_KEY = Slot("quote", models.BigIntegerField())
_CLUSTER = Slot("cluster", models.CharField())


def _others() -> QuoteQuerySet:
    return Quote.objects.public(NOW).latest_first().exclude(pk=_KEY).for_cards()


def _topics_by() -> QuerySet[Topic]:
    of_article = TaggedItem.objects.filter(content_object=Slot("article", models.BigIntegerField()))
    of_quote = TaggedQuote.objects.filter(content_object=_KEY)
    filed = of_article.order_by().values("tag").union(of_quote.order_by().values("tag"))
    # Not one condition with "or" across both, for which PostgreSQL reads all that was ever filed.
    return Topic.objects.public(NOW).filter(pk__in=filed).only("name", "slug").order_by("name")


_by_key = Prepared(lambda: Quote.objects.public(NOW).for_page().filter(pk=_KEY).order_by())
_topics = Prepared(_topics_by)
_same_words = Prepared(lambda: _others().filter(cluster=_CLUSTER)[:SAME_WORDS])
_other_words = Prepared(
    lambda: (
        _others().filter(speaker=Slot("speaker", models.BigIntegerField())).exclude(cluster=_CLUSTER)[: MORE_QUOTES * 3]
    )
)


def public_quote(key: int) -> Quote | None:
    """As read ``for_page()``; None for a number that no key can be, too."""
    return next(iter(_by_key(quote=key)), None) if key <= models.BigIntegerField.MAX_BIGINT else None


def beside(quote: Quote) -> tuple[list[Topic], list[Quote], list[Quote]]:
    """What stands beside a quote, as read ``for_cards()``: its topics, those of its article and those that an editor put it
    under, as far as they have a page; others with the same words; and the speaker's latest with other words.
    """
    topics, same_words, others = in_step(_topics_of(quote), _with_same_words(quote), _with_other_words(quote))
    return topics, same_words, others


def _topics_of(quote: Quote) -> Asking[list[Topic]]:
    return (yield _topics.of(quote=quote.pk, article=quote.article_id))


def _with_same_words(quote: Quote) -> Asking[list[Quote]]:
    return (yield _same_words.of(quote=quote.pk, cluster=quote.cluster))


def _with_other_words(quote: Quote) -> Asking[list[Quote]]:
    if quote.speaker is None or quote.speaker.kind == Speaker.Kind.UNNAMED:
        return []
    return (yield _other_words.of(quote=quote.pk, cluster=quote.cluster, speaker=quote.speaker_id))
