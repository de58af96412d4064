"""The headers that every answer carries, whatever it is an answer to: pages, data, errors, the desk."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from articles import store
from articles.models import Article
from newsroom.urls import handler404, handler500
from newsroom.urls import urlpatterns as known
from tests.factories import make_article
from tests.newsroom import admin_doors
from tests.site import world as site

__all__ = ["handler404", "handler500"]
pytestmark = pytest.mark.django_db
YEAR = 31_536_000


def _broken(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken on purpose")


def _suspicious(_request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation("odd on purpose")


urlpatterns = [path("broken/", _broken), path("odd/", _suspicious), *known]


def missing(response: HttpResponse) -> list[str]:
    """What the answer lacks."""
    policy = {
        part.split()[0]: part.split()[1:]
        for part in response.get("Content-Security-Policy", "").split(";")
        if part.strip()
    }
    wanted = {"default-src": ["'self'"], "script-src": ["'self'"], "style-src": ["'self'"], "object-src": ["'none'"],
              "base-uri": ["'none'"], "frame-ancestors": ["'none'"], "form-action": ["'self'"]}  # fmt: skip
    found = [f"{name} is {policy.get(name)}" for name, sources in wanted.items() if policy.get(name) != sources]
    found += [
        f"{name} allows {sources}" for name, sources in policy.items() if any("unsafe" in each for each in sources)
    ]
    for header, value in {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Strict-Transport-Security": f"max-age={YEAR}; includeSubDomains; preload",
    }.items():
        if response.get(header) != value:
            found.append(f"{header} is {response.get(header)!r}")
    if response.get("Referrer-Policy") not in {"strict-origin-when-cross-origin", "no-referrer"}:
        found.append(f"Referrer-Policy is {response.get('Referrer-Policy')!r}")
    if not response.get("Content-Type") and response.status_code not in {301, 302, 304}:
        found.append("no Content-Type")
    return found


@pytest.fixture
def client() -> Iterator[Client]:
    with override_settings(
        ROOT_URLCONF=__name__, SECURE_HSTS_SECONDS=YEAR, SECURE_HSTS_INCLUDE_SUBDOMAINS=True, SECURE_HSTS_PRELOAD=True
    ):
        yield Client(raise_request_exception=False)


def asked(client: Client, *addresses: str, method: str = "get") -> dict[str, HttpResponse]:
    return {address: getattr(client, method)(address, secure=True) for address in addresses}


def wrong(answers: dict[str, HttpResponse]) -> dict[str, list[str]]:
    return {address: lacks for address, response in answers.items() if (lacks := missing(response))}


def test_every_public_page_and_all_data(client: Client) -> None:
    world = site.make_world()
    answers = asked(client, *world.addresses().values(), *world.machines().values())
    answers |= {
        f"HEAD {address}": response for address, response in asked(client, "/", "/quotes/", method="head").items()
    }
    assert {response.status_code for response in answers.values()} == {200}
    assert wrong(answers) == {}


def test_every_kind_of_refusal_and_fault(client: Client) -> None:
    article, withdrawn = make_article(), make_article("Never mind")
    store.withdraw(Article.objects.filter(pk=withdrawn.pk))
    article.slug = "another-address"
    store.save_article(article)
    answers = asked(
        client, "/no/such/page/", withdrawn.get_absolute_url(), "/broken/", "/odd/", "/articles/ferry-line-1/", "/quotes",
        "/api/v1/articles?limit=x", "/api/v1/articles/none", "/oembed", "/admin/", "/search/?q=a&page=x", "/healthz",
    )  # fmt: skip
    answers |= {
        f"POST {address}": each
        for address, each in asked(client, "/articles/", "/broken/", "/odd/", method="post").items()
    }
    with_secret = Client(enforce_csrf_checks=True)
    answers["POST without the secret"] = with_secret.post("/admin/login/", {}, secure=True)
    statuses = {response.status_code for response in answers.values()}
    assert statuses >= {200, 301, 302, 400, 403, 404, 405, 410, 500}
    assert wrong(answers) == {}


@pytest.mark.parametrize("kept", [0, 60])
def test_a_request_for_another_host(client: Client, kept: int, settings) -> None:
    settings.PAGE_CACHE_SECONDS = kept
    answers = {
        f"{host} {address}": client.get(address, secure=True, headers={"host": host})
        for host in ("evil.example", "a b", "testserver:x")
        for address in ("/", "/articles/", "/admin/", "/no/such/")
    }
    assert {response.status_code for response in answers.values()} == {400}
    assert wrong(answers) == {}
    assert not [address for address, response in answers.items() if b"evil.example" in response.content]


@pytest.mark.parametrize("letter", ["A", "S", "U"])
def test_every_address_of_the_desk(client: Client, letter: str, tmp_path: Path) -> None:
    from tests.newsroom.test_admin_permissions import lines, visitor

    world = admin_doors.make_world(tmp_path)
    _, user = visitor(letter)
    if user:
        client.force_login(user)
    addresses = [admin_doors.address(pattern, variant, world, user) for pattern, variant, *_ in lines()]
    answers = asked(client, *dict.fromkeys(addresses))
    assert len(answers) > 60
    assert wrong(answers) == {}
    # What only staff may see stays in nobody's cache.
    kept = [a for a, r in answers.items() if r.status_code == 200 and "no-store" not in r.get("Cache-Control", "")]
    of_nobody = ("jsi18n", "password_change")  # the same for all
    assert [address for address in kept if not any(part in address for part in of_nobody)] == []


def test_a_page_that_was_kept_carries_them_too(client: Client, settings, tmp_path: Path) -> None:
    files = "django.core.cache.backends.filebased.FileBasedCache"
    settings.CACHES = {"default": {"BACKEND": files, "LOCATION": tmp_path}}
    settings.PAGE_CACHE_SECONDS = 60
    make_article()
    for _ in range(2):
        assert wrong(asked(client, "/")) == {}


def test_production_asks_for_them_by_itself() -> None:
    code = (
        "import json, django; django.setup(); from django.test import Client; "
        "client = Client(SERVER_NAME='news.example.org'); "
        "secure, plain = client.get('/healthz', secure=True), client.get('/healthz'); "
        "print(json.dumps([dict(secure.headers), plain.status_code, plain['Location']]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=project.BASE_DIR, capture_output=True, text=True, check=False,
        env=os.environ | {
            "NEWSROOM_ENV": "production", "DJANGO_SETTINGS_MODULE": "newsroom.settings", "CACHE_URL": "locmem://",
            "NEWSROOM_SECRET_KEY": "s3cret-" + "abcdefghij" * 6, "NEWSROOM_ALLOWED_HOSTS": "news.example.org",
        },
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    headers, status, location = json.loads(done.stdout.splitlines()[-1])
    assert headers["Strict-Transport-Security"] == f"max-age={YEAR}; includeSubDomains; preload"
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert (status, location) == (301, "https://news.example.org/healthz")
