"""Who applied for a job, as the ledger tells it (this room does not know applications)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from segue.learn.queries.events import SUBMITTED, WITHDRAWN
from segue.listen.models import Signal

DECIDED = "application.decided"


@dataclass(frozen=True, slots=True)
class Applicants:
    """People whose application is open, and people whose application has ended."""

    standing: frozenset[uuid.UUID]
    ended: frozenset[uuid.UUID]


def applicants_of(job_id: uuid.UUID) -> Applicants:
    """Return a job's applicants by what became of their latest application, in one query."""
    kinds = [SUBMITTED, WITHDRAWN, DECIDED]
    rows = (
        Signal.objects.filter(job_id=job_id, kind__in=kinds, person_id__isnull=False)
        .order_by("at", "id")
        .values_list("person_id", "kind")
    )
    latest = dict(rows)
    standing = frozenset(person_id for person_id, kind in latest.items() if kind == SUBMITTED)
    return Applicants(standing, frozenset(latest) - standing)
