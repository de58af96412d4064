"""Outcomes to rows: one transaction a batch, which holds the rows and the run's progress mark alike.

A batch is read ahead (what is here of all its documents), settled in memory, document by document, and written table by
table; so the number of queries does not grow with the documents in it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from articles import store as article_store
from articles.ledger import Ledger
from articles.models import Article, DatePrecision, Publisher, RawDocument
from articles.subjects import KnownTopics
from articles.text import headline_key
from articles.versions import Name
from newsroom.ingest.load_articles import ArticleLoader, Dated
from newsroom.ingest.load_documents import DocumentLoader, taken_in
from newsroom.ingest.load_lists import ListLoader
from newsroom.ingest.load_progress import COUNTED, has_come_to, mark_progress
from newsroom.ingest.load_quotes import QuoteLoader
from newsroom.ingest.load_relations import RelationLoader
from newsroom.ingest.load_session import check_keys, meanwhile, take_turns
from newsroom.ingest.patience import patiently
from newsroom.ingest.quarantine import Waiting
from newsroom.ingest.worker import ArticleDraft, Outcome, printed_moment, process
from newsroom.models import ImportIssue, ImportRun
from newsroom.models import Outcome as Result

# What the parts say of a row, and under which outcome the report counts it.
COUNTED_AS = {"made": Result.CREATED, "changed": Result.UPDATED}


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """``publish``: make everything public at once; ``date``: the day of documents that print none."""

    publish: bool = False
    publisher: str = ""
    date: dt.date | None = None


@dataclass(slots=True)
class Loaded:
    """What one document came to: its ``result``, the rows it made and changed, and what an operator should know."""

    name: str
    result: str
    document_id: int | None = None
    sha256: str = ""
    ledger: Ledger = field(default_factory=Ledger)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    headlines: list[str] = field(default_factory=list)
    issues: list[ImportIssue] = field(default_factory=list)

    def count(self, kind: str, state: str, number: int = 1) -> None:
        self.counts[kind, COUNTED_AS.get(state, Result.UNCHANGED)] += number

    def notice(self, reason: str) -> None:
        self.issues.append(ImportIssue(severity=ImportIssue.Severity.NOTICE, reason=reason[:1000]))


@dataclass(slots=True)
class _Work:
    """One document on its way through the loaders; ``articles``: those whose quotes are to be written."""

    outcome: Outcome
    done: Loaded
    document: RawDocument | None = None
    articles: list[tuple[Article, ArticleDraft, bool]] = field(default_factory=list)
    day: dt.date | None = None


class Loader:
    """Writes the outcomes of one run."""

    def __init__(self, run: ImportRun, options: LoadOptions) -> None:
        self.run = run
        self.options = options
        self.topics = KnownTopics()
        self.waiting = Waiting(run)

    def load(self, outcomes: Sequence[Outcome]) -> list[Loaded]:
        """Write one batch, all or nothing. Raises only what the database raises, once waiting does not help."""
        before = {name: getattr(self.run, name) for name in COUNTED}
        loaded: list[Loaded] = []

        def write() -> list[Loaded]:
            loaded.clear()
            try:
                with transaction.atomic():
                    loaded.extend(self._write(outcomes))
            except BaseException:
                for name, value in before.items():
                    setattr(self.run, name, value)
                self.topics = KnownTopics()  # it may have learnt of some that are gone again
                raise
            return loaded

        def is_written() -> bool:
            return has_come_to(self.run, before["read"], before["read"] + len(outcomes))

        def done() -> list[Loaded]:
            self.run.refresh_from_db(fields=COUNTED)
            return loaded

        return patiently(write, is_written, done)

    def _write(self, outcomes: Sequence[Outcome]) -> list[Loaded]:
        take_turns()
        batch = [
            _Work(outcome, Loaded(outcome.name, Result.CREATED, sha256=outcome.sha256))
            for outcome in _read_after_all(outcomes)
        ]
        publisher = None
        if self.options.publisher and batch:
            publisher = article_store.publisher_named(self.options.publisher, batch[0].done.ledger)
        speakers = sum(self._load_part(part, publisher) for part in _apart(batch))
        loaded = [work.done for work in batch]
        mark_progress(self.waiting, loaded, speakers=speakers)
        for done in loaded:
            done.ledger = Ledger()  # it holds every row that was written, and reports ask for none
        return loaded

    def _load_part(self, part: Sequence[_Work], publisher: Publisher | None) -> int:
        """Write documents of which none touches what another makes. Returns the number of speakers made."""
        self.topics.read()
        relations = RelationLoader(self.topics)
        documents = DocumentLoader(publisher)
        documents.read(work.outcome for work in part)
        new = [work for work in part if self._keep(work, documents)]
        documents.write()
        for work in part:
            work.done.document_id = work.document.pk if work.document else None
        articles = ArticleLoader(publisher, publish=self.options.publish)
        articles.read(draft for work in new for draft in work.outcome.articles)
        for work in new:
            self._load_articles(work, articles)
        articles.write()
        quotes = QuoteLoader(publish=self.options.publish)
        quotes.read(
            (work.outcome for work in new), [found for work in new for found, _, is_new in work.articles if not is_new]
        )
        lists = ListLoader(publisher, publish=self.options.publish)
        lists.read(label for work in new for label, _ in work.outcome.lists)
        with meanwhile():
            articles.index()
            for work in new:
                self._load_rest(work, quotes, lists)
        quotes.write()
        lists.write()
        articles.finish()
        for work in new:
            for article, draft, is_new in work.articles:
                relations.add(article, draft, work.done.ledger, is_new=is_new)
        relations.read()
        with meanwhile():
            quotes.index()
            check_keys()
            relations.settle()
        relations.write()
        return len(quotes.made_speakers)

    def _keep(self, work: _Work, documents: DocumentLoader) -> bool:
        """Settle the document itself. Returns whether anything is to be made of what is in it."""
        outcome, done = work.outcome, work.done
        work.document = documents.find(outcome)
        if outcome.problem is not None:
            done.result = Result.QUARANTINED
            done.issues.append(
                ImportIssue(
                    severity=ImportIssue.Severity.QUARANTINED,
                    reason=outcome.problem.reason[:1000],
                    byte_offset=outcome.problem.offset,
                    line=outcome.problem.line,
                    sha256=outcome.sha256,
                    size=outcome.size,
                )
            )
            if work.document is None and outcome.data:
                work.document = documents.keep(outcome, done.ledger)
            return False
        # A document that was set aside has no blocks; it gets its chance whenever it can be read.
        if work.document is not None and work.document.blocks:
            done.result = Result.UNCHANGED
            return False
        work.document = documents.keep(outcome, done.ledger)
        return True

    def _load_articles(self, work: _Work, articles: ArticleLoader) -> None:
        assert work.document is not None
        days = []
        for draft in work.outcome.articles:
            dated = self._date_of(*printed_moment(draft.printed))
            days += [dated.moment.date()] if dated.known and dated.moment else []
            placed = articles.load(draft, work.document, dated, work.done.ledger)
            work.done.headlines.append(draft.headline)
            work.done.count("articles", placed.state)
            if placed.proposed:
                fields = ", ".join(str(Name(name).label).lower() for name in placed.proposed)
                work.done.notice(f"“{draft.headline}” was changed by an editor; a newer version of it waits: {fields}")
            # An editor's own text keeps the quotes that were found in it.
            if placed.state != "unchanged" and placed.article.text == draft.text:
                work.articles.append((placed.article, draft, placed.state == "made"))
        work.day = max(days, default=self.options.date)

    def _load_rest(self, work: _Work, quotes: QuoteLoader, lists: ListLoader) -> None:
        outcome, done, document = work.outcome, work.done, work.document
        assert document is not None
        for article, draft, _ in work.articles:
            made = quotes.load_for_article(draft.quotes, article, done.ledger)
            _count_quotes(done, len(made), len(draft.quotes))
        made = quotes.load_alone(outcome.quotes, document, work.day, done.ledger)
        _count_quotes(done, len(made), len(outcome.quotes))
        as_of = self._date_of(work.day, DatePrecision.DAY).moment if work.day and outcome.lists else None
        for label, items in outcome.lists:
            curated, state = lists.load(label, items, document, as_of, done.ledger)
            if curated is not None:
                done.count("lists", state)
        for notice in outcome.notices:
            done.notice(notice)
        done.result = _result(done.counts, outcome)

    def _date_of(self, value: dt.date | None, precision: str) -> Dated:
        if value is None:
            value, precision = self.options.date, DatePrecision.DAY
        if value is None:
            return Dated(timezone.now() if self.options.publish else None, DatePrecision.UNKNOWN)
        moment = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time.min)
        here = timezone.get_default_timezone()
        return Dated(moment if timezone.is_aware(moment) else timezone.make_aware(moment, here), precision)


def _read_after_all(outcomes: Sequence[Outcome]) -> Iterator[Outcome]:
    """The outcomes; documents that were left unread for being here, and have been undone or deleted since, are read now."""
    here = taken_in({outcome.sha256 for outcome in outcomes if outcome.unread is not None})
    for outcome in outcomes:
        yield outcome if outcome.unread is None or outcome.sha256 in here else process(outcome.unread)


def _apart(batch: Iterable[_Work]) -> Iterator[list[_Work]]:
    """The batch cut where a document has an article whose headline or address one before it has, or lists.

    What that one came to must be written first: whether two are versions of one article, and which of them a list
    item means, must not depend on where a batch ends.
    """
    part: list[_Work] = []
    touched: set[str] = set()
    for work in batch:
        own = {headline_key(draft.headline) for draft in work.outcome.articles}
        own |= {draft.source_url for draft in work.outcome.articles} - {""}
        if own & touched:
            yield part
            part, touched = [], set()
        part.append(work)
        touched |= own
        touched.update(headline_key(item) for _, items in work.outcome.lists for item in items)
    if part:
        yield part


def _count_quotes(done: Loaded, made: int, found: int) -> None:
    done.count("quotes", "made", made)
    done.count("quotes", "unchanged", found - made)


def _result(counts: Counter[tuple[str, str]], outcome: Outcome) -> str:
    """Created if anything new came of it; a page whose every article is here already, unchanged."""
    results = {result for (_, result), number in counts.items() if number}
    if Result.CREATED in results or not (Result.UPDATED in results or outcome.articles):
        return Result.CREATED
    return Result.UPDATED if Result.UPDATED in results else Result.UNCHANGED
