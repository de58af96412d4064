"""Articles that have something in common: topics, and what other apps find in them.

Quotes stand on top of articles, and who speaks in an article relates it to others. So that articles need not know of
quotes, an app registers here (from its ``AppConfig.ready``) what articles can share besides topics.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from math import log

from django.db.models import F, Q

from articles.annotations import Annotation
from articles.models import Article, Printing, TaggedItem, Topic
from articles.querysets import is_live

# Looked at, the latest: a topic of ten thousand articles costs no more than one of a hundred.
NEAR = 150
RELATED = 4
PRINTINGS = 10
REASONS = 3

# Given an article and what is marked in it: (key of another public article, name of what both have), the latest first.
Ties = Callable[[Article, Sequence[Annotation], int], Iterable[tuple[int, str]]]
_ties: list[Ties] = []


def register(ties: Ties) -> None:
    """Let an app name what articles share: at most as many pairs as asked for (the third argument), in one query."""
    _ties.append(ties)


def kin_of(
    article: Article, annotations: Sequence[Annotation], topics: Sequence[Topic]
) -> tuple[list[Article], list[Article]]:
    """The public printings of the article's story, the earliest first; and related articles, the closest first.

    The related ones have ``shared``, names of what they have in common with it. Closest are those that share most,
    where what few of the articles looked at share counts for more (inverse document frequency; Spärck Jones 1972).
    """
    shared: dict[int, list[str]] = defaultdict(list)
    holders: dict[str, int] = defaultdict(int)
    found_ties = [*_same_topics(article, topics)]
    for ties in _ties:
        found_ties += ties(article, annotations, NEAR)
    for key, name in found_ties:
        if key != article.pk and name not in shared[key]:
            shared[key].append(name)
            holders[name] += 1
    weight = {name: log(1 + len(shared) / count) for name, count in holders.items()}
    closeness = {key: sum(weight[name] for name in names) for key, names in shared.items()}
    # A few more than are shown, for printings of the same story are among the closest.
    nearest = sorted(closeness, key=lambda key: (-closeness[key], -key))[: RELATED + PRINTINGS]
    found = _read(article, nearest)
    printings = [other for other in found if other.same_story][:PRINTINGS]
    related = sorted((other for other in found if not other.same_story), key=lambda other: nearest.index(other.pk))
    for other in related:
        other.shared = sorted(shared[other.pk], key=lambda name: (-weight[name], name))[:REASONS]
    return printings, related[:RELATED]


def _same_topics(article: Article, topics: Sequence[Topic]) -> Iterable[tuple[int, str]]:
    if not topics:
        return ()
    filed = TaggedItem.objects.filter(is_live("content_object__"), tag__in=topics).exclude(content_object=article.pk)
    return filed.order_by("-pk").values_list("content_object", "tag__name")[:NEAR]


def _read(article: Article, keys: Sequence[int]) -> list[Article]:
    """Public articles with these keys, and the printings of the article's story: ``same_story`` tells them apart."""
    printing = getattr(article, "printing", None) if article.pk else None
    wanted = Q(pk__in=keys)
    story = None
    if printing is not None and printing.state == Printing.State.LINKED:
        story = printing.story_id
        wanted |= Q(printing__story=story, printing__state=Printing.State.LINKED)
    elif not keys:
        return []
    rows = Article.objects.published().for_links().filter(wanted).exclude(pk=article.pk)
    rows = rows.annotate(story=F("printing__story"), link=F("printing__state"))
    found = list(rows.order_by("published_at", "pk"))
    for other in found:
        other.same_story = story is not None and other.story == story and other.link == Printing.State.LINKED
    return found
