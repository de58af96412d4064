"""The search page: articles, quotes and speakers that have the words, of what is public, with counts to narrow by.

Of each kind the keys of what fits are found, up to a bound (``newsroom.searchkinds``); counts, pages and choices all come of
these keys, so that a number next to a choice is the number of results behind it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict

from articles.paging import Page, page_number
from articles.prepared import Asking, Keys, Prepared, in_step
from articles.search import Search
from newsroom.facets import NARROW_BY, facets_of
from newsroom.searchfound import Found
from newsroom.searchkinds import BEST, KINDS, NEWEST, OLDEST, whole_first
from quotes.models import Speaker
from quotes.search import nearly_quotes

# So few that the next kind begins on the same screen, or the one after: all of a kind are a click away.
SHOWN_OF_EACH = 3
PAGE = 20
SUGGESTED = 5
SORTS = {NEWEST: "Newest first", OLDEST: "Oldest first", BEST: "Best match first"}


_rows_of = Prepared(lambda kind: kind.rows().filter(pk__among=Keys("keys")).order_by())


def results(kind: str, search: Search, asked: QueryDict) -> dict[str, Any]:
    """What the template shows for a search with words: of one ``kind``, or the first few of each where it is empty."""
    narrowing = narrowing_of(kind, asked)
    sort = asked.get("sort", "")
    sort = sort if sort in SORTS else NEWEST
    number = page_number(asked)
    found_of = _found(kind, search, narrowing, sort)
    links = _links_of_kinds(asked, kind)
    half_remembered = kind in ("", "quotes") and not found_of["quotes"].size and not any(narrowing.values())
    context: dict[str, Any] = {
        "tabs": [(name, KINDS[name].label, found_of[name].count, links[name]) for name in KINDS],
        "all_link": links[""],
        "total": sum(each.size for each in found_of.values()),
        "chosen": {name: value for name, value in narrowing.items() if value},
        "nearly": nearly_quotes(search) if half_remembered else [],
        "sort": sort,
        "sorts": SORTS.items()
        if kind and KINDS[kind].filters and (found_of[kind].keys or any(narrowing.values()))
        else (),
    }
    if kind:
        keys = [] if found_of[kind].more else found_of[kind].keys  # where not all are known, none are counted
        facets = facets_of(kind, keys, narrowing, asked)
        page = _page(kind, found_of[kind], number)
        return context | {"page": page, "facets": facets, "only_by": _speaker(narrowing.get("speaker", ""), page)}
    rows_of = in_step(*(_rows(name, of_kind.keys[:SHOWN_OF_EACH]) for name, of_kind in found_of.items()))
    sections = [
        {
            "kind": name,
            "label": KINDS[name].label,
            "rows": rows,
            "total": None if of_kind.more else of_kind.size,
            "has_more": of_kind.size > SHOWN_OF_EACH,
            "link": links[name],
        }
        for (name, of_kind), rows in zip(found_of.items(), rows_of, strict=True)
    ]
    return context | {"sections": sections}


def _found(kind: str, search: Search, narrowing: Mapping[str, str], sort: str) -> dict[str, Found]:
    """All of the ``kind`` that is shown, and a few of each other. Where neither articles nor quotes have the whole words, those
    are found that have the last one unfinished.
    """
    wanted = 1 if kind else SHOWN_OF_EACH
    found = in_step(
        *(
            each.find(search, narrowing, sort) if name == kind else each.find_few(search, wanted)
            for name, each in KINDS.items()
        )
    )
    found_of = dict(zip(KINDS, found, strict=True))
    dated = [name for name, each in KINDS.items() if each.date]
    if any(found_of[name].size and not found_of[name].begun for name in dated):
        return whole_first(found_of)
    others = [name for name in dated if name != kind]
    return found_of | dict(zip(others, in_step(*(KINDS[name].begin_few(search) for name in others)), strict=True))


def _speaker(slug: str, quotes: Page) -> Speaker | None:
    """Whose quotes alone are shown; asked for only where there are none."""
    if not slug:
        return None
    shown = next((quote.speaker for quote in quotes if quote.speaker.slug == slug), None)
    return shown or Speaker.objects.public().filter(slug=slug).first()


def _links_of_kinds(asked: QueryDict, shown: str) -> dict[str, str]:
    """The address of the first page of each kind, and of all ("") with these words, narrowed to nothing; but of the kind that
    is ``shown`` as narrowed as it is, for so its results are counted.
    """
    kept = asked.copy()
    kept.pop("page", None)
    here = kept.urlencode()
    for name in ("type", "sort", *NARROW_BY):
        kept.pop(name, None)
    rest = kept.urlencode()
    links = {name: f"?{rest}&type={name}" if name else f"?{rest}" for name in ("", *KINDS)}
    return links | ({shown: f"?{here}"} if shown else {})


def narrowing_of(kind: str, asked: QueryDict) -> dict[str, str]:
    """What the results of a kind are to be narrowed to: of all that can be in an address, what the kind knows of."""
    filters = KINDS[kind].filters if kind else None
    return {name: asked.get(name, "") for name in NARROW_BY if filters and name in filters.base_filters}


def beginnings(search: Search) -> list[str]:
    """Names of public speakers and headlines that have the words, the last of them perhaps unfinished."""
    speakers, articles = (KINDS[name] for name in ("speakers", "articles"))
    named, headed = in_step(speakers.begun(search, SUGGESTED), articles.begun(search, SUGGESTED))
    names, headlines = in_step(_rows("speakers", named.keys), _rows("articles", headed.keys))
    return list(dict.fromkeys([*(who.name for who in names), *(article.headline for article in headlines)]))


def _page(kind: str, result: Found, number: int) -> Page:
    start = (number - 1) * PAGE
    end = start + PAGE
    [rows] = in_step(_rows(kind, result.keys[start:end]))
    return Page(
        rows,
        number,
        has_next=result.size > end,
        capped=result.more and start < result.size <= end,
    )


def _rows(kind: str, keys: Sequence[int]) -> Asking[list[Any]]:
    if not keys:
        return []
    found = yield _rows_of.of(KINDS[kind], keys=keys)
    by_key = {row.pk: row for row in found}
    return [by_key[key] for key in keys if key in by_key]
