"""``manage.py imports``: the runs, and how far they are."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command

from newsroom import holds, progress
from newsroom.models import ImportIssue, ImportRun

pytestmark = pytest.mark.django_db


def shown(*arguments: object, **options: object) -> str:
    out = io.StringIO()
    call_command("imports", *map(str, arguments), stdout=out, **options)
    return out.getvalue()


def test_runs_are_listed_newest_first_and_dead_ones_as_interrupted():
    first = ImportRun.objects.create(read=3, created=3, total=9, options={"paths": ["dumps"]})
    second = ImportRun.objects.create(read=1, unchanged=1, state="finished", options={"retry": first.pk})
    lines = [line.split() for line in shown().splitlines()]
    assert [line[:2] for line in lines[1:]] == [[str(second.pk), "finished"], [str(first.pk), "interrupted"]]
    assert lines[2][6] == "3/9"
    assert shown(json=True).startswith("[")


def test_one_run_says_how_to_go_on_and_what_waits():
    run = ImportRun.objects.create(
        read=30, created=9, quarantined=21, state="interrupted", options={"paths": ["d"]}, seconds=10
    )
    for number in range(21):
        ImportIssue.objects.create(
            run=run, name=f"{number}.txt", severity="quarantined", reason="is empty", byte_offset=5, line=2
        )
    text = shown(run.pk)
    assert "30 documents read, 3.0 a second" in text
    assert "19.txt, line 2, byte 5: is empty" in text
    assert "20.txt" not in text
    assert "… and 1 more" in text
    assert f"--retry-quarantined {run.pk}" in text
    assert f"--resume {run.pk}" in text
    assert "20.txt" in shown(run.pk, issues=True)
    found = json.loads(shown(run.pk, json=True))
    assert (found["documents"]["quarantined"], found["waiting_in_quarantine"], found["state"]) == (
        21,
        21,
        "interrupted",
    )


def test_watching_ends_with_the_run():
    run = ImportRun.objects.create(read=1, created=1, state="finished")
    assert f"Import {run.pk}, finished" in shown(watch=True)
    assert "1 document read" in shown(run.pk)


def test_time_left_is_told_of_a_living_run():
    run = ImportRun.objects.create(read=100, created=100, total=40_100, seconds=10)
    lock = holds.hold(run.pk)
    try:
        assert "100 of 40,100 documents read, 10.0 a second, about 1 h 07 min left" in shown(run.pk)
    finally:
        lock.release()


@pytest.mark.parametrize(("seconds", "words"), [(0, "0 s"), (99, "99 s"), (700, "12 min"), (11_100, "3 h 05 min")])
def test_spans_of_time_in_words(seconds, words):
    assert progress.duration(seconds) == words


def test_run_that_is_not_there_is_said():
    with pytest.raises(CommandError, match="There is no import 7"):
        shown(7)
