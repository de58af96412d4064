"""What publishing an article will do, in words, and what an editor should know before it does."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from django.utils import timezone
from django.utils.formats import date_format

if TYPE_CHECKING:
    from articles.models import Article

# Something that does not forbid publishing, but that an editor should have seen: a sentence.
Check = Callable[["Article"], Iterable[str]]


class Remainder(NamedTuple):
    """What readers still find when an article has been withdrawn: in words, and where the desk decides on it."""

    words: str
    address: str


Remains = Callable[["Article"], Iterable[Remainder]]


def _of_the_article(article: Article) -> Iterator[str]:
    if article.desk_note.strip():
        yield f"Note for the desk: {article.desk_note.strip()}"
    if article.published_at is not None and not article.date_known:
        yield "No date is known: readers will be shown the article as undated."
    if not article.standfirst.strip():
        yield "The standfirst is empty: cards show the beginning of the text instead."
    if not article.text.strip():
        yield "The body is empty."
    if article.lead_image and not article.lead_image_alt.strip():
        yield "The lead image has no alternative text."


_checks: list[Check] = [_of_the_article]
_remains: list[Remains] = []


def register_check(check: Check) -> None:
    """Let an app that stands above this one look at articles before they are published."""
    _checks.append(check)


def register_remains(remains: Remains) -> None:
    """Let an app that stands above this one say what of an article does not go with it."""
    _remains.append(remains)


def remaining(article: Article) -> list[Remainder]:
    """What stays public of an article that is withdrawn."""
    return [remainder for remains in _remains for remainder in remains(article)]


def concerns(article: Article) -> list[str]:
    """What all apps have to say of a saved article before it is published."""
    return [words for check in _checks for words in check(article)]


def digest(words: Iterable[str]) -> str:
    """One word that stands for having seen just these concerns; empty for none."""
    joined = "\n".join(words)
    return hashlib.sha256(joined.encode()).hexdigest()[:16] if joined else ""


def zone_name() -> str:
    """The time zone of the desk as people say it: "Kyiv" for Europe/Kyiv."""
    return timezone.get_current_timezone_name().rpartition("/")[2].replace("_", " ")


def in_words(moment: datetime, *, time: bool = True) -> str:
    """A moment on the desk's clock, with its zone: "Mon 24 Nov 09:00 Kyiv"; the year, if it is not this one."""
    local = timezone.localtime(moment)
    day = date_format(local, "D j M" if local.year == timezone.localdate().year else "D j M Y")
    return f"{day} {date_format(local, 'H:i')} {zone_name()}" if time else day
