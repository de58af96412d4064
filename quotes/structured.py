"""Quotes and speakers as schema.org data (see ``articles.structured``)."""

from __future__ import annotations

from collections.abc import Iterable

from articles.structured import Absolute, Data, article_reference, stamp
from quotes.models import Quote, Speaker
from quotes.passages import said
from quotes.writing import kind_word

_TYPES = {Speaker.Kind.PERSON: "Person", Speaker.Kind.ORGANISATION: "Organization"}


def speaker_data(speaker: Speaker, absolute: Absolute, *, role: str = "", names: Iterable[str] = ()) -> Data:
    """Who speaks. An unnamed source is a person of whom a description is known, and has no identity to refer to."""
    if speaker.kind == Speaker.Kind.UNNAMED:
        return {"@type": "Person", "description": speaker.name}
    address = absolute(speaker.get_absolute_url())
    data = {"@type": _TYPES[speaker.kind], "@id": address, "url": address, "name": speaker.name}  # type: ignore[index]
    more = {
        "jobTitle": role if speaker.kind == Speaker.Kind.PERSON else "",
        "alternateName": list(names),
        "description": speaker.description,
        "image": absolute(speaker.image.url) if speaker.image else "",
        "sameAs": f"https://www.wikidata.org/entity/{speaker.wikidata_id}" if speaker.wikidata_id else "",
    }
    return data | {name: value for name, value in more.items() if value}


def quotation(quote: Quote, absolute: Absolute) -> Data:
    """``spokenByCharacter`` is who the source says spoke; ``creator`` the same, unless editors found it to be false."""
    address = absolute(quote.get_absolute_url())
    speaker = speaker_data(quote.speaker, absolute, role=quote.role_then) if quote.speaker else None
    article = quote.article
    return {
        "@type": "Quotation",
        "@id": address,
        "url": address,
        "text": said(quote),
        "genre": kind_word(quote),
        "inLanguage": article.language if article else "",
        "dateCreated": stamp(quote.said_on, quote.said_precision),
        "spokenByCharacter": speaker,
        "creator": None if quote.review_state == Quote.Review.MISATTRIBUTED else speaker,
        "creativeWorkStatus": quote.get_review_state_display(),
        "isPartOf": article_reference(article, absolute) if article else None,
        "citation": (article.source_url or absolute(article.get_absolute_url())) if article else "",
    }
