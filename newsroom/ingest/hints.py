"""What columns, headers and metadata say about a document, checked: what is valid is used, what is not becomes a notice."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from newsroom.ingest.layout import PrintedDate
from newsroom.ingest.layout.bylines import split_authors
from newsroom.ingest.layout.dates import find_date
from newsroom.ingest.readers.incoming import Hints

MAX_URL = 1000
MAX_TITLE = 300
MAX_NAME = 200
MAX_AUTHORS = 20
# Before this there were no newspapers; what is after it is a mistake.
_FIRST_YEAR = 1600
_LAST_YEAR = 2100
_ADDRESS = re.compile(r"https?://[^\s/$.?#\"<>\\^`{|}][^\s\"<>\\^`{|}]*", re.IGNORECASE)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:[T ]?(\d\d)(\d\d)(\d\d)?)?")
_EPOCH = re.compile(r"-?\d{9,10}(?:\.\d+)?|\d{12,13}")


@dataclass(slots=True)
class Checked:
    """Valid hints: None, empty or "" where nothing valid is said. ``notices``: what was not used, and why."""

    url: str = ""
    title: str = ""
    published: PrintedDate | None = None
    authors: list[str] = field(default_factory=list)
    publisher: str = ""
    retrieved_at: dt.datetime | None = None
    notices: list[str] = field(default_factory=list)


def check(hints: Hints, second: Hints | None = None) -> Checked:
    """The hints that can be used. Never raises.

    Where they say nothing valid, those of ``second`` are used, such as a page's metadata; no notice is taken of its faults.
    """
    found = _check(hints)
    if second is not None:
        other = _check(second)
        for name in ("url", "title", "published", "authors", "publisher"):
            if not getattr(found, name):
                setattr(found, name, getattr(other, name))
    return found


def _check(hints: Hints) -> Checked:
    found = Checked()
    if hints.url:
        found.url = valid_url(hints.url)
        if not found.url:
            found.notices.append(f"the address {_shown(hints.url)} given with it was not used: it is no web address")
    if hints.published:
        found.published = read_date(hints.published)
        if found.published is None or found.published.value is None:
            why = (
                "day and month cannot be told apart"
                if found.published and found.published.ambiguous
                else "it names no day"
            )
            found.notices.append(f"the date {_shown(hints.published)} given with it was not used: {why}")
            found.published = None
    if len(hints.title) <= MAX_TITLE:
        found.title = hints.title
    else:
        found.notices.append(f"the title given with it was not used: it has more than {MAX_TITLE} characters")
    found.authors = _authors(hints.authors)
    found.publisher = hints.publisher if len(hints.publisher) <= MAX_NAME else ""
    fetched = read_date(hints.retrieved_at) if hints.retrieved_at else None
    if fetched is not None and isinstance(fetched.value, dt.datetime):
        found.retrieved_at = fetched.value if fetched.value.tzinfo else fetched.value.replace(tzinfo=dt.UTC)
    return found


def valid_url(url: str) -> str:
    """The address without its fragment, if it is one of the web; else ""."""
    address = url.strip()
    try:
        host = urlsplit(address).hostname
    except ValueError:
        return ""
    address = address.split("#", 1)[0]
    usable = host and "." in host and len(address) <= MAX_URL and _ADDRESS.fullmatch(address)
    return address if usable else ""


def read_date(said: str) -> PrintedDate | None:
    """The date that a column or header gives: ISO 8601, RFC 5322, digits (20261125, seconds since 1970), or as printed."""
    text = said.strip()
    for reader in (_iso, _digits, _mail_date):
        value = reader(text)
        if value is not None:
            return (
                PrintedDate(text, value, "time" if isinstance(value, dt.datetime) else "day") if _sane(value) else None
            )
    printed = find_date(text)
    if printed is not None and printed.value is not None and not _sane(printed.value):
        return None
    return printed


def _iso(text: str) -> dt.date | None:
    try:
        value = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    # Digits alone are read elsewhere; "2026-11-25T00:00:00" of a library that knew the day only cannot be told apart.
    return value if len(text) > 10 else value.date() if not text.isdigit() else None


def _digits(text: str) -> dt.date | None:
    compact = _COMPACT.fullmatch(text)
    try:
        if compact and _FIRST_YEAR <= int(compact[1]) <= _LAST_YEAR:
            parts = [int(part) for part in compact.groups() if part]
            return dt.datetime(*parts) if len(parts) > 3 else dt.date(*parts)  # type: ignore[arg-type] # noqa: DTZ001 - no zone is given
        if _EPOCH.fullmatch(text):
            seconds = float(text) / (1000 if len(text.split(".")[0]) > 11 else 1)
            return dt.datetime.fromtimestamp(seconds, dt.UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None


def _mail_date(text: str) -> dt.date | None:
    try:
        return parsedate_to_datetime(text) if "," in text[:5] else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _sane(value: dt.date) -> bool:
    return _FIRST_YEAR <= value.year <= _LAST_YEAR


def _authors(said: tuple[str, ...]) -> list[str]:
    names: dict[str, str] = {}
    for entry in said:
        for name in split_authors(entry):
            if len(name) <= MAX_NAME:
                names.setdefault(name.casefold(), name)
    return list(names.values())[:MAX_AUTHORS]


def _shown(text: str) -> str:
    return repr(text if len(text) <= 80 else f"{text[:80]}…")
