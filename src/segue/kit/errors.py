"""Errors a person can act on: each names the field and the remedy."""

from __future__ import annotations


class SegueError(Exception):
    """Something refused, with the field at fault and what to do about it."""

    code = "refused"
    http_status = 400

    def __init__(self, message: str, *, field: str = "", remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.remedy = remedy

    def as_dict(self) -> dict[str, str]:
        return {"code": self.code, "message": self.message, "field": self.field, "remedy": self.remedy}

    def __str__(self) -> str:
        parts = [f"{self.field}: {self.message}" if self.field else self.message]
        if self.remedy:
            parts.append(self.remedy)
        return " ".join(parts)


class Invalid(SegueError):
    """The input is not of the right form or range."""

    code = "invalid"
    http_status = 422


class NotAllowed(SegueError):
    """The actor may not do or see this."""

    code = "not_allowed"
    http_status = 403


class NotFound(SegueError):
    """No such row, or none that this actor may know of."""

    code = "not_found"
    http_status = 404


class Conflict(SegueError):
    """The row has moved on since the actor looked."""

    code = "conflict"
    http_status = 409


class TooMany(SegueError):
    """A rate limit was met; `retry_after_s` says when to come back."""

    code = "too_many"
    http_status = 429

    def __init__(self, message: str, *, retry_after_s: int, field: str = "", remedy: str = "") -> None:
        super().__init__(message, field=field, remedy=remedy)
        self.retry_after_s = retry_after_s
