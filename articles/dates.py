"""Spans of time that pages are about: a year, a month, a day, in the site's time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import DateTimeField
from django.utils import timezone

from articles.prepared import Slot

# datetime cannot express the end of year 9999, nor every time zone's beginning of year 1.
FIRST_YEAR, LAST_YEAR = 1000, 9998
START, END = Slot("start", DateTimeField()), Slot("end", DateTimeField())


@dataclass(frozen=True, slots=True)
class Span:
    """The days ``[first, end)``; ``precision`` is the least that a date must have to belong in it."""

    first: date
    end: date
    precision: str

    def moments(self) -> tuple[datetime, datetime]:
        return _midnight(self.first), _midnight(self.end)


@dataclass(frozen=True, slots=True)
class AnySpan:
    """A span of any time, for prepared queries: where it begins and ends is given as they are asked (``ends``)."""

    precision: str

    def moments(self) -> tuple[Slot, Slot]:
        return START, END


def ends(shown: Span) -> dict[str, datetime]:
    """What fills the slots of an ``AnySpan``."""
    start, end = shown.moments()
    return {START.name: start, END.name: end}


def span(year: int, month: int | None = None, day: int | None = None) -> Span | None:
    """The year, month or day as a span; None where the calendar has no such day."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        first = date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return None
    if day is not None:
        return Span(first, first + timedelta(days=1), "day")
    if month is not None:
        return Span(first, (first + timedelta(days=31)).replace(day=1), "month")
    return Span(first, date(year + 1, 1, 1), "year")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
