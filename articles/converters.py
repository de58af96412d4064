"""What may stand for a slug in an address."""

from django.urls import register_converter
from django.urls.converters import StringConverter


class UnicodeSlug(StringConverter):
    """What ``slugify(…, allow_unicode=True)`` makes: topics keep the letters of their script."""

    regex = r"[-\w]+"


class TwoDigits:
    """A month or a day, written with two digits; read with one as well, for that has been an address too."""

    regex = "[0-9]{1,2}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{int(value):02}"


class FeedForm(StringConverter):
    """A form of feed, as the ending of its address."""

    regex = "rss|atom|json"


register_converter(UnicodeSlug, "unicode_slug")
register_converter(FeedForm, "feed_form")
register_converter(TwoDigits, "two_digits")
SLUG = "<unicode_slug:slug>"
FEED = "feed.<feed_form:form>"
