"""A PostgreSQL server of one's own, for as long as a command runs: ``python -m tests.postgres pytest -q``.

The server listens on a free loopback port, keeps its data in a temporary directory, runs as an unprivileged user
(``initdb`` refuses root), and is gone afterwards. The command gets its address in ``DATABASE_URL``.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


class ServerError(Exception):
    """The server could not be found or started; the message says what to do."""


def binaries() -> Path:
    """The directory of ``initdb`` and ``pg_ctl``: on the path, or where Debian and others put the newest."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    for pattern in (
        "usr/lib/postgresql/*/bin/initdb",
        "usr/pgsql-*/bin/initdb",
        "opt/homebrew/opt/postgresql*/bin/initdb",
    ):
        places = sorted(Path("/").glob(pattern), key=lambda place: place.parts[-3])
        if places:
            return places[-1].parent
    raise ServerError("PostgreSQL's server is not installed: apt-get install postgresql")


def _unprivileged() -> dict[str, int]:
    """Whom to run the server as: oneself, or, for root, the user ``postgres`` or ``nobody``."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid}
    raise ServerError("Neither a user 'postgres' nor 'nobody' exists to run the server as.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Server:
    """A running server. ``stop`` as a crash would, and ``start`` it again, on the same port and with the same data."""

    url: str
    start: Callable[[], None]
    stop: Callable[[], None]


@contextmanager
def server(*, durable: bool = False, memory: str = "128MB") -> Iterator[Server]:
    """Runs a server. With ``durable`` it keeps what it has confirmed when it is stopped. ``memory``: its ``shared_buffers``,
    as it is installed if not said otherwise.
    """
    folder = binaries()
    identity = _unprivileged()
    with tempfile.TemporaryDirectory(prefix="newsroom-pg-") as home:
        if identity:
            os.chown(home, identity["user"], identity["group"])
        data, port = Path(home) / "data", _free_port()

        def run(*command: str | Path) -> None:
            done = subprocess.run(
                command,
                cwd=home,
                capture_output=True,
                text=True,
                check=False,
                timeout=120,
                extra_groups=None,
                **identity,
            )
            if done.returncode:
                raise ServerError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")

        run(
            folder / "initdb",
            "-D",
            data,
            "-U",
            "newsroom",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        # Nothing here outlives the run, so nothing waits for the disk.
        waits = "on" if durable else "off"
        options = f"-p {port} -c listen_addresses=127.0.0.1 -k {home} -c fsync=off"
        options += f" -c synchronous_commit={waits} -c shared_buffers={memory}"

        def start() -> None:
            run(folder / "pg_ctl", "-D", data, "-w", "-l", Path(home) / "log", "-o", options, "start")

        def stop() -> None:
            run(folder / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")

        start()
        try:
            yield Server(f"postgres://newsroom@127.0.0.1:{port}/postgres", start, stop)
        finally:
            stop()


def main() -> int:
    if len(sys.argv) < 2:
        sys.stderr.write("usage: python -m tests.postgres COMMAND …\n")
        return 2
    try:
        with server() as running:
            return subprocess.run(sys.argv[1:], env=os.environ | {"DATABASE_URL": running.url}, check=False).returncode
    except ServerError as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
