"""Queries of one shape that the hot pages ask over and over: put into SQL once a connection, then only given other values.

To build a query and compile it takes Django several times as long as the database takes to answer, and PostgreSQL plans
it as long again. A ``Prepared`` does both once. What it is built of are the querysets with names that everything else
uses, with a ``Slot`` where a value is to come::

    _by_slug = Prepared(lambda: Article.objects.with_address(NOW).filter(slug=Slot("slug", models.SlugField()))[:1])
    rows = _by_slug(slug="a-quiet-year")

Its rows are those that the queryset gives: objects of a model, with those that ``select_related`` reads along, or tuples.
On PostgreSQL the server keeps the statement (unless ``DATABASE_PREPARED_STATEMENTS`` is off), and what is not a slot
stands in the text, so that indexes of a part of a table still serve.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from enum import Enum
from functools import cache
from threading import local
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import Expression
from django.db.models.base import ModelState
from django.db.models.query import ModelIterable, ValuesListIterable
from django.utils import timezone

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import Field, QuerySet
    from django.db.models.sql.compiler import SQLCompiler

# So many statements are kept a connection, which is more than there are: shapes are few.
MOST = 300
_KEPT = "articles_prepared"
# Of so many pages a connection remembers what they asked.
MOST_PAGES = 1000
_PAGES = "articles_pages"
# The page that this thread asks for, as connections are a thread's own.
_asking = local()
_PLACE = re.compile("%[s%]")


class Slot(Expression):
    """The place of a value that is given each time the query is asked, under this name."""

    def __init__(self, name: str, output_field: Field) -> None:
        super().__init__(output_field=output_field)
        self.name = name
        self._is_number = isinstance(output_field, models.IntegerField)

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        return "%s", [self]

    def filled(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        """The value as the database takes it; bytes are so already."""
        if (self._is_number and type(value) is int) or type(value) is bytes:
            return value
        return self.output_field.get_db_prep_value(value, connection)


class Keys(Slot):
    """The place of any number of whole numbers, for ``filter(pk__among=Keys("keys"))``."""

    def __init__(self, name: str) -> None:
        super().__init__(name, models.BigIntegerField())

    def filled(self, value: Iterable[int], connection: BaseDatabaseWrapper) -> str:
        if connection.vendor == "postgresql":
            return f"{{{','.join(map(str, value))}}}"
        return json.dumps(list(value))


# The moment at which the query is asked, if none is given.
NOW = Slot("now", models.DateTimeField())


class Prepared:
    """Calling it asks the query; ``values`` fill its slots by their names.

    ``build`` makes the queryset, of a ``shape`` if it has any: what is no value, like the number of rows to skip.
    """

    def __init__(self, build: Callable[..., QuerySet[Any]]) -> None:
        self._build = build

    def __call__(self, *shape: Any, **values: Any) -> list[Any]:
        return together(self.of(*shape, **values))[0]

    def of(self, *shape: Any, **values: Any) -> Question:
        """The query with its values, for ``together``."""
        page: _Page | None = getattr(_asking, "page", None)
        if page is None:
            connection = connections[DEFAULT_DB_ALIAS]
        else:
            connection = page.connection
            values.setdefault(NOW.name, page.now)
        kept: dict[tuple[Any, ...], _Statement] = connection.__dict__.setdefault(_KEPT, {})
        statement = kept.get((self, *shape))
        if statement is None:
            if len(kept) >= MOST:
                kept.clear()
            statement = kept[self, *shape] = _Statement(self._build(*shape), connection)
        return Question(statement, statement.parameters(values))


# A statement, and its values in the order of the SQL.
_Asked: TypeAlias = "tuple[_Statement, tuple[Any, ...]]"


class Question(NamedTuple):
    """A query that is still to be asked."""

    statement: _Statement
    parameters: list[Any]


Result = TypeVar("Result")
# What asks and goes on with the rows: a generator that yields a question, or several as a list, for ``in_step``.
Asking = Generator[Question | list[Question], Any, Result]


def together(*questions: Question) -> list[list[Any]]:
    """The rows that answer each, asked of PostgreSQL all at once, and elsewhere one after the other."""
    page: _Page | None = getattr(_asking, "page", None)
    if page is not None:
        answers = page.answers_to(questions)
    elif is_straight(connection := connections[DEFAULT_DB_ALIAS]):
        answers = _pipeline().ask(connection, [(asked.statement.sql, asked.parameters) for asked in questions])
    else:
        answers = [_answer(connection, *asked) for asked in questions]
    return [asked.statement.made_of(answer) for asked, answer in zip(questions, answers, strict=True)]


def given(result: Result) -> Asking[Result]:
    """Asks nothing."""
    yield from ()
    return result


def in_step(*askings: Asking[Any]) -> list[Any]:
    """What the generators return. Each yields what it asks, and is sent the rows (of several questions, a list for each);
    what several generators ask is asked together.
    """
    results: list[Any] = [None] * len(askings)
    answers: list[tuple[int, Any]] = [(place, None) for place in range(len(askings))]
    while answers:
        waiting: list[tuple[int, Question | list[Question]]] = []
        questions: list[Question] = []
        for place, answer in answers:
            try:
                asked = askings[place].send(answer)
            except StopIteration as finished:
                results[place] = finished.value
                continue
            waiting.append((place, asked))
            questions += asked if isinstance(asked, list) else [asked]
        rows = iter(together(*questions) if questions else ())
        answers = [
            (place, [next(rows) for _question in asked] if isinstance(asked, list) else next(rows))
            for place, asked in waiting
        ]
    return results


def is_straight(connection: BaseDatabaseWrapper) -> bool:
    """Whether several questions can be asked at once."""
    return connection.vendor == "postgresql" and _pipeline().is_open(connection)


@contextmanager
def as_last_time(page: str) -> Iterator[None]:
    """What a page asks within is remembered by its name. The next time it is all asked along with the first question, and
    what is the same is answered by that: a page that has not changed waits for PostgreSQL once. All is of one moment.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if not is_straight(connection) or getattr(_asking, "page", None) is not None:
        yield
        return
    _asking.page = asking = _Page(connection, page)
    try:
        yield
    finally:
        _asking.page = None
    asking.remember()


class _Page:
    """What one page asks, and what it asked the last time."""

    def __init__(self, connection: BaseDatabaseWrapper, name: str) -> None:
        self.now = str(timezone.now()).encode()  # as PostgreSQL reads it: so it stands in all that is asked
        self.connection, self._name = connection, name
        self._pages: dict[str, Iterable[_Asked]] = connection.__dict__.setdefault(_PAGES, {})
        last_time = self._pages.pop(name, ())
        self._expected = [(statement, statement.at(self.now, values)) for statement, values in last_time]
        self._answers: dict[_Asked, list[tuple[Any, ...]]] = {}
        self._used: dict[_Asked, None] = {}

    def answers_to(self, questions: Iterable[Question]) -> list[list[tuple[Any, ...]]]:
        wanted = [(asked.statement, tuple(asked.parameters)) for asked in questions]
        if any(asked not in self._answers for asked in wanted):
            new = [asked for asked in dict.fromkeys([*wanted, *self._expected]) if asked not in self._answers]
            self._expected = []
            rows = _pipeline().ask(self.connection, [(statement.sql, values) for statement, values in new])
            self._answers.update(zip(new, rows, strict=True))
        self._used.update(dict.fromkeys(wanted))
        return [self._answers[asked] for asked in wanted]

    def remember(self) -> None:
        """Of the pages that were asked for last."""
        while len(self._pages) >= MOST_PAGES:
            del self._pages[next(iter(self._pages))]
        self._pages[self._name] = list(self._used)


@cache
def _pipeline() -> ModuleType:
    """Loaded with the driver, where that is needed."""
    from articles import pipeline

    return pipeline


def _answer(connection: BaseDatabaseWrapper, statement: _Statement, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with _cursor(connection) as cursor:
        cursor.execute(statement.sql, parameters)
        return cursor.fetchall()


class _Statement:
    """A query in the SQL of one connection, and how rows are made of the answer."""

    def __init__(self, rows: QuerySet[Any], connection: BaseDatabaseWrapper) -> None:
        assert not rows._prefetch_related_lookups, "what is read along in further queries is asked for by itself"
        self._connection = connection
        self._compiler = compiler = rows.query.get_compiler(using=connection.alias)
        sql, parameters = compiler.as_sql()
        assert not compiler.has_extra_select, "columns that are read only to sort by"
        self.sql, self._slots = (_with_literals if connection.vendor == "postgresql" else _as_it_is)(sql, parameters)
        self._moments = [slot == NOW for slot in self._slots]
        self._asks_when = any(self._moments)
        self._converters = compiler.get_converters([column for column, *_ in compiler.select])
        self._make: Callable[[Iterable[Any]], list[Any]] = list
        if rows._iterable_class is ModelIterable:
            make = _maker(compiler.klass_info, compiler.select, connection.alias)
            added = list(compiler.annotation_col_map.items())
            self._make = lambda answer: list(_models(answer, make, added))
        elif rows._iterable_class is not ValuesListIterable:
            raise TypeError("A prepared query gives objects or tuples.")

    def parameters(self, values: dict[str, Any]) -> list[Any]:
        """The values in the order of the SQL, as the database takes them."""
        if self._asks_when and NOW.name not in values:
            values[NOW.name] = timezone.now()
        return [
            slot.filled(values[slot.name], self._connection) if isinstance(slot, Slot) else slot for slot in self._slots
        ]

    def at(self, now: bytes, parameters: Iterable[Any]) -> tuple[Any, ...]:
        """The parameters of another moment, of this one."""
        if not self._asks_when:
            return tuple(parameters)
        return tuple(now if is_now else value for is_now, value in zip(self._moments, parameters, strict=True))

    def made_of(self, answer: Iterable[Any]) -> list[Any]:
        """The rows that the queryset gives, of what the database answered."""
        if self._converters:
            answer = self._compiler.apply_converters(answer, self._converters)
        return self._make(answer)


# Objects of one answer that several rows lead to, by the place of their columns and their key.
_Seen: TypeAlias = "dict[tuple[int, Any], Any]"


def _models(answer: Iterable[Any], make: Callable[[Any, _Seen], Any], added: list[tuple[str, int]]) -> Iterator[Any]:
    seen: _Seen = {}
    for row in answer:
        made = make(row, seen)
        for name, place in added:
            made.__dict__[name] = row[place]
        yield made


def _maker(info: dict[str, Any], select: list[Any], alias: str) -> Callable[[Any, _Seen], Any]:
    """What makes an object of a row, with the objects that were read along, as ``from_db`` does but without signals, and so
    that rows which lead to the same object have it in common.

    ``info`` is what Django's compiler says of where the columns of each model stand.
    """
    model, places = info["model"], info["select_fields"]
    first, end = places[0], places[-1] + 1
    names = [select[place][0].target.attname for place in places]
    along = [
        (_key_of(inner, select), _maker(inner, select, alias), inner["local_setter"], inner["remote_setter"])
        for inner in info.get("related_klass_infos", ())
    ]

    def make(row: Any, seen: _Seen) -> Any:
        made = model.__new__(model)
        made._state = state = ModelState()
        state.adding, state.db = False, alias
        made.__dict__.update(zip(names, row[first:end], strict=True))
        for place, make_related, set_here, set_there in along:
            key = row[place]
            if key is None:
                set_here(made, None)
                continue
            related = seen.get((place, key))
            if related is None:
                related = seen[place, key] = make_related(row, seen)
            set_here(made, related)
            set_there(related, made)
        return made

    return make


def _key_of(info: dict[str, Any], select: list[Any]) -> int:
    """Where the primary key stands among the columns."""
    is_key = (select[place][0].target is info["model"]._meta.pk for place in info["select_fields"])
    return next(place for place, is_it in zip(info["select_fields"], is_key, strict=True) if is_it)


def _as_it_is(sql: str, parameters: Iterable[Any]) -> tuple[str, list[Any]]:
    return sql, list(parameters)


def _with_literals(sql: str, parameters: Iterable[Any]) -> tuple[str, list[Any]]:
    """The statement with all values in its text but those of slots, and the slots."""
    from psycopg.sql import Literal

    slots: list[Any] = []
    each = iter(parameters)

    def written(place: re.Match[str]) -> str:
        if place.group() == "%%":
            return "%%"
        value = next(each)
        if isinstance(value, Slot):
            slots.append(value)
            return "%s"
        return Literal(value.value if isinstance(value, Enum) else value).as_string(None).replace("%", "%%")

    return _PLACE.sub(written, sql), slots


def _cursor(connection: BaseDatabaseWrapper) -> Any:
    """A cursor whose statements PostgreSQL may keep; Django's own puts the values into the text."""
    if connection.vendor != "postgresql":
        return connection.cursor()
    from django.db.backends.postgresql.base import ServerBindingCursor

    connection.close_if_health_check_failed()
    connection.ensure_connection()
    return connection._prepare_cursor(ServerBindingCursor(connection.connection))
