"""Each kind of rows that can be searched has an index of its words on PostgreSQL, and searches use it."""

from __future__ import annotations

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from modelsearch.index import get_indexed_models
from modelsearch.models import IndexEntry

from articles import wordindex
from articles.models import Article
from articles.search import read
from articles.searchmatch import beginning_among, having, matched, unfinished
from articles.store import index
from tests.factories import make_article

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has its own index of words"),
]


@pytest.fixture(autouse=True)
def indexes(db: None) -> None:
    """Emptying the database, as other tests do, gives kinds other keys."""
    wordindex.ensure(connection)


def _definitions() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexname LIKE 'search_words%%'",
            [IndexEntry._meta.db_table],
        )
        return dict(cursor.fetchall())


def test_each_kind_has_an_index_of_its_own() -> None:
    found = _definitions()
    assert found.keys() == {wordindex.name_of(model) for model in get_indexed_models()}
    for model in get_indexed_models():
        key = ContentType.objects.get_for_model(model).pk
        assert found[wordindex.name_of(model)].endswith(f"WHERE (content_type_id = {key})")


def _others(name: str) -> list[tuple[int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid FROM pg_class WHERE relname LIKE 'search_words%%' AND relname <> %s ORDER BY oid", [name]
        )
        return cursor.fetchall()


def test_one_that_is_missing_or_of_another_key_is_made_anew_and_others_stay() -> None:
    name = wordindex.name_of(Article)
    before, others = _definitions(), _others(name)
    of_another = f"CREATE INDEX {name} ON modelsearch_indexentry USING gin ((title || body)) WHERE content_type_id = 0"
    for statements in ([f"DROP INDEX {name}"], [f"DROP INDEX {name}", of_another]):
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        assert wordindex.missing(connection) == [name]
        wordindex.ensure(connection)
        assert _definitions() == before
        assert _others(name) == others


@pytest.mark.parametrize("typed", ["sluice", '"old sluice"', 'sluice "harbour board"'])
def test_search_reads_the_index_of_its_kind_alone(typed: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO modelsearch_indexentry (content_type_id, object_id, title, autocomplete, body, title_norm, "
            "title_text, body_text) SELECT %s, n::text, '', '', to_tsvector('word' || n), 1, '', '' "
            "FROM generate_series(1, 3000) AS n",
            [ContentType.objects.get_for_model(Article).pk],
        )
        cursor.execute("ANALYZE modelsearch_indexentry")
    plan = having(Article, [read(typed).together]).explain()
    assert f"Bitmap Index Scan on {wordindex.name_of(Article)}" in plan
    assert plan.count("Scan on") == 2
    plan = beginning_among(Article, unfinished(read(typed).words), anywhere=True).explain()
    for index_name in (wordindex.name_of(Article), "search_begun_article"):
        assert f"Bitmap Index Scan on {index_name}" in plan
    assert plan.count("Scan on") == 3


PLACES = [
    ("Old sluice opens", "", "The board met on Monday."),
    ("Board meets", "The old sluice", "It opens."),
    ("Sluice opens, old as it is", "", "It is grey."),
    ("They gave up the old", "sluice", "and the new one."),
    ("Two words", "", "An old and a sluice."),
]


@pytest.mark.parametrize("typed", ['"old sluice"', "old sluice", 'opens "old sluice"', '"old sluice" "board met"'])
def test_index_and_single_rows_agree_on_where_words_stand(typed: str) -> None:
    articles = [make_article(headline, standfirst=standfirst, body=body) for headline, standfirst, body in PLACES]
    index(Article, articles)
    with connection.cursor() as cursor:  # the library keeps a field by the name of title apart; no kind here has one
        cursor.execute(
            "UPDATE modelsearch_indexentry SET title = to_tsvector('it opens the old'), body = to_tsvector('sluice') "
            "WHERE object_id = %s",
            [str(articles[-1].pk)],
        )
    phrases = read(typed).together
    by_index = set(having(Article, [phrases]).values_list("key", flat=True))
    by_row = {key for key, has in Article.objects.values_list("pk", matched(Article, phrases)) if has}
    assert by_index == by_row
    assert by_index
    assert (articles[-1].pk in by_index) == ("board" not in typed)
