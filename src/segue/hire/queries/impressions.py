"""How applying felt to those who said so: an average for colleagues, one's own words for each."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import Avg, Count

from segue.hire.models import Application, Impression
from segue.kit.actor import Actor

FEWEST = 5  # fewer would say who it was


@dataclass(frozen=True, slots=True)
class Felt:
    """How applying for a job felt, on the average."""

    count: int
    score: float


def own_impression(application: Application, by: Actor) -> Impression | None:
    """Return what was said with an application, for its person and the holder of its status link."""
    own = by.person_id is not None and by.person_id == application.person_id
    if application.is_receipt or not (own or application.opened_by_key):
        return None
    return Impression.objects.filter(application_id=application.pk).first()


def impressions_of(job_id: uuid.UUID, by: Actor) -> Felt | None:
    """Return the average for a job, where at least five have said something."""
    if not by.is_human_staff:
        return None
    rows = Impression.objects.filter(application__job_id=job_id)
    found = rows.aggregate(count=Count("pk"), score=Avg("score"))
    return Felt(found["count"], round(found["score"], 1)) if found["count"] >= FEWEST else None
