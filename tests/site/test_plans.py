"""On PostgreSQL no hot page reads a large table through, with 20,000 quotes as with a million."""

from __future__ import annotations

import pytest
from django.db import connection

from articles import wordindex
from quotes.models import Quote
from tests.benchmarks import archive
from tests.benchmarks.pages import addresses
from tests.benchmarks.plans import asked_by, nodes

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="plans are PostgreSQL's: make test-postgres"),
]
TAKEN_IN = 100
TIMES = 26
LARGE = 5_000


def test_no_hot_page_reads_a_large_table_through() -> None:
    wordindex.ensure(connection)  # emptying the database, as other tests do, gives kinds other keys
    archive.take_in(TAKEN_IN, workers=1)
    archive.multiply(1, TIMES)
    archive.settle("ANALYZE")
    assert Quote.objects.count() > 20_000
    kinds = {page: paths for page, paths in addresses().items() if paths}
    assert {
        "article",
        "home",
        "articles",
        "articles, deep",
        "archive, deep",
        "quotes",
        "quote",
        "topic",
        "speaker, on a topic",
        "search",
        "search, of one",
    } <= set(kinds)
    through = [
        (page, query.read_through, query.sql)
        for page, paths in kinds.items()
        for query in asked_by(page, paths[min(3, len(paths) - 1)], large=LARGE)
        if query.read_through
    ]
    assert through == []


def test_the_archive_counts_its_days_by_the_index_alone() -> None:
    archive.take_in(TAKEN_IN, workers=1)
    with connection.cursor() as cursor:  # which hundred articles and an index not yet vacuumed would not be worth
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    [counted] = [query for query in asked_by("month", addresses()["archive, deep"][0]) if "GROUP BY" in query.sql]
    scans = [(node["Node Type"], node["Index Name"]) for node in nodes(counted.plan) if "Index Name" in node]
    assert scans == [("Index Only Scan", "article_live")]


def test_a_speakers_quotes_are_read_in_their_order_undated_ones_last() -> None:
    archive.take_in(TAKEN_IN, workers=1)
    archive.settle("ANALYZE")
    who = Quote.objects.public().attributed().values_list("speaker", flat=True)[0]
    with connection.cursor() as cursor:  # which so few quotes would not be worth
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    ordered = Quote.objects.filter(speaker=who).dated_first().values("pk")[:10].explain()
    assert "quote_of_speaker_dated" in ordered
    assert "Sort" not in ordered
