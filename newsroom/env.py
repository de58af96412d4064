"""Settings from the environment, strictly typed: a wrong value stops start-up and names its variable."""

import os
from typing import Any
from zoneinfo import available_timezones

from environs import Env, EnvValidationError, ValidationError, validate

DATABASES = {"django.db.backends.sqlite3", "django.db.backends.postgresql"}

DEVELOPMENT_SECRET = "development-only-not-for-production-" + "0" * 30
MIN_SECRET_LENGTH = 50


class InsecureSettings(Exception):  # noqa: N818 - reads as a sentence where it is raised and shown
    """Production was asked for with settings that must not face the public."""


def read_env() -> Env:
    """The environment. A value of the wrong type raises ``environs.EnvValidationError``, which names the variable."""
    return Env(expand_vars=False)


def one_of(*choices: str) -> validate.OneOf:
    """A check for ``env.str(…, validate=…)``: the value is one of ``choices``."""
    return validate.OneOf(choices, error="must be one of: {choices}; is {input!r}")


def cores() -> int:
    """The processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def at_least(least: int) -> validate.Range:
    """A check for ``env.int(…, validate=…)``."""
    return validate.Range(min=least, error="must be {min} or more; is {input}")


def a_time_zone(name: str) -> None:
    """A check for ``env.str(…, validate=…)``: a name of the IANA database."""
    if name not in available_timezones():
        raise ValidationError(f"must be a time zone such as Europe/Kyiv; is {name!r}")


def origins(values: list[str]) -> None:
    """A check for ``env.list(…, validate=…)``: each an origin with its scheme."""
    for value in values:
        if not value.startswith(("https://", "http://")):
            raise ValidationError(f"must be origins such as https://news.example.org; {value!r} has no scheme")


def read_database(env: Env, variable: str, default: str) -> dict[str, Any]:
    """The database that a URL names: SQLite or PostgreSQL. Raises ``EnvValidationError`` for any other."""
    found: dict[str, Any] = dict(env.dj_db_url(variable, default))
    if found["ENGINE"] not in DATABASES:
        message = f'Environment variable "{variable}" invalid: must begin with sqlite:// or postgres://'
        raise EnvValidationError(message, [message])
    return found


def guard_production(
    *,
    debug: bool,
    secret_key: str,
    allowed_hosts: list[str],
    session_cookie_secure: bool,
    csrf_cookie_secure: bool,
    ssl_redirect: bool,
) -> None:
    """Refuse to start in production with settings that are only fit for development.

    Raises ``InsecureSettings`` with one line a fault, each naming the variable to set.
    """
    faults = []
    if debug:
        faults.append("NEWSROOM_DEBUG must be off: it shows tracebacks and settings to readers.")
    if secret_key == DEVELOPMENT_SECRET or len(secret_key) < MIN_SECRET_LENGTH or len(set(secret_key)) < 5:
        faults.append(f"NEWSROOM_SECRET_KEY must be set to a random text of {MIN_SECRET_LENGTH} or more characters.")
    if not allowed_hosts:
        faults.append("NEWSROOM_ALLOWED_HOSTS must name the hosts of this site, for example news.example.org.")
    if any(host.strip() in {"*", "."} for host in allowed_hosts):
        faults.append("NEWSROOM_ALLOWED_HOSTS must not be '*': name the hosts of this site.")
    if not (session_cookie_secure and csrf_cookie_secure):
        faults.append("NEWSROOM_COOKIE_SECURE must be on: cookies would travel in the clear.")
    if not ssl_redirect:
        faults.append("NEWSROOM_SSL_REDIRECT must be on, or pages would be served in the clear.")
    if faults:
        raise InsecureSettings("Newsroom does not start in production like this:\n  - " + "\n  - ".join(faults))
