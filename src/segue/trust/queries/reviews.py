"""Human tasks: who may see which."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from segue.kit.actor import Actor, Role
from segue.kit.errors import NotFound
from segue.trust.models import Review, ReviewState


def reviews_visible_to(actor: Actor) -> QuerySet[Review]:
    """Return the tasks this colleague may see: the talent team all, a hiring manager those of their jobs."""
    rows = Review.objects.select_related("person", "job", "done_by").order_by("due_at")
    if actor.is_talent_team or actor.is_machine:
        return rows
    if actor.role is Role.HIRING_MANAGER:
        return rows.filter(job_id__in=actor.job_ids)
    return rows.none()


def open_reviews(actor: Actor) -> QuerySet[Review]:
    """Return the tasks that still wait for a person, the most urgent first."""
    return reviews_visible_to(actor).filter(state=ReviewState.OPEN)


def settled_reviews(actor: Actor) -> QuerySet[Review]:
    """Return the tasks somebody has settled, the latest first."""
    return reviews_visible_to(actor).filter(state=ReviewState.DONE).order_by("-done_at")


def review_for(actor: Actor, review_id: uuid.UUID | str) -> Review:
    """Return one task, or say it is not there."""
    found = reviews_visible_to(actor).filter(pk=review_id).first()
    if found is None:
        raise NotFound("No such review.", field="review", remedy="It may have been erased with its person.")
    return found
