"""Printed dates: what is read, what is left open."""

import pytest

from newsroom.ingest.layout.dates import find_date, is_relative


@pytest.mark.parametrize(
    ("printed", "iso", "precision"),
    [
        ("January 14, 2025", "2025-01-14", "day"),
        ("Jan. 14, 2025", "2025-01-14", "day"),
        ("Tuesday, 14 January 2025", "2025-01-14", "day"),
        ("14th of January 2025", "2025-01-14", "day"),
        ("Published May 7, 2025", "2025-05-07", "day"),
        ("2025-05-07", "2025-05-07", "day"),
        ("2025-05-07T18:30:00Z", "2025-05-07T18:30:00+00:00", "time"),
        ("Updated 4:15 p.m. EDT, Thu June 5, 2025", "2025-06-05T16:15:00-04:00", "time"),
        ("Jun 12, 2025 9:30 AM", "2025-06-12T09:30:00", "time"),
        ("23/05/2025", "2025-05-23", "day"),
        ("05/23/2025 08:30 pm", "2025-05-23T20:30:00", "time"),
        ("5.5.2025", "2025-05-05", "day"),
        ("March 2025", "2025-03", "month"),
        ("By Nora Feld | 3 March 2025", "2025-03-03", "day"),
    ],
)
def test_a_full_date_is_read(printed: str, iso: str, precision: str) -> None:
    date = find_date(printed)
    assert date is not None
    assert (date.isoformat(), date.precision, date.ambiguous) == (iso, precision, False)


@pytest.mark.parametrize("printed", ["04/05/2025", "4.5.25", "12-11-2024"])
def test_day_and_month_are_never_guessed(printed: str) -> None:
    date = find_date(printed)
    assert date is not None
    assert (date.value, date.ambiguous, date.isoformat()) == (None, True, printed)


@pytest.mark.parametrize("printed", ["3 hours ago", "yesterday", "just now", "May 7"])
def test_a_date_without_a_year_or_a_relative_one_has_no_value(printed: str) -> None:
    date = find_date(printed)
    assert date is not None
    assert (date.value, date.ambiguous, date.text) == (None, False, printed)


@pytest.mark.parametrize("text", ["", "Nobody knows", "It may rain", "31 February 2025 is no day", "99/99/2025"])
def test_what_is_no_date_has_no_value(text: str) -> None:
    date = find_date(text)
    assert date is None or date.value is None


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        ("Today at 9:15 a.m.", "Today at 9:15 a.m."),
        ("Posted yesterday at 18:05", "yesterday at 18:05"),
        ("Yesterday, 6 p.m.", "Yesterday, 6 p.m."),
        ("Last updated 2 minutes ago", "2 minutes ago"),
        ("1 hr ago", "1 hr ago"),
    ],
)
def test_a_relative_date_is_kept_as_printed_with_its_time(line: str, printed: str) -> None:
    date = find_date(line)
    assert date is not None and is_relative(date)
    assert (date.text, date.value) == (printed, None)


def test_the_published_date_wins_over_the_updated_one() -> None:
    date = find_date("Updated 6 May 2025, first published 2 May 2025")
    assert date is not None
    assert date.isoformat() == "2025-05-02"


def test_a_month_with_a_long_s_is_read_as_any_other():
    assert find_date("1 ſeptember 2025").isoformat() == "2025-09-01"
