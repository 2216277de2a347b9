"""Settling a human task: somebody looked, and says who they are."""

from __future__ import annotations

from segue.kit import clock
from segue.kit.action import action
from segue.kit.actor import Actor
from segue.kit.errors import Conflict, NotAllowed
from segue.trust.models import Review, ReviewState


def _humans_only(by: Actor) -> None:
    if not by.is_human_staff:
        raise NotAllowed("Only a colleague who signed in can settle a review.", field="review")


@action("trust.settle_review")
def settle_review(review: Review, *, by: Actor) -> Review:
    """Mark a task done in the name of the colleague who looked."""
    _humans_only(by)
    if review.state == ReviewState.DONE:
        raise Conflict("Somebody has already settled this.", field="review", remedy="Nothing more to do.")
    review.state, review.done_at, review.done_by_id = ReviewState.DONE, clock.now(), by.account_id
    review.save(update_fields=["state", "done_at", "done_by"])
    return review


@action("trust.reopen_review")
def reopen_review(review: Review, *, by: Actor) -> Review:
    """Take a settlement back, so that the task waits again."""
    _humans_only(by)
    review.state, review.done_at, review.done_by_id = ReviewState.OPEN, None, None
    review.save(update_fields=["state", "done_at", "done_by"])
    return review
