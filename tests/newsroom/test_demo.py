"""``manage.py demo``: a site with content and an account that works, from an empty database."""

from __future__ import annotations

import io
import re
import socket

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from articles.models import Article
from quotes.models import Quote

pytestmark = pytest.mark.django_db


def test_demo_sets_up_a_site_and_an_editor_and_can_be_run_again():
    for _ in range(2):
        out = io.StringIO()
        call_command("demo", no_server=True, stdout=out)
    user, password = re.search(r"user: (\S+)\s+new password: (\S+)", out.getvalue()).groups()
    client = Client()
    assert client.post("/admin/login/", {"username": user, "password": password}).status_code == 302
    assert client.get("/admin/articles/article/").status_code == 200
    assert client.get("/").status_code == 200
    assert Article.objects.published().count() == 19
    assert Quote.objects.public().count() > 150


def test_demo_is_refused_in_production(settings):
    settings.IN_PRODUCTION = True
    with pytest.raises(CommandError, match="not in production"):
        call_command("demo", no_server=True)


@pytest.mark.parametrize("address", ["127.0.0.1:x", "8000", "127.0.0.1:99999", "none.invalid:8000"])
def test_address_that_is_none_is_refused_before_anything_is_made(address):
    with pytest.raises(CommandError) as caught:
        call_command("demo", address=address)
    assert caught.value.returncode == 2
    assert not Article.objects.exists()


def test_port_that_is_taken_is_said_before_anything_is_made():
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(CommandError, match="make demo ADDRESS=") as caught,
    ):
        call_command("demo", address=f"127.0.0.1:{taken.getsockname()[1]}")
    assert caught.value.returncode == 2
    assert not Article.objects.exists()
