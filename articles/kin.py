"""Articles that have something in common: topics, and what other apps find in them.

Quotes stand on top of articles, and who speaks in an article relates it to others. So that articles need not know of
quotes, an app registers here (from its ``AppConfig.ready``) what articles can share besides topics.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from itertools import chain
from math import log

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import F, Q, QuerySet

from articles.annotations import Annotation
from articles.models import Article, Printing, TaggedItem, Topic
from articles.prepared import NOW, Asking, Keys, Prepared, Slot, in_step
from articles.querysets import ArticleQuerySet, has_live

# Looked at, the latest: a topic of ten thousand articles costs no more than one of a hundred.
NEAR = 24
RELATED = 4
PRINTINGS = 10
REASONS = 3

# Given an article and what is marked in it: (key of another public article, name of what both have), the latest first.
Ties = Callable[[Article, Sequence[Annotation], int], Asking[list[tuple[int, str]]]]
_ties: list[Ties] = []
_ARTICLE = Slot("article", models.BigIntegerField())


def register(ties: Ties) -> None:
    """Let an app name what articles share: at most as many pairs as asked for (the third argument), in one query that
    its generator yields."""
    _ties.append(ties)


def kin_of(
    article: Article, annotations: Sequence[Annotation], topics: Sequence[Topic]
) -> tuple[list[Article], list[Article]]:
    """The public printings of the article's story, the earliest first; and related articles, the closest first.

    The related ones have ``shared``, names of what they have in common with it. Closest are those that share most,
    where what few of the articles looked at share counts for more (inverse document frequency; Spärck Jones 1972).
    """
    found_ties = in_step(_same_topics(article, topics), *(ties(article, annotations, NEAR) for ties in _ties))
    shared: dict[int, list[str]] = defaultdict(list)
    for key, name in dict.fromkeys(chain.from_iterable(found_ties)):
        shared[key].append(name)
    shared.pop(article.pk, None)
    holders = Counter(chain.from_iterable(shared.values()))
    weight = {name: log(1 + len(shared) / count) for name, count in holders.items()}
    # So sorted, the closest stand first, and the latest of those that are as close.
    order = []
    for key, names in shared.items():
        closeness = 0.0
        for name in names:
            closeness += weight[name]
        order.append((-closeness, -key))
    story = _story_of(article)
    # A few more than are shown, for printings of the same story are among the closest.
    nearest = [-key for _closeness, key in sorted(order)[: RELATED + (PRINTINGS if story else 0)]]
    found = _read(article, story, nearest)
    printings = [other for other in found if other.same_story][:PRINTINGS]
    related = sorted((other for other in found if not other.same_story), key=lambda other: nearest.index(other.pk))
    for other in related:
        other.shared = sorted(shared[other.pk], key=lambda name: (-weight[name], name))[:REASONS]
    return printings, related[:RELATED]


def _filed_under(topics: int) -> QuerySet:
    """Keys of other public articles under so many topics, with the topic's; the latest articles first."""
    connection = connections[DEFAULT_DB_ALIAS]
    others = TaggedItem.objects.filter(has_live("content_object", NOW)).exclude(content_object=_ARTICLE)
    others = others.order_by("-content_object_id").values_list("content_object_id", "tag_id")
    if not connection.features.supports_slicing_ordering_in_compound:
        return others.filter(tag__among=Keys("topics"))[:NEAR]
    # Each topic's by themselves: the index has them in order, so that no more are looked at than are wanted.
    first, *rest = (others.filter(tag=Slot(f"topic{n}", models.BigIntegerField()))[:NEAR] for n in range(topics))
    return first.union(*rest, all=True).order_by("-content_object_id")[:NEAR] if rest else first


_filed = Prepared(_filed_under)


def _same_topics(article: Article, topics: Sequence[Topic]) -> Asking[list[tuple[int, str]]]:
    if not topics:
        return []
    names = {topic.pk: topic.name for topic in topics}
    slots = {f"topic{n}": key for n, key in enumerate(names)}
    found = yield _filed.of(len(names), **slots, topics=names, article=article.pk or 0)
    return [(other, names[topic]) for other, topic in found]


def _others_by(with_story: bool) -> ArticleQuerySet:
    wanted = Q(pk__among=Keys("keys"))
    if with_story:
        story = Slot("story", models.BigIntegerField())
        wanted |= Q(printing__story=story, printing__state=Printing.State.LINKED)
    rows = Article.objects.published(NOW).for_links().filter(wanted).exclude(pk=_ARTICLE)
    return rows.annotate(story=F("printing__story"), link=F("printing__state")).order_by("published_at", "pk")


_others = Prepared(_others_by)


def _story_of(article: Article) -> int | None:
    """The key of the story that the article is a printing of."""
    printing = getattr(article, "printing", None) if article.pk else None
    return printing.story_id if printing is not None and printing.state == Printing.State.LINKED else None


def _read(article: Article, story: int | None, keys: Sequence[int]) -> list[Article]:
    """Public articles with these keys, and the printings of the article's story: ``same_story`` tells them apart."""
    if story is not None:
        found = _others(True, keys=keys, article=article.pk, story=story)
    else:
        found = _others(False, keys=keys, article=article.pk or 0) if keys else []
    for other in found:
        other.same_story = story is not None and other.story == story and other.link == Printing.State.LINKED
    return found
