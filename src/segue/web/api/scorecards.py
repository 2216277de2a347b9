"""Scorecards over the API: read alone, as blind as at the desk, and never added up."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.http import HttpRequest
from ninja import Router, Schema

from segue.hire.actions.scorecards import read_scorecards
from segue.hire.models import Scorecard
from segue.hire.queries.applications import application_for
from segue.web.actors import actor_of
from segue.web.api.auth import BY_KEY_OR_SESSION
from segue.web.api.schemas import REFUSED

router = Router(auth=BY_KEY_OR_SESSION, tags=["applications"])


class RatingOut(Schema):
    """One competency: 1 to 4, 0 where it was not seen, with what the rating looks like and the evidence."""

    competency: str
    rating: int
    anchor: str
    notes: str


class ScorecardOut(Schema):
    """A submitted card in its latest wording. `amends` is the card it amends, with the reason."""

    id: uuid.UUID
    application_id: uuid.UUID
    stage: str
    interviewer: str
    recommendation: str
    summary: str
    kit_version: int | None
    submitted_at: datetime
    amends: uuid.UUID | None
    reason: str
    ratings: list[RatingOut]


@router.get(
    "/applications/{uuid:application_id}/scorecards",
    response={200: list[ScorecardOut], **REFUSED},
    summary="Its scorecards",
)
def list_scorecards(request: HttpRequest, application_id: uuid.UUID) -> list[ScorecardOut]:
    """Return the submitted cards one may read; who still owes one about the same person reads none."""
    actor = actor_of(request)
    cards = read_scorecards(application_for(actor, application_id), by=actor)
    return [_shown(card) for card in cards if card.submitted_at]


def _shown(card: Scorecard) -> ScorecardOut:
    assert card.submitted_at is not None  # drafts are nobody's but their author's
    return ScorecardOut(
        id=card.pk,
        application_id=card.application_id,
        stage=card.step,
        interviewer=card.author.name,
        recommendation=card.recommendation,
        summary=card.summary,
        kit_version=card.kit.version if card.kit else None,
        submitted_at=card.submitted_at,
        amends=card.amends_id,
        reason=card.reason,
        ratings=[
            RatingOut(
                competency=each.name,
                rating=rating,
                anchor=each.anchors[rating - 1] if rating else "",
                notes=card.notes_on(each.key),
            )
            for each in (card.kit.looked_for if card.kit else [])
            if (rating := card.rating_of(each.key)) is not None
        ],
    )
