"""Founds a world: an employer, its jobs, people, eighteen months of history and ninety days of behaviour.

A world has two parts. `visible` is what a real employer's systems would hold and is all that the
product may load. `truth` is hidden: wishes, true skill, chance. Truth may never be read by a model, a
feature, a query or a page; it exists for simulation and for checking measurements against what holds.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields, is_dataclass
from datetime import date

import numpy as np

from segue.engine.world.behaviour import watch_people
from segue.engine.world.choice import ATTRIBUTES
from segue.engine.world.employer import found_employer, hire_staff
from segue.engine.world.history import Course, midnight_s, run_history
from segue.engine.world.jobs import JobDraft, draw_jobs
from segue.engine.world.ledger import settle_jobs, write_applications
from segue.engine.world.occupations import LICENCE_LABELS
from segue.engine.world.occupations_office import OCCUPATIONS, SKILL_LABELS
from segue.engine.world.people import PeopleDraft, draw_people
from segue.engine.world.profiles import write_people
from segue.engine.world.records import Term, Visible
from segue.engine.world.truth import Truth

PAST_JOBS_PER_OPEN_JOB = 1.3


@dataclass(frozen=True, slots=True)
class World:
    """A whole world: what can be seen, and what is true."""

    visible: Visible
    truth: Truth


def found_world(seed: int, people: int = 5000, jobs: int = 200, *, today: date) -> World:
    """A plausible employer with `people` candidates and `jobs` open jobs, as `today` begins (UTC).

    The same arguments give the same world in every process. About 1.3 past jobs are added for every
    open one. Raises ValueError for a negative seed, fewer than two people or no job.
    Sources of the figures: `calibration`.

    >>> world = found_world(7, people=20, jobs=5, today=date(2026, 11, 22))
    >>> len(world.visible.people), sum(job.status == "open" for job in world.visible.jobs)
    (20, 5)
    >>> world.visible.people[0].email
    'ada@example.com'
    """
    if seed < 0 or people < 2 or jobs < 1:
        raise ValueError("a world needs a seed of 0 or more, at least two people and one job")
    staff = hire_staff(seed)
    drafted = draw_jobs(seed, jobs, round(jobs * PAST_JOBS_PER_OPEN_JOB), staff, today)
    draft = draw_people(seed, people, drafted)
    course = run_history(seed, draft, drafted, today)
    candidates = write_people(
        seed, draft, _first_contact(course, people, today), today, tuple(one.email for one in staff)
    )
    is_watched = np.array([person.consents.behaviour for person in candidates])
    visible = Visible(
        employer=found_employer(),
        skills=tuple(Term(slug, label) for slug, label in SKILL_LABELS.items()),
        licences=tuple(Term(slug, label) for slug, label in LICENCE_LABELS.items()),
        occupations=OCCUPATIONS,
        staff=staff,
        jobs=settle_jobs(drafted.jobs, course, today),
        people=candidates,
        applications=write_applications(seed, course, draft.source, candidates, drafted.jobs, today),
        behaviour=watch_people(seed, draft, drafted, course, is_watched, today),
    )
    return World(visible, _truth(draft, drafted, course))


def _first_contact(course: Course, people: int, today: date) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    first = np.full(people, midnight_s(today) * 2, dtype=np.int64)
    np.minimum.at(first, course.person, course.times[:, 0])
    return np.where(first > midnight_s(today), -1, first)


def _truth(draft: PeopleDraft, jobs: JobDraft, course: Course) -> Truth:
    return Truth(
        attributes=ATTRIBUTES,
        weights=draft.columns.weights,
        person_fit=draft.columns.fit,
        skill_levels=draft.skill_levels,
        reservation_usd=draft.columns.reservation_usd,
        interest=draft.interest,
        acceptance=draft.acceptance,
        job_traits=jobs.columns.traits,
        job_fit=jobs.columns.fit,
        job_pay_usd=jobs.columns.pay_usd,
        application_utility=course.utility,
        application_quality=course.quality,
        outcome_draws=course.draws,
    )


def digest_of(value: object) -> str:
    """SHA-256 over a world or any part of it, the same wherever the values are the same.

    >>> digest_of((1, "a")) == digest_of((1, "a")) != digest_of((1, "b"))
    True
    """
    found = hashlib.sha256()
    _feed(found, value)
    return found.hexdigest()


def _feed(found: hashlib._Hash, value: object) -> None:
    if isinstance(value, np.ndarray):
        found.update(f"{value.dtype}{value.shape}".encode() + np.ascontiguousarray(value).tobytes())
    elif is_dataclass(value) and not isinstance(value, type):
        found.update(type(value).__name__.encode())
        for field in fields(value):
            _feed(found, getattr(value, field.name))
    elif isinstance(value, tuple):
        found.update(f"({len(value)}".encode())
        for item in value:
            _feed(found, item)
    else:
        found.update(f"{value!r};".encode())
