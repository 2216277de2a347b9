"""Writes the stage ledger as of today, and says how the jobs have ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np

from segue.engine.world.choice import Ints
from segue.engine.world.dice import Dice, stream
from segue.engine.world.history import DAY_S, HIRED, WITHDRAWN, Course, midnight_s
from segue.engine.world.places import USD_RATES
from segue.engine.world.records import SOURCES, STAGES, Application, Job, Person, StageEntry

REJECT_REASONS = (
    ("skills-not-yet-there", "experience-in-another-field", "another-person-closer"),
    ("skills-not-yet-there", "level-does-not-fit", "another-person-closer"),
    ("another-person-closer", "level-does-not-fit", "work-sample-below-bar"),
    ("another-person-closer", "work-sample-below-bar", "team-needs-changed"),
)
WITHDRAW_REASONS = (
    ("found-other-work", "no-longer-looking"),
    ("found-other-work", "pay-too-low", "too-far-to-travel"),
    ("found-other-work", "process-too-long", "pay-too-low"),
    ("found-other-work", "process-too-long", "work-not-as-expected"),
    ("declined-offer-pay", "declined-offer-other-offer", "declined-offer-stayed", "declined-offer-distance"),
)
UNREAD_AFTER_DAYS = 21


def moment(at_s: int) -> datetime:
    """An epoch second as an aware UTC datetime."""
    return datetime.fromtimestamp(at_s, tz=UTC)


def write_applications(
    seed: int, course: Course, sources: Ints, people: tuple[Person, ...], jobs: tuple[Job, ...], today: date
) -> tuple[Application, ...]:
    """Applications with the ledger as it stands when `today` begins; what comes later is cut off."""
    dice, now_s = Dice(stream(seed, "ledger")), midnight_s(today)
    rows = zip(
        course.person.tolist(),
        course.job.tolist(),
        course.reached.tolist(),
        course.ended.tolist(),
        course.times.tolist(),
        strict=True,
    )
    written = []
    for number, (person, job, reached, ended, times) in enumerate(rows, 1):
        entries = _entries(dice, people[person], jobs[job], reached, ended, times)
        stages = _as_of(entries, now_s)
        written.append(
            Application(
                external_id=f"application-{number:06d}",
                person=people[person].external_id,
                job=jobs[job].external_id,
                source=SOURCES[sources[person]],
                applied_at=moment(times[0]),
                status=stages[-1].stage
                if stages[-1].stage in ("hired", "rejected", "withdrawn")
                else "active",
                stages=stages,
            )
        )
    return tuple(written)


Entry = tuple[str, int, int, str, str]  # stage, entered, left (0 while it lasts), by, reason


def _entries(dice: Dice, person: Person, job: Job, reached: int, ended: int, times: list[int]) -> list[Entry]:
    deciders = ("", job.recruiter, job.recruiter, job.hiring_manager, job.hiring_manager, job.hiring_manager)
    entries: list[Entry] = []
    for stage in range(reached + 1):
        left = times[stage + 1] if stage < reached else times[6]
        entries.append(
            (
                STAGES[stage],
                times[stage],
                0 if ended == HIRED and stage == reached else left,
                deciders[stage],
                "",
            )
        )
    if ended == WITHDRAWN:
        entries.append(("withdrawn", times[6], 0, "", dice.pick(WITHDRAW_REASONS[reached])))
    elif ended != HIRED:
        decider = job.recruiter if reached < 2 else job.hiring_manager
        entries.append(("rejected", times[6], 0, decider, _reject_reason(dice, person, job, reached, times)))
    return entries


def _reject_reason(dice: Dice, person: Person, job: Job, reached: int, times: list[int]) -> str:
    if reached == 0 and times[6] - times[0] > UNREAD_AFTER_DAYS * DAY_S:
        return "closed-before-review"
    if any(slug not in person.licences for slug in job.licences):
        return "licence-missing"
    if job.permit_country and job.permit_country not in person.permits:
        return "work-permit-missing"
    if person.pay_floor is not None and dice.unit() < 0.5 and _asks_more(person, job):
        return "pay-expectation-above-range"
    return dice.pick(REJECT_REASONS[min(reached, 3)])


def _asks_more(person: Person, job: Job) -> bool:
    hours = {"year": 1.0, "month": 12.0, "hour": 1950.0}[job.pay_period]
    most_usd = job.pay_max * hours / USD_RATES[job.currency]
    return (person.pay_floor or 0.0) / USD_RATES[person.pay_currency] > most_usd


def _as_of(entries: list[Entry], now_s: int) -> tuple[StageEntry, ...]:
    return tuple(
        StageEntry(stage, moment(entered), moment(left) if 0 < left < now_s else None, by, reason)
        for stage, entered, left, by, reason in entries
        if entered < now_s
    )


def settle_jobs(jobs: tuple[Job, ...], course: Course, today: date) -> tuple[Job, ...]:
    """Past jobs are filled at their last hire or closed 75 days on; openings cover every hire so far."""
    now_s = midnight_s(today)
    hired = (course.ended == HIRED) & (course.times[:, 5] < now_s)
    hires = np.bincount(course.job[hired], minlength=len(jobs)).tolist()
    last_end = np.zeros(len(jobs), dtype=np.int64)
    np.maximum.at(last_end, course.job, course.times[:, 6])
    return tuple(
        _settle(job, count, end) for job, count, end in zip(jobs, hires, last_end.tolist(), strict=True)
    )


def _settle(job: Job, hires: int, last_end_s: int) -> Job:
    if job.status == "open":
        return replace(job, openings=max(job.openings, hires + 1)) if hires else job
    ended = moment(max(last_end_s, int(job.posted_at.timestamp()) + 75 * DAY_S))
    status = "filled" if hires else "closed"
    openings = hires or job.openings
    return replace(job, status=status, openings=openings, closed_at=ended)
