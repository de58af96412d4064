"""A load generator: ``python -m tests.benchmarks.load PORT CONNECTIONS SECONDS < paths``.

As many threads as connections, each asking for one page after the other (of the paths, in turn) and reading all of it; a
connection is kept as long as the server keeps it. Prints JSON: requests a second, p50 and p95 in milliseconds, bytes of a
page in the middle, and how many answers were not 200. It takes a process of its own, so as not to slow the server's.
"""

from __future__ import annotations

import itertools
import json
import socket
import statistics
import sys
import threading
import time

HEADERS = b"Host: news.example.org\r\nX-Forwarded-Proto: https\r\nUser-Agent: load\r\n\r\n"


def ask(
    port: int, paths: itertools.cycle[str], until: float, took: list[float], sizes: list[int], bad: list[int]
) -> None:
    connection: socket.socket | None = None
    while (began := time.perf_counter()) < until:
        connection = connection or socket.create_connection(("127.0.0.1", port), timeout=60)
        connection.sendall(b"GET %s HTTP/1.1\r\n%s" % (next(paths).encode(), HEADERS))
        head, body, stays = read(connection)
        took.append(time.perf_counter() - began)
        sizes.append(body)
        if not head.startswith(b"HTTP/1.1 200"):
            bad.append(int(head[9:12] or 0))
        if not stays:
            connection.close()
            connection = None


def read(connection: socket.socket) -> tuple[bytes, int, bool]:
    """The head of an answer, the length of its body, and whether the connection stays. For answers that tell their length."""
    got = b""
    while b"\r\n\r\n" not in got:
        more = connection.recv(65536)
        if not more:
            return got, 0, False
        got += more
    head, _, rest = got.partition(b"\r\n\r\n")
    low = head.lower()
    length = int(low.partition(b"content-length:")[2].split(b"\r\n")[0] or 0)
    have = len(rest)
    while have < length:
        more = connection.recv(65536)
        if not more:
            break
        have += len(more)
    return head, have, b"connection: close" not in low


def main() -> None:
    port, connections, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    paths = itertools.cycle(sys.stdin.read().split())
    took: list[float] = []
    sizes: list[int] = []
    bad: list[int] = []
    began = time.perf_counter()
    threads = [
        threading.Thread(target=ask, args=(port, paths, began + seconds, took, sizes, bad)) for _ in range(connections)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = time.perf_counter() - began
    cuts = statistics.quantiles(took, n=20) if len(took) > 1 else took * 19
    figures = {
        "rate": len(took) / spent,
        "p50": statistics.median(took) * 1000,
        "p95": cuts[18] * 1000,
        "bytes": int(statistics.median(sizes)),
        "bad": sorted(set(bad)),
    }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
