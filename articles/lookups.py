"""``among``: what ``in`` does, for the hundreds of values that a batch of an import asks for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db.models import Field, ForeignKey, Lookup

from articles.prepared import Keys

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler


# The character that separates units of text: no name or key has it.
_BETWEEN = "\x1f"


@ForeignKey.register_lookup
@Field.register_lookup
class Among(Lookup):
    """``filter(key__among=[…])``: one parameter, whatever the number of values (plain text, or whole numbers).

    ``in`` prepares each of its values by itself, and makes another statement for each number of them.
    """

    lookup_name = "among"

    def get_prep_lookup(self) -> Any:
        return self.rhs if isinstance(self.rhs, Keys) else list(self.rhs)

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        column, parameters = self.process_lhs(compiler, connection)
        values = self.rhs if isinstance(self.rhs, Keys) else json.dumps(self.rhs)
        return f"{column} IN (SELECT value FROM json_each(%s))", [*parameters, values]  # noqa: S608 - a column's name

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        column, parameters = self.process_lhs(compiler, connection)
        array, values = _as_array(self.rhs)
        return f"{column} = ANY({array})", [*parameters, *values]


def _as_array(values: Any) -> tuple[str, list[Any]]:
    """An array as SQL with its parameters. As one text it is sent in a tenth of the time that psycopg takes over a list."""
    if isinstance(values, Keys):
        return "%s::bigint[]", [values]
    if values and all(isinstance(value, str) for value in values):
        joined = _BETWEEN.join(values)
        if all(values) and joined.count(_BETWEEN) == len(values) - 1:
            return "string_to_array(%s, %s)", [joined, _BETWEEN]
    elif values and all(type(value) is int for value in values):
        return "%s::bigint[]", ["{" + ",".join(map(str, values)) + "}"]
    return "%s", [values]
