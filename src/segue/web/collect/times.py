"""When an event happened, by our clock: the sender's clock may be wrong, and says by how much."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

SKEW_AT_MOST = timedelta(days=30)
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # what is older is a library's zero, not a date
AHEAD_AT_MOST = timedelta(minutes=5)


def happened_at(
    happened: datetime | None, left: datetime | None, received_at: datetime, *, trusted: bool = False
) -> tuple[datetime, bool]:
    """Return when it happened, and whether we had to say "when it came" instead.

    The sender's clock dates both the event and the sending, so the age of the event is the difference of the
    two, whatever that clock says: `received_at - (left - happened)`. Where either is missing, where the
    clock is more than 30 days off, or where the result lies more than five minutes ahead, it is
    `received_at`. A `trusted` sender (an import of history) may leave `left` out: its dates stand.
    """
    if happened is None or (left is None and not trusted):
        return received_at, True
    try:
        at = happened if left is None else received_at - (left - happened)
        if at - received_at > AHEAD_AT_MOST or (left and abs(received_at - left) > SKEW_AT_MOST):
            return received_at, True
    except OverflowError:
        return received_at, True
    return min(at, received_at), False


def moment(said: Any) -> datetime | None:
    """Read a time as libraries write it: ISO 8601, or milliseconds since 1970; None for anything else."""
    try:
        if isinstance(said, str):
            read = datetime.fromisoformat(said)
            read = read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
            return read if read >= EARLIEST else None
        if isinstance(said, int | float) and not isinstance(said, bool):
            read = datetime.fromtimestamp(said / 1000, UTC)
            return read if read >= EARLIEST else None
    except (ValueError, OverflowError, OSError):
        pass
    return None
