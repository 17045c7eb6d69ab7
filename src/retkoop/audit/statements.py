"""Statements that are compiled once and executed ever after (docs/decisions/0007).

A save asks some twenty small questions of the database. Django answers each in the time of an execution plus ten times
as much to build its SQL anew; here that is done on first use. Nothing else changes: the queries are written with the
ORM, values go as parameters, the read-only guard and the counters of tests see every statement.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, update_wrapper
from inspect import signature
from operator import attrgetter, itemgetter
from typing import Any, Final, Generic, ParamSpec
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, QuerySet
from django.db.models.sql.compiler import SQLCompiler

P = ParamSpec("P")
Row = tuple[Any, ...]
_AT_ONCE: Final = 100
"""Rows of one INSERT that tells their keys."""


class Place(Expression):
    """Where an argument goes in a compiled query; a tuple takes as many places as it has items."""

    def __init__(self, argument: int, items: int | None) -> None:
        super().__init__()
        self.argument = argument
        self.items = items

    def as_sql(self, *_: object) -> tuple[str, list[Any]]:  # type: ignore[override]  # the stubs know no params but texts and numbers
        if self.items is None:
            return "%s", [itemgetter(self.argument)]
        return ", ".join(["%s"] * self.items), [_item_getter(self.argument, item) for item in range(self.items)]


def _item_getter(argument: int, item: int) -> Callable[[Sequence[Any]], Any]:
    return lambda arguments: arguments[argument][item]


def _plain(value: Any) -> Any:  # noqa: ANN401 -- idem
    """Return a value as the database's driver takes it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    if isinstance(value, UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value


@dataclass(frozen=True, slots=True)
class _Select:
    sql: str
    params: tuple[Any, ...]
    converters: Any
    compiler: SQLCompiler

    def rows(self, database: BaseDatabaseWrapper, arguments: Sequence[Any]) -> list[Row]:
        params = [_plain(param(arguments)) if callable(param) else param for param in self.params]
        with database.cursor() as cursor:
            cursor.execute(self.sql, params)
            rows = cursor.fetchall()
        return list(map(tuple, self.compiler.apply_converters(rows, self.converters))) if self.converters else rows


class prepared(Generic[P]):  # noqa: N801 -- a decorator
    """Make a function that returns a `values_list` into one that returns its rows.

    The function is called once with a Place for each argument (once a length, where an argument is a tuple for `__in`), so
    it may only hand its arguments on to the ORM.
    """

    def __init__(self, build: Callable[P, QuerySet[Any, Any]]) -> None:
        self._build = build
        self._arity = len(signature(build).parameters)
        self._compiled: dict[tuple[object, ...], _Select] = {}
        update_wrapper(self, build)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> list[Row]:
        if kwargs or len(args) != self._arity:
            raise TypeError("a prepared query takes all its arguments by position")
        database = connections[DEFAULT_DB_ALIAS]
        key = (database.vendor, *(len(arg) if isinstance(arg, tuple) else None for arg in args))
        select = self._compiled.get(key)
        if select is None:
            select = self._compiled[key] = self._compile(args)
        return select.rows(database, args)

    def _compile(self, args: Sequence[object]) -> _Select:
        places = [Place(number, len(arg) if isinstance(arg, tuple) else None) for number, arg in enumerate(args)]
        build: Callable[..., QuerySet[Any, Any]] = self._build
        compiler = build(*places).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        converters = compiler.get_converters([column[0] for column in compiler.select])
        return _Select(sql, tuple(params), converters, compiler)


class Insert:
    """An INSERT of rows of a model; with `conflict`, those that are there already take the columns of `updates`."""

    def __init__(self, model: type[models.Model], *, conflict: Sequence[str] = (), updates: Sequence[str] = ()) -> None:
        self._meta = model._meta
        self._columns = _Columns([field for field in model._meta.concrete_fields if not field.primary_key])
        self._conflict, self._updates = conflict, updates

    def many(self, rows: Iterable[models.Model]) -> None:
        """Write rows; their keys stay unknown."""
        values = [self._columns.values(row) for row in rows]
        if values:
            with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
                cursor.executemany(self._sql, values)

    def each(self, rows: Sequence[models.Model]) -> None:
        """Write rows and tell each its key."""
        for start in range(0, len(rows), _AT_ONCE):
            chunk = rows[start : start + _AT_ONCE]
            values = [value for row in chunk for value in self._columns.values(row)]
            with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
                cursor.execute(self._returning(len(chunk)), values)
                keys = cursor.fetchall()
            for row, (key,) in zip(chunk, keys, strict=True):
                row.pk = key
                row._state.adding = False  # noqa: SLF001 -- as Django’s own save does

    def one(self, row: models.Model) -> None:
        """Write a row and tell it its key."""
        self.each([row])

    def _returning(self, rows: int) -> str:
        return f"{self._sql}{f', {self._columns.places}' * (rows - 1)} RETURNING {_quoted(self._meta.pk.attname)}"

    @cached_property
    def _sql(self) -> str:
        sql = f"INSERT INTO {_quoted(self._meta.db_table)} ({_names(self._columns.names)}) VALUES {self._columns.places}"  # noqa: S608 -- our own models' names
        if not self._conflict:
            return sql
        changes = ", ".join(f"{name} = excluded.{name}" for name in map(_quoted, self._updates))
        return f"{sql} ON CONFLICT ({_names(self._conflict)}) DO UPDATE SET {changes}"


class Update:
    """An UPDATE of some columns of one row; of all of them where none is named."""

    def __init__(self, model: type[models.Model], names: Collection[str] = ()) -> None:
        self._meta = model._meta
        fields = [field for field in model._meta.concrete_fields if not field.primary_key and (not names or field.name in names)]
        self._columns = _Columns(fields)

    def one(self, row: models.Model) -> None:
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(self._sql, [*self._columns.values(row), row.pk])

    @cached_property
    def _sql(self) -> str:
        changes = ", ".join(f"{_quoted(name)} = %s" for name in self._columns.names)
        table, key = _quoted(self._meta.db_table), _quoted(self._meta.pk.attname)
        return f"UPDATE {table} SET {changes} WHERE {key} = %s"  # noqa: S608 -- our own models' names


class Delete:
    """A DELETE of rows that nothing but the database's own constraints depends on, by what their `column` holds."""

    def __init__(self, model: type[models.Model], column: str = "id") -> None:
        self._meta = model._meta
        self._column = column

    def many(self, values: Iterable[int]) -> None:
        places = [[value] for value in values]
        if places:
            with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
                cursor.executemany(self._sql, places)

    @cached_property
    def _sql(self) -> str:
        return f"DELETE FROM {_quoted(self._meta.db_table)} WHERE {_quoted(self._column)} = %s"  # noqa: S608 -- our own models' names


class _Columns:
    """Columns to write, and how their values go to the driver: texts, numbers and truth values as they are."""

    _AS_THEY_ARE: Final = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.ForeignKey)

    def __init__(self, fields: Sequence[models.Field[Any, Any]]) -> None:
        self.names = [field.attname for field in fields]
        self.places = f"({', '.join(['%s'] * len(fields))})"
        self._read = attrgetter(*self.names)
        self._others = [(place, field) for place, field in enumerate(fields) if not isinstance(field, self._AS_THEY_ARE)]

    def values(self, row: models.Model) -> list[Any]:
        read = self._read(row)
        values = list(read) if len(self.names) > 1 else [read]
        for place, field in self._others:
            values[place] = field.get_db_prep_save(values[place], connection)
        return values


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _names(names: Iterable[str]) -> str:
    return ", ".join(map(_quoted, names))
