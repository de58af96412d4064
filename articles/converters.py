"""What may stand for a slug in an address."""

from django.urls import register_converter
from django.urls.converters import StringConverter


class UnicodeSlug(StringConverter):
    """What ``slugify(…, allow_unicode=True)`` makes: topics keep the letters of their script."""

    regex = r"[-\w]+"


class FeedForm(StringConverter):
    """A form of feed, as the ending of its address."""

    regex = "rss|atom|json"


register_converter(UnicodeSlug, "unicode_slug")
register_converter(FeedForm, "feed_form")
SLUG = "<unicode_slug:slug>"
FEED = "feed.<feed_form:form>"
