"""Whether two names can be one person's."""

from __future__ import annotations

import pytest

from quotes.likeness import is_short, names_fit, person_name, role_reason


@pytest.mark.parametrize(
    ("printed", "given", "family"),
    [
        ("Mara Quill", ("mara",), "quill"),
        ("Mr Quill", (), "quill"),
        ("Prof. Dr. Mara J. Quill Jr.", ("mara", "j"), "quill"),
        ("Ludwig van der Berg", ("ludwig",), "berg"),
        ("José Núñez", ("jose",), "nunez"),
        ("Mara Quill-Stone", ("mara", "quill"), "stone"),
        ("O’Brien", (), "obrien"),
        ("Mr", (), "mr"),
        ("…", (), ""),
    ],
)
def test_parts_of_a_name(printed, given, family):
    assert (person_name(printed).given, person_name(printed).family) == (given, family)


@pytest.mark.parametrize(
    ("one", "other", "fit"),
    [
        ("Quill", "Mara Quill", "family name"),
        ("M. Quill", "Mara Quill", "initial and family name"),
        ("Mara J. Quill", "Mara Quill", "given and family name"),
        ("Mara J. Quill", "Mara K. Quill", None),
        ("Tom Quill", "Mara Quill", None),
        ("T. Quill", "Mara Quill", None),
        ("Mara Quill", "Mara Holm", None),
        ("", "", None),
    ],
)
def test_names_that_can_be_one_persons(one, other, fit):
    found = [names_fit(person_name(a), person_name(b)) for a, b in ((one, other), (other, one))]
    assert [reason.what if reason else None for reason in found] == [fit, fit]


@pytest.mark.parametrize(
    ("role", "other", "what"),
    [
        ("the harbour master", "harbour master", "same role"),
        ("the harbour master of Lindhaven", "harbour master", "like role"),
        ("a spokesman for the police", "a spokesman for the port", None),
        ("", "", None),
        ("<script>", "</script>", "same role"),
    ],
)
def test_roles_that_speak_for_one_person(role, other, what):
    reason = role_reason([role], [other])
    assert (reason.what if reason else None) == what


def test_initials_leave_open_who_is_meant():
    assert is_short(person_name("M. Quill"))
    assert not is_short(person_name("Mara Quill"))
