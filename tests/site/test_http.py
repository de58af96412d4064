"""Status codes and headers of public pages."""

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import DatabaseError, connection
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.views import defaults

from articles.models import Article
from newsroom import views
from tests.site.html import faults, read, text
from tests.site.test_markup import PAGES
from tests.site.world import World


@pytest.mark.parametrize("name", PAGES)
def test_public_page_may_be_kept_for_a_minute_at_most(world: World, client: Client, name: str) -> None:
    response = client.get(world.addresses()[name])
    directives = dict(part.strip().partition("=")[::2] for part in response["Cache-Control"].split(","))
    assert "public" in directives
    # Browsers ask again each time: an editor sees at once what was just published. Caches in front may wait a little.
    assert directives["max-age"] == "0"
    assert 0 < int(directives["s-maxage"]) <= 60
    assert "stale-while-revalidate" not in directives
    assert not response.cookies
    assert "cookie" not in response.get("Vary", "").lower()


@pytest.mark.parametrize("name", PAGES)
def test_public_page_is_the_same_for_an_editor(world: World, client: Client, name: str) -> None:
    address = world.addresses()[name]
    anonymous = client.get(address).content
    client.force_login(User.objects.create_superuser("ed"))
    assert client.get(address).content == anonymous


@pytest.mark.parametrize("name", PAGES)
def test_public_page_obeys_a_strict_policy(world: World, client: Client, name: str) -> None:
    response = client.get(world.addresses()[name])
    policy = response["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "object-src 'none'" in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    outside = [link for link in read(response.content).links if link.startswith("http")]
    assert all("wikidata.org" in link for link in outside)


def test_unchanged_page_is_not_sent_again(world: World, client: Client) -> None:
    first = client.get("/")
    again = client.get("/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert "public" in again["Cache-Control"]


def test_admin_pages_are_not_kept(db: None, client: Client) -> None:
    assert "public" not in client.get("/admin/login/").get("Cache-Control", "")


def test_health_needs_no_database(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert response["Cache-Control"] == "no-store"


def test_page_that_is_not_there_offers_a_way_on(world: World, client: Client) -> None:
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    assert faults(response.content) == []
    assert "There is no page at this address" in text(response.content)
    assert world.articles[0].get_absolute_url() in read(response.content).links
    assert "/search/" in response.content.decode()


def test_page_that_is_not_there_needs_no_database(db: None, rf: RequestFactory) -> None:
    def refuse(*args: object) -> None:
        raise DatabaseError("away")

    with connection.execute_wrapper(refuse):
        assert views.not_found(rf.get("/x/"), Exception()).status_code == 404


@pytest.mark.parametrize(
    ("handler", "status"),
    [(defaults.server_error, 500), (defaults.permission_denied, 403), (defaults.bad_request, 400)],
    ids=["500", "403", "400"],
)
def test_error_page_stands_alone(rf: RequestFactory, handler: object, status: int) -> None:
    request: HttpRequest = rf.get("/x/")
    response = handler(request) if status == 500 else handler(request, Exception("secret reason"))
    assert response.status_code == status
    assert faults(response.content) == []
    assert b"secret reason" not in response.content
    assert b"{%" not in response.content


def test_view_that_raises_answers_500_in_plain_words(db: None, settings: settings) -> None:
    settings.ROOT_URLCONF = "tests.site.broken_urls"
    response = Client(raise_request_exception=False).get("/")
    assert response.status_code == 500
    assert "Something broke on our side" in text(response.content)


def test_post_to_a_page_is_harmless(world: World, client: Client) -> None:
    assert client.post("/articles/").status_code == 405
    assert Article.objects.filter(headline="Slipway 0 stays shut").exists()
