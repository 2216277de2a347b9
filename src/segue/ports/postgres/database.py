"""Our database within the cluster, and the address by which it is reached."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from segue.ports.postgres.initialise import OWNER

DATABASE = "segue"
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gist")


def url_of(socket_dir: Path, database: str = DATABASE) -> str:
    return f"postgresql://{OWNER}@/{database}?host={quote(str(socket_dir), safe='')}"


def ensure_database(socket_dir: Path) -> str:
    """Make our database and its extensions where they are missing; returns its address.

    Raises psycopg.OperationalError when the server does not answer (yet).
    """
    with psycopg.connect(url_of(socket_dir, "postgres"), autocommit=True, connect_timeout=10) as connection:
        known = connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone()
        if known is None:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))
    with psycopg.connect(url_of(socket_dir), autocommit=True, connect_timeout=10) as connection:
        _ensure_extensions(connection)
    return url_of(socket_dir)


def _ensure_extensions(connection: psycopg.Connection) -> None:
    missing = connection.execute(
        "select name from pg_available_extensions where name = any(%s) and installed_version is null",
        [list(EXTENSIONS)],
    ).fetchall()
    for (name,) in missing:
        connection.execute(sql.SQL("create extension if not exists {}").format(sql.Identifier(name)))
