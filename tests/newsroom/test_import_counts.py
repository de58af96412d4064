"""Every document that is read is accounted for: created, updated, unchanged or set aside, whatever was done to its bytes."""

from __future__ import annotations

import random

import pytest
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from modelsearch.index import get_indexed_models

from articles.wordindex import ensure, name_of
from newsroom.ingest.load import LoadOptions
from newsroom.ingest.pipeline import Import
from newsroom.ingest.readers import Incoming
from newsroom.models import ImportIssue, ImportRun, RunDocument
from tests import canonical
from tests.newsroom.test_ledger import FIRST, SECOND, THIRD

pytestmark = pytest.mark.django_db(transaction=True)
TEXTS = [text.encode() for text in (FIRST, SECOND, THIRD)]
WAYS = st.sampled_from(["cut", "zeros", "noise", "swap", "empty", "same", "one byte", "no newline", "unreadable"])


def spoiled(data: bytes, way: str, chance: random.Random) -> bytes | None:
    place = chance.randrange(len(data))
    return {
        "cut": data[:place],
        "zeros": data[:place] + bytes(200) + data[place:],
        "noise": bytes(chance.randrange(256) for _ in range(len(data))),
        "swap": data[place:] + data[:place],
        "empty": b"",
        "same": data,
        "one byte": data[:place] + bytes([chance.randrange(256)]) + data[place + 1 :],
        "no newline": data.replace(b"\n", b" "),
        "unreadable": None,
    }[way]


@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(every=st.integers(1, 4), ways=st.lists(WAYS, min_size=1, max_size=8), seed=st.integers(0, 1000))
def test_what_is_read_is_created_updated_unchanged_or_set_aside(every, ways, seed):
    chance = random.Random(seed)  # noqa: S311 - the same every time is the point
    documents = []
    for number, way in enumerate(ways * every):
        data: bytes | None = TEXTS[number % 3] + b"\nIt was page %d." % chance.randrange(3)
        if number % every == 0:
            data = spoiled(data or b"", way, chance)
        documents.append(Incoming(f"{number}.txt", data, "" if data is not None else "cannot be read: gone"))
    job = Import(documents, LoadOptions())
    loaded = [done for batch in job.progress() for done in batch]
    run = ImportRun.objects.get(pk=job.run.pk)
    assert run.read == len(documents) == run.created + run.updated + run.unchanged + run.quarantined
    assert [done.name for done in loaded] == [incoming.name for incoming in documents]
    assert list(RunDocument.objects.filter(run=run).values_list("name", flat=True)) == [d.name for d in documents]
    aside = ImportIssue.objects.filter(run=run, severity=ImportIssue.Severity.QUARANTINED)
    assert aside.count() == run.quarantined
    assert all(issue.reason for issue in aside)
    assert canonical.faults() == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="the list of words that wait is PostgreSQL's")
def test_no_search_reads_through_words_that_wait_once_an_import_is_done():
    ensure(connection)  # emptying the database, as other tests do, gives kinds other keys
    list(Import([Incoming("one.txt", TEXTS[0])], LoadOptions()).progress())
    with connection.cursor() as cursor:
        for model in get_indexed_models():
            cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [name_of(model)])
            assert cursor.fetchone() == (0,)
