"""Quote drafts to rows, with their speakers and the roles these were seen in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils import timezone

from articles import store as article_store
from articles.ledger import Ledger
from articles.models import Article, RawDocument
from newsroom.ingest.worker import Outcome, QuoteDraft
from quotes.directory import NamedSource, SpeakerDirectory, note_positions
from quotes.models import Quote, Speaker
from quotes.reading import is_untouched, quote_of, was_printed_as


@dataclass(slots=True)
class QuoteLoader:
    """Writes the quotes of one batch; ``finish`` writes the roles and brings search up to date."""

    publish: bool
    _speakers: SpeakerDirectory = field(default_factory=SpeakerDirectory)
    _seen: list[tuple[Speaker, str, dt.date | None, Ledger]] = field(default_factory=list)
    _written: list[Quote] = field(default_factory=list)

    @property
    def made_speakers(self) -> list[Speaker]:
        return self._speakers.made

    def read_names(self, outcomes: Iterable[Outcome]) -> None:
        """Fetch all speakers that the batch names, at once."""
        drafts = (
            draft
            for outcome in outcomes
            for quotes in (outcome.quotes, *(article.quotes for article in outcome.articles))
            for draft in quotes
        )
        self._speakers.read(draft.speaker for draft in drafts if draft.speaker)

    def load_for_article(self, drafts: list[QuoteDraft], article: Article, ledger: Ledger) -> list[Quote]:
        """Write the quotes of an article. Returns those that are new.

        Of a changed article, quotes that are still there keep their rows and what editors made of them; those that
        are gone go, unless an editor has touched them.
        """
        here = {was_printed_as(quote): quote for quote in Quote.objects.filter(article=article)}
        taken = {(quote.start, quote.end) for quote in here.values()}
        day = article.published_at.date() if article.date_known else None
        made, still = [], set()
        for draft in drafts:
            quote = self._quote(draft, article.text, day, ledger)
            quote.article, quote.document = article, article.document
            still.add(quote.fingerprint)
            if quote.fingerprint not in here and (quote.start, quote.end) not in taken:
                taken.add((quote.start, quote.end))
                made.append(quote)
        gone = [quote for words, quote in here.items() if words not in still and is_untouched(quote)]
        ledger.deleted(gone)
        Quote.objects.filter(pk__in=[quote.pk for quote in gone]).delete()
        return self._write(made, day, ledger)

    def load_alone(
        self, drafts: list[QuoteDraft], document: RawDocument, day: dt.date | None, ledger: Ledger
    ) -> list[Quote]:
        """Write the quotes of a dump's teasers, which belong to no article here. ``day``: that of the page, if known.

        A date on the page says nothing certain of when a teaser's words were said, so theirs stays unknown.
        """
        quotes, taken = [], set()
        for draft in drafts:
            quote = self._quote(draft, document.text, None, ledger)
            if day is not None:
                quote.said_on = day
            quote.document = document
            quote.published_at = timezone.now() if self.publish else None
            if (quote.start, quote.end) not in taken:
                taken.add((quote.start, quote.end))
                quotes.append(quote)
        return self._write(quotes, None, ledger)

    def _quote(self, draft: QuoteDraft, text: str, day: dt.date | None, ledger: Ledger) -> Quote:
        found = draft.found
        speaker = None
        if draft.speaker and found.speaker_kind:
            speaker = self._speakers.find(NamedSource(draft.speaker, found.speaker_kind, found.role), ledger)
        quote = quote_of(found, text, speaker, day=day)
        quote.document_start, quote.document_end = draft.document_span or (None, None)
        return quote

    def _write(self, quotes: list[Quote], day: dt.date | None, ledger: Ledger) -> list[Quote]:
        written = Quote.objects.bulk_create(quotes)
        ledger.created(written)
        self._written += written
        self._seen += [(quote.speaker, quote.role, day, ledger) for quote in written if quote.speaker]
        return written

    def finish(self) -> None:
        note_positions(self._seen)
        self._speakers.finish()
        article_store.index(Quote, self._written)
