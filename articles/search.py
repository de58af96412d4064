"""What readers type into the search box, and the articles it finds.

The words are taken out of what was typed and everything else is dropped, so that no search language of a database
shows through: there is nothing to get wrong and nothing to break.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, wraps
from itertools import combinations, islice, takewhile
from typing import Any

from django.db import DatabaseError
from django.db.models import F, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from modelsearch.backends import get_search_backend
from modelsearch.query import And, Or, Phrase, PlainText, SearchQuery

from articles.keyphrases import stopwords
from articles.searchmatch import beginning, having, rank
from articles.text import unaccented

logger = logging.getLogger(__name__)

MAX_LENGTH = 200
MAX_WORDS = 12
MOST_TELLING = 7
# Of fewer letters too many words begin so.
SHORTEST_BEGINNING = 3
_WORD = re.compile(r"[^\W_]+")
_QUOTED = re.compile(r'["“”«»„](.+?)["“”«»„]')


@dataclass(frozen=True, slots=True)
class Search:
    """``text`` as typed, but cleaned and cut; ``words`` to look for, of which those in ``phrases`` stand together.

    The words are in plain letters, as the index has them.
    """

    text: str
    words: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...]

    @property
    def query(self) -> SearchQuery | None:
        """For ``.search()``; None where there are no words."""
        together = {word for phrase in self.phrases for word in phrase}
        apart = [word for word in self.words if word not in together]
        parts: list[SearchQuery] = [Phrase(" ".join(phrase)) for phrase in self.phrases]
        if apart:
            parts.append(PlainText(" ".join(apart), operator="and"))
        if not parts:
            return None
        return parts[0] if len(parts) == 1 else And(parts)

    @property
    def telling(self) -> tuple[str, ...]:
        """The words that tell one text from another: the longest, none that every text has."""
        words = [word for word in self.words if len(word) > 2 and word.lower() not in stopwords()]
        return tuple(sorted(words, key=len, reverse=True)[:MOST_TELLING])

    @property
    def most(self) -> SearchQuery | None:
        """For ``.search()``: three in five of the telling words, whichever; None where words are too few for that."""
        if len(self.words) < 3 or len(self.telling) < 2:
            return None
        return Or([PlainText(" ".join(some), operator="and") for some in self.enough])

    @property
    def enough(self) -> list[tuple[str, ...]]:
        """Each choice of three in five of the telling words."""
        return list(combinations(self.telling, max(1, round(len(self.telling) * 0.6))))

    @property
    def together(self) -> list[str]:
        """The words that stand side by side in phrases, and each other word by itself."""
        in_phrases = {word for phrase in self.phrases for word in phrase}
        return [" ".join(phrase) for phrase in self.phrases] + [word for word in self.words if word not in in_phrases]

    @property
    def ends_in_phrase(self) -> bool:
        """Whether the last word is as it was meant: what stands in quotation marks is no beginning."""
        return any(self.words[-1] in phrase for phrase in self.phrases)

    @property
    def may_go_on(self) -> bool:
        """Whether the last word can be looked for as the beginning of any: long enough for that, and in no phrase."""
        return bool(self.words) and len(self.words[-1]) >= SHORTEST_BEGINNING and not self.ends_in_phrase

    @property
    def beginning(self) -> str:
        """For ``.autocomplete()``, which takes the last word as the beginning of one."""
        return " ".join(self.words)


def read(typed: str) -> Search:
    """Any text as a search: at most 200 characters and 12 words of it count, of a phrase its first ones."""
    text = " ".join("".join(char if char.isprintable() else " " for char in typed[: MAX_LENGTH * 2]).split())
    text = text[:MAX_LENGTH]
    plain = unaccented(text)
    words = tuple(islice(dict.fromkeys(_WORD.findall(plain)), MAX_WORDS))
    phrases = (tuple(takewhile(words.__contains__, _WORD.findall(inner))) for inner in _QUOTED.findall(plain))
    return Search(text, words, tuple(phrase for phrase in phrases if len(phrase) > 1))


def needs_search(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view, which answers in plain words where the search index is missing or broken; the fault is logged."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except DatabaseError:
            logger.exception("The search index cannot be used. manage.py rebuild_modelsearch_index makes it anew.")
        response = render(request, "search_down.html", {"typed": request.GET.get("q", "")[:MAX_LENGTH]}, status=503)
        response["Retry-After"] = "600"
        return response

    return guarded


def with_words(rows: QuerySet, search: Search) -> QuerySet:
    """``rows`` that have all the words, of which there are some; in the order that they have."""
    keys = having(rows.model, [search.together])
    if keys is None:
        return rows.search(search.query, order_by_relevance=False).get_queryset()
    return rows.filter(pk__in=keys)


def found(rows: QuerySet, public: QuerySet, search: Search, order: str | None) -> Any:
    """``rows`` that are among ``public`` and have all the words, of which there are some; best first without an ``order``.

    The search library filters by no other column.
    """
    keys = having(rows.model, [search.together])
    if keys is None:
        return rows.filter(id__in=public.values("pk")).search(search.query, order_by=order)
    rows = rows.filter(id__in=public.filter(pk__in=keys).values("pk"))
    return rows.order_by(order or rank(rows.model, search.together).desc(nulls_last=True), "-pk")


def best_first(rows: QuerySet, search: Search) -> Any:
    """``rows``, which are few and have all the words, in the order in which the database ranks them."""
    return rows.search(search.query)


def nearly_found(rows: QuerySet, public: QuerySet, search: Search, order: str) -> Any:
    """``rows`` that are among ``public`` and have most of the telling words; none where the words are too few."""
    if search.most is None:
        return []
    keys = having(rows.model, search.enough)
    if keys is None:
        return rows.filter(id__in=public.values("pk")).search(search.most, order_by=order)
    return rows.filter(id__in=public.filter(pk__in=keys).values("pk")).order_by(order, "-pk")


def begun(rows: QuerySet, public: QuerySet, search: Search, order: str) -> Any:
    """``rows`` that are among ``public`` and have all the words anywhere, the last of them perhaps unfinished.

    Where the library has to look: it knows how to find beginnings, but does so among names alone.
    """
    backend = get_search_backend()
    rows = rows.filter(id__in=public.values("pk")).order_by(order, "-id")
    return backend._search(_any_beginning(backend.query_compiler_class), search.query, rows, order_by_relevance=False)


@cache
def _any_beginning(compiler: type) -> type:
    return type("AnyBeginning", (compiler,), {"LAST_TERM_IS_PREFIX": True})


def found_or_completed(rows: QuerySet, public: QuerySet, search: Search, most: int) -> list[int]:
    """Keys of what is ``found``, best first, or where that is nothing, of what is ``completed``; at most so many.

    In one query. Where the library has to look.
    """
    whole = found(rows, public, search, None).get_queryset().order_by().annotate(place=F("_score"), begun=Value(0))
    names = completed(rows, public, search, "id").get_queryset().order_by().annotate(place=F("pk"), begun=Value(1))
    either = whole.values_list("begun", "place", "pk").union(names.values_list("begun", "place", "pk"), all=True)
    first = list(either.order_by("begun", "place", "-pk")[:most])
    return [key for is_begun, _place, key in first if is_begun == first[0][0]]


def completed(rows: QuerySet, public: QuerySet, search: Search, order: str) -> Any:
    """``rows`` that are among ``public`` and whose name or headline has the words, the last perhaps unfinished.

    Not ranked: a beginning fits many, and the search library ranks each of them with a query of its own.
    """
    keys = beginning(rows.model, search.words)
    if keys is None:
        return rows.filter(id__in=public.values("pk")).autocomplete(search.beginning, order_by=order)
    return rows.filter(id__in=public.filter(pk__in=keys).values("pk")).order_by(order, "-pk")
