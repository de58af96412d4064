"""``{% piece "_masthead.html" %}``: parts of every page that are the same for all of them, rendered once a process."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.template.context import Context
from django.urls import reverse
from django.utils.safestring import SafeString

register = template.Library()

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


@register.simple_tag(takes_context=True)
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
        shown = {"here": here, "today": context["today"], "site_name": context["site_name"]}
        rendered = _rendered[key] = context.template.engine.get_template(name).render(Context(shown))
    return rendered


def _sections() -> set[str]:
    if not _addresses:
        _addresses.update({"/", *map(reverse, SECTIONS)})
    return _addresses


_addresses: set[str] = set()
