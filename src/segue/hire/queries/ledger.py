"""Does the ledger explain every application? What `segue check` asks."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db import connection

# Folding a ledger is taking its last line: where somebody stands, since when, and what became of it. And on
# the way each line must differ from the one before, nothing follows an outcome (though who withdrew may come
# back), and the first is an arrival.
_FAULTS = """
WITH walked AS (
    SELECT application_id, id, stage, COALESCE(NULLIF(step, ''), stage) AS step, outcome,
           COALESCE(since, at) AS since,
           lag(COALESCE(NULLIF(step, ''), stage) || '/' || outcome) OVER way AS before,
           lag(outcome) OVER way AS outcome_before,
           lead(id) OVER way IS NULL AS is_last
    FROM hire_stageentry
    WHERE %(job)s::uuid IS NULL
       OR application_id IN (SELECT id FROM hire_application WHERE job_id = %(job)s::uuid)
    WINDOW way AS (PARTITION BY application_id ORDER BY id)
), found AS (
    SELECT a.id, CASE
        WHEN w.application_id IS NULL THEN 'no line in the ledger'
        WHEN (w.stage, w.outcome) IS DISTINCT FROM (a.stage, a.outcome) THEN 'stands elsewhere'
        WHEN w.step <> a.step AND EXISTS (
            SELECT 1 FROM hire_stageentry e WHERE e.id = w.id AND e.step <> '') THEN 'stands elsewhere'
        WHEN w.since <> a.moved_at THEN 'another time'
    END AS fault
    FROM hire_application a LEFT JOIN walked w ON w.application_id = a.id AND w.is_last
    WHERE %(job)s::uuid IS NULL OR a.job_id = %(job)s::uuid
    UNION ALL
    SELECT application_id, CASE
        WHEN before IS NULL AND (stage, outcome) <> ('applied', 'open') THEN 'begins in the middle'
        WHEN before = step || '/' || outcome THEN 'the same line twice'
        WHEN outcome_before <> 'open' AND (outcome_before, outcome) <> ('withdrawn', 'open')
            THEN 'goes on after its end'
    END FROM walked
)
SELECT id, fault FROM found WHERE fault IS NOT NULL LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class LedgerFault:
    """An application its ledger does not explain."""

    application_id: uuid.UUID
    says: str


def ledger_faults(*, job_id: uuid.UUID | None = None, limit: int = 100) -> list[LedgerFault]:
    """Return applications whose ledger does not fold to what they are; none is what should be found."""
    with connection.cursor() as cursor:
        cursor.execute(_FAULTS, {"job": job_id, "limit": limit})
        return [LedgerFault(key, says) for key, says in cursor.fetchall()]
