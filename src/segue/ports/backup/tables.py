"""Counting and hashing every table of a database, so that two of them can be held side by side."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import psycopg
from psycopg import sql

from segue.ports.backup.manifest import TableSum

LEFT_OUT = ("django_session",)  # a session is a key in somebody's hand; after a restore all sign in anew
_TABLES = """
SELECT table_of.oid, table_of.relname, (
    SELECT array_agg(quote_ident(attribute.attname)
                     || CASE WHEN attribute.attcollation <> 0 THEN ' COLLATE "C"' ELSE '' END
                     ORDER BY place.number)
    FROM pg_index AS key, unnest(key.indkey) WITH ORDINALITY AS place(attnum, number)
    JOIN pg_attribute AS attribute ON attribute.attnum = place.attnum
    WHERE key.indrelid = table_of.oid AND key.indisprimary AND attribute.attrelid = table_of.oid)
FROM pg_class AS table_of JOIN pg_namespace AS space ON space.oid = table_of.relnamespace
WHERE space.nspname = 'public' AND table_of.relkind IN ('r', 'p') AND NOT table_of.relispartition
ORDER BY table_of.relname
"""
# How values are written must not depend on whoever set up the server.
_FIXED = (
    "SET LOCAL datestyle = 'ISO, YMD'", "SET LOCAL timezone = 'UTC'", "SET LOCAL intervalstyle = 'postgres'",
    "SET LOCAL extra_float_digits = 1", "SET LOCAL bytea_output = 'hex'",
)  # fmt: skip


def table_sums(connection: psycopg.Connection[Any]) -> dict[str, TableSum]:
    """Return the rows and hash of every table, within the caller's transaction."""
    for setting in _FIXED:
        connection.execute(setting)
    found = connection.execute(_TABLES).fetchall()
    return {name: _sum(connection, name, key) for _, name, key in found if name not in LEFT_OUT}


def _sum(connection: psycopg.Connection[Any], name: str, key: list[str] | None) -> TableSum:
    order = (
        ", ".join(key) if key else 't::text COLLATE "C"'
    )  # servers sort words in many ways, and this in one
    query = sql.SQL("COPY (SELECT * FROM {} AS t ORDER BY {}) TO STDOUT").format(
        sql.Identifier(name),
        sql.SQL(order),  # names the server has quoted
    )
    digest, rows = hashlib.sha256(), 0
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        for piece in copy:
            digest.update(piece)
            rows += bytes(piece).count(b"\n")  # within a value a line's end is written as \n in two letters
    return TableSum(rows, digest.hexdigest())


def differences(said: dict[str, TableSum], found: dict[str, TableSum]) -> list[str]:
    """Return in words where two databases differ, table by table."""
    return list(_differences(said, found))


def _differences(said: dict[str, TableSum], found: dict[str, TableSum]) -> Iterable[str]:
    for name in sorted(said.keys() | found.keys()):
        before, after = said.get(name), found.get(name)
        if before is None or after is None:
            yield f"{name}: {'not in the backup' if before is None else 'missing'}"
        elif before.rows != after.rows:
            yield f"{name}: {before.rows} rows in the backup, {after.rows} here"
        elif before != after:
            yield f"{name}: {before.rows} rows, but their content differs"
