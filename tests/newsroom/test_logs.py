"""What the log says of visitors: who signed in, who failed, who was refused; never what must stay secret, never two lines."""

from __future__ import annotations

import io
import logging
import socket
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.test import Client

from newsroom.logs import LineFormatter
from tests.newsroom.test_accounts import LOGIN, PASSWORD, code_of, log_in, set_up

pytestmark = pytest.mark.django_db
FORGED = (
    "ines\r\n2026-11-25 10:00:00,000 INFO axes.handlers.database: AXES: Successful login by boss\x1b[2J\u202e\u2028x"
)


@pytest.fixture
def log(settings) -> Iterator[io.StringIO]:
    """What the site's own handler would print, at the levels that the site's own settings name."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    form = settings.LOGGING["formatters"]["line"]
    assert form["()"] == f"{LineFormatter.__module__}.{LineFormatter.__name__}"
    handler.setFormatter(LineFormatter(form["format"], style=form["style"]))
    logging.getLogger().addHandler(handler)
    yield out
    logging.getLogger().removeHandler(handler)


def lines(log: io.StringIO) -> list[str]:
    return log.getvalue().splitlines()


@pytest.fixture
def ines() -> User:
    return User.objects.create_superuser("ines", password=PASSWORD)


def test_a_login_and_a_logout_are_logged_with_name_and_address(ines, log):
    client = Client(REMOTE_ADDR="192.0.2.7")
    log_in(client)
    client.post("/admin/logout/")
    [came] = [line for line in lines(log) if "Successful login" in line]
    [left] = [line for line in lines(log) if "Successful logout" in line]
    for line in (came, left):
        assert '"ines"' in line and "192.0.2.7" in line
        assert PASSWORD not in line


def test_a_wrong_password_and_a_lock_out_are_logged_without_the_password(ines, log):
    for _ in range(5):
        log_in(Client(REMOTE_ADDR="192.0.2.7"), "a-secret-guess")
    failures = [line for line in lines(log) if "login failure" in line]
    assert len(failures) >= 4
    assert all('"ines"' in line and "192.0.2.7" in line for line in failures)
    assert "locking" in log.getvalue().lower()
    assert "a-secret-guess" not in log.getvalue()


def test_a_wrong_second_factor_is_logged_without_the_code(ines, log):
    client = Client()
    log_in(client)
    codes = set_up(client, ines)
    log_in(Client(), code="000000")
    assert "Wrong second factor of ines." in log.getvalue()
    log_in(Client(), code=(right := code_of(ines)))
    assert not [secret for secret in ("000000", right, *codes) if secret in log.getvalue()]


def test_what_is_refused_is_logged_with_whom_it_was_refused(log):
    reporter = User.objects.create_user("bram", password=PASSWORD, is_staff=True)
    client = Client(REMOTE_ADDR="192.0.2.9")
    client.force_login(reporter)
    assert client.get("/admin/auth/user/").status_code == 403
    [line] = [line for line in lines(log) if "Forbidden" in line]
    assert "/admin/auth/user/" in line
    assert line.endswith("(to bram, from 192.0.2.9)")


def test_the_line_of_the_development_server_is_no_fault(log):
    extra = {"request": socket.socket(), "status_code": 403}
    with extra["request"]:
        logging.getLogger("django.server").warning('"GET /admin/ HTTP/1.1" 403 12', extra=extra)
    assert "403 12" in log.getvalue()


def test_a_forged_form_is_logged_and_answered_in_plain_words(ines, log):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ines)
    answer = client.post("/admin/articles/article/add/", {"headline": "Not from here"})
    assert answer.status_code == 403
    assert "This form was not accepted" in answer.content.decode()
    assert "CSRF" in log.getvalue()
    assert "Not from here" not in log.getvalue()


@pytest.mark.parametrize("door", ["name", "address", "agent"])
def test_no_visitor_writes_a_line_of_their_own(ines, log, door):
    if door == "name":
        Client().post(LOGIN, {"username": FORGED, "password": "wrong"})
    elif door == "address":
        Client().get("/admin/x%0d%0a2026-11-25%20INFO%20axes:%20forged%1b[2J/")
        Client().get("/x%0d%0a2026-11-25%20INFO%20axes:%20forged%1b[2J/")
    else:
        Client(HTTP_USER_AGENT=FORGED).post(LOGIN, {"username": "ines", "password": "wrong"})
    assert lines(log)
    assert log.getvalue().count("\n") == len(lines(log))
    for line in lines(log):
        assert line.isprintable()
        assert line.startswith("20") and line.split(" ")[2] in {"INFO", "WARNING", "ERROR"}
    assert not [line for line in lines(log) if line.startswith("2026-11-25")]


def test_a_traceback_cannot_pass_for_events(log):
    try:
        raise ValueError(FORGED)
    except ValueError:
        logging.getLogger("newsroom").exception("It broke.")
    first, *rest = lines(log)
    assert first.endswith("It broke.")
    assert rest and all(line.startswith("    ") and line.isprintable() for line in rest)
