"""What may stand for a slug in an address."""

from django.urls import register_converter
from django.urls.converters import StringConverter


class UnicodeSlug(StringConverter):
    """What ``slugify(…, allow_unicode=True)`` makes: topics keep the letters of their script."""

    regex = r"[-\w]+"


register_converter(UnicodeSlug, "unicode_slug")
SLUG = "<unicode_slug:slug>"
