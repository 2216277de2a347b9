"""The one door to the time of day, so that tests and simulations can hold the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def now() -> datetime:
    """Return the aware current time, UTC."""
    return datetime.now(UTC)


def today_for(zone_name: str) -> date:
    """Return the calendar day where the person is; an unknown zone counts as UTC."""
    return now().astimezone(_zone(zone_name)).date()


def midnight_for(zone_name: str, day: date) -> datetime:
    """Return when a calendar day begins where the person is, in UTC; an unknown zone counts as UTC."""
    return datetime.combine(day, time.min, tzinfo=_zone(zone_name)).astimezone(UTC)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
