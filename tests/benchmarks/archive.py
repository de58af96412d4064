"""A published archive of any size on PostgreSQL: a thousand articles are imported, and then multiplied by statements.

The copies have headlines, addresses and dates of their own, and the words, quotes, topics and speakers of the first ones.
So the results of a search grow with the archive, as they do in life; but each copy has a word of its own, by which
searches find as much as they do among the first ones (``word_of_copy``).
"""

from __future__ import annotations

import psycopg
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from psycopg.sql import SQL, Identifier

from articles.models import Article
from newsroom.ingest.load import LoadOptions
from newsroom.ingest.pipeline import Import
from quotes.models import Quote
from tests.benchmarks.corpus import Corpus

FIRST = 1_000
# Keys of copy k are those of the original and k times this.
STRIDE = 1_000_000

# What differs in copy k; other columns are as in the original.
_COPIES: dict[str, dict[str, str]] = {
    "articles_article": {
        "id": "id + k * {stride}",
        "slug": "slug || '-copy-' || k",
        "headline": "headline || ' (' || k || ')'",
        "headline_key": "headline_key || ' ' || k",
        "published_at": "published_at - k * interval '31 hours'",
    },
    "articles_article_authors": {"id": "id + k * {stride}", "article_id": "article_id + k * {stride}"},
    "articles_taggeditem": {"id": "id + k * {stride}", "content_object_id": "content_object_id + k * {stride}"},
    "quotes_quote": {
        "id": "id + k * {stride}",
        "article_id": "article_id + k * {stride}",
        "cluster": "md5(cluster || k)",
        "said_on": "said_on - (k * 31 / 24)",
    },
    "modelsearch_indexentry": {
        "id": "id + k * {stride}",
        "object_id": "(object_id::bigint + k * {stride})::text",
        "body": "body || to_tsvector('simple', 'copy' || k)",
        "dated": "NULL::timestamptz",  # what is entered without a date is given that of its row
    },
}


def word_of_copy(number: int) -> str:
    """What is indexed of everything in the copy with this number, from 1 on, and of nothing else."""
    return f"copy{number}"


def first_thousand() -> None:
    """Into an empty database."""
    call_command("migrate", verbosity=0)
    take_in(FIRST, workers=2)
    settle("VACUUM ANALYZE")


def take_in(count: int, *, workers: int) -> None:
    """So many articles of our own sentences, by the import."""
    job = Import(Corpus().documents(count), LoadOptions(publisher="Verland Post", publish=True), workers=workers)
    for _progress in job.progress():
        pass


def keep_as(name: str) -> None:
    """A copy of the database under another name."""
    own = connection.settings_dict["NAME"]
    connection.close()  # nobody may look on while a database is copied
    where = {part: connection.settings_dict[part.upper()] for part in ("host", "port", "user")}
    with psycopg.connect(**where, dbname="template1", autocommit=True) as driver:
        driver.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(own)))


def grow(size: int) -> None:
    """To ``size`` articles, a multiple of a thousand and more than there are."""
    multiply(Article.objects.count() // FIRST, size // FIRST)
    settle("VACUUM ANALYZE")
    settle("CHECKPOINT")  # else it goes on writing the archive down for minutes


def multiply(have: int, times: int) -> None:
    """To so many times what was taken in, which is there ``have`` times."""
    kinds = [ContentType.objects.get_for_model(model).pk for model in (Article, Quote)]
    conditions = {
        "quotes_quote": "article_id IS NOT NULL AND id < {stride}",
        "modelsearch_indexentry": f"content_type_id IN ({kinds[0]}, {kinds[1]}) AND object_id::bigint < {{stride}}",
    }
    with connection.cursor() as cursor:
        for table, changes in _COPIES.items():
            columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
            values = ", ".join(changes.get(column, f'"{column}"') for column in columns).format(stride=STRIDE)
            names = ", ".join(f'"{column}"' for column in columns)
            where = conditions.get(table, "id < {stride}").format(stride=STRIDE)
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {values} FROM {table}, generate_series(%s, %s) AS k WHERE {where}",
                [have, times - 1],
            )


def settle(how: str) -> None:
    """What the database does by itself in quiet hours."""
    with connection.cursor() as cursor:
        cursor.execute(how)
