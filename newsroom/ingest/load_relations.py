"""What ties the articles of a batch to others: printings of one story, topics that they name, sources that they cite."""

from __future__ import annotations

from dataclasses import dataclass, field

from articles import subjects
from articles.ledger import Ledger
from articles.models import Article
from articles.printings import Arrival, PrintingLoader
from articles.text import headline_number
from articles.topic_finder import Found, TopicFinder
from newsroom.ingest.worker import ArticleDraft
from quotes.clusters import join_clusters


@dataclass(slots=True)
class RelationLoader:
    """Takes the articles of one batch in the order of reading: ``add`` each, ``read``, ``settle``, ``write``.

    What one document adds (a topic, a text) counts for those after it, wherever a batch ends: so that a run that was
    stopped and taken up again ends as one that was not.
    """

    topics: subjects.KnownTopics
    _articles: list[tuple[Article, ArticleDraft, Ledger]] = field(default_factory=list)
    _arrivals: list[Arrival] = field(default_factory=list)
    _printings: PrintingLoader = field(init=False)
    _printed: dict[str, tuple[str, int]] = field(default_factory=dict)
    _found: list[tuple[Article, dict[int, Found], Ledger]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._printings = PrintingLoader(self._arrivals)

    def add(self, article: Article, draft: ArticleDraft, ledger: Ledger, *, is_new: bool) -> None:
        """An article that has the draft's text, and was made or changed by it."""
        self._articles.append((article, draft, ledger))
        if is_new:
            self._arrivals.append(Arrival(article, [*draft.keys, headline_number(article.headline_key)], ledger))

    def read(self) -> None:
        """Fetch what the articles may be tied to."""
        self._printings.read()
        self._printed = self.topics.unread()

    def settle(self) -> None:
        """Find the ties in the texts. Asks the database for nothing."""
        self._printings.settle()
        later = TopicFinder()
        for article, draft, ledger in self._articles:
            if article.edited_at is None:
                self._found.append((article, self.topics.find(article, later), ledger))
            for tag in draft.tags:
                if tag.casefold() in self._printed:
                    later.add(*self._printed[tag.casefold()])

    def write(self) -> None:
        self._printings.write()
        links = self._printings.links
        join_clusters([(link.arrival.article.pk, link.other, link.arrival.ledger) for link in links])
        subjects.cite(
            [
                (article, [subjects.CitedSource(c.name, c.evidence, c.start, c.end) for c in draft.cited], ledger)
                for article, draft, ledger in self._articles
            ]
        )
        subjects.file_found(self._found)
