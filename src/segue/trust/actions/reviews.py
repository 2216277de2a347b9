"""Human tasks: what a machine must not settle waits for a person, who says who they are."""

from __future__ import annotations

from datetime import timedelta

from segue.catalog.models import Job, Person
from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, NotAllowed
from segue.trust.models import Review, ReviewState


@action("trust.open_review")
def open_review(
    kind: str,
    *,
    by: Actor,
    person: Person | None = None,
    job: Job | None = None,
    note: str = "",
    days: int = 3,
) -> Review:
    """Ask for a person's eye within `days`; an open task of the same kind, person and job is kept.

    What the kind asks is said in the language of whoever reads it; `note` is for what only this task knows.
    """
    known = Review.objects.filter(kind=kind, person=person, job=job, state=ReviewState.OPEN).first()
    if known is not None:
        return known
    due_at = clock.now() + timedelta(days=days)
    return Review.objects.create(kind=kind, person=person, job=job, note=note, due_at=due_at)


def _humans_only(by: Actor, review: Review) -> None:
    if not by.is_human_staff:
        raise NotAllowed("Only a colleague who signed in can settle a review.", field="review")
    if not (by.is_talent_team or review.job_id in by.job_ids):
        raise NotAllowed("This review belongs to another team.", field="review")


@action("trust.settle_review")
def settle_review(review: Review, *, by: Actor) -> Review:
    """Mark a task done in the name of the colleague who looked."""
    _humans_only(by, review)
    if review.state == ReviewState.DONE:
        raise Conflict("Somebody has already settled this.", field="review", remedy="Nothing more to do.")
    review.state, review.done_at, review.done_by_id = ReviewState.DONE, clock.now(), by.account_id
    review.save(update_fields=["state", "done_at", "done_by"])
    return review


@action("trust.reopen_review")
def reopen_review(review: Review, *, by: Actor) -> Review:
    """Take a settlement back, so that the task waits again."""
    _humans_only(by, review)
    review.state, review.done_at, review.done_by_id = ReviewState.OPEN, None, None
    review.save(update_fields=["state", "done_at", "done_by"])
    return review
