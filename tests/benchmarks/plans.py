"""How PostgreSQL answers what the hot pages ask: their queries, with plans; a whole large table read through is named.

``python -m tests.benchmarks.plans`` prints each query with its time, for the database of ``DATABASE_URL``.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

LARGE = 5_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A query of a page; ``read_through``: large tables of which it reads every row; milliseconds of the server."""

    page: str
    sql: str
    milliseconds: float
    read_through: tuple[str, ...]
    plan: dict[str, Any]


def asked_by(page: str, address: str, *, large: int = LARGE) -> list[Asked]:
    """What a page asks, asked again with its plan; a table is large that has more rows than ``large``."""
    from django.db import connection
    from django.db.backends.postgresql.base import ServerBindingCursor
    from django.test import Client

    statements: list[tuple[str, Any, bool]] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append((sql, params, isinstance(context["cursor"].cursor, ServerBindingCursor)))
        return execute(sql, params, many, context)

    client = Client(headers={"host": "localhost"})
    client.get(address)  # what a process asks only once
    with connection.execute_wrapper(note):
        answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    tables = _larger(large)
    found = []
    for sql, params, is_prepared in statements:
        with connection.cursor() as cursor:
            answer_plan = (_plan_kept if is_prepared else _plan)(cursor, sql, params)
        top = (json.loads(answer_plan) if isinstance(answer_plan, str) else answer_plan)[0]
        through = sorted(
            {node["Relation Name"] for node in nodes(top["Plan"]) if node["Node Type"] == "Seq Scan"} & tables
        )
        found.append(Asked(page, sql, top["Execution Time"] + top["Planning Time"], tuple(through), top["Plan"]))
    return found


def _plan(cursor: Any, sql: str, params: Any) -> Any:
    cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
    return cursor.fetchone()[0]


def _plan_kept(cursor: Any, sql: str, params: Sequence[Any]) -> Any:
    """The plan that the server keeps of a prepared statement, whatever its values are (see ``articles.prepared``)."""
    numbers = itertools.count(1)
    text = re.sub("%[s%]", lambda place: f"${next(numbers)}" if place.group() == "%s" else "%", sql)
    cursor.execute(f"PREPARE of_a_page AS {text.replace('%', '%%')}", [])
    try:
        values = f"({', '.join(['%s'] * len(params))})" if params else ""
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE of_a_page{values}", params)
        return cursor.fetchone()[0]
    finally:
        cursor.execute("DEALLOCATE of_a_page")


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The steps of a plan, the outermost first."""
    yield plan
    for inner in plan.get("Plans", ()):
        yield from nodes(inner)


def _larger(rows: int) -> set[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > %s", [rows])
        return {name for (name,) in cursor.fetchall()}


def main(*, whole: bool = False) -> None:
    from tests.benchmarks.pages import addresses

    for page, paths in addresses().items():
        if not paths:
            continue
        queries = asked_by(page, paths[min(3, len(paths) - 1)])
        total = sum(query.milliseconds for query in queries)
        through = sorted({name for query in queries for name in query.read_through})
        worst = f": SEQUENTIAL SCAN of {', '.join(through)}" if through else ", none reads a large table through"
        sys.stdout.write(f"plans, {page}: {len(queries)} queries, {total:.1f} ms of the server{worst}\n")
        for query in queries if whole else ():
            sys.stdout.write(f"    {query.milliseconds:7.2f} ms {' '.join(query.read_through)} {query.sql}\n")


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    main(whole=True)
