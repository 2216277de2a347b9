"""The behaviour a taste is folded from: trusted, not undone, after the last reset."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from segue.kit import clock
from segue.listen.kinds import KINDS, TASTE_WEIGHTS
from segue.listen.models import Signal, Tier

MEMORY_DAYS = 180
LONGEST = 500
SUBMITTED, WITHDRAWN = "application.submitted", "application.withdrawn"


@dataclass(frozen=True, slots=True)
class Event:
    """One weighted act upon a job."""

    id: int
    kind: str
    job_id: uuid.UUID
    at: datetime
    weight: float


def events_of(person_id: uuid.UUID, *, since: datetime | None = None) -> list[Event]:
    """Return the latest weighted acts of a person, oldest first, in one query."""
    return weighted(raw_events(person_id, behaviour=True), since=since)


def raw_events(person_id: uuid.UUID, *, behaviour: bool) -> list[tuple[int, str, uuid.UUID, datetime]]:
    """Return a person's acts upon jobs, those taken back left out; without `behaviour`, applications only.

    An application stands however old it is; other acts are forgotten after `MEMORY_DAYS`. A reading is told
    in stretches, so that a crashed tab loses little; it is one act, and its first stretch stands for it.
    """
    kinds = [*TASTE_WEIGHTS, WITHDRAWN] if behaviour else [SUBMITTED, WITHDRAWN]
    remembered = Q(at__gte=clock.now() - timedelta(days=MEMORY_DAYS)) | Q(kind__in=[SUBMITTED, WITHDRAWN])
    acts = Signal.objects.filter(
        remembered,
        person_id=person_id,
        kind__in=kinds,
        job_id__isnull=False,
        tier__in=[Tier.A, Tier.B],
        undone_by__isnull=True,
    )
    if behaviour:
        acts = acts.exclude(kind="job.dwelled", props__has_key="beat", props__beat__gt=1)
    rows = acts.order_by("-id").values_list("id", "kind", "job_id", "at")[:LONGEST]
    return list(reversed(rows))


def weighted(
    rows: list[tuple[int, str, uuid.UUID, datetime]], *, since: datetime | None = None
) -> list[Event]:
    """Keep the acts that carry weight, after `since`."""
    return [
        Event(id=key, kind=kind, job_id=job_id, at=at, weight=KINDS[kind].weight)
        for key, kind, job_id, at in rows
        if kind in TASTE_WEIGHTS and (since is None or at >= since)
    ]


def applied_jobs(rows: list[tuple[int, str, uuid.UUID, datetime]]) -> frozenset[uuid.UUID]:
    """Return the jobs applied for and not withdrawn since."""
    standing: dict[uuid.UUID, bool] = {}
    for _, kind, job_id, _ in rows:
        if kind in {SUBMITTED, WITHDRAWN}:
            standing[job_id] = kind == SUBMITTED
    return frozenset(job_id for job_id, applied in standing.items() if applied)
