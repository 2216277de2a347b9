"""How often who did what on which day: the ledger counted, so that a rule never reads the ledger itself."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from segue.engine.segments import SIGNALS
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.learn.queries.segments.statement import DECIDED, MOVED, SEEN, SUBMITTED

APPLICATION = (SUBMITTED, MOVED, DECIDED)
COUNTED = (*SIGNALS, *APPLICATION)  # what the consumer listens for, beside what undoes it
UNDONE = "stance.undone"

# What is older than the hot ledger keeps what was counted of it; what is in it is counted anew.
_COUNT = """
WITH heard AS (
    SELECT s.person_id, s.kind, s.props, s.purpose, (s.at AT TIME ZONE 'UTC')::date AS day
    FROM listen_signal s
    JOIN learn_segmentrow r ON r.person_id = s.person_id AND (r.behaviour OR s.purpose <> 'behaviour')
    LEFT JOIN learn_taste t ON t.person_id = s.person_id
    WHERE s.person_id IS NOT NULL AND {whose_signals} AND s.kind = ANY(%(kinds)s) AND s.tier IN ('A', 'B')
      AND (s.purpose <> 'behaviour' OR t.behaviour_since IS NULL OR s.at >= t.behaviour_since)
      AND NOT EXISTS (SELECT 1 FROM listen_signal u WHERE u.undoes_id = s.id)
), told AS (
    SELECT person_id, day, CASE
        WHEN kind = '{moved}' THEN kind || '/' || COALESCE(props ->> 'stage', '')
        WHEN kind = '{decided}' THEN kind || '/' || COALESCE(props ->> 'outcome', '')
        ELSE kind END AS kind
    FROM heard
    UNION ALL SELECT person_id, day, '{seen}' FROM heard WHERE purpose = 'behaviour'
), counted AS MATERIALIZED (
    SELECT person_id, kind, day, count(*) AS times FROM told
    WHERE kind NOT IN ('{decided}/', '{decided}/rejected', '{decided}/withdrawn', '{decided}/open')
    GROUP BY person_id, kind, day
), gone AS (
    DELETE FROM learn_engagement e WHERE {whose_days} AND (
        e.day >= %(hot)s
        OR e.kind NOT LIKE 'application.%%' AND (
            NOT EXISTS (SELECT 1 FROM learn_segmentrow r WHERE r.person_id = e.person_id AND r.behaviour)
            OR e.day < (SELECT t.behaviour_since::date FROM learn_taste t WHERE t.person_id = e.person_id)))
      AND NOT EXISTS (
        SELECT 1 FROM counted c WHERE c.person_id = e.person_id AND c.kind = e.kind AND c.day = e.day)
)
INSERT INTO learn_engagement (person_id, kind, day, times)
SELECT person_id, kind, day, times FROM counted ORDER BY person_id, kind, day
ON CONFLICT (person_id, kind, day) DO UPDATE SET times = CASE
    WHEN EXCLUDED.day >= %(hot)s THEN EXCLUDED.times
    ELSE GREATEST(learn_engagement.times, EXCLUDED.times) END
WHERE learn_engagement.times <> EXCLUDED.times
"""
_SOME, _ALL = "{table}.person_id = ANY(%(ids)s::uuid[])", "TRUE"


def count_engagement(person_ids: Sequence[uuid.UUID] | None) -> None:
    """Count what these people did anew, or what everybody did (None). Idempotent."""
    asked: dict[str, Any] = {"kinds": list(COUNTED), "hot": hot_since(), "ids": list(person_ids or [])}
    whose = _ALL if person_ids is None else _SOME
    counting = _COUNT.format(
        whose_signals=whose.format(table="s"),
        whose_days=whose.format(table="e"),
        moved=MOVED,
        decided=DECIDED,
        seen=SEEN,
    )
    with connection.cursor() as cursor:
        cursor.execute(counting, asked)


def hot_since() -> date:
    """The first day whose signals are surely all still in the database."""
    today = clock.now().date()
    monday = today - timedelta(days=today.weekday())
    return monday - timedelta(weeks=settings.HOT_WEEKS)


@action("learn.count_everybody")
def count_everybody(*, by: Actor) -> int:
    """Count the whole hot ledger anew; returns how many rows of days there are."""
    count_engagement(None)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE learn_engagement")
        cursor.execute("SELECT count(*) FROM learn_engagement")
        return int(cursor.fetchone()[0])
