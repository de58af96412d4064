"""What an editor should know of an article's quotes before it is published or withdrawn (see ``articles.publishing``)."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from articles.models import Article
from articles.publishing import Remainder
from quotes.clusters import says_as_well
from quotes.models import Quote
from quotes.reading import look
from quotes.writing import quoted

# Of what stays so many are named, and so many teasers of the same speakers looked through, the latest.
MOST, COMPARED = 12, 200


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


def said_elsewhere(article: Article) -> Iterator[Remainder]:
    """Public quotes from other pages that have the words of the article's, or, as teasers do, a part of them."""
    own = list(Quote.objects.filter(article=article))
    others = Quote.objects.public().exclude(article=article).for_cards()
    same = others.filter(cluster__in={quote.cluster for quote in own})
    teasers = others.filter(article__isnull=True, speaker__in={quote.speaker_id for quote in own if quote.speaker_id})
    found = {quote.pk: quote for quote in same[:MOST]}
    for teaser in teasers.latest_first()[:COMPARED]:
        if any(says_as_well(quote, teaser) for quote in own):
            found[teaser.pk] = teaser
    for key, quote in list(found.items())[:MOST]:
        where = f"in {quote.article.headline}" if quote.article else "by itself, from an archived page"
        yield Remainder(f"{quoted(quote, 120)} ({where})", reverse("admin:quotes_quote_change", args=[key]))


def _words(number: int, one: str, many: str) -> str:
    return f"1 quote {one}." if number == 1 else f"{number} quotes {many}."
