"""Searches of the desk in the full-text index, for lists of large tables and for the box that looks everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from articles.search import Search, read, with_words
from articles.searchmatch import are_more, having, matched

# Rows that a search found are named one by one up to this number; beyond the other, one of them soon comes in any order.
KEYS_NAMED, MANY = 5_000, 20_000
# Where only the first few are wanted, it takes fewer to be sure that one comes soon; and reading keys costs most of it.
FIRST_NAMED = 1_000


class IndexedSearchMixin:
    """Looks words up in the full-text index, where the stock search would read every row of a large table.

    Where the model indexes a field for completion, the last word typed may be the beginning of one. ``search_fields``
    only says that there is a search.
    """

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        queryset = queryset.defer(*self.list_defer)
        if not search_term.strip():
            return queryset, False
        search = read(search_term)
        if search.query is None:
            return queryset.none(), False
        found = Q()
        for some, by_words in self._searches(search):
            found |= _among(some, by_words)
        return queryset.filter(found), False

    def first_found(self, request: HttpRequest, words: str, number: int) -> QuerySet:
        """The newest: of few that were found by their keys, of many as they come in the list's order."""
        search = read(words)
        if search.query is None:
            return self.model._default_manager.none()
        newest: set[Any] = set()
        for some, by_words in self._searches(search):
            keys = _keys(some, by_words, FIRST_NAMED)
            if len(keys) > FIRST_NAMED:
                rows = self.model._default_manager.filter(_one_of_many(some, by_words)).order_by("-pk")
                newest.update(rows.values_list("pk", flat=True)[:number])
                break
            newest.update(sorted(keys)[-number:])
        rows = self.get_queryset(request).defer(*self.list_defer)
        return rows.filter(pk__in=sorted(newest)[-number:]).order_by("-pk")

    def _searches(self, search: Search) -> Iterator[tuple[QuerySet, Search | None]]:
        """(what is found by the words, with the search), and where there is an index of beginnings, (by that of the last, None)."""
        rows = self.model._default_manager.order_by()
        yield with_words(rows, search), search
        if self.model.get_autocomplete_search_fields():
            yield rows.autocomplete(search.beginning, order_by_relevance=False).get_queryset(), None


def _among(found: QuerySet, by_words: Search | None) -> Q:
    """The condition that a row was found, by these words if they are given. Few are named by their keys, which leaves the
    database no wrong way to go.
    """
    keys = _keys(found, by_words, KEYS_NAMED)
    return _one_of_many(found, by_words) if len(keys) > KEYS_NAMED else Q(pk__in=keys)


def _one_of_many(found: QuerySet, by_words: Search | None) -> Q:
    """The same condition, of many: looked at for one row after the other, or, where that may take long, for all at once."""
    if by_words is not None and are_more(found.model, by_words.together, MANY):
        return Q(matched(found.model, by_words.together))
    return Q(pk__in=found.values("pk"))


def _keys(found: QuerySet, by_words: Search | None, most: int) -> list[Any]:
    """The keys of what was found, in no order, and no more than tell that they are too many to be named."""
    indexed = having(found.model, [by_words.together]) if by_words is not None else None
    keys = found.order_by().values_list("pk", flat=True) if indexed is None else indexed.values_list("key", flat=True)
    return list(keys[: most + 1])
