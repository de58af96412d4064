"""Which articles and list items came of which places of a dump: the way from a dump's text to the rows made of it."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from articles.admin import provenance
from articles.admin.provenance import Made
from articles.models import Article, CuratedListItem, RawDocument
from articles.text import headline_key

ARTICLES = 100


def number_in(article: Article, document: RawDocument) -> int | None:
    """Which of the articles of its document it is; None if that cannot be told."""
    return _number(article, _headlines(document))


def _number(article: Article, headlines: dict[int, str]) -> int | None:
    if len(headlines) == 1:
        return next(iter(headlines))
    fitting = [number for number, words in headlines.items() if headline_key(words) == article.headline_key]
    return fitting[0] if len(fitting) == 1 else None


def _headlines(document: RawDocument) -> dict[int, str]:
    """The headline of each article of a dump, by its number there."""
    found: dict[int, str] = {}
    for block in provenance.blocks_of(document):
        if block.article is not None:
            found.setdefault(block.article, "")
            if block.label == "headline":
                found[block.article] += f" {document.text[block.start : block.end]}"
    return found


def articles_of(document: RawDocument) -> Iterator[Made]:
    """Each article at its headline, or where its text begins."""
    rows = document.articles.only("headline", "headline_key", "document_id").order_by("pk")[:ARTICLES]
    headlines = _headlines(document)
    pages = {_number(row, headlines): reverse("admin:articles_article_change", args=[row.pk]) for row in rows}
    for block in provenance.blocks_of(document):
        page = pages.get(block.article) if block.article is not None else None
        if page and (block.label == "headline" or not headlines[block.article]):
            del pages[block.article]
            yield Made(block.start, block.end, "The article", page)


def list_items_of(document: RawDocument) -> Iterator[Made]:
    """Each item of a printed list, as far as the list still shows what this dump printed."""
    items = CuratedListItem.objects.filter(list__document=document).values_list("pk", "headline_key", "list__title")
    known = {key: (pk, title) for pk, key, title in items}
    for block in provenance.blocks_of(document) if known else ():
        if block.label != "list_item":
            continue
        key = headline_key(document.text[block.start : block.end])
        # What is printed with its number is stored without: "1. Tram opens".
        number, _, rest = key.partition(" ")
        found = known.get(key) or (known.get(rest) if number.isdecimal() else None)
        if found:
            pk, title = found
            page = reverse("admin:articles_curatedlistitem_change", args=[pk])
            yield Made(block.start, block.end, f"Its place in “{title}”", page)


provenance.register_rows(articles_of)
provenance.register_rows(list_items_of)
