"""A quote in its surroundings: in the article as it reads now, and in the dump it was taken from."""

from __future__ import annotations

from collections.abc import Iterator

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from articles.admin import provenance
from articles.admin.provenance import Made, Mark
from articles.models import RawDocument
from quotes.models import Quote

_NOT_IN_ARTICLE = "The words do not stand in the article as it reads now."
_NOT_IN_DOCUMENT = "It is not known where in the document the words stand."


def place_in_article(quote: Quote, *, bare: bool = False) -> SafeString:
    """The words in the article as it reads now, or, for a quote without one, in the document it stands in.

    ``bare``: without the name of the article, where the page says it already.
    """
    document = None if quote.article else _document(quote)
    text = quote.article.text if quote.article else document.text if document else ""
    placed = quote.start is not None and quote.end is not None
    where = provenance.highlight(text, _marks(quote)) if placed else _lost(_NOT_IN_ARTICLE)
    return render_to_string("admin/newsroom/place.html", {"text": where, "article": quote.article, "bare": bare})


def page_in_article(quote: Quote) -> str:
    """Where the words can be read in the whole article, be it public or not; empty for a quote without one."""
    if not quote.article_id:
        return ""
    return f"{reverse('admin:articles_article_draft_preview', args=[quote.article_id])}#{quote.anchor}"


def place_in_document(quote: Quote) -> SafeString | str:
    """What is known of the dump that the quote came from, and the words in it."""
    document = _document(quote)
    if document is None:
        return "Written here: no document stands behind it."
    marks = _marks_in(quote, document.text)
    text = provenance.highlight(document.text, marks) if marks else _lost(_NOT_IN_DOCUMENT)
    return provenance.panel(document, [("In the document", text)])


def _document(quote: Quote) -> RawDocument | None:
    key = quote.document_id or (quote.article.document_id if quote.article else None)
    return RawDocument.objects.defer("raw", "blocks").filter(pk=key).first()


def _marks(quote: Quote) -> list[Mark]:
    """The places of the quote in the text that its offsets refer to."""
    places = [
        (quote.start, quote.end, "words"),
        *((start, end, "segment") for start, end in quote.segments),
        (quote.mention_start, quote.mention_end, "mention"),
        (quote.cue_start, quote.cue_end, "cue"),
    ]
    return [Mark(start, end, kind) for start, end, kind in places if start is not None and end is not None]


def _marks_in(quote: Quote, dump: str) -> list[Mark]:
    """The places of the quote in the dump; cue and mention only where the dump reads just as the article does."""
    if quote.article is None:
        return _marks(quote)
    if quote.document_start is None or quote.document_end is None:
        return []
    marks = [Mark(quote.document_start, quote.document_end, "words")]
    if quote.start is not None:
        shift = quote.document_start - quote.start
        around = [mark for mark in _marks(quote) if mark.kind in {"mention", "cue"} and mark.start + shift >= 0]
        marks += [
            Mark(mark.start + shift, mark.end + shift, mark.kind)
            for mark in around
            if dump[mark.start + shift : mark.end + shift] == quote.article.text[mark.start : mark.end]
        ]
    return marks


def _lost(words: str) -> SafeString:
    return render_to_string("admin/newsroom/lost.html", {"words": words})


def quotes_of(document: RawDocument) -> Iterator[Made]:
    """The quotes at their places in the dump, each with who says it."""
    rows = Quote.objects.filter(document=document, document_start__isnull=False).select_related("speaker")
    shown = rows.only("document_start", "document_end", "speaker__name").order_by("document_start", "pk")
    for quote in shown[: provenance.MAX_BLOCKS]:
        page = reverse("admin:quotes_quote_change", args=[quote.pk])
        words = f"Quote of {quote.speaker.name}" if quote.speaker else "Quote, speaker not known"
        yield Made(quote.document_start, quote.document_end, words, page)


provenance.register_rows(quotes_of)
