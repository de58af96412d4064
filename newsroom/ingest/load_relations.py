"""What ties the articles of a batch to others: printings of one story, topics that they name, sources that they cite."""

from __future__ import annotations

from dataclasses import dataclass, field

from articles import subjects
from articles.ledger import Ledger
from articles.models import Article
from articles.printings import Arrival, link_printings
from articles.text import headline_number
from articles.topic_finder import TopicFinder
from newsroom.ingest.worker import ArticleDraft
from quotes.clusters import join_clusters


@dataclass(slots=True)
class RelationLoader:
    """Takes the articles of one batch in the order of reading; ``write`` writes what ties them, in bulk.

    What one document adds (a topic, a text) counts for those after it, wherever a batch ends: so that a run that was
    stopped and taken up again ends as one that was not.
    """

    topics: subjects.KnownTopics
    _articles: list[tuple[Article, ArticleDraft, Ledger]] = field(default_factory=list)
    _new: list[tuple[Article, ArticleDraft, Ledger]] = field(default_factory=list)

    def add(self, article: Article, draft: ArticleDraft, ledger: Ledger, *, is_new: bool) -> None:
        """An article that has the draft's text, and was made or changed by it."""
        self._articles.append((article, draft, ledger))
        if is_new:
            self._new.append((article, draft, ledger))

    def write(self) -> None:
        links = link_printings(
            [
                Arrival(article, [*draft.keys, headline_number(article.headline_key)], ledger)
                for article, draft, ledger in self._new
            ]
        )
        join_clusters([(link.arrival.article.pk, link.other, link.arrival.ledger) for link in links])
        subjects.cite(
            [
                (article, [subjects.CitedSource(c.name, c.evidence, c.start, c.end) for c in draft.cited], ledger)
                for article, draft, ledger in self._articles
            ]
        )
        self._file_found()

    def _file_found(self) -> None:
        printed = self.topics.unread()
        later = TopicFinder()
        found = []
        for article, draft, ledger in self._articles:
            if article.edited_at is None:
                found.append((article, self.topics.find(article, later), ledger))
            for tag in draft.tags:
                if tag.casefold() in printed:
                    later.add(*printed[tag.casefold()])
        subjects.file_found(found)
