"""Versions of an article, field by field: what a newer one changes, and what of it an editor's work stands against.

A field's value is text here, whatever column it lives in, so that versions can be compared, kept and shown alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Literal

from django.utils import timezone

from articles.models import Article, DatePrecision, ProposedField

Name = ProposedField.Name
Values = Mapping[str, str]
# The columns behind each field; the authors are rows of their own.
COLUMNS: dict[str, tuple[str, ...]] = {
    Name.HEADLINE: ("headline",),
    Name.STANDFIRST: ("standfirst",),
    Name.BODY: ("body",),
    Name.BYLINE: ("byline",),
    Name.AUTHORS: (),
    Name.DATELINE: ("dateline",),
    Name.PUBLISHED: ("published_at", "published_precision"),
}


def authors_text(names: Iterable[str]) -> str:
    """The value of the field ``authors``: one name a line, in no order that a table could lose."""
    return "\n".join(sorted({name.strip()[:200] for name in names if name.strip()}))


def date_text(moment: datetime | None, precision: str) -> str:
    """The value of the field ``published``: ``2026-10-05T09:30:00+00:00 time``; empty for a date that is not known."""
    if moment is None or precision == DatePrecision.UNKNOWN:
        return ""
    return f"{moment.astimezone(timezone.get_default_timezone()).isoformat()} {precision}"


def value_of(article: Article, name: str, authors: Iterable[str] = ()) -> str:
    """The article's value of a field; ``authors`` are the names of its authors."""
    if name == Name.AUTHORS:
        return authors_text(authors)
    if name == Name.PUBLISHED:
        return date_text(article.published_at, article.published_precision)
    return str(getattr(article, name))


def set_value(article: Article, name: str, value: str) -> None:
    """Put a value into the article's columns. Does not save; authors, which are rows, are the store's work.

    An empty date leaves the moment as it is, for what is published must have one, and says that it is not known.
    """
    if name == Name.PUBLISHED:
        moment, _, precision = value.partition(" ")
        if moment:
            article.published_at = datetime.fromisoformat(moment)
        article.published_precision = precision or DatePrecision.UNKNOWN
    elif name != Name.AUTHORS:
        setattr(article, name, value)


def digest(value: str) -> str:
    """16 hex digits, the same for the same value."""
    return blake2b(value.encode(), digest_size=8).hexdigest()


def digests(values: Values) -> dict[str, str]:
    """What ``Article.imported`` keeps of the values that a dump gave."""
    return {name: digest(value) for name, value in values.items()}


@dataclass(slots=True)
class Difference:
    """What a newer version of an article changes: ``applied`` where nobody stands against it, ``proposed`` elsewhere.

    Both are new values by field. ``state``: ``unchanged`` if neither has anything.
    """

    applied: dict[str, str] = field(default_factory=dict)
    proposed: dict[str, str] = field(default_factory=dict)

    @property
    def state(self) -> Literal["changed", "proposed", "unchanged"]:
        return "changed" if self.applied else "proposed" if self.proposed else "unchanged"


def compare(article: Article, newer: Values, authors: Iterable[str]) -> Difference:
    """Three-way: the newer version against the article and against what the last dump gave (``Article.imported``).

    A field that the source has not changed since is left alone: what an editor made of it stands, and a proposal once
    rejected does not come again. One that nobody touched is applied. One that both changed is proposed.
    """
    difference = Difference()
    for name, value in newer.items():
        here = value_of(article, name, authors)
        before = article.imported.get(name)
        if value == here or digest(value) == before:
            continue
        untouched = article.edited_at is None if before is None else before == digest(here)
        (difference.applied if untouched else difference.proposed)[name] = value
    return difference
