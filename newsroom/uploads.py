"""Dumps that come in by the browser: kept until they are confirmed, previewed by the very import, then imported."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from articles.admin import provenance
from articles.models import RawDocument
from newsroom.ingest import jobs, report
from newsroom.ingest.load import Loaded
from newsroom.ingest.pipeline import Import
from newsroom.ingest.readers import Incoming, open_source
from newsroom.models import ImportRun, Upload
from quotes.models import Quote

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.utils.safestring import SafeString

# What a page can wait for; more is work for a command.
DOCUMENTS = 100
SHOWN_IN_FULL = 5
KEPT_FOR = timedelta(days=1)
_STDIN = "standard input"


class TooManyError(ValueError):
    """The upload holds more documents than can be waited for; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A document as the import would take it: its name, its text block by block, and the quotes found in it."""

    name: str
    listing: SafeString
    quotes: list[Quote]


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would come to: its ``report`` as the command prints it, and the first documents in full."""

    report: str
    documents: list[Seen]
    read: int
    quarantined: int


def keep(name: str, data: bytes, options: jobs.Asked, *, user: User) -> Upload:
    """Store what was sent until its sender has looked at the preview; what nobody confirmed within a day goes."""
    Upload.objects.filter(at__lt=timezone.now() - KEPT_FOR).delete()
    return Upload.objects.create(user=user, name=name[:200], data=data, options=options.described())


def preview(upload: Upload) -> Preview:
    """Do the whole import and roll it back. Raises ``TooManyError``."""
    lines: list[str] = []
    told = report.TextReport(lines.append, each=True, dry_run=True)
    seen: list[Seen] = []
    job = _job(upload, dry_run=True)
    for batch in job.progress():
        told.add(batch)
        # Now, while the rows are there: at the end they are rolled back.
        seen += [_seen(done) for done in batch[: SHOWN_IN_FULL - len(seen)] if done.document_id]
    told.close(job.run, job.left_out())
    if job.stopped:
        raise TooManyError(_too_many())
    return Preview("\n".join(lines), seen, job.run.read, job.run.quarantined)


def confirm(upload: Upload) -> ImportRun:
    """Import what was previewed, and forget the upload. Raises ``TooManyError`` before anything is written."""
    if sum(1 for _ in _limited(_source(upload))) > DOCUMENTS:
        raise TooManyError(_too_many())
    job = _job(upload, dry_run=False)
    for _ in job.progress():
        pass
    upload.delete()
    return job.run


def _job(upload: Upload, *, dry_run: bool) -> Import:
    asked = jobs.as_asked(upload.options)
    return Import(
        _source(upload),
        asked.load,
        dry_run=dry_run,
        user=upload.user,
        described_as=asked.described(upload=upload.name),
        limit=DOCUMENTS,
        workers=1,
    )


def _source(upload: Upload) -> Iterator[Incoming]:
    source = open_source(["-"], stdin=io.BytesIO(bytes(upload.data)), limits=jobs.limits())
    for incoming in source:
        yield incoming._replace(name=incoming.name.replace(_STDIN, upload.name, 1))


def _limited(source: Iterator[Incoming]) -> Iterator[Incoming]:
    return (incoming for number, incoming in enumerate(source) if number <= DOCUMENTS)


def _seen(done: Loaded) -> Seen:
    document = RawDocument.objects.defer("raw").get(pk=done.document_id)
    quotes = Quote.objects.filter(document=document).select_related("speaker").order_by("document_start", "pk")
    return Seen(done.name, provenance.dump_listing(document), list(quotes))


def _too_many() -> str:
    return (
        f"This holds more than {DOCUMENTS} documents, which takes longer than a page can wait. "
        "Use the command on the server: python manage.py import_dump FILE."
    )


def largest() -> int:
    """Bytes that an upload may have."""
    return settings.IMPORT_MAX_DOCUMENT_BYTES
