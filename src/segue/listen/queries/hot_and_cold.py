"""How much of the ledger lies where: the hot weeks' tables, and the cold files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count, Sum

from segue.kit.actor import Actor
from segue.listen.models import ColdFile
from segue.listen.queries.tally import readers_only

PARENT, REST = "listen_signal", "listen_signal_rest"


@dataclass(frozen=True, slots=True)
class HotWeek:
    """A week's table. The number of rows is the database's estimate: counting them would read them."""

    week: date | None  # None: what has no week's table
    rows: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class ColdWeek:
    """A week's files. `events` are counted, the sealed files beside them hold no more events."""

    week: date
    files: int
    events: int
    size_bytes: int


def hot_weeks(actor: Actor) -> list[HotWeek]:
    """Return the hot weeks, the latest first. Raises NotAllowed."""
    readers_only(actor)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, GREATEST(reltuples, 0)::bigint, pg_total_relation_size(pg_class.oid)"
            " FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = %s::regclass"
            " ORDER BY relname DESC",
            [PARENT],
        )
        return [HotWeek(_week(name), int(rows), int(size)) for name, rows, size in cursor.fetchall()]


def _week(table: str) -> date | None:
    return None if table == REST else date.fromisocalendar(int(table[-7:-3]), int(table[-2:]), 1)


def cold_weeks(actor: Actor, *, limit: int = 60) -> list[ColdWeek]:
    """Return the cold weeks, the latest first. Raises NotAllowed."""
    readers_only(actor)
    rows = ColdFile.objects.values("week", "content").order_by("-week")
    weeks: dict[date, ColdWeek] = {}
    for row in rows.annotate(files=Count("pk"), held=Sum("rows"), size=Sum("size_bytes")):
        before = weeks.get(row["week"], ColdWeek(row["week"], 0, 0, 0))
        events = row["held"] if row["content"] == "events" else 0
        weeks[row["week"]] = ColdWeek(
            row["week"], before.files + row["files"], before.events + events, before.size_bytes + row["size"]
        )
    return list(weeks.values())[:limit]
