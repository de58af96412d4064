"""A real browser on a real server. Debian's Chromium, since a test run downloads nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from threading import get_ident

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.core.signals import request_finished, request_started
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from newsroom.groups import grant
from tests.browser.chromium import ARGUMENTS, executable
from tests.browser.login import PASSWORD, log_in
from tests.site.world import World, make_world

# Playwright's synchronous interface runs an event loop in this thread, and Django refuses to touch the database there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = executable()
    if not program:
        pytest.skip("no Chromium here: install the package, or name the program in CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def site(transactional_db: None, live_server: object) -> tuple[str, World]:
    """The address of a running site, and what is on it."""
    ContentType.objects.clear_cache()
    return live_server.url, make_world(2)


@pytest.fixture
def complaints() -> list[str]:
    """What browsers complained of: errors of scripts, refused content, failed requests."""
    return []


@pytest.fixture(scope="session")
def answering() -> Iterator[set[int]]:
    """The threads of the server that are at work on an answer."""
    threads: set[int] = set()

    def started(**_sent: object) -> None:
        threads.add(get_ident())

    def finished(**_sent: object) -> None:
        threads.discard(get_ident())

    request_started.connect(started)
    request_finished.connect(finished)
    yield threads
    request_started.disconnect(started)
    request_finished.disconnect(finished)


@pytest.fixture
def visit(
    transactional_db: None, chromium: Browser, complaints: list[str], answering: set[int]
) -> Iterator[Callable[..., Page]]:
    """Opens a browser window of a width and a colour scheme, that notes every complaint."""
    contexts = []

    def open_window(width: int = 1280, scheme: str = "light") -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        window = context.new_page()
        window.on("console", lambda message: _note(message, complaints))
        window.on("pageerror", lambda error: complaints.append(str(error)))
        return window

    yield open_window
    for context in contexts:
        # A form that closes says so; by then the test's database is being emptied.
        context.route("**/presence/", lambda route: route.abort())
        context.close()
    # Nor may the server be at work on what was asked before.
    until = time.monotonic() + 10
    while answering and time.monotonic() < until:
        time.sleep(0.02)


def _note(message: ConsoleMessage, complaints: list[str]) -> None:
    if message.type in {"error", "warning"}:
        complaints.append(message.text)


@pytest.fixture
def chief(transactional_db: None) -> User:
    """Somebody of the group Chief."""
    ContentType.objects.clear_cache()
    grant(apps)  # tests of this kind empty all tables, those of the migrations' own rows as well
    user = User.objects.create_user("chief", password=PASSWORD, is_staff=True)
    user.groups.add(Group.objects.get(name="Chief"))
    return user


@pytest.fixture
def desk(chief: User, live_server: object, visit: object) -> Page:
    """The desk's front page, with a chief editor logged in by hand."""
    window = visit()
    window.goto(f"{live_server.url}/admin/")
    log_in(window)
    expect(window.get_by_role("heading", name="Waiting for an editor")).to_be_visible()
    return window
