"""What columns and headers say is used if it is valid, and otherwise noticed."""

from __future__ import annotations

import json

import pytest

from newsroom.ingest.hints import read_date, valid_url
from newsroom.ingest.readers import CSV, JSON, MAIL, Hints, Incoming
from newsroom.ingest.worker import Outcome, process

STORY = "The ferry stayed in port, the harbour office said.\n\n“We wait,” said harbour master Tomas Venn.\n"


def record(**keys: object) -> Outcome:
    return process(
        Incoming("a.jsonl, line 7", json.dumps({"text": STORY, **keys}).encode(), media_type=JSON, offset=90, line=7)
    )


def test_columns_are_believed_before_the_text():
    outcome = record(
        Headline="Ferry waits",
        pub_date="2026-11-20",
        Authors=["Mara Quill", {"name": "Ivo Dent"}],
        link="https://gull.example/f",
        outlet="The Gull",
    )
    [article] = outcome.articles
    assert (article.headline, article.authors, article.byline) == (
        "Ferry waits",
        ["Mara Quill", "Ivo Dent"],
        "Mara Quill, Ivo Dent",
    )
    assert (article.source_url, article.publisher) == ("https://gull.example/f", "The Gull")
    assert article.printed is not None
    assert article.printed.isoformat() == "2026-11-20"
    assert outcome.text.startswith("Ferry waits\n\nThe ferry stayed")
    assert outcome.notices == []


def test_invalid_columns_are_noticed_and_left_out():
    outcome = record(date="03/04/2026", url="javascript:alert(1)", title="x" * 400)
    assert outcome.problem is None
    assert len(outcome.notices) == 3
    assert (outcome.articles[0].source_url, outcome.articles[0].printed) == ("", None)


@pytest.mark.parametrize(
    ("said", "iso"),
    [
        ("2026-11-20", "2026-11-20"),
        ("2026-11-20T10:00:00Z", "2026-11-20T10:00:00+00:00"),
        ("2026-11-20 10:00:00", "2026-11-20T10:00:00"),
        ("20261120", "2026-11-20"),
        ("1763632800", "2025-11-20T10:00:00+00:00"),
        ("1763632800000", "2025-11-20T10:00:00+00:00"),
        ("Fri, 20 Nov 2026 10:00:00 +0100", "2026-11-20T10:00:00+01:00"),
        ("20 November 2026", "2026-11-20"),
        ("9999-01-01", None),
        ("20269920", None),
        ("soon", None),
    ],
)
def test_dates_of_columns(said, iso):
    found = read_date(said)
    assert (found.isoformat() if found is not None and found.value is not None else None) == iso


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("https://gull.example/a?b=c#d", "https://gull.example/a?b=c"),
        (" http://gull.example ", "http://gull.example"),
        ("gull.example/a", ""),
        ("ftp://gull.example/a", ""),
        ("https://localhost", ""),
        ("https://gull.example/a b", ""),
        ("https://[::1", ""),
        (f"https://gull.example/{'a' * 2000}", ""),
    ],
)
def test_addresses(said, address):
    assert valid_url(said) == address


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"title": "a"}', "no key of text"),
        (b'{"text": " "}', "nothing in its key of text"),
        (b'{"text": ', "not a JSON object"),
        (b"[" * 100_000, "nested too deeply"),
        (b'["text"]', "with a key for the text"),
    ],
)
def test_record_without_text_says_so_and_where(data, reason):
    outcome = process(Incoming("a.jsonl, line 7", data, media_type=JSON, offset=90, line=7))
    assert outcome.problem is not None
    assert reason in outcome.problem.reason
    assert (outcome.problem.offset, outcome.problem.line) == (90, 7)


def test_row_with_more_cells_than_columns_is_not_guessed_at():
    outcome = process(Incoming("a.csv, row 2", b"title,text\nFerry, tram,The ferry stayed.\n", media_type=CSV))
    assert outcome.problem is not None
    assert "3 cells" in outcome.problem.reason


def test_no_control_character_comes_in_by_an_escape():
    outcome = record(title="Ferry\x00 \ud800waits", author="Mara\x07 Quill")
    stored = json.dumps([outcome.text, outcome.articles[0].headline, outcome.articles[0].authors])
    assert "\\u0000" not in stored
    assert "\\ud800" not in stored
    assert "\\u0007" not in stored


def test_message_gives_its_subject_and_date():
    data = (
        b"Subject: Ferry waits\nDate: Fri, 20 Nov 2026 10:00:00 +0000\nContent-Type: text/plain; charset=cp1252\n\n"
        + STORY.encode("cp1252")
    )
    outcome = process(Incoming("mail, part 1", data, media_type=MAIL))
    assert outcome.articles[0].headline == "Ferry waits"
    assert "“We wait,”" in outcome.text


def test_fetched_address_is_believed_before_a_column():
    data = json.dumps({"text": STORY, "url": "https://gull.example/column"}).encode()
    outcome = process(Incoming("a", data, media_type=JSON, hints=Hints(url="https://gull.example/header")))
    assert outcome.articles[0].source_url == "https://gull.example/header"
