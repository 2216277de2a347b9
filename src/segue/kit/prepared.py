"""Statements planned once a connection.

Over a table of sixty weekly partitions planning takes ten times as long as reading. Django sends its queries
with their values written in, so each is planned anew; these go through a cursor of the driver's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection


def fetch(sql: str, values: Sequence[Any] | Mapping[str, Any], *, binary: bool = False) -> list[Any]:
    """Run a statement, prepared, on Django's connection and inside its transaction; returns the rows.

    JSON comes as text, unless `binary`, in which times come cheaper too. Raises Django's database errors.
    Tests that count queries see it.
    """
    connection.ensure_connection()
    if connection.queries_logged:
        connection.queries_log.append({"sql": f"{sql} -- {values}", "time": "0"})
    with connection.wrap_database_errors:
        raw = connection.connection
        raw.prepare_threshold = 5
        with psycopg.Cursor(raw) as cursor:
            cursor.execute(sql, values, prepare=True, binary=binary)
            return cursor.fetchall()
