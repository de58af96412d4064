"""What a page shows, named for a cache in front of the site: ``Surrogate-Key: site article-12 speaker-3``.

Such a cache can then be told to drop all pages that show a thing, by its name.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Model
from django.http import HttpRequest

# A header of some four kilobytes; a page that shows more is named by the first, and by ``site``.
MOST = 150
_NAMES = {"article": "article", "quote": "quote", "speaker": "speaker", "topic": "topic", "curatedlist": "list"}
_ATTRIBUTE = "surrogate_keys"


def shows(request: HttpRequest, *things: Model | Iterable[Model | None] | None) -> None:
    """Say that the page asked for shows these rows, and those that were read with them; what it is about comes first."""
    keys = _keys(request)
    for thing in things:
        for row in (thing,) if isinstance(thing, Model) else thing or ():
            for shown in (row, *row._state.fields_cache.values()) if row is not None else ():
                name = _NAMES.get(shown._meta.model_name or "") if shown is not None else None
                if name:
                    keys[f"{name}-{shown.pk}"] = None


def tells_of(request: HttpRequest, entries: Iterable[str]) -> None:
    """The same of a feed, by the keys of its entries: "articles/12"."""
    _keys(request).update(dict.fromkeys(entry.replace("s/", "-", 1) for entry in entries))


def _keys(request: HttpRequest) -> dict[str, None]:
    return request.__dict__.setdefault(_ATTRIBUTE, {})


def shown_by(request: HttpRequest) -> list[str]:
    """The names of what the page of the request shows."""
    return list(request.__dict__.get(_ATTRIBUTE, ()))[:MOST]
