"""``{{ quote_data(quote) }}`` and ``{{ speaker_page_data(speaker) }}``: JSON-LD (see ``quotes.structured``)."""

from __future__ import annotations

from django.urls import reverse
from django.utils.safestring import SafeString
from jinja2 import pass_context
from jinja2.runtime import Context

from articles.links import absolute_to
from articles.structured import crumbs, script
from quotes.models import Quote, Speaker
from quotes.sharing import quote_picture
from quotes.structured import quotation, speaker_data
from quotes.writing import quoted


def share_picture_of_quote(quote: Quote) -> str:
    """The address of the picture to share."""
    return quote_picture(quote)


@pass_context
def quote_data(context: Context, quote: Quote) -> SafeString:
    absolute = absolute_to(context["request"])
    speaker = quote.speaker
    above = ("Quotes", reverse("quotes:quotes")) if speaker is None else (speaker.name, speaker.get_absolute_url())
    way = crumbs(absolute, above, (quoted(quote, 70), quote.get_absolute_url()))
    return script(quotation(quote, absolute), way)


@pass_context
def speaker_page_data(context: Context, speaker: Speaker) -> SafeString:
    """Of the speaker of the page, with the names and positions that it shows."""
    absolute = absolute_to(context["request"])
    way = crumbs(absolute, ("Speakers", reverse("quotes:speakers")), (speaker.name, speaker.get_absolute_url()))
    role = next((position.title for position in context["positions"]), "")
    who = speaker_data(speaker, absolute, role=role, names=[name.name for name in context["names"]])
    return script(way) if speaker.kind == Speaker.Kind.UNNAMED else script(who, way)
