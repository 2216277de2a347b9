"""What became of people before openings: whom the two sides of a slate are learnt from, if they allow it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from segue.kit import clock
from segue.kit.prepared import fetch
from segue.learn.queries.events import SUBMITTED, WITHDRAWN
from segue.recommend.queries.applicants import DECIDED
from segue.trust.models import Purpose
from segue.trust.queries.consent import purposes_granted_to

MEMORY_DAYS = 365
RIPE_DAYS = 14  # a card that was seen may still be answered so long
MOVED = "application.moved"
LONGEST = 100_000
MOST_PEOPLE = 5_000
_SEEN = """
SELECT person_id, job_id, min(shown_at) AS first FROM recommend_exposure
WHERE visible AND shown_at >= %(since)s::timestamptz GROUP BY person_id, job_id
ORDER BY first DESC LIMIT %(longest)s::int
"""
_SAID = """
SELECT person_id, job_id, kind, at, props ->> 'outcome' FROM listen_signal
WHERE kind = ANY(%(kinds)s) AND job_id IS NOT NULL AND person_id IS NOT NULL
  AND at >= %(since)s::timestamptz AND tier IN ('A', 'B')
ORDER BY at, id
"""
Pair = tuple[uuid.UUID, uuid.UUID]
Acts = list[tuple[str, datetime, str | None]]  # kind, when, outcome


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Cards with whether they led to an application; applications with whether they were taken further.
    Both only of who lets it be learnt from. And of all ended applications, what counts need no person for."""

    shown: dict[Pair, bool]
    judged: dict[Pair, bool]
    granted: dict[uuid.UUID, frozenset[str]]
    ended: int = 0
    withdrawn: int = 0
    further: int = 0
    hired: int = 0


def outcomes(at: datetime | None = None) -> Outcomes:
    """Read a year's cards and applications in three queries.

    An application that still waits tells nothing yet, one that was withdrawn nothing of the team's judgement.
    """
    instant = at or clock.now()
    since = instant - timedelta(days=MEMORY_DAYS)
    said = _applications(since)
    seen = fetch(_SEEN, {"since": since, "longest": LONGEST})
    recent = list(dict.fromkeys([pair[0] for pair in reversed(said)] + [row[0] for row in seen]))
    granted = purposes_granted_to(recent[:MOST_PEOPLE])
    reads = {pk for pk, purposes in granted.items() if Purpose.PROFILE in purposes}
    watched = {pk for pk in reads if Purpose.BEHAVIOUR in granted[pk]}
    shown = {
        (person, job): _applied(said.get((person, job)), first)
        for person, job, first in seen
        if person in watched and first <= instant - timedelta(days=RIPE_DAYS)
    }
    ends = {pair: _end(acts) for pair, acts in said.items()}
    judged = {pair: end in {MOVED, "hired"} for pair, end in ends.items() if end and pair[0] in reads}
    withdrawn = sum(acts[-1][0] == WITHDRAWN for acts in said.values())
    further = [acts for acts in said.values() if _is_over(acts) and any(kind == MOVED for kind, *_ in acts)]
    hired = sum(acts[-1][2] == "hired" for acts in further)
    ended = withdrawn + sum(_is_over(acts) for acts in said.values())
    return Outcomes(shown, judged, granted, ended, withdrawn, len(further), hired)


def _applications(since: datetime) -> dict[Pair, Acts]:
    found: dict[Pair, Acts] = defaultdict(list)
    for person, job, kind, at, outcome in fetch(
        _SAID, {"kinds": [SUBMITTED, WITHDRAWN, MOVED, DECIDED], "since": since}
    ):
        found[person, job].append((kind, at, outcome))
    return found


def _applied(acts: Acts | None, first: datetime) -> bool:
    until = first + timedelta(days=RIPE_DAYS)
    return any(kind == SUBMITTED and first <= at <= until for kind, at, _ in acts or [])


def _is_over(acts: Acts) -> bool:
    return acts[-1][0] == DECIDED and acts[-1][2] in {"hired", "rejected"}


def _end(acts: Acts) -> str:
    """How the team judged: taken further, hired or rejected; "" where it has not, or could not."""
    if any(kind == MOVED for kind, *_ in acts):
        return MOVED
    return str(acts[-1][2]) if _is_over(acts) else ""
