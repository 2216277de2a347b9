"""The one door to the time of day, so that tests and simulations can hold the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def now() -> datetime:
    """Return the aware current time, UTC."""
    return datetime.now(UTC)


def today_for(zone_name: str) -> date:
    """Return the calendar day where the person is; an unknown zone counts as UTC."""
    try:
        zone = ZoneInfo(zone_name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    return now().astimezone(zone).date()
