"""What can go wrong with the database server, always with what to do about it."""

from __future__ import annotations

from segue.kit.errors import SegueError


class PostgresUnavailable(SegueError):
    """No database can be had; the remedy says what the operator can do."""

    code = "database_unavailable"
    http_status = 503

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message, field="database", remedy=remedy)
