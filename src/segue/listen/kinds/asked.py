"""What is kept to run what somebody asked for, whatever their switches say."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import Field

from segue.listen.kinds.kind import Clear, Kind, Props


class Moved(Props):
    stage: Clear[str] = Field(max_length=10)


class Ended(Props):
    outcome: Clear[Literal["open", "hired", "rejected", "withdrawn"] | None] = None


class Stayed(Props):
    days: Clear[Literal[30, 90]]


class Carded(Props):
    amends: Clear[bool] = False  # what the card says is nobody's but the room's that asked for it


class OfferVersion(Props):
    version: Clear[int] = Field(ge=1)


class Edited(Props):
    reset: Clear[bool] = False


class SignedIn(Props):
    confirms: str = Field("", max_length=200)  # the mark of the address that was shown to be theirs


class Merged(Props):
    survivor_id: UUID
    merged_id: UUID


class InSegment(Props):
    segment_id: UUID


def _own(name: str, weight: float, note: str, props: type[Props] = Props) -> Kind:
    return Kind(name, "service", weight, note, props=props, own_only=True)


SERVICE = (
    _own("application.submitted", 4.0, "Applied."),
    _own("application.moved", 0.0, "Moved to another stage.", Moved),
    _own("application.withdrawn", 0.0, "Withdrawn by the candidate.", Ended),
    _own("application.decided", 0.0, "A person decided.", Ended),
    _own("application.stayed", 0.0, "A colleague noted that who was hired is still here.", Stayed),
    _own("scorecard.submitted", 0.0, "An interviewer handed a scorecard in.", Carded),
    _own("offer.sent", 0.0, "An offer was sent, by a person.", OfferVersion),
    _own("offer.accepted", 0.0, "Accepted and signed.", OfferVersion),
    _own("offer.declined", 0.0, "Said no to an offer.", OfferVersion),
    _own("offer.expired", 0.0, "An offer's time ran out; a person looks at it.", OfferVersion),
    _own("offer.withdrawn", 0.0, "An offer was taken back, by a person.", OfferVersion),
    _own("taste.edited", 0.0, "Wishes were changed or reset.", Edited),
    _own("person.signed_in", 0.0, "Signed in.", SignedIn),
    _own("person.merged", 0.0, "Two records were found to be one person; the survivor.", Merged),
    _own("person.unmerged", 0.0, "A merge was undone: they are two people again.", Merged),
    _own("segment.entered", 0.0, "Belongs to a segment from now on.", InSegment),
    _own("segment.left", 0.0, "Belongs to a segment no more.", InSegment),
)
