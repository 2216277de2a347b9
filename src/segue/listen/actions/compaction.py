"""Closed weeks become Parquet: files are written first, then one transaction makes them count.

Until that transaction the week is hot and the files are nothing; after it the table is gone and the files are
on the list. Whoever is killed in between leaves files nobody knows, which the sweep finds a day later. While
files are written the week may still change (somebody is erased, withdraws, is recognised): what changed is
written again, and the last look is taken under the lock.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import psycopg
from django.conf import settings
from django.db import OperationalError, connection

from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Conflict
from segue.listen.actions.cold_parts import Fingerprint, Part, Spot, fingerprints, write_part
from segue.listen.actions.partitions import PARENT, table_of, week_of, weeks_with_a_table
from segue.listen.actions.subjects import draw_pseudonyms
from segue.listen.cold.aside import own_connection
from segue.listen.cold.schema import event_digest
from segue.listen.models import ColdFile, EventName

ROUNDS = 6  # of writing again what changed meanwhile
MANY = 5  # as many subjects carry an event's name before it may be read by anybody
LOCK_WAIT_MS = 1000  # writers queue behind us for no longer than this
_LOCK = 7_301_994_022  # one compaction at a time
_NAMES = """
SELECT event FROM {table} WHERE event <> '' AND purpose <> 'service' GROUP BY event
HAVING count(DISTINCT COALESCE(
  person_id::text, COALESCE(source_id, 0) || ':' || NULLIF(anonymous_id, ''))) >= %s
"""
_TOTAL = (
    "SELECT count(*), COALESCE(sum(xmin::text::bigint), 0)::bigint FROM {table} WHERE purpose <> 'service'"
)


class Changed(Exception):
    """The week changed while it was being written."""


@dataclass(frozen=True, slots=True)
class Compacted:
    """What became of a week."""

    week: date
    rows: int
    kept_hot: int
    files: int
    size_bytes: int


def due_weeks(before: date | None = None) -> list[date]:
    """Return the weeks that are to become cold, oldest first: closed, and older than SEGUE_HOT_WEEKS.

    With `before`, those that ended by that day, whatever the setting says.
    """
    this_week = week_of(clock.now())
    last = this_week - timedelta(weeks=settings.HOT_WEEKS)
    if before is not None:
        last = min(before, this_week)
    return [week for week in weeks_with_a_table() if week + timedelta(weeks=1) <= last]


def compact_week(week: date, *, by: Actor) -> Compacted:
    """Make one closed week cold; as everybody sees it that happens at one moment, or not at all.

    Memory is bounded by a row group, not by the week. Raises Conflict where another compaction is under way,
    or the week or the lock could not be had; nothing has changed then.
    """
    table = table_of(week)
    with _reader() as reader:
        draw_pseudonyms(reader.cursor(), table)
        names = [str(name) for (name,) in reader.execute(_NAMES.format(table=table).encode(), [MANY])]
        parts: dict[Spot, Part] = {}
        try:
            for _ in range(ROUNDS):
                _write_what_changed(reader, table, week, parts)
                try:
                    return swap_week(week, parts=parts, names=names, by=by)
                except Changed:
                    continue
            raise Conflict("The week keeps changing.", field="week", remedy="Try again later.")
        except BaseException:
            for part in parts.values():
                part.discard()
            raise


def _write_what_changed(
    reader: psycopg.Connection[Any], table: str, week: date, parts: dict[Spot, Part]
) -> None:
    present = fingerprints(reader, table)
    for spot in [*parts, *present]:
        if spot in parts and parts[spot].fingerprint != present.get(spot):
            parts.pop(spot).discard()
        if spot in present and spot not in parts:
            parts[spot] = write_part(reader, table, week, spot)


@action("listen.compact_week")
def swap_week(week: date, *, parts: dict[Spot, Part], names: list[str], by: Actor) -> Compacted:
    """Put the files on the list and take the table away. Raises Changed where they differ by now."""
    table = table_of(week)
    with connection.cursor() as cursor:
        _lock_ledger(cursor)
        cursor.execute(_TOTAL.format(table=table))
        if cursor.fetchone() != _sum_of(part.fingerprint for part in parts.values()):
            raise Changed
        files = [file for part in parts.values() for file in part.files]
        ColdFile.objects.bulk_create(files)
        EventName.objects.bulk_create(
            [EventName(digest=event_digest(name) or 0, name=name) for name in names], ignore_conflicts=True
        )
        cursor.execute(f"ALTER TABLE {PARENT} DETACH PARTITION {table}")
        # Without its table the week's signals that must stay hot fall among the rest.
        cursor.execute(f"INSERT INTO {PARENT} SELECT * FROM {table} WHERE purpose = 'service'")  # noqa: S608 - ours
        kept_hot = cursor.rowcount
        cursor.execute(f"DROP TABLE {table}")
    rows = sum(part.fingerprint[0] for part in parts.values())
    return Compacted(week, rows, kept_hot, len(files), sum(file.size_bytes for file in files))


def _sum_of(many: Iterator[Fingerprint]) -> Fingerprint:
    pairs = list(many)
    return sum(count for count, _ in pairs), sum(total for _, total in pairs)


def _lock_ledger(cursor: Any) -> None:
    """Take the ledger for a moment. Raises Conflict rather than keep its writers waiting."""
    cursor.execute(f"SET LOCAL lock_timeout = {LOCK_WAIT_MS}")
    try:
        cursor.execute(f"LOCK TABLE {PARENT} IN ACCESS EXCLUSIVE MODE")
    except OperationalError as busy:
        raise Conflict("The ledger is being read.", field="week", remedy="Try again later.") from busy
    cursor.execute("SET LOCAL lock_timeout = 0")


@contextmanager
def _reader() -> Iterator[psycopg.Connection[Any]]:
    """A connection of its own, so that reading neither joins nor prolongs the caller's transaction."""
    with own_connection() as reader:
        reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        (ours,) = reader.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK]).fetchone() or (False,)
        if not ours:
            raise Conflict("Another compaction is under way.", field="week", remedy="Try again later.")
        try:
            yield reader
        finally:  # the server would let go too, but only when it notices that we have left
            with suppress(psycopg.OperationalError):
                reader.rollback()
                reader.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def compact_due(*, before: date | None = None, at_most: int | None = None, by: Actor) -> list[Compacted]:
    """Make the weeks that are due cold, oldest first; return what became of them."""
    return [compact_week(week, by=by) for week in due_weeks(before)[:at_most]]
