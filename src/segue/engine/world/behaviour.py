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
    shown = np.flatnonzero(np.isfinite(posted))
    board, since, dealt = take(jobs.columns, shown), posted[shown], [np.zeros((0, CARDS), dtype=np.int64)]
    for begin in range(0, len(person), CHUNK):
        part = slice(begin, begin + CHUNK)
        who, kind, now = person[part], surface[part][:, None], start[part][:, None]
        at_home = people.columns.country[who][:, None] == board.country
        near = OCCUPATION_NEARNESS[people.columns.occupation[who]][:, board.occupation]
        newest, search = 3.0 * at_home - 0.15 * (now - since) / DAY_S, 5.0 * near + 3.5 * at_home
        order = np.select([kind == 0, kind == 1], [newest, search], 2.5 * at_home + 1.5 * near)
        order = np.where(since < now, order + rng.gumbel(size=order.shape), -np.inf)
        best = np.argsort(-order, axis=1, kind="stable")[:, :CARDS]
        cards = np.full((len(who), CARDS), -1)
        is_there = np.isfinite(np.take_along_axis(order, best, axis=1))
        cards[:, : best.shape[1]] = np.where(is_there, shown[best], -1)
        dealt.append(cards)
    return np.concatenate(dealt), surface


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
    clicked = rng.random(len(utility)) < apply_probability(utility, outside=-2.6)
    after = clicked & (rng.random(len(utility)) < 0.85)
    saved = after & (rng.random(len(utility)) < apply_probability(utility, outside=0.4))
    liked = after & (rng.random(len(utility)) < apply_probability(utility, outside=0.7))
    waved = ~clicked & (rng.random(len(utility)) < 0.24 * expit(-utility - 0.5))
    hidden = ~clicked & ~waved & (rng.random(len(utility)) < 0.06 * expit(-utility - 2.0))
    dwell = np.exp(rng.normal(3.3, 0.8, len(utility)) + 0.18 * np.clip(utility, -4, 4))
    wait = np.where(clicked, np.clip(dwell, 1.0, 1800.0), 1.0)
    opened, kept, none = np.ones_like(wait), wait + 1.0, np.zeros_like(wait)
    return [
        _some(seen, clicked, "click", opened, none),
        _some(seen, clicked, "dwell", kept, wait),
        _some(seen, saved, "save", kept + 1.0, none),
        _some(seen, liked, "like", kept + 2.0, none),
        _some(seen, waved, "skip", opened, none),
        _some(seen, hidden, "hide", opened + 1.0, none),
    ]


def _some(seen: _Rows, mask: Bools, kind: str, later_s: Floats, dwell_s: Floats) -> _Rows:
    at = seen.at + later_s
    code = np.full(int(mask.sum()), CODE[kind], dtype=np.int64)
    columns = (seen.session[mask], seen.position[mask], seen.surface[mask])
    return _Rows(seen.person[mask], seen.job[mask], code, at[mask], dwell_s[mask], *columns)


def _applications(
    course: Course, sources: Ints, posted: Floats, is_watched: Bools, now_s: int, sessions: int
) -> _Rows:
    """Applications sent through the site in this time are apply events, at their own second."""
    at = course.times[:, 0].astype(np.float64)
    by_site = sources[course.person] != SOURCES.index("agency")
    recent = (at >= now_s - DAYS * DAY_S) & (at < now_s) & np.isfinite(posted[course.job])
    mask = recent & by_site & is_watched[course.person]
    count = int(mask.sum())
    kind, nothing = np.full(count, CODE["apply"], dtype=np.int64), np.zeros(count, dtype=np.int64)
    session = sessions + np.arange(count)
    surface = np.full(count, SURFACES.index("search"), dtype=np.int64)
    return _Rows(
        course.person[mask], course.job[mask], kind, at[mask], np.zeros(count), session, nothing, surface
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
