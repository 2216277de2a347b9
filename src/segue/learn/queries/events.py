"""The behaviour a taste is folded from: trusted, not undone, after the last reset."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from segue.engine.taste import EventKind, Events
from segue.kit import clock
from segue.kit.prepared import fetch
from segue.listen.kinds import KINDS, TASTE_WEIGHTS

MEMORY_DAYS = 180
LONGEST = 500
SUBMITTED, WITHDRAWN = "application.submitted", "application.withdrawn"
RawEvent = tuple[int, str, uuid.UUID, datetime]  # the signal's id, its kind, the job, and when


@dataclass(frozen=True, slots=True)
class Event:
    """One weighted act upon a job."""

    id: int
    kind: str
    job_id: uuid.UUID
    at: datetime
    weight: float


ENGINE_KINDS = {
    "application.submitted": EventKind.APPLY,
    "card.saved": EventKind.SAVE,
    "card.liked": EventKind.LIKE,
    "card.clicked": EventKind.CLICK,
    "job.dwelled": EventKind.DWELL,
    "card.skipped": EventKind.SKIP,
    "card.hidden": EventKind.HIDE,
    "card.less": EventKind.LESS_LIKE_THIS,
}


# What takes an act back is read with the acts: joining sixty weeks with sixty weeks takes far longer.
_ACTS = """
SELECT id, kind, job_id, at, undoes_id FROM listen_signal
WHERE person_id = %(person_id)s::uuid AND job_id IS NOT NULL AND tier IN ('A', 'B')
  AND (kind = ANY(%(kinds)s) OR undoes_id IS NOT NULL)
  AND (at >= %(since)s::timestamptz OR kind = ANY(%(lasting)s))
  AND COALESCE(props -> 'beat', '1'::jsonb) <= '1'::jsonb
ORDER BY id DESC LIMIT %(longest)s::int
"""


# The same of many people at once. Here the newest of each are told apart afterwards.
_ACTS_OF_MANY = """
SELECT person_id, id, kind, job_id, at, undoes_id FROM listen_signal
WHERE person_id = ANY(%(people)s::uuid[]) AND job_id IS NOT NULL AND tier IN ('A', 'B')
  AND (kind = ANY(%(kinds)s) OR undoes_id IS NOT NULL)
  AND (at >= %(since)s::timestamptz OR kind = ANY(%(lasting)s))
  AND COALESCE(props -> 'beat', '1'::jsonb) <= '1'::jsonb
ORDER BY id DESC
"""


def events_of(person_id: uuid.UUID, *, since: datetime | None = None) -> list[Event]:
    """Return the latest weighted acts of a person, oldest first, in one query."""
    return weighted(raw_events(person_id, behaviour=True), since=since)


def raw_events(person_id: uuid.UUID, *, behaviour: bool) -> list[RawEvent]:
    """Return a person's acts upon jobs, those taken back left out; without `behaviour`, applications only.

    An application stands however old it is; other acts are forgotten after `MEMORY_DAYS`. A reading is told
    in stretches, so that a crashed tab loses little; it is one act, and its first stretch stands for it.
    """
    rows = fetch(_ACTS, _asked(behaviour=behaviour) | {"person_id": person_id, "longest": LONGEST})
    return _standing(rows)


def raw_events_of(
    person_ids: Collection[uuid.UUID], *, behaviour: Collection[uuid.UUID]
) -> dict[uuid.UUID, list[RawEvent]]:
    """Return the same as `raw_events` of many people in two queries; `behaviour`: those who allow it."""
    found: dict[uuid.UUID, list[RawEvent]] = {person_id: [] for person_id in person_ids}
    for allowed in (True, False):
        asked = [one for one in person_ids if (one in behaviour) is allowed]
        told: dict[uuid.UUID, list[Any]] = {}
        for person_id, *row in fetch(_ACTS_OF_MANY, _asked(behaviour=allowed) | {"people": asked}):
            told.setdefault(person_id, []).append(row)
        found |= {person_id: _standing(rows[:LONGEST]) for person_id, rows in told.items()}
    return found


def _asked(*, behaviour: bool) -> dict[str, Any]:
    return {
        "kinds": [*TASTE_WEIGHTS, WITHDRAWN] if behaviour else [SUBMITTED, WITHDRAWN],
        "since": clock.now() - timedelta(days=MEMORY_DAYS),
        "lasting": [SUBMITTED, WITHDRAWN],
    }


def _standing(rows: Sequence[Sequence[Any]]) -> list[RawEvent]:
    """Leave out what was taken back, and turn the oldest to the front."""
    taken_back = {undoes_id for *_, undoes_id in rows if undoes_id is not None}
    acts = [(*row,) for *row, undoes_id in rows if undoes_id is None and row[0] not in taken_back]
    return list(reversed(acts))


def weighted(rows: Sequence[RawEvent], *, since: datetime | None = None) -> list[Event]:
    """Keep the acts that carry weight, after `since`."""
    return [
        Event(id=key, kind=kind, job_id=job_id, at=at, weight=KINDS[kind].weight)
        for key, kind, job_id, at in rows
        if kind in TASTE_WEIGHTS and (since is None or at >= since)
    ]


def applied_jobs(rows: Sequence[RawEvent]) -> frozenset[uuid.UUID]:
    """Return the jobs applied for and not withdrawn since."""
    standing: dict[uuid.UUID, bool] = {}
    for _, kind, job_id, _ in rows:
        if kind in {SUBMITTED, WITHDRAWN}:
            standing[job_id] = kind == SUBMITTED
    return frozenset(job_id for job_id, applied in standing.items() if applied)


def as_arrays(events: Iterable[Event], row_of: Mapping[uuid.UUID, int]) -> Events:
    """The acts upon jobs that have a row, as the engine reads them."""
    return Events.of(
        (row_of[event.job_id], ENGINE_KINDS[event.kind], event.at.timestamp() / 86_400)
        for event in events
        if event.job_id in row_of and event.kind in ENGINE_KINDS
    )
