"""``manage.py demo``: a site with content and an account that works, from an empty database."""

from __future__ import annotations

import io
import re

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
