"""Settings from the environment: strict, and closed where the public would see it. Each case boots for real."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.conf import settings

SECRET = "s3cret-" + "abcdefghij" * 6
PRODUCTION = {
    "NEWSROOM_ENV": "production",
    "NEWSROOM_SECRET_KEY": SECRET,
    "NEWSROOM_ALLOWED_HOSTS": "news.example.org",
}


def boot(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "import newsroom.wsgi"],
        cwd=settings.BASE_DIR,
        env={"PATH": ""} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_starts_when_it_is_safe():
    assert boot(**PRODUCTION).returncode == 0


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ({"NEWSROOM_SECRET_KEY": ""}, "NEWSROOM_SECRET_KEY"),
        ({"NEWSROOM_SECRET_KEY": "short"}, "NEWSROOM_SECRET_KEY"),
        ({"NEWSROOM_DEBUG": "true"}, "NEWSROOM_DEBUG"),
        ({"NEWSROOM_ALLOWED_HOSTS": "*"}, "NEWSROOM_ALLOWED_HOSTS"),
        ({"NEWSROOM_ALLOWED_HOSTS": ""}, "NEWSROOM_ALLOWED_HOSTS"),
        ({"NEWSROOM_COOKIE_SECURE": "false"}, "NEWSROOM_COOKIE_SECURE"),
        ({"NEWSROOM_SSL_REDIRECT": "false"}, "NEWSROOM_SSL_REDIRECT"),
    ],
)
def test_production_refuses_what_must_not_face_the_public(fault, named):
    done = boot(**(PRODUCTION | fault))
    assert done.returncode != 0
    assert named in done.stderr


def test_a_served_site_is_production_unless_it_says_otherwise():
    assert "NEWSROOM_SECRET_KEY" in boot().stderr
    assert boot(NEWSROOM_ENV="development").returncode == 0


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("NEWSROOM_ENV", "staging"),
        ("NEWSROOM_DEBUG", "perhaps"),
        ("NEWSROOM_IMPORT_MAX_DOCUMENT_BYTES", "lots"),
        ("NEWSROOM_IMPORT_MAX_DOCUMENT_BYTES", "0"),
        ("NEWSROOM_HSTS_SECONDS", "-1"),
        ("NEWSROOM_TIME_ZONE", "Mars/Olympus"),
        ("NEWSROOM_CSRF_TRUSTED_ORIGINS", "news.example.org"),
        ("DATABASE_URL", "mysql://user@host/name"),
        ("DATABASE_URL", "mongo://nowhere/none"),
        ("NEWSROOM_LOG_LEVEL", "LOUD"),
    ],
)
def test_wrong_value_stops_start_up_and_names_its_variable(variable, value):
    done = boot(**({"NEWSROOM_ENV": "development"} | {variable: value}))
    assert done.returncode != 0
    assert variable in done.stderr


def test_command_line_says_what_is_wrong_without_a_traceback():
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=settings.BASE_DIR,
        env={"PATH": "", "NEWSROOM_DEBUG": "perhaps"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "NEWSROOM_DEBUG" in done.stderr
    assert "Traceback" not in done.stderr
