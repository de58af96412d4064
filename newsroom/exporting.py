"""The archive as files: JSON Lines or CSV, one a kind of thing, with a manifest that says what is in them.

Rows are streamed, so memory stays flat. Everything is written under a temporary name beside the folder asked for and
renamed at the end: the folder is there whole or not at all.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from articles.listings import fill, titles_of
from articles.models import Article, CuratedList
from articles.structured import stamp
from newsroom import VERSION
from quotes.models import Quote, Speaker
from quotes.passages import public_note

FORMATS = ("jsonl", "csv")
CHUNK = 500
Row = dict[str, Any]


class CannotExportError(Exception):
    """Why nothing was written, in words for the operator."""


@dataclass(frozen=True, slots=True)
class Written:
    name: str
    rows: int
    bytes: int
    sha256: str
    columns: list[str]


def export(folder: Path, form: str, *, everything: bool = False) -> list[Written]:
    """Write what is public (or ``everything`` there is) to a folder that is new or empty, and say what was written."""
    folder = folder.absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CannotExportError(f"{folder} is there already and not an empty folder. Name another, or remove it.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise CannotExportError(f"{folder.parent} cannot be written to: {error.strerror}.") from error
    try:
        written = [_write(draft / f"{name}.{form}", rows(everything), form) for name, rows in TABLES.items()]
        (draft / "manifest.json").write_text(_manifest(written, form, everything), encoding="utf-8")
        draft.chmod(0o755)
        draft.replace(folder)
    except OSError as error:
        raise CannotExportError(f"{folder} cannot be written: {error.strerror}. Nothing is left of it.") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return written


def _manifest(written: list[Written], form: str, everything: bool) -> str:
    said = {
        "generator": {"name": "newsroom", "version": VERSION},
        "site": settings.SITE_NAME,
        "created_at": timezone.now().isoformat(timespec="seconds"),
        "scope": "all" if everything else "public",
        "format": form,
        "encoding": "utf-8",
        "files": [
            {"name": one.name, "rows": one.rows, "bytes": one.bytes, "sha256": one.sha256, "columns": one.columns}
            for one in written
        ],
    }
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def _write(path: Path, rows: Iterable[Row], form: str) -> Written:
    digest, size, count = hashlib.sha256(), 0, 0
    columns: list[str] = []
    with path.open("wb") as file:
        for row in rows:
            lines = _csv(row, heading=not count) if form == "csv" else f"{json.dumps(row, ensure_ascii=False)}\n"
            columns = columns or list(row)
            data = lines.encode()
            file.write(data)
            digest.update(data)
            size += len(data)
            count += 1
        file.flush()
        os.fsync(file.fileno())
    return Written(path.name, count, size, digest.hexdigest(), columns)


def _csv(row: Row, *, heading: bool) -> str:
    """A line of CSV (RFC 4180), the first with the names above it. Lists are JSON; what is not known is empty."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    if heading:
        writer.writerow(row)
    writer.writerow(
        json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value for value in row.values()
    )
    return buffer.getvalue()


def _articles(everything: bool) -> Iterator[Row]:
    rows = Article.objects.all() if everything else Article.objects.published()
    rows = rows.select_related("publisher").with_topics().prefetch_related("authors").order_by("pk")
    for article in rows.iterator(chunk_size=CHUNK):
        yield {
            "id": article.pk,
            "slug": article.slug,
            "address": article.get_absolute_url(),
            "headline": article.headline,
            "standfirst": article.standfirst,
            "byline": article.byline,
            "authors": [author.name for author in article.in_signing_order(article.authors.all())],
            "dateline": article.dateline,
            "publisher": article.publisher.name if article.publisher else None,
            "source_url": article.source_url,
            "language": article.language,
            "topics": [topic.name for topic in article.filed_under],
            "state": article.state,
            "published": stamp(article.published_at, article.published_precision) or None,
            "correction": article.correction,
            "updated": article.updated_at.isoformat(timespec="seconds"),
            "text": article.text,
        }


def _quotes(everything: bool) -> Iterator[Row]:
    rows = Quote.objects.all() if everything else Quote.objects.public()
    rows = rows.select_related("speaker", "article").defer("article__body", "article__text").order_by("pk")
    for quote in rows.iterator(chunk_size=CHUNK):
        yield {
            "id": quote.pk,
            "address": quote.get_absolute_url(),
            "text": quote.text,
            "kind": quote.kind,
            "segments": quote.segments,
            "speaker": quote.speaker.slug if quote.speaker else None,
            "speaker_name": quote.speaker.name if quote.speaker else None,
            "role": quote.role,
            "mention": quote.mention,
            "cue": quote.cue,
            "article": quote.article.slug if quote.article else None,
            "start": quote.start,
            "end": quote.end,
            "prefix": quote.prefix,
            "suffix": quote.suffix,
            "said_on": stamp(quote.said_on, quote.said_precision) or None,
            "confidence": quote.confidence,
            "review": quote.review_state,
            "review_note": quote.review_note if everything else public_note(quote),
            "cluster": quote.cluster,
        }


def _speakers(everything: bool) -> Iterator[Row]:
    rows = Speaker.objects.select_related("merged_into") if everything else Speaker.objects.public()
    for speaker in rows.order_by("pk").iterator(chunk_size=CHUNK):
        row = {
            "slug": speaker.slug,
            "address": speaker.get_absolute_url(),
            "name": speaker.name,
            "kind": speaker.kind,
            "description": speaker.description,
            "wikidata_id": speaker.wikidata_id,
        }
        yield row | ({"merged_into": speaker.merged_into.slug if speaker.merged_into else None} if everything else {})


def _lists(everything: bool) -> Iterator[Row]:
    """Lists with the items that the public sees."""
    rows = CuratedList.objects.all() if everything else CuratedList.objects.published()
    rows = rows.select_related("publisher").with_items().order_by("pk")
    for some in _batches(rows.iterator(chunk_size=CHUNK)):
        for shown in fill(some):
            yield {
                "slug": shown.slug,
                "address": shown.get_absolute_url(),
                "title": shown.title,
                "kind": shown.kind,
                "description": shown.description,
                "publisher": shown.publisher.name if shown.publisher else None,
                "is_published": shown.is_published,
                "items": [{"title": title, "address": address or None} for title, address in titles_of(shown)],
            }


def _batches(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while some := list(islice(rows, CHUNK)):
        yield some


TABLES: dict[str, Callable[[bool], Iterable[Row]]] = {
    "articles": _articles,
    "quotes": _quotes,
    "speakers": _speakers,
    "lists": _lists,
}
