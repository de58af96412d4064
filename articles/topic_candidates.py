"""Phrases that recur in articles and may make topics: counted here, decided by editors, never made behind their backs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from articles import bulk, store
from articles.keyphrases import phrases_of
from articles.ledger import Ledger
from articles.models import Article, Publisher, Topic, TopicCandidate, TopicName
from articles.search import read, with_words
from articles.subjects import file_found
from articles.text import fold
from articles.topic_finder import TopicFinder

if TYPE_CHECKING:
    from django.contrib.auth.models import User

State = TopicCandidate.State
EXAMPLES = 5
# What stands in every third article is the site's furniture, or too wide to be a topic.
TOO_COMMON = 1 / 3
FEWEST_TO_JUDGE = 30
# Of the articles that search finds for a new topic's name so many are filed under it.
MOST_FILED = 1_000
# Phrases that stood in one article so far are forgotten when so many are remembered: memory stays flat.
MOST_REMEMBERED = 200_000


class CandidateError(Exception):
    """A decision that cannot be carried out; says why, for an editor."""


@dataclass(slots=True)
class _Tally:
    name: str
    articles: int = 0
    mentions: int = 0
    examples: list[int] = field(default_factory=list)


@dataclass(slots=True)
class PhraseCount:
    """Phrases over many articles. ``add`` each; then ``propose``."""

    _tallies: dict[str, _Tally] = field(default_factory=dict)
    articles: int = 0

    def add(self, article: int, text: str) -> None:
        """Count the phrases of one article."""
        self.articles += 1
        merged: dict[str, tuple[str, int]] = {}
        for phrase, mentions in phrases_of(text).items():
            key = fold(phrase)
            if key:
                merged[key] = (merged.get(key, (phrase, 0))[0], merged.get(key, (phrase, 0))[1] + mentions)
        for key, (phrase, mentions) in merged.items():
            tally = self._tallies.setdefault(key, _Tally(phrase[:100]))
            tally.articles += 1
            tally.mentions += mentions
            if len(tally.examples) < EXAMPLES:
                tally.examples.append(article)
        if len(self._tallies) > MOST_REMEMBERED:
            self._tallies = {key: tally for key, tally in self._tallies.items() if tally.articles > 1}

    def worth(self, *, least: int, most: int, known: Collection[str]) -> dict[str, _Tally]:
        """The ``most`` phrases in the most articles, of those in at least ``least`` whose key is not ``known``."""
        limit = self.articles * TOO_COMMON if self.articles >= FEWEST_TO_JUDGE else self.articles
        fitting = {
            key: tally
            for key, tally in self._tallies.items()
            if least <= tally.articles <= limit and key not in known and len(key) <= 100
        }
        chosen = sorted(fitting, key=lambda key: (-fitting[key].articles, -fitting[key].mentions, key))[:most]
        return {key: fitting[key] for key in chosen}


def known_keys() -> set[str]:
    """Keys of what need not be proposed: names of topics and publishers."""
    rows = (Topic.objects, TopicName.objects, Publisher.objects)
    return {fold(name) for manager in rows for name in manager.values_list("name", flat=True)}


@transaction.atomic
def propose(count: PhraseCount, *, least: int, most: int, known: Collection[str]) -> Counter[str]:
    """Let the phrases wait for an editor. What was decided stays decided. Returns how many are new, and again there."""
    found = count.worth(least=least, most=most, known=known)
    here = {row.key: row for row in TopicCandidate.objects.filter(key__in=found)}
    new = [
        TopicCandidate(name=tally.name, key=key, articles_count=tally.articles, mentions=tally.mentions)
        for key, tally in found.items()
        if key not in here
    ]
    bulk.insert(new)
    again = [row for row in here.values() if row.state == State.WAITING]
    for row in again:
        row.articles_count, row.mentions = found[row.key].articles, found[row.key].mentions
    bulk.update(again, ["articles_count", "mentions"])
    through = TopicCandidate.examples.through
    through.objects.filter(topiccandidate__in=again).delete()
    bulk.insert(
        [
            through(topiccandidate_id=row.pk, article_id=article)
            for row in [*new, *again]
            for article in found[row.key].examples
        ]
    )
    return Counter(new=len(new), again=len(again))


@transaction.atomic
def accept(candidate: TopicCandidate, *, editor: User) -> tuple[Topic, int]:
    """Make a topic of a candidate and file under it the articles that name it. Returns it and their number.

    Raises ``CandidateError`` if it was decided already, or there is such a topic by now.
    """
    candidate = TopicCandidate.objects.select_for_update().get(pk=candidate.pk)
    if candidate.state != State.WAITING:
        raise CandidateError(f"“{candidate}” has been decided already.")
    if Topic.objects.filter(name__iexact=candidate.name).exists():
        raise CandidateError(f"There is a topic “{candidate}” already. Dismiss the proposal.")
    topic = Topic(name=candidate.name)
    store.save_topic(topic)
    candidate.topic = topic
    _decide([candidate], State.ACCEPTED, editor)
    return topic, file_under(topic)


def file_under(topic: Topic) -> int:
    """File the articles whose texts name the topic under it. Returns how many name it."""
    finder = TopicFinder()
    for name in [topic.name, *topic.other_names.values_list("name", flat=True)]:
        finder.add(name, topic.pk)
    search = read(topic.name)
    rows = with_words(Article.objects.all(), search) if search.words else Article.objects.none()
    found = []
    for article in rows.only("pk", "text")[:MOST_FILED]:
        places = finder.find(article.text)
        found += [(article, places, Ledger())] if places else []
    file_found(found)
    return len(found)


@transaction.atomic
def dismiss(candidates: QuerySet[TopicCandidate], *, editor: User) -> int:
    """Say that these make no topics: they never come again. Returns how many changed."""
    rows = list(candidates.filter(state=State.WAITING))
    _decide(rows, State.DISMISSED, editor)
    return len(rows)


def _decide(rows: Iterable[TopicCandidate], state: str, editor: User) -> None:
    for row in rows:
        row.state, row.decided_by, row.decided_at = state, editor, timezone.now()
        row.save(update_fields=["state", "topic", "decided_by", "decided_at"])
