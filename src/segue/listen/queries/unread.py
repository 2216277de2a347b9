"""What a consumer has before it: a piece of the ledger, in the order of ids."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Min

from segue.kit.prepared import fetch
from segue.listen.consuming import Consumer, Told
from segue.listen.models import ColdFile
from segue.listen.queries.replay import cold_unread
from segue.listen.weeks import week_of

WINDOW = 50_000  # ids one turn looks over at most, so that a turn ends also where hardly anything is wanted
# Keeps weeks from moving until the transaction ends. Without it a week that is being cut out of the rest,
# or moved to the cold tier, could be in neither place that our statements look: they choose their tables
# a moment before they choose their moment in time. The parent first, then the rest, as every statement
# locks them: so nobody waits in a ring.
HOLD_TABLES_STILL = "LOCK TABLE ONLY listen_signal, ONLY listen_signal_rest IN ACCESS SHARE MODE"
_COLUMNS = "id, source_id, kind, event, at, received_at, person_id, anonymous_id, job_id, props, tier"


def unread(
    consumer: Consumer, *, after: int, upto: int, limit: int, has_cold: bool
) -> tuple[list[Told], int]:
    """Return the next signals it wants, and the id up to which there are no others.

    Call it inside a transaction, after `HOLD_TABLES_STILL`.
    """
    upto, cold = min(upto, after + WINDOW), list[Told]()
    if has_cold:
        cold, upto = cold_unread(consumer, after=after, upto=upto, limit=limit)
    rows = _rows(*_statement(consumer, after, upto, limit))
    if cold:
        rows = sorted([*cold, *rows], key=lambda told: told.id)[:limit]
    return rows, rows[-1].id if len(rows) == limit else upto


def signals_of(ids: list[int]) -> list[Told]:
    """Return these signals as consumers get them, be they hot or cold."""
    hot = _rows(f"SELECT {_COLUMNS} FROM listen_signal WHERE id = ANY(%s) ORDER BY id", [ids])  # noqa: S608 - our own words
    gone = sorted(set(ids) - {told.id for told in hot})
    anything = Consumer("", lambda _batch: None)
    cold = [told for one in gone for told in cold_unread(anything, after=one - 1, upto=one, limit=1)[0]]
    return sorted([*hot, *cold], key=lambda told: told.id)


def first_id_since(at: datetime) -> int | None:
    """Return the lowest id among what was received at this time or later; in cold weeks, in that week."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(id) FROM listen_signal WHERE received_at >= %s", [at])
        hot: int | None = cursor.fetchone()[0]
    cold = ColdFile.objects.filter(week__gte=week_of(at), content="events")
    lowest: int | None = cold.aggregate(Min("first_id"))["first_id__min"]
    return min((one for one in (hot, lowest) if one is not None), default=None)


def _statement(consumer: Consumer, after: int, upto: int, limit: int) -> tuple[str, list[Any]]:
    conditions, values = "id > %s::bigint AND id <= %s::bigint", [after, upto]
    more: list[Any] = []
    kinds = consumer.wanted_kinds()
    if kinds is not None:
        conditions += " AND kind = ANY(%s)"
        more.append(kinds)
    if consumer.tiers != "ABCD":
        conditions += " AND tier = ANY(%s)"
        more.append(list(consumer.tiers))
    if consumer.collected_only:
        conditions += " AND source_id IS NOT NULL"
    sql = f"SELECT {_COLUMNS} FROM listen_signal WHERE {conditions} ORDER BY id LIMIT %s::bigint"  # noqa: S608 - our own words
    return sql, [*values, *more, limit]


def _rows(sql: str, values: list[Any]) -> list[Told]:
    """Run a prepared statement, in binary: times as text would cost more than all else."""
    return [Told(*row) for row in fetch(sql, values, binary=True)]
