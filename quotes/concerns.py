"""What an editor should know of an article's quotes before it is published (see ``articles.publishing``)."""

from __future__ import annotations

from collections.abc import Iterator

from articles.models import Article
from quotes.models import Quote
from quotes.reading import look


def of_quotes(article: Article) -> Iterator[str]:
    """Of its quotes, in one query."""
    quotes = list(Quote.objects.filter(article=article))
    shown = [quote for quote in quotes if quote.review_state != Quote.Review.REJECTED]
    if unreviewed := sum(quote.review_state == Quote.Review.UNREVIEWED for quote in shown):
        yield _words(unreviewed, "has not been reviewed", "have not been reviewed")
    if lost := sum(quote.start is None for quote in shown):
        yield _words(lost, "does not stand in the text any more", "do not stand in the text any more")
    # What an import made, and nobody has written in, was read by it.
    was_written = article.document_id is None or article.edited_at is not None
    if was_written and (new := len(look(article, quotes).new)):
        one, many = "of the text is not taken up yet: look for it", "of the text are not taken up yet: look for them"
        yield _words(new, f"{one} below", f"{many} below")


def _words(number: int, one: str, many: str) -> str:
    return f"1 quote {one}." if number == 1 else f"{number} quotes {many}."
