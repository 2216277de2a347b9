"""The database server a backup is of: our database on it, and others beside it that we make and give up."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection as django_connection
from psycopg import sql
from psycopg.conninfo import make_conninfo

from segue.ports.backup.manifest import BackupRefused

_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = %s AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


def our_database() -> str:
    return str(django_connection.settings_dict["NAME"])


def address(database: str) -> str:
    """Return how libpq's programs find a database; the password goes by the environment, unseen by `ps`."""
    parts = django_connection.settings_dict
    if parts["PASSWORD"]:
        os.environ["PGPASSWORD"] = str(parts["PASSWORD"])
    given = {"user": parts["USER"], "host": parts["HOST"], "port": parts["PORT"]} | parts["OPTIONS"]
    return make_conninfo(dbname=database, **{name: value for name, value in given.items() if value})


def connect(database: str, *, autocommit: bool = False) -> psycopg.Connection[Any]:
    return psycopg.connect(address(database), autocommit=autocommit)


@contextmanager
def scratch_database(name: str) -> Iterator[str]:
    """Have an empty database beside ours, gone afterwards unless renamed. Raises BackupRefused."""
    with connect(our_database(), autocommit=True) as connection:
        try:
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege as denied:
            raise BackupRefused(
                "This database account may not create databases.",
                remedy="As a superuser: ALTER ROLE <account> CREATEDB. A restore is built beside ours.",
            ) from denied
    try:
        yield name
    finally:
        leave_databases()
        drop_database(name)


def drop_database(name: str) -> None:
    with connect("postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def swap(new: str, *, old_becomes: str) -> None:
    """Give the new database our name, and ours another, in one. Raises BackupRefused while in use."""
    ours = our_database()
    leave_databases()
    with connect("postgres") as connection:
        (others,) = connection.execute(_OTHERS, [ours]).fetchone() or (0,)
        if others:
            raise BackupRefused(
                f"{others} other connections use the database.",
                remedy="Stop `segue serve` and whatever else uses it, then repeat. Nothing was changed.",
            )
        for name, becomes in ((ours, old_becomes), (new, ours)):
            connection.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(name), sql.Identifier(becomes)
                )
            )


@contextmanager
def django_on(name: str) -> Iterator[None]:
    """Let Django work on another database of the same server."""
    parts = django_connection.settings_dict
    ours = parts["NAME"]
    leave_databases()
    parts["NAME"] = name
    try:
        yield
    finally:
        leave_databases()
        parts["NAME"] = ours


def leave_databases() -> None:
    django_connection.close()
