"""A quote in its surroundings: in the article as it reads now, and in the dump it was taken from."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from articles.admin import provenance
from articles.admin.provenance import Mark
from articles.models import RawDocument
from quotes.models import Quote


def places_of(quote: Quote) -> SafeString | str:
    """The panel of a quote's places; a sentence where it has none yet."""
    document = _document(quote)
    places: list[tuple[str, SafeString]] = []
    if quote.article is not None:
        places.append(("In the article", _in_text(quote, quote.article.text)))
    if document is not None:
        places.append(("In the document", _in_document(quote, document)))
    if not places:
        return "Shown once the quote is saved."
    legend = render_to_string("admin/newsroom/quote_legend.html")
    if document is None:
        return render_to_string("admin/newsroom/provenance.html", {"places": places, "legend": legend})
    return provenance.panel(document, places, legend=legend)


def _document(quote: Quote) -> RawDocument | None:
    key = quote.document_id or (quote.article.document_id if quote.article else None)
    return RawDocument.objects.defer("raw", "blocks").filter(pk=key).first()


def _in_text(quote: Quote, text: str) -> SafeString:
    if quote.start is None or quote.end is None:
        return _lost("The words do not stand in the article as it reads now.")
    return provenance.highlight(text, _marks(quote, 0))


def _in_document(quote: Quote, document: RawDocument) -> SafeString:
    if quote.article_id is None and quote.start is not None:
        return provenance.highlight(document.text, _marks(quote, 0))
    if quote.document_start is None or quote.document_end is None:
        return _lost("It is not known where in the document the words stand.")
    shift = None if quote.start is None else quote.document_start - quote.start
    marks = [Mark(quote.document_start, quote.document_end, "words")]
    marks += [mark for mark in _marks(quote, shift) if mark.kind in {"cue", "mention"}] if shift is not None else []
    # Cue and mention are counted in the article: they are marked only where the document reads the same there.
    same = {"cue": quote.cue, "mention": quote.mention}
    shown = [mark for mark in marks if document.text[mark.start : mark.end] == same.get(mark.kind) or mark == marks[0]]
    return provenance.highlight(document.text, shown)


def _marks(quote: Quote, shift: int) -> list[Mark]:
    places = [
        (quote.start, quote.end, "words"),
        *((start, end, "segment") for start, end in quote.segments),
        (quote.mention_start, quote.mention_end, "mention"),
        (quote.cue_start, quote.cue_end, "cue"),
    ]
    return [
        Mark(start + shift, end + shift, kind) for start, end, kind in places if start is not None and end is not None
    ]


def _lost(words: str) -> SafeString:
    return render_to_string("admin/newsroom/lost.html", {"words": words})
