"""A database connection beside Django's, for what must not join the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection


@contextmanager
def own_connection() -> Iterator[psycopg.Connection[Any]]:
    """Open a connection to the same database, in UTC, where each statement stands for itself."""
    parameters = connection.get_connection_params()
    for name in ("cursor_factory", "context", "prepare_threshold"):
        parameters.pop(name, None)
    with psycopg.connect(**parameters, autocommit=True) as aside:
        aside.execute("SET TIME ZONE 'UTC'")
        yield aside
