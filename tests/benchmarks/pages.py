"""The addresses that benchmarks ask for, by kind of page: several of each, from all over the archive."""

from __future__ import annotations

import json
import sys
from collections import Counter

from articles.models import Article, CuratedList, Topic
from articles.text import fold
from quotes.models import Quote, Speaker
from tests.benchmarks.archive import FIRST, word_of_copy

# What readers ask for within a while. Of pages that are put together anew a process keeps some pieces, as long as nothing
# changes in them: of these many it keeps them, as it does in life.
EACH = 400
# So many more that nobody has asked for before, and of which nothing is kept.
NEVER_ASKED = 4000


def addresses() -> dict[str, list[str]]:
    """Of the database that is set up."""
    live = Article.objects.published().latest_first()
    keys = list(live.values_list("pk", flat=True))
    some = list(Article.objects.filter(pk__in=keys[:: max(1, len(keys) // EACH)][:EACH]))
    quotes = [Quote.objects.public().filter(article=article).first() for article in some]
    step = max(1, len(keys) // NEVER_ASKED)
    others = Article.objects.filter(pk__in=sorted({*keys[1::step]} - {article.pk for article in some})[:NEVER_ASKED])
    speakers = list(Speaker.objects.public().order_by("pk")[:EACH])
    topics = list(Topic.objects.public()[:5])
    days = sorted({article.published_at.date() for article in some if article.published_at})
    counts = Counter(word for article in some[:10] for word in set(fold(article.text).split()) if len(word) > 6)
    places = [word for word, count in counts.items() if count == 1][:EACH]
    commonest = [word for word, _count in counts.most_common(5)]
    copies = len(keys) // FIRST - 1
    copy = [word_of_copy(copies)] if copies > 0 else []
    return {
        "article": [article.get_absolute_url() for article in some],
        "article, first time": [article.get_absolute_url() for article in others.only("slug")],
        "home": ["/"],
        "articles": [f"/articles/?page={number}" if number > 1 else "/articles/" for number in range(1, 6)],
        "articles, deep": [f"/articles/?page={number}" for number in range(30, 40)],
        "archive, deep": [f"/archive/{day.year}/{day.month:02}/?page=1" for day in days[: EACH // 2]],
        "quotes": ["/quotes/", "/quotes/?page=2", "/quotes/?kind=direct"],
        "quotes, narrowed": [
            f"/quotes/?{narrowed}"
            for topic in topics
            for narrowed in (f"topic={topic.slug}", f"topic={topic.slug}&kind=direct")
        ]
        + ["/quotes/?kind=indirect", "/quotes/?year=2019&page=3"],
        "speakers": ["/speakers/", "/speakers/?page=2", "/speakers/?letter=m"],
        "quote": [quote.get_absolute_url() for quote in quotes if quote],
        "speaker": [speaker.get_absolute_url() for speaker in speakers],
        "speaker, on a topic": [
            f"{who.get_absolute_url()}?topic={topic.slug}" for who in speakers[:8] for topic in topics
        ],
        "topic": [topic.get_absolute_url() for topic in topics],
        "list": [shown.get_absolute_url() for shown in CuratedList.objects.published()[:5]],
        "search": [f"/search/?q={word}" for word in places],
        # Finds as much in an archive of any size.
        "search, few": [f"/search/?q={'+'.join([word, *copy])}" for word in places],
        "search, of one": [f"/search/?q={word}&type=quotes&speaker={speakers[0].slug}" for word in places]
        if speakers
        else [],
        "search, rare": [f"/search/?q=%22{'+'.join(speaker.name.split())}%22" for speaker in speakers],
        "search, narrowed": [
            f"/search/?q={word}&type={kind}" for word in commonest for kind in ("articles", "quotes&kind=direct")
        ],
        "suggest": [f"/search/suggest?q={word[:letters]}" for word in places[: EACH // 4] for letters in (1, 2, 3)],
        "feed": ["/feed.atom", "/quotes/feed.rss"],
    }


def main() -> None:
    sys.stdout.write(json.dumps(addresses()))
