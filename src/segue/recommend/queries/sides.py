"""What is known of both sides when a slate is opened: the chances in force, and who stands high elsewhere."""

from __future__ import annotations

import time
import uuid
from collections.abc import Collection
from datetime import timedelta

from segue.engine.sides import Sides
from segue.kit import clock
from segue.kit.prepared import fetch
from segue.learn.models import Model, ModelState
from segue.recommend.judging import SIDES_KIND

CHECK_EVERY_S = 60.0  # learnt once a day; a roll-back reaches every process within a minute
LATELY_DAYS = 14
HIGH = 10  # places of a list that count as standing high
# only slates of people are decisions about a job
_ELSEWHERE = """
SELECT chosen -> place ->> 1, count(DISTINCT job_id)
FROM trust_decision, generate_series(0, %(high)s::int - 1) place
WHERE job_id IS NOT NULL AND job_id <> %(job_id)s::uuid AND kind = 'people.ranked'
  AND at >= %(since)s::timestamptz AND chosen -> place ->> 1 = ANY(%(people)s)
GROUP BY 1
"""
_held: list[tuple[float, str, Sides | None]] = []


def sides_in_force() -> tuple[str, Sides | None]:
    """Return the hash and the curves in force, ("", None) while nothing has been learnt."""
    at = time.monotonic()
    if _held and at - _held[0][0] < CHECK_EVERY_S:
        return _held[0][1:]
    rows = Model.objects.filter(kind=SIDES_KIND, state=ModelState.CHAMPION, swept_at__isnull=True)
    hash_ = rows.values_list("hash", flat=True).first() or ""
    known = _held[0][2] if _held and _held[0][1] == hash_ else None
    sides = known if known is not None else _read(hash_) if hash_ else None
    _held[:] = [(at, hash_, sides)]
    return hash_, sides


def _read(hash_: str) -> Sides:
    return Sides.from_bytes(bytes(Model.objects.values_list("blob", flat=True).get(pk=hash_)))


def forget_sides() -> None:
    """Make the next call look again, for a process that has just learnt them itself."""
    _held.clear()


def lists_elsewhere(job_id: uuid.UUID, people: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """On how many other jobs' slates each of these people stood high of late, in one query."""
    values = {
        "job_id": job_id,
        "people": [str(person_id) for person_id in people],
        "since": clock.now() - timedelta(days=LATELY_DAYS),
        "high": HIGH,
    }
    return {uuid.UUID(person_id): int(count) for person_id, count in fetch(_ELSEWHERE, values)}
