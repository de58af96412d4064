"""Who may open what in the admin, and write what there: ``admin_doors.txt``, line by line, for every kind of visitor."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.newsroom import admin_doors
from tests.newsroom.admin_doors import World

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).with_name("admin_doors.txt")
LETTERS = "ASREICU"
GROUPS = {"R": "Reporter", "E": "Editor", "I": "Importer", "C": "Chief"}
WRITES = re.compile(r'^(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
# Sessions, failed logins, and who has which form open: written for everybody, and nothing that anybody reads.
OF_THE_VISIT = {"django_session", "axes_accessattempt", "axes_accesslog", "axes_accessfailurelog"}
OPEN_FORMS = "articles_openform"


def lines() -> Iterator[tuple[str, str, str, str]]:
    """(pattern, variant or "", who may GET, who may POST) of each line of the table."""
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            door, get, post = re.split(r"\s{2,}", line)
            pattern, _, variant = "" if door == "(the front page)" else door, "", ""
            if door.endswith("]"):
                pattern, _, variant = door[:-1].partition(" [")
            yield pattern, variant, get, post


def visitor(letter: str) -> tuple[Client, User | None]:
    client = Client()
    if letter == "A":
        return client, None
    user = User.objects.create_user(f"visitor-{letter}", password=admin_doors.PASSWORD, is_staff=True)
    if letter == "U":
        user.is_superuser = True
        user.save()
    elif letter in GROUPS:
        user.groups.add(Group.objects.get(name=GROUPS[letter]))
    client.force_login(user)
    return client, user


def let_in(response: HttpResponse) -> bool:
    to_login = response.status_code == 302 and "/login/" in response["Location"]
    return response.status_code in {200, 301, 302} and not to_login


def got(client: Client, line: tuple[str, ...], world: World, user: User | None, letter: str) -> tuple[str, str]:
    """What the table would say of this visitor; both requests leave nothing behind."""
    pattern, variant, *_ = line
    found = []
    for method in ("get", "post"):
        cookies = copy.deepcopy(client.cookies)
        with transaction.atomic():
            where = admin_doors.address(pattern, variant, world, user)
            sent = admin_doors.body(pattern, variant, world, user) if method == "post" else None
            with CaptureQueriesContext(
                connection,
            ) as captured:
                response = getattr(client, method)(where, sent)
            transaction.set_rollback(True)
        client.cookies = cookies
        assert response.status_code < 500, where
        # Of a prepared query, which only reads, PostgreSQL's driver keeps no text.
        tables = {match[1] for query in captured if (match := WRITES.match(query["sql"] or ""))} - OF_THE_VISIT
        if not pattern.endswith("presence/"):
            tables.discard(OPEN_FORMS)
        wrote = bool(tables) and method == "post"
        assert let_in(response) or not wrote, f"{where} refused {letter} and wrote {tables}"
        found.append(
            letter if wrote or (let_in(response) and method == "get") else letter.lower() if let_in(response) else "-"
        )
    return found[0], found[1]


def test_the_table_lists_every_address_of_the_admin_and_every_action():
    listed = [(pattern, variant) for pattern, variant, _, _ in lines()]
    assert len(set(listed)) == len(listed)
    addresses = set(admin_doors.patterns())
    assert {pattern for pattern, _ in listed} == addresses
    acts = {
        f"{pattern} [{variant}]"
        for pattern, variant in listed
        if f"{pattern} [{variant}]" in set(admin_doors.actions())
    }
    assert acts == set(admin_doors.actions())


@pytest.mark.parametrize("letter", LETTERS)
def test_each_visitor_opens_and_writes_just_what_the_table_says(letter, tmp_path):
    world = admin_doors.make_world(tmp_path)
    client, user = visitor(letter)
    place = LETTERS.index(letter)
    wrong = []
    for line in lines():
        wanted = (line[2][place], line[3][place])
        found = got(client, line, world, user, letter)
        if found != wanted:
            wrong.append(f"{line[0]} [{line[1]}]: GET and POST are {found}, the table says {wanted}")
    assert not wrong, "\n".join(wrong)


def test_the_stock_admin_of_tags_is_gone():
    assert "taggit" not in {model._meta.app_label for model in admin.site._registry}
    assert not [pattern for pattern in admin_doors.patterns() if "taggit" in pattern or "merge-tags" in pattern]


@pytest.mark.parametrize("address", ["/admin/r/x/1/", "/admin/r/999999/1/", f"/admin/r/{'9' * 40}/1/"])
def test_odd_view_on_site_addresses_are_not_found(address, admin_client):
    assert admin_client.get(address).status_code == 404
