"""Eighteen months of applications: who applied to what, how far it went, when, and who decided.

People choose jobs by their hidden utilities. The employer passes people on by their true fit plus chance,
at rates calibrated in `calibration`; accepting an offer is the person's own decision again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import product

import numpy as np
from scipy.special import ndtri

from segue.engine.world import calibration
from segue.engine.world.cast import ADA
from segue.engine.world.choice import (
    Bools,
    Floats,
    Ints,
    accept_offer,
    choose_top,
    pair_utility,
    shift_to_mean,
    take,
    utility_matrix,
)
from segue.engine.world.dice import stream
from segue.engine.world.jobs import PAST_TO_DAYS, JobDraft
from segue.engine.world.occupations_office import ENGINEERING, OCCUPATION_INDEX, SKILL_INDEX
from segue.engine.world.people import PeopleDraft

DAY_S = 86_400
MOST_APPLICATIONS, CHUNK = 9, 1000
APPLY_DAYS, OPEN_JOB_EXPOSURE, NOTHING = 45.0, -1.1, -2.2
HIRED, REJECTED, WITHDRAWN = 0, 1, 2
ADA_APPLIED_S = 19 * DAY_S - 10 * 3600
ADA_STEPS_S = tuple(days * DAY_S for days in (0, 3, 11, 50, 50, 50, 50))  # applied, screen, interview, … end


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """k applications as columns, ordered by time of application.

    `reached` is the last stage entered (0 applied … 5 hired) and `ended` HIRED, REJECTED or WITHDRAWN.
    `times` is (k, 7) in epoch seconds: entry to each stage, valid up to `reached`, then the end.
    """

    person: Ints
    job: Ints
    reached: Ints
    ended: Ints
    times: Ints
    utility: Floats
    quality: Floats
    draws: Floats


def midnight_s(day: date) -> int:
    """Epoch second at which `day` begins in UTC."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def run_history(seed: int, people: PeopleDraft, jobs: JobDraft, today: date) -> Course:
    """All applications with their full course, also what lies after `today` and nobody may see yet."""
    rng = stream(seed, "history")
    person, job = _who_applies(rng, people, jobs)
    applied = _apply_times(rng, jobs, job, midnight_s(today))
    person, job, applied = _add_ada(person, job, applied, jobs, people, midnight_s(today))
    order = np.lexsort((job, person, applied))
    person, job, applied = person[order], job[order], applied[order]
    utility = pair_utility(take(people.columns, person), take(jobs.columns, job))
    quality = true_quality(people, jobs, person, job)
    draws = rng.random((len(person), 4))
    is_past = np.array([row.status != "open" for row in jobs.jobs])
    reached = _stages_reached(people.source[person], quality, draws, is_past[job], frozen=person == ADA)
    is_hired = (reached == 4) & _accepts(
        people, person, jobs.columns.occupation[job], utility, reached, draws[:, 3]
    )
    leaves = rng.random(len(person)) < np.array([*calibration.WITHDRAW_SHARE, 1.0])[reached]
    ended = np.where(is_hired, HIRED, np.where(leaves, WITHDRAWN, REJECTED))
    reached = reached + is_hired
    times = _stage_times(rng, jobs, job, applied, reached, ended)
    is_adas = (person == ADA) & (applied == midnight_s(today) - ADA_APPLIED_S)
    reached[is_adas], ended[is_adas] = 2, REJECTED
    steps = applied[is_adas, None] + np.array(ADA_STEPS_S)
    times[is_adas] = np.maximum.accumulate(
        np.column_stack([steps[:, :1], office_hours(steps[:, 1:], steps[:, 1:] * 0)]), axis=1
    )
    return _keep_consistent(Course(person, job, reached, ended, times, utility, quality, draws))


def _who_applies(rng: np.random.Generator, people: PeopleDraft, jobs: JobDraft) -> tuple[Ints, Ints]:
    """Each person looks a number of times and takes the best of what they saw, if it beats doing nothing."""
    count = len(people.interest)
    is_open = np.array([job.status == "open" for job in jobs.jobs])
    exposure = rng.normal(0.0, 0.5, len(is_open)) + OPEN_JOB_EXPOSURE * is_open
    looks = np.minimum(rng.poisson(2.9 * np.exp(0.75 * people.interest)), MOST_APPLICATIONS)
    looks[ADA], outside = 3, np.full((count, 1), NOTHING)
    outside[ADA] = -np.inf  # she always finds something, since every tour of the product begins with her
    rows, columns = [], []
    for start in range(0, count, CHUNK):
        index = np.arange(start, min(start + CHUNK, count))
        value = utility_matrix(take(people.columns, index), jobs.columns) + exposure
        best = choose_top(value, MOST_APPLICATIONS, outside=outside[index], rng=rng)
        is_taken = (best >= 0) & (np.arange(best.shape[1]) < looks[index][:, None])
        rows.append(np.broadcast_to(index[:, None], best.shape)[is_taken])
        columns.append(best[is_taken])
    return np.concatenate(rows), np.concatenate(columns)


def _add_ada(
    person: Ints, job: Ints, applied: Ints, jobs: JobDraft, people: PeopleDraft, now_s: int
) -> tuple[Ints, Ints, Ints]:
    """Ada also applied for the open job she likes best among those old enough, and is being interviewed."""
    at = now_s - ADA_APPLIED_S
    is_old = [row.status == "open" and row.posted_at.timestamp() < at for row in jobs.jobs]
    if not any(is_old):
        return person, job, applied
    liking = utility_matrix(take(people.columns, np.array([ADA])), jobs.columns)[0]
    best = int(np.argmax(np.where(is_old, liking, -np.inf)))
    other = ~((person == ADA) & (job == best))
    person, job, applied = person[other], job[other], applied[other]
    return np.append(person, ADA), np.append(job, best), np.append(applied, at)


def _apply_times(rng: np.random.Generator, jobs: JobDraft, job: Ints, now_s: int) -> Ints:
    """Applications come soon after the advert, at any hour between seven and midnight where the job is."""
    posted = np.array([row.posted_at.timestamp() for row in jobs.jobs], dtype=np.int64)[job]
    window = np.minimum(APPLY_DAYS * DAY_S, now_s - posted - 2 * DAY_S).clip(DAY_S // 24)
    at = posted + (window * rng.beta(1.0, 1.6, len(job))).astype(np.int64)
    local = _local_offset_s(jobs)[job]
    second = (at + local) % DAY_S
    moved = np.where(second < 7 * 3600, second + 9 * 3600, second)
    by_day = at - second + moved
    return np.where(by_day < now_s, by_day, at)


def _local_offset_s(jobs: JobDraft) -> Ints:
    """Solar time is near enough to office hours for history; accounts carry real time zones."""
    return np.asarray(np.round(jobs.columns.lon / 15.0) * 3600, dtype=np.int64)


def true_quality(people: PeopleDraft, jobs: JobDraft, person: Ints, job: Ints) -> Floats:
    """How well a person would do a job, float64 (k,): true skill in what it requires, level, chemistry."""
    required = np.zeros((len(jobs.jobs), len(SKILL_INDEX)), dtype=np.float32)
    for row, posting in enumerate(jobs.jobs):
        required[row, [SKILL_INDEX[slug] for slug in posting.required_skills]] = 1 / len(
            posting.required_skills
        )
    skill = np.einsum("ks,ks->k", people.skill_levels[person].astype(np.float32), required[job])
    level = -np.abs(people.columns.seniority[person] - jobs.columns.seniority[job])
    chemistry = np.einsum("kd,kd->k", people.columns.fit[person], jobs.columns.fit[job])
    return np.asarray(3.0 * skill + 0.4 * level + 0.4 * chemistry, dtype=np.float64)


def _stages_reached(source: Ints, quality: Floats, draws: Floats, cohort: Bools, frozen: Bools) -> Ints:
    """Last stage before acceptance, 0 applied to 4 offer, by quality, chance and source.

    `frozen` applications stop at the interview; past and open jobs (`cohort`) are passed on apart.
    """
    rates, reached = calibration.stage_rates(), np.zeros(len(source), dtype=np.int64)
    for code, is_past in product(range(len(calibration.HIRE_RATE)), (False, True)):
        alive = np.flatnonzero((source == code) & (cohort == is_past))
        alive = _pass(alive, quality, draws[:, 0], rates.screen[code], reached, frozen, 1)
        interviewed = _pass(alive, quality, draws[:, 1], rates.interview[code], reached, frozen, 2)
        onsite = _pass(interviewed, quality, draws[:, 1], rates.onsite[code], reached, frozen, 3)
        _pass(onsite, quality, draws[:, 2], rates.offer[code], reached, frozen, 4)
    return reached


def _pass(
    alive: Ints, quality: Floats, draw: Floats, rate: float, reached: Ints, frozen: Bools, stage: int
) -> Ints:
    """Those of `alive` who go on: the best `rate` of them by quality and chance in about equal parts."""
    if not len(alive):
        return alive
    chance = ndtri(np.clip(draw[alive], 1e-9, 1 - 1e-9))
    score = 0.6 * _normal_scores(quality[alive]) + 0.8 * chance
    place = (np.argsort(np.argsort(-score, kind="stable"), kind="stable") + draw[alive]) / len(alive)
    keep = place < rate
    if stage > 2:
        keep &= ~frozen[alive]
    passed = alive[keep]
    reached[passed] = stage
    return passed


def _normal_scores(values: Floats) -> Floats:
    """Ranks turned into standard normal scores, so that only the order of quality matters (Blom 1958)."""
    rank = np.argsort(np.argsort(values, kind="stable"), kind="stable") + 1
    return np.asarray(ndtri((rank - 0.375) / (len(values) + 0.25)))


def _accepts(
    people: PeopleDraft, person: Ints, trade: Ints, utility: Floats, reached: Ints, draw: Floats
) -> Bools:
    """Offers are taken by the worth of the job to the person; engineers say no more often."""
    surplus = 0.5 * utility + people.acceptance[person]
    engineers = [OCCUPATION_INDEX[slug] for slug in sorted(ENGINEERING)]
    is_engineer, is_late = np.isin(trade, engineers), reached >= 3
    share = float(is_engineer[reached == 4].mean()) if (reached == 4).any() else 0.0
    others = np.clip(
        (calibration.ACCEPTED - share * calibration.ACCEPTED_ENGINEERS) / max(1 - share, 0.5), 0.5, 0.9
    )
    accepted = np.zeros(len(person), dtype=np.bool_)
    for group, target in ((is_engineer, calibration.ACCEPTED_ENGINEERS), (~is_engineer, float(others))):
        shift = shift_to_mean(surplus[group & is_late], target)
        accepted[group] = accept_offer(surplus[group], shift, draw[group])
    return accepted


def _stage_times(
    rng: np.random.Generator, jobs: JobDraft, job: Ints, applied: Ints, reached: Ints, ended: Ints
) -> Ints:
    """Entry times of each stage and of the end, in office hours, strictly increasing."""
    count = len(job)
    times = np.zeros((count, 7), dtype=np.int64)
    times[:, 0] = applied
    offset = _local_offset_s(jobs)[job]
    for step, (median, spread) in enumerate(calibration.STEP_DAYS, 1):
        days = median * np.exp(np.clip(rng.normal(0.0, spread, count), -2 * spread, 2 * spread))
        raw = times[:, step - 1] + (days * DAY_S).astype(np.int64)
        times[:, step] = np.maximum(office_hours(raw, offset), times[:, step - 1] + 3600)
    median, spread = calibration.REJECT_DAYS
    wait = median * np.exp(np.clip(rng.normal(0.0, spread, count), -2 * spread, 2 * spread))
    rows = np.arange(count)
    last = times[rows, reached]
    decided = np.maximum(office_hours(last + (wait * DAY_S).astype(np.int64), offset), last + 3600)
    review = np.where(reached == 0, times[:, 1], decided)
    times[:, 6] = np.where(ended == HIRED, last, review)
    is_unread = (reached == 0) & (ended == REJECTED) & (rng.random(count) < calibration.UNREAD_SHARE)
    return _close_unread(jobs, job, reached, times, is_unread, offset)


def _close_unread(
    jobs: JobDraft, job: Ints, reached: Ints, times: Ints, is_unread: Bools, offset: Ints
) -> Ints:
    """Applications that nobody opened are answered when the job closes."""
    closes = np.array([row.posted_at.timestamp() + 75 * DAY_S for row in jobs.jobs], dtype=np.int64)
    hired = reached == 5
    fills = np.zeros_like(closes)
    np.maximum.at(fills, job[hired], times[hired, 5])
    closes = np.where(fills > 0, fills, closes)[job]
    late = np.maximum(office_hours(np.maximum(closes, times[:, 0]) + DAY_S, offset), times[:, 0] + 3600)
    times[is_unread, 6] = late[is_unread]
    return times


def office_hours(at: Ints, offset_s: Ints) -> Ints:
    """The same moment moved to a weekday between 9 and 17 o'clock local time; weekends move on to Monday.

    >>> saturday = np.array([2 * 86400])  # 3 January 1970
    >>> (office_hours(saturday, np.array([0])) // 3600).tolist()  # Monday, 9 o'clock
    [105]
    """
    local = at + offset_s
    day, second = local // DAY_S, local % DAY_S
    weekday = (day + 3) % 7  # 1 January 1970 was a Thursday
    day = day + np.where(weekday > 4, 7 - weekday, 0)
    return np.asarray(day * DAY_S + 9 * 3600 + second // 3 - offset_s)


def _keep_consistent(course: Course) -> Course:
    """On their first hire a person's other applications end, and later ones never happen."""
    keep = np.ones(len(course.person), dtype=np.bool_)
    hired = np.flatnonzero(course.ended == HIRED)
    for first in hired[np.argsort(course.times[hired, 5], kind="stable")]:
        if course.ended[first] != HIRED or not keep[first]:
            continue
        start = course.times[first, 5]
        others = np.flatnonzero(course.person == course.person[first])
        for other in others[others != first]:
            keep[other] &= bool(course.times[other, 0] < start)
            if course.times[other, 6] > start:
                _withdraw(course, int(other), int(start))
    return Course(*(getattr(course, name)[keep] for name in Course.__slots__))


def _withdraw(course: Course, row: int, at: int) -> None:
    course.ended[row], course.times[row, 6] = WITHDRAWN, at
    course.reached[row] = int((course.times[row, : course.reached[row] + 1] < at).sum()) - 1


assert PAST_TO_DAYS > APPLY_DAYS + 95  # so that every past application has ended by today
