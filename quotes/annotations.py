"""Quotes as annotations of the article they stand in (see ``articles.annotations``)."""

from collections.abc import Iterator

from articles.annotations import Annotation
from articles.models import Article
from quotes.models import Quote


def quotes_in(article: Article) -> Iterator[Annotation]:
    """The public quotes of an article whose place in its text is known."""
    quotes = Quote.objects.public().of_article(article).filter(start__isnull=False).select_related("speaker")
    for quote in quotes:
        spans = [(start, end) for start, end in quote.segments] or [(quote.start, quote.end)]
        who = quote.speaker.name if quote.speaker else "speaker not known"
        yield Annotation(
            start=quote.start,
            end=quote.end,
            spans=tuple(spans),
            anchor=quote.anchor,
            url=quote.get_absolute_url(),
            label=f"Quote: {who}",
            subject=quote,
            tone=quote.kind,
        )
