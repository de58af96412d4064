"""``manage.py demo``: a site with content and an account that works, from an empty database."""

from __future__ import annotations

import io
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from articles.models import Article
from quotes.models import Quote

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


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


def test_who_looks_at_the_demo_meets_the_pages_of_the_site_and_none_of_the_framework(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    environment = {"PATH": "", "NEWSROOM_ENV": "development", "DATABASE_URL": f"sqlite:///{tmp_path}/demo.sqlite3"}
    server = subprocess.Popen(
        [sys.executable, "manage.py", "demo", "--address", address], cwd=ROOT, env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        status, page = _asked(f"http://{address}/articles/no-such-article/")
        assert (status, "There is no page at this address" in page, "URLconf" in page) == (404, True, False)
        assert _asked(f"http://{address}/no/such/page/")[0] == 404
        assert _asked(f"http://{address}/static/css/base.css")[0] == 200
    finally:
        server.kill()
        server.communicate()


def _asked(address: str) -> tuple[int, str]:
    """The status and the text of a page of a server that is about to come up."""
    until = time.monotonic() + 120
    while True:
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 - a server of our own
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
