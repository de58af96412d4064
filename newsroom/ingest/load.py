"""Outcomes to rows: one transaction a batch, which holds the rows and the run's progress mark alike."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from articles import store as article_store
from articles.ledger import Ledger, values_of
from articles.models import Article, CuratedList, DatePrecision, Publisher, RawDocument
from articles.versions import Name
from newsroom.ingest.load_articles import ArticleLoader, Dated
from newsroom.ingest.load_lists import load_list
from newsroom.ingest.load_quotes import QuoteLoader
from newsroom.ingest.quarantine import resolve
from newsroom.ingest.worker import Outcome, printed_moment
from newsroom.models import ImportIssue, ImportRun, RunDocument
from newsroom.models import Outcome as Result
from quotes.models import Quote

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


class Loader:
    """Writes the outcomes of one run."""

    def __init__(self, run: ImportRun, options: LoadOptions) -> None:
        self.run = run
        self.options = options
        self.publisher: Publisher | None = None

    @transaction.atomic
    def load(self, outcomes: Sequence[Outcome]) -> list[Loaded]:
        """Write one batch, all or nothing. Raises only what the database raises."""
        first = Ledger()
        if self.options.publisher and self.publisher is None:
            self.publisher = article_store.publisher_named(self.options.publisher, first)
        articles = ArticleLoader(self.publisher, publish=self.options.publish)
        quotes = QuoteLoader(publish=self.options.publish)
        quotes.read_names(outcomes)
        known = {row.sha256: row for row in self._documents(outcomes)}
        ledgers = [first, *(Ledger() for _ in outcomes[1:])]
        loaded = [
            self._load_one(outcome, known, articles, quotes, ledger)
            for outcome, ledger in zip(outcomes, ledgers, strict=True)
        ]
        quotes.finish()
        articles.finish()
        self._mark_progress(loaded, speakers=len(quotes.made_speakers))
        return loaded

    def _documents(self, outcomes: Sequence[Outcome]) -> list[RawDocument]:
        hashes = {outcome.sha256 for outcome in outcomes if outcome.sha256}
        return list(RawDocument.objects.filter(sha256__in=hashes).defer("raw", "text"))

    def _load_one(
        self,
        outcome: Outcome,
        known: dict[str, RawDocument],
        articles: ArticleLoader,
        quotes: QuoteLoader,
        ledger: Ledger,
    ) -> Loaded:
        document = known.get(outcome.sha256)
        if outcome.problem is not None:
            return self._set_aside(outcome, known, document, ledger)
        # A document that was set aside has no blocks; it gets its chance whenever it can be read.
        if document is not None and document.blocks:
            return _loaded(outcome, Result.UNCHANGED, document, ledger)
        document = known[outcome.sha256] = self._keep(outcome, document, ledger)
        done = _loaded(outcome, Result.CREATED, document, ledger)
        days = []
        for draft in outcome.articles:
            dated = self._date_of(*printed_moment(draft.printed))
            days += [dated.moment.date()] if dated.known and dated.moment else []
            placed = articles.load(draft, document, dated, ledger)
            done.headlines.append(draft.headline)
            done.count("articles", placed.state)
            if placed.proposed:
                fields = ", ".join(str(Name(name).label).lower() for name in placed.proposed)
                self._notice(
                    done, f"“{draft.headline}” was changed by an editor; a newer version of it waits: {fields}"
                )
            # An editor's own text keeps the quotes that were found in it.
            if placed.state != "unchanged" and placed.article.text == draft.text:
                made = quotes.load_for_article(draft.quotes, placed.article, ledger)
                self._count_quotes(done, made, len(draft.quotes))
        day = max(days, default=self.options.date)
        self._count_quotes(done, quotes.load_alone(outcome.quotes, document, day, ledger), len(outcome.quotes))
        self._load_lists(outcome, done, document, day)
        for notice in outcome.notices:
            self._notice(done, notice)
        done.result = _result(done.counts, outcome)
        return done

    def _date_of(self, value: dt.date | None, precision: str) -> Dated:
        if value is None:
            value, precision = self.options.date, DatePrecision.DAY
        if value is None:
            return Dated(timezone.now() if self.options.publish else None, DatePrecision.UNKNOWN)
        moment = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time.min)
        return Dated(moment if timezone.is_aware(moment) else timezone.make_aware(moment), precision)

    def _keep(self, outcome: Outcome, document: RawDocument | None, ledger: Ledger) -> RawDocument:
        """The document's row: new, or that of a document once set aside, now filled."""
        assert outcome.data is not None
        is_new = document is None
        document = document or RawDocument(sha256=outcome.sha256, retrieved_at=timezone.now())
        before = values_of(document, ("name", "encoding", "text", "blocks", "publisher_id"))
        document.raw = outcome.data
        document.size = len(outcome.data)
        document.name = outcome.name[:1000]
        document.media_type, document.meta = outcome.media_type, outcome.meta
        document.retrieved_at = outcome.retrieved_at or document.retrieved_at
        document.encoding = outcome.encoding
        document.text = outcome.text
        document.blocks = [[b.label, b.start, b.end, b.article, b.rule] for b in outcome.blocks]
        document.publisher = self.publisher
        document.save()
        if is_new:
            ledger.created([document])
        else:
            ledger.updated(document, before)
        return document

    def _set_aside(
        self, outcome: Outcome, known: dict[str, RawDocument], document: RawDocument | None, ledger: Ledger
    ) -> Loaded:
        assert outcome.problem is not None
        if document is None and outcome.data:
            document = known[outcome.sha256] = self._keep(outcome, None, ledger)
        done = _loaded(outcome, Result.QUARANTINED, document, ledger)
        done.issues.append(
            ImportIssue(
                severity=ImportIssue.Severity.QUARANTINED,
                reason=outcome.problem.reason[:1000],
                byte_offset=outcome.problem.offset,
                line=outcome.problem.line,
                sha256=outcome.sha256,
                size=len(outcome.data) if outcome.data is not None else None,
            )
        )
        return done

    def _count_quotes(self, done: Loaded, made: list[Quote], found: int) -> None:
        done.count("quotes", "made", len(made))
        done.count("quotes", "unchanged", found - len(made))

    def _load_lists(self, outcome: Outcome, done: Loaded, document: RawDocument, day: dt.date | None) -> None:
        for label, items in outcome.lists:
            as_of = self._date_of(day, DatePrecision.DAY).moment if day else None
            curated, state = load_list(
                label, items, document, self.publisher, done.ledger, as_of=as_of, publish=self.options.publish
            )
            if curated is not None:
                done.count("lists", state)

    def _notice(self, done: Loaded, reason: str) -> None:
        done.issues.append(ImportIssue(severity=ImportIssue.Severity.NOTICE, reason=reason[:1000]))

    def _mark_progress(self, loaded: list[Loaded], *, speakers: int) -> None:
        position = self.run.read
        RunDocument.objects.bulk_create(
            RunDocument(
                run=self.run,
                position=position + number,
                name=done.name[:1000],
                document_id=done.document_id,
                outcome=done.result,
                changes=done.ledger.as_json(),
            )
            for number, done in enumerate(loaded)
        )
        for done in loaded:
            for issue in done.issues:
                issue.run, issue.document_id, issue.name = self.run, done.document_id, done.name[:1000]
        ImportIssue.objects.bulk_create([issue for done in loaded for issue in done.issues])
        resolve(self.run, ((done.name, done.sha256) for done in loaded if done.result != Result.QUARANTINED))
        self.run.read += len(loaded)
        for done in loaded:
            setattr(self.run, done.result, getattr(self.run, done.result) + 1)
        self.run.counts = self._totals(loaded, speakers)
        self.run.save()

    def _totals(self, loaded: list[Loaded], speakers: int) -> dict[str, dict[str, int]]:
        """The run's rows so far by kind and outcome, with this batch; documents that were here already count whole."""
        totals = {kind: Counter(numbers) for kind, numbers in self.run.counts.items()}
        for done in loaded:
            for (kind, result), number in done.counts.items():
                totals.setdefault(kind, Counter())[str(result)] += number
            totals.setdefault("issues", Counter())[Result.CREATED] += len(done.issues)
        totals.setdefault("speakers", Counter())[Result.CREATED] += speakers
        here = [done.document_id for done in loaded if done.result == Result.UNCHANGED and not done.counts]
        for kind, model in (("articles", Article), ("quotes", Quote), ("lists", CuratedList)):
            number = model._default_manager.filter(document__in=here).count() if here else 0
            totals.setdefault(kind, Counter())[Result.UNCHANGED] += number
        return {kind: {str(result): number for result, number in found.items()} for kind, found in totals.items()}


def _loaded(outcome: Outcome, result: str, document: RawDocument | None, ledger: Ledger) -> Loaded:
    return Loaded(outcome.name, result, document.pk if document else None, outcome.sha256, ledger)


def _result(counts: Counter[tuple[str, str]], outcome: Outcome) -> str:
    """Created if anything new came of it; a page whose every article is here already, unchanged."""
    results = {result for (_, result), number in counts.items() if number}
    if Result.CREATED in results or not (Result.UPDATED in results or outcome.articles):
        return Result.CREATED
    return Result.UPDATED if Result.UPDATED in results else Result.UNCHANGED
