"""The place (and agency) that opens a news story: `PARIS (AFP) — `, `FORT WORTH, Texas - `, `Paris — `, `PARIS: `."""

import re

from newsroom.ingest.layout.vocabulary import word_list

# The capitals of Latin alphabets.
_CAPITAL = "".join(chr(code) for code in range(0x250) if chr(code).isupper())
_PLACE_CAPS = rf"[{_CAPITAL}][{_CAPITAL}.'’-]+(?:(?:[ /-]| / )[{_CAPITAL}][{_CAPITAL}.'’-]*){{0,4}}"
_AREA = rf"(?:,\s(?:[{_CAPITAL}](?:[^\W\d_]|[.'’])*)(?:\s[{_CAPITAL}](?:[^\W\d_]|[.'’])*){{0,2}}){{0,2}}"
_AGENCY = r"(?:\s*\((?:[A-Z][\w.&'’ /-]{1,30}|dpa|afp|ap|apa|epd)\))"
_DAY = r"(?:,?\s(?:Jan|Feb|March|Mar|April|Apr|May|June|July|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?\s\d{1,2}(?:,\s\d{4})?)?"
_DASH = r"\s*(?:—|–|--|―|\s-\s|-\s)"
_DATELINE = re.compile(
    rf"(?:(?P<caps>{_PLACE_CAPS}{_AREA}{_DAY}{_AGENCY}?)|(?P<agency>[{_CAPITAL}][\w.'’-]*(?:[ /][{_CAPITAL}][\w.'’-]*){{0,3}}{_AREA}{_DAY}{_AGENCY}))"
    rf"(?P<dash>{_DASH})"
)
# A place that is not in capitals, between nothing and a long dash; a place in capitals before a colon. A sentence begins behind either.
_PLAIN = re.compile(
    rf"(?P<place>[{_CAPITAL}][\w.'’-]+(?: [{_CAPITAL}][\w.'’-]+){{0,2}}{_AREA})\s*[—–]\s*(?=[{_CAPITAL}][\w'’-]*\s)"
)
_COLON = re.compile(rf"(?P<place>[{_CAPITAL}]{{4,}}(?: [{_CAPITAL}]{{3,}}){{0,2}}):\s+(?=[{_CAPITAL}][\w'’-]*\s)")
_NO_PLACE = re.compile(
    r"(?:explainer|watch|listen|updated?|breaking|note|correction|more|analysis|opinion|exclusive|read|related|photos?|video|live|fact|"
    r"review|interview|question|answer|host|presenter|summary|background|comment|editor.*|warning|advertisement|sponsored|what|who|why|how|when)\b",
    re.IGNORECASE,
)
_DASHES = re.compile(r"[—–]")
_LONGEST, _WORDS = 120, 16
_ANY_DASH = re.compile("[—–―-]")
# What follows the first letter of a place in capitals.
_SECOND = frozenset(f"{_CAPITAL}.'’-")


def find_dateline(paragraph: str) -> str | None:
    """The dateline that a paragraph opens with, without its dash; None if there is none."""
    head = paragraph[:_LONGEST]
    found = _DATELINE.match(head)
    if not found:
        return _plain_place(head)
    place = found["caps"] or found["agency"]
    return place.strip() if len(place) > 2 else None


def _plain_place(head: str) -> str | None:
    found = _PLAIN.match(head) or _COLON.match(head)
    # A second dash closes a parenthesis.
    if (
        not found
        or _DASHES.search(head, found.end())
        or _NO_PLACE.match(head)
        or found["place"].split()[0].lower() in word_list("function_words")
    ):
        return None
    return found["place"]


def opens_with_dateline(text: str) -> bool:
    """Whether a paragraph with single spaces opens with a dateline, in its first words."""
    # Few paragraphs open with a capital like that or have a bracket or a long dash so early, or any dash: the others are let go unread.
    head = text[:_LONGEST]
    if text[1:2] not in _SECOND and "(" not in head and "—" not in head and "–" not in head:
        return False
    opening = " ".join(text.split(" ", _WORDS)[:_WORDS])
    return _ANY_DASH.search(opening) is not None and find_dateline(opening) is not None
