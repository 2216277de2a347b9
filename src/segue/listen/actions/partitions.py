"""The ledger's weekly tables: made ahead of need, so that what is heard has a place to go."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import connection, transaction

from segue.listen.weeks import PARENT, REST, table_of, week_of

__all__ = ["PARENT", "REST", "WEEKS_AHEAD", "ensure_weeks", "table_of", "week_of", "weeks_with_a_table"]

WEEKS_AHEAD = 4
_LOCK = 7_301_994_021  # one maker at a time


def weeks_with_a_table() -> list[date]:
    """Return the weeks that are hot, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid"
            " WHERE inhparent = %s::regclass AND relname ~ %s",
            [PARENT, r"_\d{4}w\d{2}$"],
        )
        names = [str(name) for (name,) in cursor.fetchall()]
    return sorted(date.fromisocalendar(int(name[-7:-3]), int(name[-2:]), 1) for name in names)


def ensure_weeks(first: datetime, last: datetime) -> list[date]:
    """Make the tables of all weeks from `first` to `last` that have none; return the weeks made.

    Signals that lay among the rest because their week had no table move into it.
    """
    wanted = []
    week = week_of(first)
    while week <= week_of(last):
        wanted.append(week)
        week += timedelta(days=7)
    if not set(wanted) - set(weeks_with_a_table()):
        return []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        missing = sorted(set(wanted) - set(weeks_with_a_table()))
        for week in missing:
            _make(week)
    return missing


def _make(week: date) -> None:
    """Make a table, move its rows out of the rest, attach it: attaching refuses where the rest overlaps."""
    name, until = table_of(week), week + timedelta(days=7)
    bounds = [f"{week}T00:00:00Z", f"{until}T00:00:00Z"]
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {name} (LIKE {PARENT} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)")
        cursor.execute(
            f"WITH moved AS (DELETE FROM {REST} WHERE received_at >= %s AND received_at < %s RETURNING *)"  # noqa: S608 - our own names
            f" INSERT INTO {name} SELECT * FROM moved",
            bounds,
        )
        cursor.execute(f"ALTER TABLE {PARENT} ATTACH PARTITION {name} FOR VALUES FROM (%s) TO (%s)", bounds)
