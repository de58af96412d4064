"""What an editor should know of an article's quotes before it is published (see ``articles.publishing``)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Q

from articles.models import Article
from quotes.models import Quote


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


def _words(number: int, one: str, many: str) -> str:
    return f"1 quote {one}." if number == 1 else f"{number} quotes {many}."
