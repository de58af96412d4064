"""What the pages of quotes show of rows, read by prepared queries."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest

from articles.models import Article, TaggedItem, Topic
from articles.paging import Page, bounds, page_from
from articles.prepared import NOW, Asking, Prepared, Slot, in_step
from quotes.clusters import says_as_well
from quotes.models import Quote, Speaker, TaggedQuote
from quotes.querysets import QuoteQuerySet

SAME_WORDS = 20
MORE_QUOTES = 4
# So much of a teaser's words is looked for in stories, between what one printing sets so and another so.
ENOUGH_WORDS = 60
_SET_ANYHOW = re.compile(r"[\"'“”‘’,;:.!?…–—-]|\s\s")

_KEY = Slot("quote", models.BigIntegerField())
_CLUSTER = Slot("cluster", models.CharField())
_SPEAKER = Slot("speaker", models.BigIntegerField())


def _others() -> QuoteQuerySet:
    return Quote.objects.public(NOW).exclude(pk=_KEY).for_cards()


def _of_speaker() -> QuoteQuerySet:
    return Quote.objects.public(NOW).filter(speaker=_SPEAKER).dated_first()


def _topics_by() -> QuerySet[Topic]:
    of_article = TaggedItem.objects.filter(content_object=Slot("article", models.BigIntegerField()))
    of_quote = TaggedQuote.objects.filter(content_object=_KEY)
    filed = of_article.order_by().values("tag").union(of_quote.order_by().values("tag"))
    # Not one condition with "or" across both, for which PostgreSQL reads all that was ever filed.
    return Topic.objects.public(NOW).filter(pk__in=filed).only("name", "slug").order_by("name")


def _cards(quotes: QuoteQuerySet, start: int, end: int) -> QuoteQuerySet:
    """In their order. Those before are counted off by their keys alone: what else is asked of each would be read for all of
    them.
    """
    keys = quotes.values("pk")[start:end]
    return Quote.objects.filter(pk__in=keys).order_by(*quotes.query.order_by).for_cards()


_latest = Prepared(lambda start, end: _cards(Quote.objects.public(NOW).dated().latest_first(), start, end))
_latest_of = Prepared(lambda start, end: _cards(_of_speaker(), start, end))
_first = Prepared(lambda: Quote.objects.public(NOW).order_by("said_on").values_list("said_on")[:1])
_by_key = Prepared(lambda: Quote.objects.public(NOW).for_page().filter(pk=_KEY).order_by())
_topics = Prepared(_topics_by)
_same_words = Prepared(lambda: _others().filter(cluster=_CLUSTER).latest_first()[:SAME_WORDS])
_some_words = Prepared(
    lambda: (
        _of_speaker()
        .filter(article__isnull=False, text__contains=Slot("words", models.CharField()))
        .for_cards()[:SAME_WORDS]
    )
)
_other_words = Prepared(lambda: _of_speaker().exclude(cluster=_CLUSTER).for_cards()[: MORE_QUOTES * 3])


def page_of_quotes(rows: QuoteQuerySet | None, request: HttpRequest) -> Asking[Page]:
    """The page that was asked for of the latest, as read ``for_cards()``, each utterance once. No ``rows``: of all of which
    the date was printed.
    """
    number, start, end = bounds(request)
    if rows is not None:
        return _once(page_from(list(_cards(rows, start, end)), number))
    return _once(page_from((yield _latest.of(start, end)), number))


def page_of_speaker(speaker: Speaker, request: HttpRequest) -> Asking[Page]:
    """The page that was asked for of a speaker's quotes, latest first and undated last, in the same way."""
    number, start, end = bounds(request)
    return _once(page_from((yield _latest_of.of(start, end, speaker=speaker.pk)), number))


def _once(page: Page) -> Page:
    return replace(page, items=once_each(page))


def once_each(quotes: Iterable[Quote]) -> list[Quote]:
    """Each utterance once, in its best printing, which gets ``others``: how many more there are here."""
    printings: dict[str, list[Quote]] = {}
    for found in quotes:
        printings.setdefault(found.cluster, []).append(found)
    items = []
    for same in printings.values():
        best = next((one for one in same if one.article is not None), same[0])
        best.others = len(same) - 1
        items.append(best)
    return items


def first_said() -> Asking[date | None]:
    """The first day of which there is a public quote."""
    found = yield _first.of()
    return next((day for (day,) in found), None)


def public_quote(key: int) -> Quote | None:
    """As read ``for_page()``; None for a number that no key can be, too."""
    return next(iter(_by_key(quote=key)), None) if key <= models.BigIntegerField.MAX_BIGINT else None


class Gone(NamedTuple):
    """What is said of a quote that was public, instead of its words, which are not read."""

    quote: Quote
    heading: str
    words: str
    reason: str = ""


def why_gone(key: int) -> Gone | None:
    """What to say of a quote that is not public; None if it never was."""
    rows = Quote.objects.with_address().filter(pk=key).order_by().select_related("article")
    quote = rows.only("review_state", "article__state", "article__withdrawn_because").first()
    if quote is None:
        return None
    if quote.review_state == Quote.Review.REJECTED:
        return Gone(quote, "This quote was taken back by an editor", "It was here, and was found not to belong here.")
    if quote.article is not None and quote.article.state == Article.State.WITHDRAWN:
        words = "It was published here and then taken back by an editor, and its quotes with it."
        return Gone(quote, "The article of this quote was withdrawn", words, quote.article.withdrawn_because)
    return None


def beside(quote: Quote) -> tuple[list[Topic], list[Quote], list[Quote], Quote | None]:
    """What stands beside a quote, as read ``for_cards()``: its topics, those of its article and those that an editor put it
    under, as far as they have a page; others with the same words; the speaker's latest with other words; and, of a quote
    that stands alone, the one in the article that it was taken from, if that is here.
    """
    topics, same_words, others, stories = in_step(
        _topics_of(quote), _with_same_words(quote), _with_other_words(quote), _with_some_words(quote)
    )
    return topics, same_words, others, _story(quote, [*same_words, *stories])


def _story(quote: Quote, like: list[Quote]) -> Quote | None:
    """A teaser's words are those of its story, whichever of the two came first, and however much of them it has."""
    if quote.article is not None:
        return None
    fitting = (each for each in like if each.cluster == quote.cluster or says_as_well(each, quote))
    return next((each for each in fitting if each.article), None)


def _topics_of(quote: Quote) -> Asking[list[Topic]]:
    return (yield _topics.of(quote=quote.pk, article=quote.article_id))


def _with_same_words(quote: Quote) -> Asking[list[Quote]]:
    return (yield _same_words.of(quote=quote.pk, cluster=quote.cluster))


def _with_some_words(quote: Quote) -> Asking[list[Quote]]:
    some = max(_SET_ANYHOW.split(quote.text), key=len).strip()[:ENOUGH_WORDS]
    if quote.article is not None or quote.speaker is None or not some:
        return []
    return (yield _some_words.of(speaker=quote.speaker_id, words=some))


def _with_other_words(quote: Quote) -> Asking[list[Quote]]:
    if quote.speaker is None or quote.speaker.kind == Speaker.Kind.UNNAMED:
        return []
    return (yield _other_words.of(cluster=quote.cluster, speaker=quote.speaker_id))
