"""Ninety days on the career site: what people saw, opened, kept and waved away.

Cards come from three simple surfaces (newest, own search, browsing), each a noisy order that knows
nothing of anybody's wishes; no recommender takes part. People look from the top and tire with every
card; whether they open, keep or hide one is a logit on their hidden utility.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

import numpy as np
from scipy.special import expit

from segue.engine.world.cast import ADA
from segue.engine.world.choice import (
    OCCUPATION_NEARNESS,
    Bools,
    Floats,
    Ints,
    apply_probability,
    pair_utility,
    take,
)
from segue.engine.world.dice import stream
from segue.engine.world.history import DAY_S, Course, midnight_s
from segue.engine.world.jobs import JobDraft
from segue.engine.world.people import PeopleDraft
from segue.engine.world.records import EVENT_KINDS, SOURCES, SURFACES, Behaviour

DAYS, CARDS, LOOK_ON, CHUNK = 90, 8, 0.93, 2000
SILENT_SHARE = 0.13  # of those who allow it, who nevertheless never come by
MEAN_SESSIONS, SESSION_SPREAD, MOST_SESSIONS = 1.9, 0.85, 40
CODE = {kind: code for code, kind in enumerate(EVENT_KINDS)}


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Events in the making: columns of one length; `at` in epoch seconds, fractions keep the order."""

    person: Ints
    job: Ints
    kind: Ints
    at: Floats
    dwell_s: Floats
    session: Ints
    position: Ints
    surface: Ints


def watch_people(
    seed: int, people: PeopleDraft, jobs: JobDraft, course: Course, is_watched: Bools, today: date
) -> Behaviour:
    """Events of those who allow learning from behaviour (`is_watched`, bool (n,)) over the last DAYS days."""
    rng, now_s = stream(seed, "behaviour"), midnight_s(today)
    posted = np.array([row.posted_at.timestamp() if row.status == "open" else np.inf for row in jobs.jobs])
    person, start = _sessions(rng, people, is_watched, now_s)
    cards = _deal(rng, people, jobs, posted, person, start)
    seen = _look(rng, cards, person, start)
    events = [seen, *_react(rng, people, jobs, seen)]
    events.append(_applications(course, people.source, posted, is_watched, now_s, len(person)))
    return _collect(events, now_s)


def _sessions(
    rng: np.random.Generator, people: PeopleDraft, is_watched: Bools, now_s: int
) -> tuple[Ints, Floats]:
    """Visits: heavy-tailed in number, more for people who look around, in order of time."""
    count = len(people.interest)
    rate = MEAN_SESSIONS * np.exp(
        0.6 * people.interest - 0.18 + rng.normal(0.0, SESSION_SPREAD, count) - SESSION_SPREAD**2 / 2
    )
    visits = np.minimum(1 + rng.poisson(rate), MOST_SESSIONS)
    visits = np.where(is_watched & (rng.random(count) >= SILENT_SHARE), visits, 0)
    visits[ADA] = max(int(visits[ADA]), 6) if is_watched[ADA] else 0
    person = np.repeat(np.arange(count), visits)
    start = now_s - DAYS * DAY_S + rng.random(len(person)) * (DAYS - 0.1) * DAY_S
    order = np.lexsort((person, start))
    return person[order], start[order]


def _deal(
    rng: np.random.Generator, people: PeopleDraft, jobs: JobDraft, posted: Floats, person: Ints, start: Floats
) -> tuple[Ints, Ints]:
    """Cards (sessions, CARDS), -1 where the list is shorter, and the surface of each session."""
    surface = rng.choice(len(SURFACES), len(person), p=[0.3, 0.45, 0.25])
    dealt = []
    for begin in range(0, len(person), CHUNK):
        part = slice(begin, begin + CHUNK)
        who, kind, now = person[part], surface[part][:, None], start[part][:, None]
        at_home = people.columns.country[who][:, None] == jobs.columns.country
        near = OCCUPATION_NEARNESS[people.columns.occupation[who]][:, jobs.columns.occupation]
        age_days = np.maximum(now - np.where(np.isfinite(posted), posted, 0.0), 0.0) / DAY_S
        order = np.select(
            [kind == 0, kind == 1],
            [3.0 * at_home - 0.15 * age_days, 5.0 * near + 3.5 * at_home],
            2.5 * at_home + 1.5 * near,
        )
        order = np.where(posted < now, order + rng.gumbel(size=order.shape), -np.inf)
        best = np.argsort(-order, axis=1, kind="stable")[:, :CARDS]
        dealt.append(np.where(np.isfinite(np.take_along_axis(order, best, axis=1)), best, -1))
    return np.concatenate(dealt) if dealt else np.zeros((0, CARDS), dtype=np.int64), surface


def _look(rng: np.random.Generator, dealt: tuple[Ints, Ints], person: Ints, start: Floats) -> _Rows:
    """Impressions: people read from the top and stop after each card with the same small chance."""
    cards, surface = dealt
    goes_on = rng.random(cards.shape) < LOOK_ON
    goes_on[:, :1] = True
    is_seen = np.logical_and.accumulate(goes_on, axis=1) & (cards >= 0)
    session, position = np.nonzero(is_seen)
    pause = 4.0 + rng.gamma(2.0, 9.0, cards.shape).cumsum(axis=1)
    at = start[session] + pause[session, position]
    kind, silent = np.zeros(len(session), dtype=np.int64), np.zeros(len(session))
    return _Rows(
        person[session], cards[session, position], kind, at, silent, session, position, surface[session]
    )


def _react(rng: np.random.Generator, people: PeopleDraft, jobs: JobDraft, seen: _Rows) -> list[_Rows]:
    """Clicks, dwell times, saves, likes, skips and hides: each a logit on the utility of what was seen."""
    utility = pair_utility(take(people.columns, seen.person), take(jobs.columns, seen.job))
    clicked = rng.random(len(utility)) < apply_probability(utility, outside=-1.5)
    after = clicked & (rng.random(len(utility)) < 0.85)
    saved = after & (rng.random(len(utility)) < apply_probability(utility, outside=0.8))
    liked = after & (rng.random(len(utility)) < apply_probability(utility, outside=1.1))
    waved = ~clicked & (rng.random(len(utility)) < 0.3 * expit(-utility - 0.5))
    hidden = ~clicked & ~waved & (rng.random(len(utility)) < 0.08 * expit(-utility - 2.0))
    dwell = np.exp(rng.normal(3.3, 0.8, len(utility)) + 0.18 * np.clip(utility, -4, 4))
    wait = np.where(clicked, np.clip(dwell, 1.0, 1800.0), 1.0)
    masks = {"click": clicked, "dwell": clicked, "save": saved, "like": liked, "skip": waved, "hide": hidden}
    later = {
        "click": 1.0,
        "dwell": wait + 1.0,
        "save": wait + 2.0,
        "like": wait + 3.0,
        "skip": 2.0,
        "hide": 2.5,
    }
    return [
        _some(seen, mask, kind, later[kind], wait if kind == "dwell" else 0.0 * wait)
        for kind, mask in masks.items()
    ]


def _some(seen: _Rows, mask: Bools, kind: str, later_s: Floats | float, dwell_s: Floats) -> _Rows:
    at = seen.at + later_s
    code = np.full(int(mask.sum()), CODE[kind], dtype=np.int64)
    columns = (seen.session[mask], seen.position[mask], seen.surface[mask])
    return _Rows(seen.person[mask], seen.job[mask], code, at[mask], dwell_s[mask], *columns)


def _applications(
    course: Course, sources: Ints, posted: Floats, is_watched: Bools, now_s: int, sessions: int
) -> _Rows:
    """Applications sent through the site in this time are apply events, at their own second."""
    at = course.times[:, 0]
    by_site = sources[course.person] != SOURCES.index("agency")
    recent = (at >= now_s - DAYS * DAY_S) & (at < now_s) & np.isfinite(posted[course.job])
    mask = recent & by_site & is_watched[course.person]
    count = int(mask.sum())
    kind, nothing = np.full(count, CODE["apply"], dtype=np.int64), np.zeros(count, dtype=np.int64)
    session = sessions + np.arange(count)
    surface = np.full(count, SURFACES.index("search"), dtype=np.int64)
    return _Rows(
        course.person[mask], course.job[mask], kind, at[mask] * 1.0, nothing * 1.0, session, nothing, surface
    )


def _collect(parts: list[_Rows], now_s: int) -> Behaviour:
    rows = _Rows(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(_Rows)))
    rows = _without_hidden(rows)
    order = np.lexsort((rows.kind, rows.person, np.floor(rows.at)))
    order = order[rows.at[order] < now_s]
    return Behaviour(
        person=rows.person[order].astype(np.int32),
        job=rows.job[order].astype(np.int32),
        kind=rows.kind[order].astype(np.uint8),
        at=np.floor(rows.at[order]).astype("datetime64[s]"),
        dwell_s=np.round(rows.dwell_s[order], 1).astype(np.float32),
        session=rows.session[order].astype(np.int32),
        position=rows.position[order].astype(np.int16),
        surface=rows.surface[order].astype(np.uint8),
    )


def _without_hidden(rows: _Rows) -> _Rows:
    """The site does not show a job again to someone who hid it: drop what would have followed."""
    pair = rows.person * (int(rows.job.max(initial=0)) + 1) + rows.job
    codes, index = np.unique(pair, return_inverse=True)
    hidden_at = np.full(len(codes), np.inf)
    is_hide = rows.kind == CODE["hide"]
    np.minimum.at(hidden_at, index[is_hide], rows.at[is_hide])
    keep = (rows.at <= hidden_at[index]) | (rows.kind == CODE["apply"])
    return _Rows(*(getattr(rows, field.name)[keep] for field in fields(_Rows)))
