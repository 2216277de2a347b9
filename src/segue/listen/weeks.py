"""The ledger's weeks and what their tables are called."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

PARENT = "listen_signal"
REST = "listen_signal_rest"  # takes what has no week's table: signals kept after their week was compacted


def week_of(at: datetime) -> date:
    """Return the Monday (UTC) of the week an instant lies in."""
    day = at.astimezone(UTC).date()
    return day - timedelta(days=day.weekday())


def table_of(week: date) -> str:
    """Return the name of a week's table: listen_signal_2026w47."""
    year, number, _ = week.isocalendar()
    return f"{PARENT}_{year}w{number:02}"
