"""What articles are about and whom they cite, as found in their texts: writes, in bulk."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from articles import bulk
from articles.ledger import Ledger
from articles.models import Article, Citation, Publisher, TaggedItem, Topic, TopicName, TopicOrigin
from articles.topic_finder import Found, Searched, TopicFinder

# An article that names more is a list of them; the ones it names most often are kept.
MOST_TOPICS = 12


@dataclass(slots=True)
class KnownTopics:
    """The names of all topics, read once and then only what has come since: for the length of an import."""

    _finder: TopicFinder = field(default_factory=TopicFinder)
    _topic: int = 0
    _name: int = 0

    def read(self) -> None:
        """Learn the names that were added since the last time. Two queries."""
        topics = Topic.objects.filter(pk__gt=self._topic).order_by("pk").values_list("pk", "name", "merged_into")
        for key, name, merged_into in topics:
            self._finder.add(name, merged_into or key)
            self._topic = key
        names = TopicName.objects.filter(pk__gt=self._name).order_by("pk")
        for key, name, topic, merged_into in names.values_list("pk", "name", "topic", "topic__merged_into"):
            self._finder.add(name, merged_into or topic)
            self._name = key

    def unread(self) -> dict[str, tuple[str, int]]:
        """Topics that were added since the last reading: (name, topic) by the name in small letters. One query."""
        rows = Topic.objects.filter(pk__gt=self._topic).values_list("pk", "name", "merged_into")
        return {name.casefold(): (name, merged_into or key) for key, name, merged_into in rows}

    def find(self, article: Article, later: TopicFinder) -> dict[int, Found]:
        """Topic -> where it stands in the article's text. ``later``: names that were not there at the last reading.

        The offset is that into the text; a topic that only headline or standfirst name has none, which is ``-1`` here.
        """
        # What stands above comes last, so that offsets into the text hold.
        searched = Searched(f"{article.text}\n{article.headline}\n{article.standfirst}")
        found = later.find(searched) | self._finder.find(searched)
        end = len(article.text)
        return {key: place if place.first < end else Found(place.mentions, -1) for key, place in found.items()}


def file_found(found: Sequence[tuple[Article, Mapping[int, Found], Ledger]]) -> None:
    """File articles under the topics found in them, besides those that they are filed under already. Two queries."""
    filed = set(
        TaggedItem.objects.filter(content_object__among=[article.pk for article, places, _ in found if places])
        .order_by()
        .values_list("content_object_id", "tag_id")
    )
    made: list[tuple[int, int, str, int, int | None]] = []
    ledgers: list[Ledger] = []
    found_in_text = str(TopicOrigin.FOUND)
    for article, places, ledger in found:
        most = sorted(places.items(), key=lambda item: (-item[1].mentions, item[1].first, item[0]))[:MOST_TOPICS]
        key = article.pk
        rows = [
            (topic, key, found_in_text, place.mentions, place.first if place.first >= 0 else None)
            for topic, place in most
            if (key, topic) not in filed
        ]
        made += rows
        ledgers += [ledger] * len(rows)
    names = ("tag", "content_object", "origin", "mentions", "first_mention")
    for made_key, ledger in zip(bulk.insert_values(TaggedItem, names, made), ledgers, strict=True):
        ledger.created_keys(TaggedItem, [made_key])


@dataclass(frozen=True, slots=True)
class CitedSource:
    """A source as an article gives it; see ``Citation``."""

    name: str
    evidence: str
    start: int | None
    end: int | None


def cite(found: Sequence[tuple[Article, Sequence[CitedSource], Ledger]]) -> None:
    """Keep the sources that articles give, in place of what was kept for them before. At most four queries.

    A paper does not cite itself.
    """
    publishers = _publishers({source.name for _, sources, _ in found for source in sources})
    earlier: dict[int, list[Citation]] = {}
    for row in Citation.objects.filter(article__among=[article.pk for article, _, _ in found]):
        earlier.setdefault(row.article_id, []).append(row)
    made: list[Citation] = []
    gone: list[int] = []
    for article, sources, ledger in found:
        old = earlier.get(article.pk, [])
        ledger.deleted(old)
        gone += [row.pk for row in old]
        rows = [
            bulk.new(
                Citation,
                article_id=article.pk,
                name=source.name[:200],
                publisher=publishers.get(_house(source.name)),
                evidence=source.evidence[:200],
                start=source.start,
                end=source.end,
            )
            for source in sources
            if article.publisher is None or _house(article.publisher.name) != _house(source.name)
        ]
        ledger.created(rows)
        made += rows
    if gone:
        Citation.objects.filter(pk__in=gone).delete()
    bulk.insert(made)


def _house(name: str) -> str:
    return name.casefold().removeprefix("the ")


def _publishers(names: Collection[str]) -> dict[str, Publisher]:
    if not names:
        return {}
    rows = Publisher.objects.filter(name__in=[form for name in names for form in (name, f"The {name}")])
    return {_house(row.name): row for row in rows.order_by("-pk")}


def find_citations_again(article: Article) -> None:
    """Find the places of an article's sources again in its changed text; where the words are gone, there is none."""
    rows = list(Citation.objects.filter(article=article))
    for row in rows:
        place = article.text.find(row.evidence)
        row.start, row.end = (place, place + len(row.evidence)) if place >= 0 else (None, None)
    bulk.update(rows, ["start", "end"])
