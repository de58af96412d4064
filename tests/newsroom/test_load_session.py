"""What an import tells the database: here, what it is asked without waiting for it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from articles.models import Publisher
from newsroom.ingest.load_session import check_keys, meanwhile

pytestmark = pytest.mark.django_db(transaction=True)
INSERT = "INSERT INTO articles_publisher (name, slug, homepage) VALUES (%s, %s, '')"


def add(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [name, name.lower()])


def test_what_is_asked_meanwhile_is_done_when_the_block_ends():
    with transaction.atomic():
        with meanwhile():
            add("Post")
            check_keys()
            assert Publisher.objects.count() == 1, "a query is answered after what was asked before it"
            add("Echo")
        assert sorted(Publisher.objects.values_list("slug", flat=True)) == ["echo", "post"]


def test_what_fails_meanwhile_is_raised_as_ever_and_undone():
    add("Post")
    with pytest.raises(IntegrityError), transaction.atomic():
        with meanwhile():
            add("Echo")
            add("Post")
        pytest.fail("went on")
    assert Publisher.objects.count() == 1
    with transaction.atomic(), meanwhile():
        add("Echo")
    assert Publisher.objects.count() == 2


def test_a_key_that_leads_nowhere_is_found_meanwhile():
    with pytest.raises(IntegrityError), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO articles_articlekey (article_id, key) VALUES (4711, 1)")
        with meanwhile():
            check_keys()
        if connection.vendor == "postgresql":
            pytest.fail("went on")
