"""Bylines and datelines."""

import pytest

from newsroom.ingest.layout.bylines import find_byline, split_authors
from newsroom.ingest.layout.datelines import find_dateline


@pytest.mark.parametrize(
    ("line", "byline"),
    [
        ("By Nora Feld", "Nora Feld"),
        ("Written by Nora Feld", "Nora Feld"),
        ("Nora Feld", "Nora Feld"),
        ("By Nora Feld | 3 March 2025", "Nora Feld"),
        ("By Nora Feld Jun 12, 2025 9:30 AM", "Nora Feld"),
        ("3 March 2025 by Nora Feld", "Nora Feld"),
        ("By Nora Feld, @norafeld, 3 March 2025", "Nora Feld, @norafeld"),
        ("By Nora Feld @norafeld", "Nora Feld"),
        ("By Reuters, The Ansel Courier", "Reuters"),
        ("By Nora Feld, Special for USA TODAY", "Nora Feld, Special for USA TODAY"),
        ("Published 3 March 2025", None),
        ("Updated 4:15 p.m. ET, Thu June 5, 2025", None),
    ],
)
def test_the_names_are_taken_out_of_a_signing_line(line: str, byline: str | None) -> None:
    assert find_byline(line) == byline


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("Nora Feld and Omar Quill", ["Nora Feld", "Omar Quill"]),
        ("Nora Feld, Omar Quill and Ida Brandt", ["Nora Feld", "Omar Quill", "Ida Brandt"]),
        ("NORA FELD", ["Nora Feld"]),
        ("Nora Feld, The Ansel Courier", ["Nora Feld"]),
        ("Nora Feld, @norafeld", ["Nora Feld"]),
        ("AFP", ["AFP"]),
        ("By Nora Feld in Tarnwick and Omar Quill in Port Ansel", ["Nora Feld", "Omar Quill"]),
        ("Words by Nora Feld; photographs by Omar Quill", ["Nora Feld"]),
        ("Words by Nora Feld, pictures by Omar Quill", ["Nora Feld"]),
        ("Reporting by Nora Feld and Omar Quill; Editing by Ida Brandt", ["Nora Feld", "Omar Quill"]),
        ("From Nora Feld, Our Correspondent in Tarnwick", ["Nora Feld"]),
    ],
)
def test_authors_are_told_from_organisations(byline: str, authors: list[str]) -> None:
    assert split_authors(byline) == authors


@pytest.mark.parametrize(
    ("paragraph", "dateline"),
    [
        ("TARNWICK — The bridge reopened.", "TARNWICK"),
        ("TARNWICK (Norpress) — The bridge reopened.", "TARNWICK (Norpress)"),
        ("PORT ANSEL, Wash. - The bridge reopened.", "PORT ANSEL, Wash."),
        ("Tarnwick (AFP) – The bridge reopened.", "Tarnwick (AFP)"),
        ("The bridge — a narrow one — reopened.", None),
        ("NATO said on Monday that it would not.", None),
        ("A — B", None),
        ("MÜHLAU (dpa) – The bridge reopened.", "MÜHLAU (dpa)"),
        ("TARNWICK: The bridge reopened.", "TARNWICK"),
        ("Tarnwick — The bridge reopened.", "Tarnwick"),
        ("TARNWICK / ÖSTERBY — The bridge reopened.", "TARNWICK / ÖSTERBY"),
        ("EXPLAINER: The bridge and its arches.", None),
        ("Nobody — The county least of all — was asked.", None),
        ("Repairs — not a new bridge — were promised.", None),
    ],
)
def test_a_dateline_is_place_and_agency_before_a_dash(paragraph: str, dateline: str | None) -> None:
    assert find_dateline(paragraph) == dateline
