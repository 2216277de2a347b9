"""Who looked at a person's data, for that person to read."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from segue.kit.actor import Actor
from segue.trust.models import Look
from segue.trust.queries.dials import dial

NAMES = "looks.names"  # the employer's dial: "name" tells who looked, "role" only in what capacity
NAME, ROLE = "name", "role"


def looks_at(person_id: UUID, by: Actor) -> QuerySet[Look]:
    """Return the looks at a person's data; theirs alone to read."""
    rows = Look.objects.select_related("job")
    return rows.filter(person_id=person_id) if by.person_id == person_id else rows.none()


def tells_names() -> bool:
    """Say whether a candidate reads the name of who looked, or only their role."""
    return str(dial(NAMES, NAME)) != ROLE
