"""What somebody may have been looking for at an address where nothing is: guessed from its words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from operator import or_

from django.db.models import Q
from rapidfuzz import fuzz

from articles.models import Article, CuratedList, Topic
from articles.search import read
from quotes.search import nearest_speakers

LONGEST = 200
COMPARED = 300
LIKE = 60.0
SHOWN = 5
# So many of the folders of an address are looked at, the last ones.
FOLDERS = 3
_SECTIONS = {
    "articles", "article", "topics", "quotes", "speakers", "lists", "archive", "page", "html", "index", "feed", "rss", "atom",
    "json",
}  # fmt: skip
_ENDING = re.compile(r"\.[a-z]{2,5}$")


@dataclass(frozen=True, slots=True)
class Suggestion:
    title: str
    address: str
    kind: str


def words_of(path: str) -> list[str]:
    """The words of an address: those of its last part that has any, besides those that name a part of the site."""
    return next(_parts(path), [])


def _parts(path: str) -> Iterator[list[str]]:
    """The words of each part of an address that has any, the last one first."""
    parts = path[-LONGEST:].lower().rstrip("/").split("/")
    for part in reversed(parts):
        words = [word for word in re.findall(r"[^\W\d_]+", _ENDING.sub("", part)) if word not in _SECTIONS][:12]
        if words:
            yield words


def suggestions(path: str) -> list[Suggestion]:
    """Public articles, topics, lists and speakers whose addresses begin like the last part of this one, the likest first;
    where none does, like the folder it is in, or the one above. Five queries.
    """
    parts = list(islice(_parts(path), FOLDERS))
    if not parts:
        return []
    begun = reduce(or_, (Q(slug__startswith=words[0]) for words in parts))
    begun_so = reduce(or_, (Q(slug__startswith=words[0][:4]) for words in parts))
    articles = Article.objects.published().for_links().filter(begun)[:COMPARED]
    topics = Topic.objects.public().filter(begun_so)[:COMPARED]
    lists = CuratedList.objects.published().filter(begun_so)[:COMPARED]
    rows = [
        *((row.slug, Suggestion(row.headline, row.get_absolute_url(), "Article")) for row in articles),
        *((row.slug, Suggestion(row.name, row.get_absolute_url(), "Topic")) for row in topics),
        *((row.slug, Suggestion(row.title, row.get_absolute_url(), "List")) for row in lists),
    ]
    # Their names are alike, whatever their addresses are.
    speakers = [
        Suggestion(row.name, row.get_absolute_url(), "Speaker") for row in nearest_speakers(read(" ".join(parts[0])))
    ]
    last, *folders = (_near("-".join(words), rows) for words in parts)
    return next(filter(None, [[*last, *speakers], *folders]), [])[:SHOWN]


def _near(wanted: str, rows: Iterable[tuple[str, Suggestion]]) -> list[Suggestion]:
    """Those of which the slug is like what was asked for, the likest first."""
    near = ((_likeness(wanted, slug), suggestion) for slug, suggestion in rows)
    found = sorted((each for each in near if each[0] >= LIKE), key=lambda each: -each[0])
    return [suggestion for _how, suggestion in found]


def _likeness(wanted: str, slug: str) -> float:
    """How like a slug is to what was asked for (0 to 100); one of which that is only a part, a little less."""
    return max(fuzz.ratio(wanted, slug), fuzz.partial_ratio(wanted, slug) - 10)
