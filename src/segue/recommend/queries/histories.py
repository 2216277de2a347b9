"""What became of the cards people saw: the histories a policy learns from, of those who allow it."""

from __future__ import annotations

import json
import uuid
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import compress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segue.kit import clock
from segue.kit.prepared import fetch
from segue.recommend.policy import MARKS, NEW_DAYS
from segue.trust.models import Purpose
from segue.trust.queries.consent import purposes_granted_to

MEMORY_DAYS = 180
LONGEST = 200_000
SUBMITTED = "application.submitted"
STAYED = "application.stayed"
A_DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Stage:
    """An outcome measured at a fixed age of the card, and what it is worth to somebody looking for work."""

    name: str
    due_days: float
    rate: float  # before any data
    worth: float


# Each is told by the ledger; that somebody stayed, by a colleague who says so on the application's page.
STAGES = (
    Stage("answered", 0.25, 0.12, 0.05),  # saved or liked +1, put away −1
    Stage("opened", 1.0, 0.12, 0.05),
    Stage("applied_soon", 2.0, 0.03, 0.0),  # worth nothing of its own: it tells of the next one
    Stage("applied", 14.0, 0.03, 0.25),
    Stage("moved_on", 30.0, 0.015, 0.3),
    Stage("hired", 60.0, 0.004, 0.25),
    Stage("stayed", 165.0, 0.003, 0.2),  # ninety days after a hire, and some for somebody to say so
)
DUE_DAYS = np.array([stage.due_days for stage in STAGES])
_ANSWERED, _OPENED, _SOON, _APPLIED, _MOVED, _HIRED, _STAYED = range(len(STAGES))
_ANSWERS = {
    "card.saved": 1.0,
    "card.liked": 1.0,
    "card.skipped": -1.0,
    "card.less": -1.0,
    "card.hidden": -1.0,
}
_KINDS = [
    *_ANSWERS,
    "card.clicked",
    SUBMITTED,
    "application.moved",
    "application.decided",
    STAYED,
    "stance.undone",
]

_SEEN = """
SELECT e.person_id, e.job_id, e.shelf, e.reason_code, e.score, e.position, e.shown_at, s.context, p.time_zone,
    j.posted_at >= e.shown_at - %(new)s * interval '1 day', j.remote = 'remote',
    j.pay_min IS NOT NULL OR j.pay_max IS NOT NULL, j.department, j.country
FROM recommend_exposure e
JOIN catalog_job j ON j.id = e.job_id
JOIN recommend_slate s ON s.id = e.slate_id
JOIN catalog_person p ON p.id = e.person_id
WHERE e.visible AND e.shown_at >= %(since)s::timestamptz AND s.context ? 'at'
  AND p.erased_at IS NULL AND p.merged_into_id IS NULL
ORDER BY e.id DESC LIMIT %(longest)s::int
"""
_ACTS = """
SELECT id, person_id, job_id, kind, at, undoes_id, props ->> 'outcome' FROM listen_signal
WHERE person_id = ANY(%(people)s::uuid[]) AND kind = ANY(%(kinds)s) AND at >= %(since)s::timestamptz
  AND tier IN ('A', 'B') AND job_id IS NOT NULL
ORDER BY id
"""
_WAITING = """
SELECT told.job_id, told.waiting::float / GREATEST(job.openings, 1) FROM (
    SELECT job_id, count(DISTINCT person_id) FILTER (WHERE kind = 'application.submitted')
        - count(DISTINCT person_id) FILTER (WHERE kind = 'application.withdrawn'
            OR (kind = 'application.decided' AND props ->> 'outcome' <> 'open')) AS waiting
    FROM listen_signal
    WHERE kind IN ('application.submitted', 'application.withdrawn', 'application.decided')
      AND job_id IS NOT NULL AND at >= %(since)s::timestamptz
    GROUP BY job_id
) told JOIN catalog_job job ON job.id = told.job_id
WHERE job.status = 'open' AND told.waiting >= %(least)s::int
"""
Key = tuple[uuid.UUID, uuid.UUID]


@dataclass(frozen=True, slots=True)
class SeenCard:
    """One card that was on its person's screen."""

    person_id: uuid.UUID
    job_id: uuid.UUID
    shelf: str
    reason: str
    score: float
    position: int
    shown_at: datetime
    context: dict[str, Any]
    time_zone: str
    marks: tuple[str, ...] = ()
    department: str = ""
    country: str = ""


@dataclass(frozen=True, eq=False)
class Histories:
    """Cards and what came of each: `outcomes` float64[n, stages] and `age_days` float64[n]."""

    cards: list[SeenCard]
    outcomes: NDArray[np.float64]
    age_days: NDArray[np.float64]


def histories(at: datetime | None = None) -> Histories:
    """Read the latest seen cards of all who let their behaviour be used, and their acts, in three queries.

    An act counts for the card last seen before it, and only within the stage's own time. Acts that were
    taken back, and those nobody can vouch for, count for nothing.
    """
    instant = at or clock.now()
    since = instant - timedelta(days=MEMORY_DAYS)
    rows = fetch(_SEEN, {"since": since, "longest": LONGEST, "new": NEW_DAYS})
    granted = purposes_granted_to({row[0] for row in rows})
    willing = {person_id for person_id, said in granted.items() if Purpose.BEHAVIOUR in said}
    cards = [_card(*row) for row in rows if row[0] in willing]
    outcomes = np.zeros((len(cards), len(STAGES)))
    _credit(cards, outcomes, _acts(willing, since))
    ages = np.array([(instant - card.shown_at).total_seconds() / A_DAY_S for card in cards])
    return Histories(cards, outcomes, ages)


def _card(*row: Any) -> SeenCard:
    who, job, shelf, reason, score, place, shown_at, context, zone, *marks, department, country = row
    plain = tuple(compress(MARKS, marks))
    visit = _plain(context)
    return SeenCard(who, job, shelf, reason, score, place, shown_at, visit, zone, plain, department, country)


def crowds(*, least: int, at: datetime | None = None) -> dict[str, float]:
    """Return how many people wait for each opening, of jobs with so many at least, in one query."""
    since = (at or clock.now()) - timedelta(days=MEMORY_DAYS)
    return {str(job_id): float(load) for job_id, load in fetch(_WAITING, {"since": since, "least": least})}


def _plain(value: object) -> dict[str, Any]:
    found = json.loads(value) if isinstance(value, str | bytes) else value
    return found if isinstance(found, dict) else {}


def _acts(people: set[uuid.UUID], since: datetime) -> dict[Key, list[tuple[str, datetime, str | None]]]:
    rows = fetch(_ACTS, {"people": list(people), "kinds": _KINDS, "since": since}) if people else []
    taken_back = {row[5] for row in rows if row[5] is not None}
    found: dict[Key, list[tuple[str, datetime, str | None]]] = defaultdict(list)
    for id_, person_id, job_id, kind, at, undoes_id, outcome in rows:
        if id_ not in taken_back and undoes_id is None:
            found[person_id, job_id].append((kind, at, outcome))
    return found


def _credit(
    cards: list[SeenCard],
    outcomes: NDArray[np.float64],
    acts: dict[Key, list[tuple[str, datetime, str | None]]],
) -> None:
    """Write each act into the row of the card it followed; a hire belongs to what led to the application."""
    shown: dict[Key, list[tuple[datetime, int]]] = defaultdict(list)
    for row, card in enumerate(cards):
        if (card.person_id, card.job_id) in acts:
            shown[card.person_id, card.job_id].append((card.shown_at, row))
    for key, seen in shown.items():
        seen.sort()
        applied: tuple[datetime, int] | None = None
        for kind, at, outcome in acts[key]:
            place = bisect_right(seen, (at, len(cards))) - 1
            latest = seen[place] if place >= 0 else None
            if kind == SUBMITTED:
                applied = latest
            credited = applied if kind.startswith("application.") else latest
            if credited is not None:
                _mark(outcomes[credited[1]], kind, outcome, (at - credited[0]).total_seconds() / A_DAY_S)


def _mark(row: NDArray[np.float64], kind: str, outcome: str | None, age_days: float) -> None:
    stages: dict[int, float] = {}
    if kind in _ANSWERS:
        stages = {_ANSWERED: _ANSWERS[kind]}
    elif kind == "card.clicked":
        stages = {_OPENED: 1.0}
    elif kind == SUBMITTED:
        stages = {_SOON: 1.0, _APPLIED: 1.0}
    elif kind == "application.moved":
        stages = {_MOVED: 1.0}
    elif kind == STAYED:
        stages = {_STAYED: 1.0}
    elif outcome == "hired":
        stages = {_MOVED: 1.0, _HIRED: 1.0}
    for stage, value in stages.items():
        if age_days <= STAGES[stage].due_days:
            row[stage] = value
