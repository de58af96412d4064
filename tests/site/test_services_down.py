"""Something that the site leans on is away: readers get what can be had, and editors hear that nothing was saved."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError, InternalError, OperationalError, connection, transaction
from django.test import Client

from articles import changes
from articles.models import Article
from tests.adminpages import fields_of, submit
from tests.site.html import faults, text
from tests.site.test_page_cache import Broken
from tests.site.world import World

PASSWORD = "a-harbour-of-words"
OF_SEARCH = ("search", "proposals", "speakers by name")


@contextmanager
def refusing(words: str, error: type[DatabaseError], said: str) -> Iterator[None]:
    """The database refuses statements that hold the words."""

    def step(execute: Any, sql: str, *rest: Any) -> Any:
        if words in sql:
            raise error(said)
        return execute(sql, *rest)

    with connection.execute_wrapper(step):
        yield


@contextmanager
def read_only() -> Iterator[None]:
    """The database takes no writes, as a replica does, or one whose disk is full."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")  # until the savepoint's end
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        try:
            yield
        finally:
            cursor.execute("PRAGMA query_only = OFF")


@pytest.fixture
def visitor() -> Client:
    """A browser: what a view raises becomes a page."""
    return Client(raise_request_exception=False)


@pytest.fixture
def editor(admin_user: object, visitor: Client) -> Client:
    visitor.force_login(admin_user)
    return visitor


def everything(world: World) -> dict[str, str]:
    return world.addresses() | world.machines()


def test_all_that_readers_ask_for_comes_from_a_database_that_takes_no_writes(world: World, visitor: Client) -> None:
    with read_only():
        answers = {name: visitor.get(address).status_code for name, address in everything(world).items()}
    assert {name: status for name, status in answers.items() if status != 200} == {}


def test_all_but_search_comes_without_the_search_index(world: World, visitor: Client) -> None:
    with refusing("modelsearch", OperationalError, "no such table"):
        answers = {name: visitor.get(address).status_code for name, address in everything(world).items()}
    assert answers["search"] == 200  # the empty box
    assert {name for name, status in answers.items() if status == 503}
    others = {name: status for name, status in answers.items() if not name.startswith(OF_SEARCH)}
    assert {name: status for name, status in others.items() if status != 200} == {}


def test_pages_that_are_not_there_are_told_without_any_database(world: World, visitor: Client) -> None:
    with refusing("", OperationalError, "server closed the connection"):
        assert visitor.get("/healthz").status_code == 200
        gone = visitor.get("/no/such/page/")
        assert (gone.status_code, faults(gone.content)) == (404, [])


def test_a_database_that_is_away_is_told_in_plain_words(world: World, visitor: Client, caplog: Any) -> None:
    with refusing("", OperationalError, "server closed the connection unexpectedly"):
        response = visitor.get("/")
    assert (response.status_code, response["Retry-After"]) == (503, "120")
    assert "The archive cannot be used just now" in text(response.content)
    assert faults(response.content) == []
    assert "server closed" not in response.content.decode()
    assert "public" not in response.get("Cache-Control", "")
    assert [record.levelno for record in caplog.records if record.name == "django.request"] == [logging.ERROR]


def test_what_is_wrong_in_the_program_is_no_outage(world: World, visitor: Client) -> None:
    with refusing("", DatabaseError, "syntax error"):
        assert visitor.get("/").status_code == 500


@pytest.mark.parametrize("error", [OperationalError, InternalError])
def test_an_editor_hears_that_nothing_was_saved(world: World, editor: Client, error: type[DatabaseError]) -> None:
    article = world.articles[0]
    address = f"/admin/articles/article/{article.pk}/change/"
    opened = editor.get(address)
    with refusing('UPDATE "articles_article"', error, "disk is full"):
        response = submit(editor, address, opened=opened, headline="Slipway opens")
    assert response.status_code == 503
    assert "This could not be saved" in text(response.content)
    assert faults(response.content) == []
    assert Article.objects.get(pk=article.pk).headline == article.headline
    assert submit(editor, address, opened=opened, headline="Slipway opens").status_code == 302
    assert Article.objects.get(pk=article.pk).headline == "Slipway opens"


def test_nothing_is_half_saved_when_search_cannot_be_told(world: World, editor: Client) -> None:
    article = world.articles[0]
    address = f"/admin/articles/article/{article.pk}/change/"
    opened = editor.get(address)
    with refusing("INSERT INTO modelsearch_indexentry", OperationalError, "no such table"):
        response = submit(editor, address, opened=opened, headline="Slipway opens")
    assert response.status_code == 503
    assert Article.objects.get(pk=article.pk).headline == article.headline
    assert Article.objects.get(pk=article.pk).version == article.version


def test_who_signs_in_where_nothing_can_be_written_is_told(world: World, admin_user: Any, visitor: Client) -> None:
    admin_user.set_password(PASSWORD)
    admin_user.save()
    assert visitor.get("/admin/login/").status_code == 200
    with read_only():
        response = visitor.post("/admin/login/", {"username": admin_user.username, "password": PASSWORD})
    assert response.status_code == 503
    assert "This could not be saved" in text(response.content)


def test_the_desk_works_without_a_cache(world: World, editor: Client, settings: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(changes, "_complained", {})
    settings.PAGE_CACHE_SECONDS = 60
    settings.CACHES = {"default": {"BACKEND": f"{Broken.__module__}.Broken"}}
    address = f"/admin/articles/article/{world.articles[0].pk}/change/"
    assert editor.get("/admin/").status_code == 200
    assert fields_of(editor.get(address))["headline"] == [world.articles[0].headline]
    assert submit(editor, address, headline="Slipway opens").status_code == 302
    reader = Client()
    assert b"Slipway opens" in reader.get("/").content
    answers = {name: reader.get(where).status_code for name, where in everything(world).items()}
    assert set(answers.values()) == {200}
