"""The place (and agency) that opens a news story: `PARIS (AFP) — `, `FORT WORTH, Texas - `."""

import re

_PLACE_CAPS = r"[A-Z][A-Z.'’-]+(?:[ /-][A-Z][A-Z.'’-]*){0,4}"
_AREA = r"(?:,\s(?:[A-Z][A-Za-z.'’]*\.?)(?:\s[A-Z][A-Za-z.'’]*\.?){0,2}){0,2}"
_AGENCY = r"(?:\s*\((?:[A-Z][\w.&'’ /-]{1,30})\))"
_DAY = r"(?:,?\s(?:Jan|Feb|March|Mar|April|Apr|May|June|July|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?\s\d{1,2}(?:,\s\d{4})?)?"
_DASH = r"\s*(?:—|–|--|―|\s-\s|-\s)"
_DATELINE = re.compile(
    rf"(?:(?P<caps>{_PLACE_CAPS}{_AREA}{_DAY}{_AGENCY}?)|(?P<agency>[A-Z][\w.'’-]*(?:[ /][A-Z][\w.'’-]*){{0,3}}{_AREA}{_DAY}{_AGENCY}))"
    rf"(?P<dash>{_DASH})"
)
_LONGEST = 120


def find_dateline(paragraph: str) -> str | None:
    """The dateline that a paragraph opens with, without its dash; None if there is none."""
    found = _DATELINE.match(paragraph[:_LONGEST])
    if not found:
        return None
    place = found["caps"] or found["agency"]
    return place.strip() if len(place) > 2 else None
