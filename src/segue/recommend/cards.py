"""What a home is made of, ready for a page."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from segue.catalog.models import Job


@dataclass(frozen=True, slots=True)
class Card:
    """One job at one place of one shelf, with its reason in words."""

    exposure_id: uuid.UUID
    job: Job
    shelf: str
    position: int
    reason: str
    score: float
    explored: bool = False
    stance: str | None = None


@dataclass(frozen=True, slots=True)
class ShelfView:
    key: str
    title: str
    note: str
    cards: list[Card]
    anchor: Job | None = None


@dataclass(frozen=True, slots=True)
class Home:
    shelves: list[ShelfView]
    personalised: bool
    note: str


@dataclass(frozen=True, slots=True)
class Reaction:
    """What a stance changed: the card that takes the place, if the stance empties it."""

    stance: str
    job: Job
    replacement: Card | None
    undo_job_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class WhyFactor:
    label: str
    explanation: str
    contribution: float
    share: float  # of the largest absolute contribution, in [-1, 1]


@dataclass(frozen=True, slots=True)
class Why:
    """The full answer to "why this?"."""

    job: Job
    reason: str
    factors: list[WhyFactor]
    score: float
    shelf_title: str
    policy_id: str
    model_hash: str
    propensity: float
    data_used: list[str] = field(default_factory=list)
