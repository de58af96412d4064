"""What an editor should know of an article's quotes before it is published (see ``articles.publishing``)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Q

from articles.models import Article
from quotes.models import Quote
from quotes.reading import look


def of_quotes(article: Article) -> Iterator[str]:
    shown = Quote.objects.filter(article=article).exclude(review_state=Quote.Review.REJECTED)
    found = shown.aggregate(
        unreviewed=Count("pk", filter=Q(review_state=Quote.Review.UNREVIEWED)),
        lost=Count("pk", filter=Q(start__isnull=True)),
    )
    if found["unreviewed"]:
        yield _words(found["unreviewed"], "has not been reviewed", "have not been reviewed")
    if found["lost"]:
        yield _words(found["lost"], "does not stand in the text any more", "do not stand in the text any more")
    # What an import made, and nobody has written in, was read by it.
    was_written = article.document_id is None or article.edited_at is not None
    if was_written and (number := len(look(article).new)):
        yield _words(
            number,
            "of the text is not taken up yet: look for it below",
            "of the text are not taken up yet: look for them below",
        )


def _words(number: int, one: str, many: str) -> str:
    return f"1 quote {one}." if number == 1 else f"{number} quotes {many}."
