"""How fast the site answers: ``make bench-site``, or ``python -m tests.benchmarks.site_speed [--quick]``.

It starts a PostgreSQL server of its own (``tests.postgres``), with a gigabyte of shared buffers, as its manual tells to give
it a quarter of the memory, and fills it with archives of 1,000, 10,000 and 100,000 articles, eight quotes each
(``archive.py``). gunicorn serves the site as in production, with two workers, and a process beside it asks (``load.py``); all
of them share the machine. At 10,000 each kind of page is asked for at 1 and at 8 connections, made anew each time and from
the server cache (files), next to the framework's floor under the same server: a bare Django project with a view of one query
and one small template (``floor.py``). Anew means by all of its queries, and not from the page cache; pieces of pages that a
process keeps (``lru_cache``) are kept, as they are in life. Of articles that are asked for the first time nothing is, which is
told, too. Of deep pages and searches the slowest twentieth is compared between the first size and the last; of pages that
have more to count in a larger archive, it is only told. ``--quick`` leaves out 100,000.

Ratios are what counts: requests a second depend on the machine, on what else it does, and on the minute. So what is compared
is asked in turn: the floor before and after each kind, and the two sizes one after the other.
"""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.postgres import server

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 2.5
CONNECTIONS = (1, 8)
PRODUCTION = {
    "NEWSROOM_ENV": "production",
    "NEWSROOM_SECRET_KEY": "only for this benchmark: abcdefghijklmnopqrstuvwxyz 0123456789",
    "NEWSROOM_ALLOWED_HOSTS": "news.example.org",
    "NEWSROOM_BEHIND_PROXY": "1",
    "NEWSROOM_LOG_LEVEL": "ERROR",
}
# The least share of the floor's requests a second, at 8 connections: made anew, and from the server cache.
LEAST = {"article": (0.3, 0.8), "articles": (0.2, 0.0), "search": (0.2, 0.0), "search, rare": (0.2, 0.0)}
# Requests a second at 8 connections of the Wagtail news template on a shared machine of two cores, times what we want of it.
WANTED = {"article": 4 * 62, "articles": 8 * 20, "home": 5 * 52, "search": 6 * 17}
# The last two find a hundred times as much in an archive a hundred times as large.
DEEP = ("archive, deep", "articles, deep", "search, few", "search", "search, rare")
MOST_GROWTH = 1.5
# What has more to count, or to choose among, in a larger archive; it is told how much longer that takes.
COUNTING = ("quotes, narrowed", "search, narrowed", "suggest", "speakers")
# So many times the two sizes are asked in turn; a machine that others share is now faster, now slower.
TURNS, TURNS_OF_COUNTING = 15, 7
# The database in which the smallest archive stays.
FIRST_ONES = "first_ones"
# Each of these pages is asked for once, and never before.
FIRST_TIME = "article, first time"
# Pages of a kind that are asked for from the server cache: of all kinds together it keeps them.
FROM_CACHE = 40


def say(line: str = "") -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def child(code: str, environment: Mapping[str, str]) -> str:
    """What Python code prints that runs in the project's settings of tests."""
    setup = "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'; import django; django.setup()\n"
    done = subprocess.run(
        [sys.executable, "-c", setup + code],
        cwd=ROOT,
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{done.stdout}{done.stderr}")
    return done.stdout


@contextmanager
def served(application: str, environment: Mapping[str, str]) -> Iterator[int]:
    """gunicorn with two workers; gives its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "gunicorn", application, "--workers", "2", "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen([*command, "--log-level", "warning"], cwd=ROOT, env=dict(environment))
    try:
        for _ in range(200):
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def asked(port: int, paths: list[str], connections: int, seconds: float = SECONDS) -> dict[str, float]:
    """The figures of ``load.py``; what is no page ends the benchmark."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.load", str(port), str(connections), str(seconds)],
        cwd=ROOT, input="\n".join(paths), capture_output=True, text=True, check=True,
    )  # fmt: skip
    figures: dict[str, float] = json.loads(done.stdout)
    if figures["bad"]:
        raise SystemExit(f"{paths[0]} and others were answered with {figures['bad']}")
    return figures


def warm(port: int, paths: list[str]) -> None:
    """Each page once for each worker, or so."""
    for path in [*paths, *paths[:8]]:
        headers = {"Host": "news.example.org", "X-Forwarded-Proto": "https"}
        with urllib.request.urlopen(
            urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
        ) as answer:
            answer.read()


def row(name: str, figures: Mapping[int, Mapping[str, float]], floor: float, note: str = "") -> str:
    cells = [f"{figures[n]['rate']:7.0f} {figures[n]['p50']:7.1f} {figures[n]['p95']:7.1f}" for n in CONNECTIONS]
    return f"{name:18} {' |'.join(cells)} | {figures[8]['rate'] / floor:5.2f} {note}"


HEAD = f"{'':18} {'1: a sec.':>9} {'p50':>5} {'p95 ms':>8} |{'8: a sec.':>9} {'p50':>5} {'p95 ms':>7} | of the floor"


def each_kind(environment: Mapping[str, str], paths: Mapping[str, list[str]]) -> list[str]:
    """Print the table at one size; what was not held."""
    missed = []
    with (
        tempfile.TemporaryDirectory(prefix="newsroom-cache-") as folder,
        served("tests.benchmarks.floor:application", {**environment, **PRODUCTION}) as floor_port,
    ):
        warm(floor_port, ["/floor/"])
        kinds = {
            "made anew each time": {"NEWSROOM_PAGE_CACHE_SECONDS": "0"},
            "from the server cache": {"NEWSROOM_PAGE_CACHE_SECONDS": "3600", "CACHE_URL": f"file://{folder}"},
        }
        for number, (title, more) in enumerate(kinds.items()):
            say(f"\n-- {title}")
            say(HEAD)
            with served("newsroom.wsgi", {**environment, **PRODUCTION, **more}) as port:
                for name, each in paths.items():
                    if name == FIRST_TIME and number:
                        continue
                    addresses = each if number == 0 else each[:FROM_CACHE]
                    seconds = SECONDS if number == 0 else SECONDS / 2
                    warm(port, addresses if name != FIRST_TIME else paths["article"])
                    before = asked(floor_port, ["/floor/"], 8, SECONDS / 2)["rate"]
                    figures = {}
                    for part, connections in enumerate(reversed(CONNECTIONS)):
                        some = addresses[part :: len(CONNECTIONS)] if name == FIRST_TIME else addresses
                        figures[connections] = asked(port, some, connections, seconds)
                    after = asked(floor_port, ["/floor/"], 8, SECONDS / 2)["rate"]
                    floor = (before + after) / 2
                    rate, least = figures[8]["rate"], LEAST.get(name, (0.0, 0.0))[number]
                    note = f"(must be {least})" if least else ""
                    if name in WANTED:
                        note += f"; {rate / WANTED[name]:.1f} of the {WANTED[name]} a second wanted"
                    say(row(name, figures, floor, note))
                    if rate < least * floor:
                        missed.append(f"{name}, {title}: {rate / floor:.2f} of the floor, not {least}")
    return missed


def growth(small: Mapping[str, str], large: Mapping[str, str], paths: Sequence[Mapping[str, list[str]]]) -> list[str]:
    """Print how p95 of pages made anew grows, at one connection; what was not held.

    Both archives are asked in turn, a few times, and the middle figures are compared.
    """
    missed = []
    more = PRODUCTION | {"NEWSROOM_PAGE_CACHE_SECONDS": "0"}
    with served("newsroom.wsgi", {**small, **more}) as first, served("newsroom.wsgi", {**large, **more}) as second:
        for name in (*DEEP, *COUNTING):
            took: list[list[float]] = [[], []]
            for port, of_size in zip((first, second), paths, strict=True):
                warm(port, of_size[name])
            for _ in range(TURNS if name in DEEP else TURNS_OF_COUNTING):
                for figures, port, of_size in zip(took, (first, second), paths, strict=True):
                    figures.append(asked(port, of_size[name], 1, SECONDS / 2)["p95"])
            before, after = map(statistics.median, took)
            held = f" (at most {MOST_GROWTH})" if name in DEEP else ""
            say(f"{name}: p95 {before:.1f} and {after:.1f} ms, {after / before:.2f} times{held}")
            if held and after > MOST_GROWTH * before:
                missed.append(f"{name}: p95 grows {after / before:.2f} times")
    return missed


def main() -> int:
    sizes = [1_000, 10_000] if "--quick" in sys.argv else [1_000, 10_000, 100_000]
    began = time.monotonic()
    missed: list[str] = []
    paths: dict[int, dict[str, list[str]]] = {}
    with server(memory="1GB") as running:
        environment = os.environ | {"DATABASE_URL": running.url}
        small = os.environ | {"DATABASE_URL": f"{running.url.rpartition('/')[0]}/{FIRST_ONES}"}
        subprocess.run(
            [sys.executable, "manage.py", "collectstatic", "--no-input", "-v0"],
            cwd=ROOT, env=environment | PRODUCTION, check=True,
        )  # fmt: skip
        for size in sizes:
            start = time.monotonic()
            make = f"first_thousand(); archive.keep_as({FIRST_ONES!r})" if size == sizes[0] else f"grow({size})"
            child(f"from tests.benchmarks import archive; archive.{make}", environment)
            paths[size] = json.loads(child("from tests.benchmarks import pages; pages.main()", environment))
            say(f"\n== {size:,} articles, {size * 8:,} quotes (made in {time.monotonic() - start:.0f} s)")
            if size == 10_000:
                missed += each_kind(environment, paths[size])
            plans = child("from tests.benchmarks import plans; plans.main()", environment)
            say(plans)
            missed += [line for line in plans.splitlines() if "SEQUENTIAL" in line]
        say(f"\n-- {sizes[0]:,} and {sizes[-1]:,} articles, made anew, 1 connection")
        missed += growth(small, environment, [paths[sizes[0]], paths[sizes[-1]]])
    say(
        f"\n{time.monotonic() - began:.0f} seconds in all. "
        + ("Not held: " + "; ".join(missed) if missed else "All held.")
    )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
