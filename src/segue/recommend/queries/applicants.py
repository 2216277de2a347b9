"""Who applied for a job, as the ledger tells it (this room does not know applications)."""

from __future__ import annotations

import uuid

from segue.learn.queries.events import SUBMITTED, WITHDRAWN
from segue.listen.models import Signal


def applicants_of(job_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """Return the people whose application to this job stands, in one query."""
    rows = (
        Signal.objects.filter(job_id=job_id, kind__in=[SUBMITTED, WITHDRAWN], person_id__isnull=False)
        .order_by("id")
        .values_list("person_id", "kind")
    )
    standing = dict(rows)
    return frozenset(person_id for person_id, kind in standing.items() if kind == SUBMITTED)
