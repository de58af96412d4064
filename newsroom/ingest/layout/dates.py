"""Dates as pages print them -> PrintedDate. Month names in English; ISO 8601; numeric dates; relative ones kept as words.

A numeric date is read only if its parts leave one reading (13/7, 7/13, 7/7); otherwise it stays `ambiguous`, without a value.
"""

import datetime as dt
import re
from functools import lru_cache

from newsroom.ingest.layout.records import Precision, PrintedDate

_LONGEST = 300
_MONTHS = {
    "jan": 1,
    "feb": 2,
    "mar": 3,
    "apr": 4,
    "may": 5,
    "jun": 6,
    "jul": 7,
    "aug": 8,
    "sep": 9,
    "oct": 10,
    "nov": 11,
    "dec": 12,
}
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\b\.?"
)
# Where a month may begin: told by its first letter sooner than by trying all names.
_INITIAL = r"\b(?=[jfmasond])"
_SIGN = re.IGNORECASE
# Each with the marks of which it needs one; none where it needs the name of a month.
_DAYS = (
    ("-", re.compile(r"\b(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)(?!\d)")),
    (
        "",
        re.compile(
            rf"{_INITIAL}(?P<mon>{_MONTH})\s*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b,?(?:\s+(?P<y>\d{{4}})\b)?", _SIGN
        ),
    ),
    (
        "",
        re.compile(
            rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+(?:of )?(?P<mon>{_MONTH})[\s,-]*(?P<y>\d{{4}})?\b", _SIGN
        ),
    ),
    ("/.-", re.compile(r"\b(?P<a>\d{1,2})(?P<sep>[/.-])(?P<b>\d{1,2})(?P=sep)(?P<y>\d{4}|\d\d)\b")),
    ("/", re.compile(r"\b(?P<y>\d{4})/(?P<m>\d{1,2})/(?P<d>\d{1,2})\b")),
    ("", re.compile(rf"{_INITIAL}(?P<mon>{_MONTH}),?\s+(?P<y>\d{{4}})\b", _SIGN)),
)
_DIGIT = re.compile(r"\d")
_RELATIVE = re.compile(
    r"\b(?:(?:\d+|an?|one|two|three|a few)\s*(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?|months?|years?)\s+ago|"
    r"just now|yesterday|(?<!usa )today)\b",
    _SIGN,
)
_TIME = re.compile(
    r"(?<![\d/.-])(?P<h>\d{1,2})(?:[:.](?P<min>\d\d)(?::(?P<s>\d\d)(?:\.\d+)?)?)?\s*(?P<half>[ap])\.?\s?m\b\.?|"
    r"(?<![\d/.-])[Tt]?(?P<h24>\d{1,2}):(?P<min24>\d\d)(?::(?P<s24>\d\d)(?:\.\d+)?)?(?!\d)",
    _SIGN,
)
# The time of a relative day: "Today at 9:15 a.m.", "yesterday, 18:05".
_CLOCK_BESIDE = re.compile(
    r",?\s+(?:at\s+)?(?:\d{1,2}[:.]\d\d(?!\d)(?:\s*[ap]\.?\s?m\b\.?)?|\d{1,2}\s*[ap]\.?\s?m\b\.?)", _SIGN
)
_ZONE = re.compile(
    r"\s*\(?(?:(?P<name>Z|UTC|GMT|EST|EDT|CST|CDT|MST|MDT|PST|PDT|CET|CEST|BST|SAST|AEST|AEDT)\b|(?P<sign>[+-])(?P<zh>\d\d):?(?P<zm>\d\d))"
)
# Hours from UTC. CST is taken as North American and BST as British Summer Time; "ET" and "IST" have several readings and are left out.
_ZONES = {
    "Z": 0, "UTC": 0, "GMT": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
    "CET": 1, "CEST": 2, "BST": 1, "SAST": 2, "AEST": 10, "AEDT": 11,
}  # fmt: skip
_PUBLISHED = re.compile(r"\b(?:published|posted|created|first)\b", _SIGN)


def find_date(text: str) -> PrintedDate | None:
    """The date a line prints: the one after "published" if it says so, else the first; None if there is none.

    Looks at the first 300 characters. `PrintedDate.text` is what was matched, with its time.
    """
    head = text[:_LONGEST]
    published = _PUBLISHED.search(head)
    if published and published.start():
        found = _first_date(head, published.end())
        if found:
            return found
    return _first_date(head, 0)


def is_relative(date: PrintedDate) -> bool:
    """Whether the words are "3 hours ago" or the like."""
    return date.value is None and _RELATIVE.match(date.text) is not None


def date_span(text: str) -> tuple[int, int] | None:
    """Where the first date of a line begins and ends, without its time."""
    best = _match_day(text[:_LONGEST], 0)
    if best is None:
        relative = _RELATIVE.search(text[:_LONGEST])
        return relative.span() if relative else None
    return best.span()


# Who signs a line and when are asked one after the other.
@lru_cache(maxsize=16)
def _match_day(text: str, start: int) -> re.Match[str] | None:
    # All days have digits. Few texts have a month and all marks: they need not be searched for all kinds.
    if not _DIGIT.search(text):
        return None
    lowered = text.casefold()
    named = any(map(lowered.__contains__, _MONTHS))
    found = [
        match
        for marks, pattern in _DAYS
        if (any(map(text.__contains__, marks)) if marks else named) and (match := pattern.search(text, start))
    ]
    return min(found, key=lambda match: (match.start(), -match.end())) if found else None


def _first_date(text: str, start: int) -> PrintedDate | None:
    match = _match_day(text, start)
    if match is None:
        relative = _RELATIVE.search(text, start)
        if not relative:
            return None
        finer: Precision = "time" if re.search(r"sec|min|h|now|\bm\b", relative.group(), _SIGN) else "day"
        beside = _CLOCK_BESIDE.match(text, relative.end())
        if beside:
            return PrintedDate(text[relative.start() : beside.end()], None, "time")
        return PrintedDate(relative.group(), None, finer)
    day, precision, ambiguous = _read_day(match)
    clock = _clock_near(text, match)
    printed = (
        text[min(match.start(), clock[1]) : max(match.end(), clock[2])].strip(" ,")
        if clock
        else match.group().strip(" ,-")
    )
    if clock and day is not None and precision == "day":
        return PrintedDate(printed, dt.datetime.combine(day, clock[0]), "time", ambiguous)
    return PrintedDate(printed, day, "time" if clock else precision, ambiguous)


def _read_day(match: re.Match[str]) -> tuple[dt.date | None, Precision, bool]:
    """(date, precision, whether day and month could change places)."""
    part = match.groupdict()
    year = part.get("y")
    if not year:
        return None, "day", False
    number = int(year) + (2000 if len(year) == 2 else 0)
    if part.get("a"):
        first, second = int(part["a"]), int(part["b"])
        if first != second and first <= 12 and second <= 12:
            return None, "day", True
        month, day = (first, second) if second > 12 or first == second else (second, first)
    else:
        month = _MONTHS[part["mon"][:3].casefold()] if part.get("mon") else int(part["m"])
        if part.get("d") is None:
            return _safe(number, month, 1), "month", False
        day = int(part["d"])
    return _safe(number, month, day), "day", False


def _safe(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _clock_near(text: str, day: re.Match[str]) -> tuple[dt.time, int, int] | None:
    """The time of day printed within a few words of the date, with its span."""
    low, high = max(0, day.start() - 40), day.end() + 30
    after = _TIME.search(text, day.end(), high)
    found = after
    if not after:
        before = list(_TIME.finditer(text, low, day.start()))
        found = before[-1] if before else None
    if not found:
        return None
    part = found.groupdict()
    hour, minute, second = (int(part[a] or part[b] or 0) for a, b in (("h", "h24"), ("min", "min24"), ("s", "s24")))
    if part["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if part["half"] in "pP" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    zone = _ZONE.match(text, found.end())
    end = zone.end() if zone else found.end()
    return dt.time(hour, minute, second, tzinfo=_zone(zone)), found.start(), end


def _zone(match: re.Match[str] | None) -> dt.tzinfo | None:
    if not match:
        return None
    if match["name"]:
        return dt.timezone(dt.timedelta(hours=_ZONES[match["name"].upper()]))
    hours, minutes = int(match["zh"]), int(match["zm"])
    if hours > 14 or minutes > 59:
        return None
    offset = dt.timedelta(hours=hours, minutes=minutes)
    return dt.timezone(-offset if match["sign"] == "-" else offset)
