"""Addresses of rows, of which a page shows dozens: what is the same of each kind of address is found out once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from django.http import HttpRequest
from django.urls import get_script_prefix, reverse

_PLAIN = re.compile(r"[A-Za-z0-9_-]+")
_PLAIN_PATH = re.compile(r"/|(?:/[A-Za-z0-9_-]+)+(?:/|\.[a-z]+)?")
_SAMPLE = "1234567890123456789"
_ABSOLUTE = "articles_absolute"
# Below which path the site lies, while a request is answered: Django looks it up in a store that is slower than all the rest.
_prefix: ContextVar[str] = ContextVar("prefix", default="")


def address(view: str, key: str | int) -> str:
    """What ``reverse(view, args=[key])`` gives, in a tenth of the time. ``key``: a slug, or a number."""
    text = str(key)
    if type(key) is not int and not _PLAIN.fullmatch(text):  # letters of other scripts, which reverse() quotes
        return reverse(view, args=[key])
    before, after = _around(view, _prefix.get() or get_script_prefix())
    return f"{before}{text}{after}"


@contextmanager
def of_one_site() -> Iterator[None]:
    """Within, all addresses lie below the path that the site lies below now."""
    before = _prefix.set(get_script_prefix())
    try:
        yield
    finally:
        _prefix.reset(before)


def absolute_to(request: HttpRequest) -> Callable[[str], str]:
    """What ``request.build_absolute_uri`` gives of paths, of which a page has dozens: the host is looked at once."""
    kept: dict[str, Callable[[str], str]] = request.__dict__
    if _ABSOLUTE not in kept:
        site = request.build_absolute_uri("/").removesuffix("/")
        kept[_ABSOLUTE] = lambda path: (
            f"{site}{path}" if _PLAIN_PATH.fullmatch(path) else request.build_absolute_uri(path)
        )
    return kept[_ABSOLUTE]


@cache
def _around(view: str, _prefix: str) -> tuple[str, str]:
    before, _, after = reverse(view, args=[_SAMPLE]).partition(_SAMPLE)
    return before, after
