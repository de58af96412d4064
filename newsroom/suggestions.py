"""What somebody may have been looking for at an address where nothing is: guessed from its words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz import fuzz

from articles.models import Article, Topic
from articles.search import read
from quotes.search import nearest_speakers

LONGEST = 200
COMPARED = 300
LIKE = 60.0
SHOWN = 5
_SECTIONS = {"articles", "article", "topics", "quotes", "speakers", "lists", "archive", "page", "html", "index"}


@dataclass(frozen=True, slots=True)
class Suggestion:
    title: str
    address: str
    kind: str


def words_of(path: str) -> list[str]:
    """The words of an address, without those that name a part of the site."""
    return [word for word in re.findall(r"[^\W\d_]+", path[:LONGEST].lower()) if word not in _SECTIONS][:12]


def suggestions(path: str) -> list[Suggestion]:
    """Public articles, speakers and topics whose addresses begin like this one, the likest first. Four queries."""
    words = words_of(path)
    if not words:
        return []
    wanted = "-".join(words)
    articles = Article.objects.published().for_links().filter(slug__startswith=words[0])[:COMPARED]
    topics = Topic.objects.public().filter(slug__startswith=words[0][:4])[:COMPARED]
    found = [
        *(_like(wanted, row.slug, row.headline, row.get_absolute_url(), "Article") for row in articles),
        *(_like(wanted, row.slug, row.name, row.get_absolute_url(), "Topic") for row in topics),
        # Their names are alike, whatever their addresses are.
        *(
            (LIKE, Suggestion(row.name, row.get_absolute_url(), "Speaker"))
            for row in nearest_speakers(read(" ".join(words)))
        ),
    ]
    near = sorted((each for each in found if each[0] >= LIKE), key=lambda each: -each[0])
    return [suggestion for _likeness, suggestion in near[:SHOWN]]


def _like(wanted: str, slug: str, title: str, address: str, kind: str) -> tuple[float, Suggestion]:
    """How like a slug is to what was asked for (0 to 100); one of which that is only a part, a little less."""
    likeness = max(fuzz.ratio(wanted, slug), fuzz.partial_ratio(wanted, slug) - 10)
    return likeness, Suggestion(title, address, kind)
