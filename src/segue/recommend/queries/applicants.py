"""Who applied for a job, as the ledger tells it (this room does not know applications)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from segue.kit.prepared import fetch
from segue.learn.queries.events import SUBMITTED, WITHDRAWN

DECIDED = "application.decided"
_SAID = """
SELECT person_id, kind FROM listen_signal
WHERE job_id = %(job_id)s::uuid AND kind = ANY(%(kinds)s) AND person_id IS NOT NULL
ORDER BY at, id
"""


@dataclass(frozen=True, slots=True)
class Applicants:
    """People whose application is open, and people whose application has ended."""

    standing: frozenset[uuid.UUID]
    ended: frozenset[uuid.UUID]


def applicants_of(job_id: uuid.UUID) -> Applicants:
    """Return a job's applicants by what became of their latest application, in one query."""
    latest = dict(fetch(_SAID, {"job_id": job_id, "kinds": [SUBMITTED, WITHDRAWN, DECIDED]}))
    standing = frozenset(person_id for person_id, kind in latest.items() if kind == SUBMITTED)
    return Applicants(standing, frozenset(latest) - standing)
