"""Prepared queries give what the querysets that they are built of give, and are put into SQL once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, models
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, Publisher
from articles.prepared import NOW, Keys, Prepared, Slot
from quotes.models import Quote
from tests.factories import make_article, make_quote, make_speaker

pytestmark = pytest.mark.django_db


def _named(name: str) -> Slot:
    return Slot(name, models.CharField())


def test_rows_are_those_of_the_queryset_with_what_is_read_along() -> None:
    publisher = Publisher.objects.create(name="Verland Post", slug="verland-post")
    article = make_article("Pier opens", publisher=publisher)
    quote = make_quote(article=article, speaker=make_speaker("Mara Quill"))
    make_quote("“It was closed.”", article=article)
    asked = Prepared(
        lambda: Quote.objects.public(NOW).for_cards().filter(article=Slot("article", models.BigIntegerField()))
    )
    expected = list(Quote.objects.public().for_cards().filter(article=article))
    with CaptureQueriesContext(connection) as captured:
        found = asked(article=article.pk)
        assert [row.__dict__.keys() for row in found] == [row.__dict__.keys() for row in expected]
        for row, other in zip(found, expected, strict=True):
            assert row == other
            assert {n: v for n, v in row.__dict__.items() if n != "_state"} == {
                n: v for n, v in other.__dict__.items() if n != "_state"
            }
            assert (row.speaker, row.article, row.article.publisher) == (other.speaker, other.article, publisher)
            assert (row._state.db, row._state.adding) == ("default", False)
    assert len(captured) == 1
    assert next(row for row in found if row == quote).speaker.name == "Mara Quill"
    assert found[0].article.body == article.body  # what was left out is read when it is asked for


def test_it_is_put_into_sql_once_a_shape_and_given_other_values() -> None:
    built: list[int] = []

    def build(most: int) -> QuerySet[Any]:
        built.append(most)
        return Article.objects.filter(headline=_named("headline")).order_by("pk").values_list("pk", "headline")[:most]

    one, two, same = (
        make_article("Pier opens"),
        make_article("100% of piers", slug="all"),
        make_article("100% of piers"),
    )
    asked = Prepared(build)
    assert asked(1, headline="Pier opens") == [(one.pk, "Pier opens")]
    assert asked(1, headline="100% of piers") == [(two.pk, "100% of piers")]
    assert asked(2, headline="100% of piers") == [(two.pk, "100% of piers"), (same.pk, "100% of piers")]
    assert asked(1, headline="it's; --") == []
    assert built == [1, 2]


def test_what_is_no_slot_may_hold_any_characters() -> None:
    article = make_article("It's 100% %s \\ {} open")
    rows = Article.objects.filter(headline=article.headline, state=Article.State.PUBLISHED, slug=_named("slug"))
    assert Prepared(lambda: rows)(slug=article.slug) == [article]


def test_any_number_of_keys_fits() -> None:
    articles = [make_article(f"Pier {n}", slug=f"pier-{n}") for n in range(3)]
    asked = Prepared(lambda: Article.objects.filter(pk__among=Keys("keys")).order_by("pk"))
    assert asked(keys=[]) == []
    assert asked(keys=[articles[2].pk]) == [articles[2]]
    assert asked(keys=[article.pk for article in articles] + [2**40]) == articles


def test_now_is_the_moment_of_asking() -> None:
    article = make_article("Pier opens")
    asked = Prepared(lambda: Article.objects.published(NOW))
    assert asked() == [article]
    Article.objects.update(published_at=timezone.now() + timedelta(hours=1))
    assert asked() == []
    assert asked(now=timezone.now() + timedelta(hours=2)) == [article]


def test_slot_without_a_value_is_refused() -> None:
    with pytest.raises(KeyError):
        Prepared(lambda: Article.objects.filter(slug=_named("slug")))()


@pytest.mark.parametrize("rows", [Article.objects.prefetch_related("authors"), Article.objects.values("pk")])
def test_what_it_could_not_give_is_refused(rows: QuerySet[Any]) -> None:
    with pytest.raises((AssertionError, TypeError)):
        Prepared(lambda: rows)()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL keeps statements")
@pytest.mark.django_db(transaction=True)
def test_server_keeps_the_statement_with_its_plan_and_indexes_of_a_part() -> None:
    asked = Prepared(lambda: Article.objects.published(NOW).latest_first().values_list("pk")[:7])
    asked()
    asked()
    with connection.cursor() as cursor:
        cursor.execute("SELECT generic_plans, custom_plans, statement FROM pg_prepared_statements")
        kept = [row for row in cursor.fetchall() if "LIMIT 7" in row[2]]
    assert [row[:2] for row in kept] == [(2, 0)]
    assert "'published'" in kept[0][2]
