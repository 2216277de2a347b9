"""Rows by the thousand: PostgreSQL COPY with the models' own field rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db import connection
from django.db.models import AutoField, Model

M = TypeVar("M", bound=Model)


def copy_rows(model: type[M], rows: Sequence[M]) -> None:
    """Insert rows in one COPY; rows without a serial key get theirs first, so they can be referred to.

    No conflict is forgiven and no signal is sent; use it inside an action.
    """
    if not rows:
        return
    meta = model._meta
    if isinstance(meta.pk, AutoField):
        _number(model, rows)
    fields = [field for field in meta.concrete_fields if not getattr(field, "generated", False)]
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    order = f"COPY {connection.ops.quote_name(meta.db_table)} ({names}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(order) as copy:
        for row in rows:
            copy.write_row([_value(field, row) for field in fields])
    for row in rows:
        row._state.adding = False


def _value(field: Any, row: Model) -> Any:
    return field.get_db_prep_save(getattr(row, field.attname), connection=connection)


def _number(model: type[M], rows: Sequence[M]) -> None:
    """Draw serial keys for the rows that have none."""
    waiting = [row for row in rows if row.pk is None]
    if not waiting:
        return
    pk = model._meta.pk
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, pk.column if pk else "id", len(waiting)],
        )
        for row, (key,) in zip(waiting, cursor.fetchall(), strict=True):
            row.pk = key
