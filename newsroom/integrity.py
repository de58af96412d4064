"""What has to be true of every row, read from the rows themselves: ``manage.py check_integrity``, and the tests.

The database's constraints guard what one row can say of itself. What is here ties rows to each other: a quote to the
characters it stands on, a text to the body it follows from, a document to its bytes, a run to what it counted, the
search index to what it finds. A fault is a fault of the program, or of whoever wrote past it; nothing is mended here.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection, models, transaction
from django.db.models import CharField, Exists, F, OuterRef
from django.db.models.functions import Cast
from modelsearch.index import get_indexed_models

from articles.markdown import to_text
from articles.models import Article, FormerAddress, RawDocument
from articles.text import fingerprint, headline_key
from newsroom.models import ImportRun, RunDocument
from quotes.anchors import context
from quotes.models import Quote

CHUNK = 200  # rows in memory at a time; a document may be ten megabytes, but few are


@dataclass(frozen=True, slots=True)
class Fault:
    """``where``: the kind of row and its key, as in "quote 12"."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True, slots=True)
class Check:
    """``claim``: what holds if ``find`` gives nothing."""

    claim: str
    find: Callable[[], Iterator[Fault]]


def faults() -> list[Fault]:
    """All that is wrong with what the database holds; empty if nothing is."""
    return [fault for check in CHECKS for fault in check.find()]


def _quotes() -> Iterator[Fault]:
    rows = Quote.objects.select_related("article", "document").only(
        "text", "start", "end", "segments", "prefix", "suffix", "fingerprint", "cue", "cue_start", "cue_end",
        "mention", "mention_start", "mention_end", "document_start", "document_end", "article__text", "document__text",
    )  # fmt: skip
    for quote in rows.order_by("pk").iterator(chunk_size=CHUNK):
        source = quote.article.text if quote.article else quote.document.text
        for what in (*_place(quote, source), *_beside(quote, source), *_in_document(quote)):
            yield Fault(f"quote {quote.pk}", what)


def _place(quote: Quote, source: str) -> Iterator[str]:
    if quote.fingerprint != fingerprint(quote.text):
        yield "its fingerprint is not that of its words"
    if quote.start is None or quote.end is None:
        return
    if _compared(quote, source[quote.start : quote.end]) != _compared(quote, quote.text):
        yield f"its words do not stand at {quote.start} to {quote.end} of its text"
    elif (quote.prefix, quote.suffix) != context(source, quote.start, quote.end):
        yield "the words kept from around it are not those around it"
    last = quote.start
    for start, end in quote.segments:
        if not last <= start < end <= quote.end:
            yield f"its part at {start} to {end} is out of order or not within it"
        last = end


def _compared(quote: Quote, words: str) -> str:
    """The words as they are, but for a quote that stands in a dump alone: there the layout tidied blanks and line ends."""
    return words if quote.article else "".join(words.split())


def _beside(quote: Quote, source: str) -> Iterator[str]:
    """Cue and mention are stored cut to their columns; of these the place is still the whole."""
    for part in ("cue", "mention"):
        words, start, end = (getattr(quote, name) for name in (part, f"{part}_start", f"{part}_end"))
        there = _compared(quote, source[start:end])
        if start is not None and not (words and there.startswith(_compared(quote, words))):
            yield f"its {part} does not stand at {start} to {end} of its text"


def _in_document(quote: Quote) -> Iterator[str]:
    start, end = quote.document_start, quote.document_end
    if start is not None and (quote.document is None or not start < (end or 0) <= len(quote.document.text)):
        yield f"its place in the dump, {start} to {end}, is none"


def _articles() -> Iterator[Fault]:
    columns = ("headline", "headline_key", "standfirst", "body", "text", "content_hash")
    for article in Article.objects.only(*columns).order_by("pk").iterator(chunk_size=CHUNK):
        if article.text != to_text(article.body):
            yield Fault(f"article {article.pk}", "its text is not that of its body")
        if article.headline_key != headline_key(article.headline):
            yield Fault(f"article {article.pk}", "its key is not that of its headline")
        if article.content_hash != fingerprint(f"{article.headline}\n{article.standfirst}\n{article.text}"):
            yield Fault(f"article {article.pk}", "its hash is not that of its content")


def _documents() -> Iterator[Fault]:
    for document in RawDocument.objects.only("sha256", "raw", "size").order_by("pk").iterator(chunk_size=CHUNK):
        raw = bytes(document.raw)
        if (document.sha256, document.size) != (hashlib.sha256(raw).hexdigest(), len(raw)):
            yield Fault(f"document {document.pk}", "its bytes are not those that came in")


def _runs() -> Iterator[Fault]:
    for run in ImportRun.objects.order_by("pk").iterator(chunk_size=CHUNK):
        rows = RunDocument.objects.filter(run=run).order_by()
        counted = Counter(dict(rows.values_list("outcome").annotate(models.Count("pk"))))
        said = {outcome: getattr(run, outcome) for outcome in ("created", "updated", "unchanged", "quarantined")}
        if run.read != counted.total() or any(counted[outcome] != number for outcome, number in said.items()):
            yield Fault(f"import {run.pk}", f"says {run.read} read, {said}; its documents say {dict(counted)}")


def _mergers() -> Iterator[Fault]:
    """What was merged leads on in one step, to something that leads nowhere else."""
    for model in (apps.get_model("quotes", "Speaker"), apps.get_model("articles", "Topic")):
        further = model._default_manager.filter(merged_into__merged_into__isnull=False)
        for key in further.order_by("pk").values_list("pk", flat=True).iterator():
            yield Fault(f"{model._meta.verbose_name} {key}", "is merged into one that is merged itself")
    for quote in Quote.objects.filter(speaker__merged_into__isnull=False).only("pk").order_by("pk").iterator():
        yield Fault(f"quote {quote.pk}", "belongs to a speaker who is merged into another")


def _addresses() -> Iterator[Fault]:
    for kind in FormerAddress.objects.order_by("kind").values_list("kind", flat=True).distinct():
        rows = FormerAddress.objects.filter(kind=kind, object_id__isnull=False)
        there = apps.get_model(kind)._default_manager.filter(pk=OuterRef("object_id"))
        for slug in rows.exclude(Exists(there)).order_by("slug").values_list("slug", flat=True).iterator():
            yield Fault(f"address {slug} of {kind}", "leads to a row that is not there")


def _search() -> Iterator[Fault]:
    entries = apps.get_model("modelsearch", "IndexEntry").objects.filter(object_id=OuterRef("key"))
    for model in get_indexed_models():
        kind = ContentType.objects.get_for_model(model)
        rows = model._default_manager.annotate(key=Cast(F("pk"), CharField()))
        missing = rows.exclude(Exists(entries.filter(content_type=kind))).order_by("pk")
        for key in missing.values_list("pk", flat=True).iterator():
            yield Fault(f"{model._meta.verbose_name} {key}", "is not in the search index")


def _storage() -> Iterator[Fault]:
    """SQLite checks its own file; PostgreSQL's constraints are never off, and its server checks its pages."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        said = [line for (line,) in cursor.fetchall() if line != "ok"]
        cursor.execute("PRAGMA foreign_key_check")
        said += [f"row {row[1]} of {row[0]} refers to a row of {row[2]} that is not there" for row in cursor.fetchall()]
        try:
            with transaction.atomic():
                cursor.execute(
                    "INSERT INTO modelsearch_indexentry_fts (modelsearch_indexentry_fts) VALUES ('integrity-check')"
                )
        except DatabaseError as error:
            said.append(f"the search index does not fit its entries: {error}")
    for what in said:
        yield Fault("database", what)


CHECKS = (
    Check("quotes stand at their places", _quotes),
    Check("articles read as their bodies say", _articles),
    Check("documents are the bytes that came in", _documents),
    Check("imports add up", _runs),
    Check("what was merged leads on in one step", _mergers),
    Check("old addresses lead somewhere", _addresses),
    Check("search knows every row", _search),
    Check("the database is whole", _storage),
)
