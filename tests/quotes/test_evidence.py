"""What is read of speakers to tell who a name means."""

from __future__ import annotations

import pytest

from quotes.evidence import Evidence
from tests.factories import make_speaker

pytestmark = pytest.mark.django_db


def test_only_those_whom_a_name_may_mean_are_looked_into(django_assert_num_queries):
    make_speaker("Tom Quill")
    evidence = Evidence()
    with django_assert_num_queries(1):  # who has the family name
        evidence.read(["Mara Quill"], [])
    with django_assert_num_queries(3):  # his roles, his quotes, who is quoted beside him
        evidence.read(["T. Quill"], [])
    with django_assert_num_queries(0):
        evidence.read(["Tom Quill", "Quill"], [])
