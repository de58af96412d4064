"""Quote drafts to rows, with their speakers and the roles these were seen in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils import timezone

from articles import bulk
from articles import store as article_store
from articles.ledger import Ledger, values_of
from articles.models import Article, RawDocument
from newsroom.ingest.worker import Outcome, QuoteDraft
from quotes.directory import NamedSource, SpeakerDirectory, note_positions
from quotes.evidence import Scene
from quotes.likeness import is_short, person_name
from quotes.models import Quote, Speaker
from quotes.reading import ATTRIBUTION, attribute_as, is_untouched, quote_of, was_printed_as
from quotes.store import name_key


@dataclass(slots=True)
class QuoteLoader:
    """Writes the quotes of one batch: ``read``, ``load_…`` each, ``write``, ``index``; the articles are written before."""

    publish: bool
    _speakers: SpeakerDirectory = field(default_factory=SpeakerDirectory)
    _here: dict[int, list[Quote]] = field(default_factory=dict)
    _seen: list[tuple[Speaker, str, dt.date | None, Ledger]] = field(default_factory=list)
    _new: list[Quote] = field(default_factory=list)
    _gone: list[int] = field(default_factory=list)
    _again: list[tuple[Quote, Quote, dt.date | None, Ledger]] = field(default_factory=list)
    _settled: set[int] = field(default_factory=set)
    _changed: list[Quote] = field(default_factory=list)

    @property
    def made_speakers(self) -> list[Speaker]:
        return self._speakers.made

    def read(self, outcomes: Iterable[Outcome], changed: Iterable[Article]) -> None:
        """Fetch all speakers that the batch names, and the quotes of articles that were changed."""
        drafts = (
            draft
            for outcome in outcomes
            for quotes in (outcome.quotes, *(article.quotes for article in outcome.articles))
            for draft in quotes
        )
        self._speakers.read(draft.speaker for draft in drafts if draft.speaker)
        keys = [article.pk for article in changed]
        for quote in Quote.objects.filter(article__in=keys).select_related("speaker").order_by("pk") if keys else ():
            self._here.setdefault(quote.article_id, []).append(quote)

    def load_for_article(self, drafts: list[QuoteDraft], article: Article, ledger: Ledger) -> list[Quote]:
        """Settle the quotes of an article. Returns those that are new.

        Of a changed article, quotes that are still there keep their rows and what editors made of them; those that
        are gone go, unless an editor has touched them. Of an article that comes twice in a batch the first counts.
        """
        key = article.pk
        if key in self._settled:
            return []
        self._settled.add(key)
        here = {was_printed_as(quote): quote for quote in self._here.get(key, ())}
        taken = {(quote.start, quote.end) for quote in here.values()}
        day = article.published_at.date() if article.date_known else None
        made, still = [], set()
        scene = self._scene(drafts, article.text, ledger)
        for draft in drafts:
            quote = self._quote(draft, article.text, day, ledger, scene)
            quote.article_id, quote.document_id = key, article.document_id
            still.add(quote.fingerprint)
            earlier = here.get(quote.fingerprint)
            if earlier is not None and is_untouched(earlier):
                if quote.speaker is None and draft.speaker:  # several have the name; whoever told them apart stands
                    quote.speaker = earlier.speaker
                self._again.append((earlier, quote, day, ledger))
            elif earlier is None and (quote.start, quote.end) not in taken:
                taken.add((quote.start, quote.end))
                made.append(quote)
        gone = [quote for words, quote in here.items() if words not in still and is_untouched(quote)]
        ledger.deleted(gone)
        self._gone += [quote.pk for quote in gone]
        return self._take(made, day, ledger)

    def load_alone(
        self, drafts: list[QuoteDraft], document: RawDocument, day: dt.date | None, ledger: Ledger
    ) -> list[Quote]:
        """Settle the quotes of a dump's teasers, which belong to no article here. ``day``: that of the page, if known.

        A date on the page says nothing certain of when a teaser's words were said, so theirs stays unknown.
        """
        quotes, taken = [], set()
        for draft in drafts:
            # Each teaser is about another story: what one says of somebody says nothing of the next.
            quote = self._quote(draft, document.text, None, ledger, Scene())
            if day is not None:
                quote.said_on = day
            quote.document = document
            quote.published_at = timezone.now() if self.publish else None
            if (quote.start, quote.end) not in taken:
                taken.add((quote.start, quote.end))
                quotes.append(quote)
        return self._take(quotes, None, ledger)

    def _take(self, quotes: list[Quote], day: dt.date | None, ledger: Ledger) -> list[Quote]:
        ledger.created(quotes)
        self._new += quotes
        self._seen += [(quote.speaker, quote.role, day, ledger) for quote in quotes if quote.speaker]
        return quotes

    def _scene(self, drafts: list[QuoteDraft], text: str, ledger: Ledger) -> Scene:
        """Who is who in an article: names that leave no doubt first, so that they speak for the others."""
        scene = Scene(text)
        named = [draft for draft in drafts if draft.speaker and draft.found.speaker_kind]
        for draft in named:
            if draft.found.role:
                scene.roles.setdefault(name_key(draft.speaker), set()).add(draft.found.role)
        for draft in sorted(named, key=lambda draft: is_short(person_name(draft.speaker))):
            self._speaker(draft, ledger, scene)
        return scene

    def _speaker(self, draft: QuoteDraft, ledger: Ledger, scene: Scene) -> Speaker | None:
        found = draft.found
        if not draft.speaker or not found.speaker_kind:
            return None
        return self._speakers.find(NamedSource(draft.speaker, found.speaker_kind, found.role), ledger, scene)

    def _quote(self, draft: QuoteDraft, text: str, day: dt.date | None, ledger: Ledger, scene: Scene) -> Quote:
        found = draft.found
        speaker = self._speaker(draft, ledger, scene)
        quote = quote_of(found, text, speaker, day=day)
        quote.document_start, quote.document_end = draft.document_span or (None, None)
        return quote

    def write(self) -> None:
        """Write the quotes with their speakers and roles."""
        self._speakers.write()
        if self._gone:
            Quote.objects.filter(pk__in=self._gone).delete()
        bulk.insert(self._new)
        self._attribute_again()
        note_positions(self._seen)

    def index(self) -> None:
        """Bring search up to date."""
        self._speakers.index()
        article_store.index(Quote, [*self._new, *self._changed])

    def _attribute_again(self) -> None:
        """Give quotes whose words a newer version has too, and nobody has touched, to whom it gives them."""
        for earlier, quote, day, ledger in self._again:
            before = values_of(earlier, ATTRIBUTION)
            attribute_as(quote, earlier)
            if values_of(earlier, ATTRIBUTION) != before:
                ledger.updated(earlier, before)
                self._changed.append(earlier)
                if earlier.speaker is not None:
                    self._seen.append((earlier.speaker, earlier.role, day, ledger))
        bulk.update(self._changed, ATTRIBUTION)
