"""On PostgreSQL no hot page reads a large table through, with 20,000 quotes as with a million."""

from __future__ import annotations

import pytest
from django.db import connection

from articles import wordindex
from quotes.models import Quote
from tests.benchmarks import archive
from tests.benchmarks.pages import addresses
from tests.benchmarks.plans import asked_by

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
