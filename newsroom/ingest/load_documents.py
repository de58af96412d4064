"""The dumps themselves to rows: the bytes as they came, kept once however often they come."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.utils import timezone

from articles import bulk
from articles.ledger import Ledger, values_of
from articles.models import Publisher, RawDocument
from newsroom.ingest.worker import Outcome

_FILLED = ("raw", "size", "name", "media_type", "meta", "retrieved_at", "encoding", "text", "blocks", "publisher")
_RECORDED = ("name", "media_type", "meta", "retrieved_at", "encoding", "text", "blocks", "publisher_id")


def taken_in(hashes: Collection[str]) -> set[str]:
    """Of these SHA-256 hashes, those of documents that are here; one that was set aside is not, it may get in yet. One query."""
    if not hashes:
        return set()
    here = RawDocument.objects.filter(sha256__among=list(hashes)).exclude(blocks=[])
    return set(here.values_list("sha256", flat=True))


@dataclass(slots=True)
class DocumentLoader:
    """Writes the raw documents of one batch."""

    publisher: Publisher | None
    _known: dict[str, RawDocument] = field(default_factory=dict)
    _new: list[RawDocument] = field(default_factory=list)
    _filled: list[RawDocument] = field(default_factory=list)

    def read(self, outcomes: Iterable[Outcome]) -> None:
        """Fetch the documents that are here already."""
        hashes = {outcome.sha256 for outcome in outcomes if outcome.sha256}
        self._known = {row.sha256: row for row in RawDocument.objects.filter(sha256__among=hashes).defer("raw", "text")}

    def find(self, outcome: Outcome) -> RawDocument | None:
        return self._known.get(outcome.sha256)

    def keep(self, outcome: Outcome, ledger: Ledger) -> RawDocument:
        """The document's row: new, or that of a document once set aside, now filled."""
        assert outcome.data is not None
        document = self._known.get(outcome.sha256)
        is_new = document is None
        if document is None:
            document = bulk.new(RawDocument, sha256=outcome.sha256, retrieved_at=timezone.now())
        before = {} if is_new else values_of(document, _RECORDED)
        document.raw = outcome.data
        document.size = len(outcome.data)
        document.name = outcome.name[:1000]
        document.media_type, document.meta = outcome.media_type, outcome.meta
        document.retrieved_at = outcome.retrieved_at or document.retrieved_at
        document.encoding = outcome.encoding
        document.text = outcome.text
        document.blocks = outcome.blocks
        document.publisher = self.publisher
        if is_new:
            self._known[outcome.sha256] = document
            self._new.append(document)
            ledger.created([document])
        elif document.pk is not None:
            self._filled.append(document)
            ledger.updated(document, before)
        return document

    def write(self) -> None:
        bulk.insert(self._new)
        bulk.update(self._filled, _FILLED)
