"""DuckDB as we use it: in memory, in UTC, and never fetching extensions from anywhere."""

from __future__ import annotations

import duckdb


def connect() -> duckdb.DuckDBPyConnection:
    """Return a connection that tells times in UTC and stays on this machine."""
    connection = duckdb.connect(config={"autoinstall_known_extensions": "false"})
    connection.execute("SET TimeZone = 'UTC'")
    return connection
