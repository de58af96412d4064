"""``{{ found(…) }}``: what a search found, with its words marked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.safestring import SafeString

from articles.models import Article
from articles.writing import article_date, direction, drawn, excerpt, hits, mark_words, printed_date
from quotes.models import Quote, Speaker
from quotes.writing import quoted

ROLE_LENGTH = 90


def found(rows: Iterable[Any], kind: str, words: Iterable[str]) -> SafeString:
    """Rows of one kind of result, as ``newsroom.search`` reads them."""
    shown = [_SHOWN[kind](row, words) for row in rows]
    return drawn("_results.html", kind=kind, rows=shown)


def _of_article(article: Article, words: Iterable[str]) -> dict[str, str]:
    return {
        "direction": direction(article.headline),
        "language": article.language,
        "address": article.get_absolute_url(),
        "title": mark_words(article.headline, words),
        "text": hits(article.text, words),
        "publisher": article.publisher.name if article.publisher else "",
        "date": article_date(article),
    }


def _of_quote(quote: Quote, words: Iterable[str]) -> dict[str, str]:
    speaker = quote.speaker
    return {
        "direction": direction(quote.text),
        "address": quote.get_absolute_url(),
        "title": hits(quoted(quote), words),
        "speaker": mark_words(speaker.name, words) if speaker else "",
        "speaker_address": speaker.get_absolute_url() if speaker else "",
        "role": mark_words(quote.role, words),
        "date": printed_date(quote.said_on, quote.said_precision) if quote.date_known else "Date not printed",
    }


def _of_speaker(speaker: Speaker, words: Iterable[str]) -> dict[str, str]:
    return {
        "address": speaker.get_absolute_url(),
        "title": mark_words(speaker.name, words),
        "kind": speaker.get_kind_display(),
        "role": excerpt(speaker.latest_role or "", ROLE_LENGTH),
    }


_SHOWN: dict[str, Callable[[Any, Iterable[str]], dict[str, str]]] = {
    "articles": _of_article,
    "quotes": _of_quote,
    "speakers": _of_speaker,
}
