"""The taste behind a mix: what the person said, what was heard, and what may be used."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from segue.catalog.models import Job, Remote
from segue.engine.wishes import settled
from segue.kit import clock
from segue.kit.actor import Actor
from segue.kit.errors import NotAllowed
from segue.learn.models import Taste
from segue.learn.queries.events import Event, events_of
from segue.trust.models import Purpose
from segue.trust.queries.consent import purposes_granted

HALF_LIFE_DAYS = 30.0
GROUPS = ("skill", "department", "remote", "country")


@dataclass(frozen=True, slots=True)
class Wish:
    """One attribute a person can wish for (+1) or against (-1), what behaviour says of it, and what the two
    come to; an attribute nobody wished for counts through behaviour alone."""

    key: str
    label: str
    group: str
    value: float
    learned: float
    settled: float = 0.0


@dataclass(frozen=True, slots=True)
class TasteView:
    wishes: list[Wish]
    events: int
    behaviour_used: bool
    profile_used: bool
    since: datetime | None


def attributes_of(job: Job) -> list[str]:
    """Return the wish keys a job answers to."""
    keys = [f"skill:{slug}" for slug in job.required_skills]
    keys += [f"department:{job.department}"] if job.department else []
    keys += [f"remote:{job.remote}"] if job.remote else []
    keys += [f"country:{job.country}"] if job.country else []
    return keys


def taste_view(person_id: uuid.UUID, *, by: Actor) -> TasteView:
    """Return what the person sees on their taste page."""
    _own_only(person_id, by)
    granted = purposes_granted(person_id)
    taste = Taste.objects.filter(person_id=person_id).first()
    since = taste.behaviour_since if taste else None
    events = events_of(person_id, since=since) if Purpose.BEHAVIOUR in granted else []
    jobs = {job.pk: job for job in Job.objects.filter(pk__in={event.job_id for event in events})}
    learned = done_with(events, jobs.get)
    stated = taste.wishes if taste else {}
    keys = dict.fromkeys([*stated, *sorted(learned, key=lambda key: -abs(_learned(*learned[key])))[:24]])
    return TasteView(
        wishes=[_wish(key, float(stated.get(key, 0.0)), learned.get(key, (0.0, 0.0))) for key in keys],
        events=len(events),
        behaviour_used=Purpose.BEHAVIOUR in granted,
        profile_used=Purpose.PROFILE in granted,
        since=since,
    )


def done_with(
    events: Iterable[Event], job_of: Callable[[uuid.UUID], Job | None]
) -> dict[str, tuple[float, float]]:
    """Return of each attribute how much was done for it less against it, and how much in all; it fades."""
    found: dict[str, tuple[float, float]] = {}
    at = clock.now()
    for event in events:
        job = job_of(event.job_id)
        if job is None:
            continue
        decay = 0.5 ** ((at - event.at).total_seconds() / 86_400 / HALF_LIFE_DAYS)
        for key in attributes_of(job):
            total, mass = found.get(key, (0.0, 0.0))
            found[key] = (total + event.weight * decay, mass + abs(event.weight) * decay)
    return found


def _learned(total: float, mass: float) -> float:
    """What behaviour alone says, in [-1, 1]: one event is weak evidence, so shrunk by one save's worth."""
    return max(-1.0, min(1.0, total / (mass + 3.0)))


def _wish(key: str, value: float, evidence: tuple[float, float]) -> Wish:
    group, _, name = key.partition(":")
    return Wish(
        key=key,
        label=_label(group, name),
        group=group,
        value=value,
        learned=round(_learned(*evidence), 3),
        settled=round(settled(value, *evidence), 3) if value else 0.0,
    )


def label_of(key: str) -> str:
    """Return a wish's key as people read it.

    >>> label_of("skill:wound-care")
    'Wound care'
    """
    group, _, name = key.partition(":")
    return _label(group, name)


def _label(group: str, name: str) -> str:
    if group == "remote" and name in Remote.values:
        return str(Remote(name).label)
    return name.replace("-", " ").capitalize() if group == "skill" else name


def taste_export(person_id: uuid.UUID, *, by: Actor) -> dict[str, Any]:
    """Return the taste as plain data a person can keep."""
    view = taste_view(person_id, by=by)
    events = events_of(person_id, since=view.since) if view.behaviour_used else []
    return {
        "person_id": str(person_id),
        "wishes": [
            {
                "attribute": wish.key,
                "stated": wish.value,
                "learned": wish.learned,
                "settled": wish.settled,
            }
            for wish in view.wishes
        ],
        "uses_behaviour": view.behaviour_used,
        "uses_profile": view.profile_used,
        "behaviour_since": view.since.isoformat() if view.since else None,
        "behaviour": [
            {
                "kind": event.kind,
                "job_id": str(event.job_id),
                "at": event.at.isoformat(),
                "weight": event.weight,
            }
            for event in events
        ],
    }


def _own_only(person_id: uuid.UUID, by: Actor) -> None:
    if by.person_id != person_id and not by.is_machine:
        raise NotAllowed("A taste belongs to its person.", field="person")
