"""``{{ piece("_masthead.html") }}``: parts of every page that are the same for all of them, rendered once a process."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from jinja2 import pass_context
from jinja2.runtime import Context

from articles.writing import drawn

SECTIONS = (
    "articles:articles",
    "quotes:quotes",
    "quotes:speakers",
    "articles:topics",
    "articles:lists",
    "articles:archive",
)
_MOST = 100
_rendered: dict[tuple[object, ...], SafeString] = {}


@pass_context
def piece(context: Context, name: str) -> SafeString:
    """The template, which may look at nothing but the day, the site's name, and ``here``: the page's address if it is that
    of the front page or a section, else empty.
    """
    path = context["request"].path
    here = path if path in _sections() else ""
    key = (name, here, context["today"], context["site_name"])
    rendered = _rendered.get(key)
    if rendered is None or settings.DEBUG:
        if len(_rendered) >= _MOST:
            _rendered.clear()
        rendered = _rendered[key] = drawn(name, here=here, today=context["today"], site_name=context["site_name"])
    return rendered


def _sections() -> set[str]:
    if not _addresses:
        _addresses.update({"/", *map(reverse, SECTIONS)})
    return _addresses


_addresses: set[str] = set()
