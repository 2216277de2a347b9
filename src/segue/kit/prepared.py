"""Statements compiled once a process and planned once a connection.

Over a table of sixty weekly partitions planning takes ten times as long as reading. Django sends its queries
with their values written in, so each is planned anew; and it puts its SQL together anew each time, which for
a join of four tables takes longer than the database does. These go through a cursor of the driver's own.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any, Generic, TypeVar

import psycopg
from django.db import connection
from django.db.models import AutoField, Field, Model, QuerySet
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=Model)
_PLACES: Mapping[type, Callable[[], Any]] = {
    uuid.UUID: uuid.uuid4,
    datetime: lambda: datetime(1, 1, 1, microsecond=uuid.uuid4().int % 1_000_000, tzinfo=UTC),
}


def fetch(sql: str, values: Sequence[Any] | Mapping[str, Any], *, binary: bool = False) -> list[Any]:
    """Run a statement, prepared, on Django's connection and inside its transaction; returns the rows.

    JSON comes as text, unless `binary`, in which times come cheaper too. Raises Django's database errors.
    Tests that count queries see it.
    """
    with _cursor(sql, values) as cursor:
        cursor.execute(sql, values, prepare=True, binary=binary)
        return cursor.fetchall()


@contextmanager
def _cursor(sql: str, values: object) -> Iterator[psycopg.Cursor[Any]]:
    connection.ensure_connection()
    if connection.queries_logged:
        connection.queries_log.append({"sql": f"{sql} -- {values}", "time": "0"})
    with connection.wrap_database_errors:
        raw = connection.connection
        raw.prepare_threshold = 5
        with psycopg.Cursor(raw) as cursor:
            yield cursor


class Reading(Generic[M]):
    """A queryset put together once: `rows` takes the named places, each a UUID or a datetime, and says what
    to read; `read` fills them in.

    Everything else the queryset depends on must stay as it was when it was first read.
    """

    def __init__(self, rows: Callable[..., QuerySet[M]], **places: type) -> None:
        self._rows, self._places = rows, places
        self._made: _Compiled[M] | None = None

    def read(self, **values: Any) -> list[M]:
        """Return the rows as `list(queryset)` would. Raises Django's database errors."""
        made = self._made
        if made is None:
            stands_for = {name: _PLACES[kind]() for name, kind in self._places.items()}
            made = self._made = _Compiled(self._rows(**stands_for), stands_for)
        return made.read(values)


class _Compiled(Generic[M]):
    def __init__(self, rows: QuerySet[M], stands_for: Mapping[str, Any]) -> None:
        compiler = rows.query.get_compiler(connection.alias)
        self._sql, params = compiler.as_sql()
        name_of = {value: name for name, value in stands_for.items()}
        self._params = [(name_of.get(one) if _may_stand(one) else None, one) for one in params]
        self._compiler = compiler
        self._converters = compiler.get_converters([one[0] for one in compiler.select])
        told: Any = compiler.klass_info
        columns = told["select_fields"]
        self._model: type[M] = told["model"]
        self._first, self._behind = columns[0], columns[-1] + 1
        self._names = [one[0].target.attname for one in compiler.select[self._first : self._behind]]
        populators: Any = get_related_populators  # django-stubs knows a later Django's arguments
        self._related = populators(told, compiler.select, connection.alias)

    def read(self, values: Mapping[str, Any]) -> list[M]:
        params = [values[name] if name else one for name, one in self._params]
        rows: Any = fetch(self._sql, params)
        if self._converters:
            rows = self._compiler.apply_converters(rows, self._converters)
        return [self._row(row) for row in rows]

    def _row(self, row: Sequence[Any]) -> M:
        made = self._model.from_db(connection.alias, self._names, row[self._first : self._behind])
        for related in self._related:
            related.populate(row, made)
        for name, place in (self._compiler.annotation_col_map or {}).items():
            setattr(made, name, row[place])
        return made


def _may_stand(value: object) -> bool:
    return isinstance(value, uuid.UUID | datetime)


def insert(rows: Sequence[Model], *, on_conflict: str = "") -> None:
    """Write new rows of one model; a key that the database gives is put into them.

    `on_conflict`: what comes after ON CONFLICT, in SQL. Raises Django's database errors.
    """
    if not rows:
        return
    sql, fields = _insertion(type(rows[0]), on_conflict)
    values = [
        [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
        for row in rows
    ]
    with _cursor(sql, f"{len(rows)} rows") as cursor:
        if len(rows) == 1:
            cursor.execute(sql, values[0], prepare=True)
            keys = cursor.fetchall()
        else:
            cursor.executemany(sql, values, returning=True)
            keys = [key for result in cursor.results() for key in result.fetchall()]
    for row, (key,) in zip(rows, keys, strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, connection.alias


@cache
def _insertion(model: type[Model], on_conflict: str) -> tuple[str, list[Field[Any, Any]]]:
    meta = model._meta
    fields = [field for field in meta.concrete_fields if not isinstance(field, AutoField)]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join(["%s"] * len(fields))
    behind = f" ON CONFLICT {on_conflict}" if on_conflict else ""
    key = meta.pk.column if meta.pk is not None else "id"
    sql = f'INSERT INTO "{meta.db_table}" ({columns}) VALUES ({places}){behind} RETURNING "{key}"'  # noqa: S608 - names of our own models only
    return sql, fields
