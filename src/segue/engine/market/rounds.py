"""Week by week: show, look, open, apply, read, offer, accept. What a policy sees is what a site would log."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from segue.engine.market.nature import STEPS, Nature, Visible

FloatArray = NDArray[np.float64]
ScoreArray = NDArray[np.float32]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

LOOK_ON = 0.85  # chance to look at the next card
OPEN, APPLY, SCREEN, OFFER, ACCEPT = range(len(STEPS))


class Stage(IntEnum):
    """Where an application stands."""

    NONE = 0
    UNREAD = 1
    SHORTLISTED = 2  # screened and worth an offer, waiting for a seat
    REJECTED = 3
    DECLINED = 4  # the person said no to an offer
    HIRED = 5
    ENDED = 6  # withdrawn, or the opening was filled


@dataclass(frozen=True, eq=False)
class Logs:
    """What the site has seen so far, all [P, J]: when a pair was shown (-1 never), at which position and with
    which propensity; opened; applied; where the application stands; whether it was read and passed."""

    shown: IntArray
    position: IntArray
    propensity: ScoreArray
    opened: BoolArray
    applied: BoolArray
    stage: NDArray[np.int8]
    read: BoolArray
    passed: BoolArray

    @classmethod
    def blank(cls, shape: tuple[int, int]) -> Logs:
        yes_no = [np.zeros(shape, dtype=np.bool_) for _ in range(4)]
        never = np.full(shape, -1, dtype=np.int64)
        stage = np.zeros(shape, dtype=np.int8)
        return cls(
            never,
            never.copy(),
            np.zeros(shape, np.float32),
            yes_no[0],
            yes_no[1],
            stage,
            yes_no[2],
            yes_no[3],
        )


@dataclass(frozen=True, eq=False)
class View:
    """What a policy may know in a round: `may_show` bool[P, J] (both are there, never shown before),
    `seats` int64[J] still free, and everything logged."""

    round: int
    visible: Visible
    logs: Logs
    may_show: BoolArray
    seats: IntArray


@dataclass(frozen=True, eq=False)
class Dealt:
    """`slates` int64[P, k] job rows, -1 for none; `propensity` float64[P, k] of each given the others."""

    slates: IntArray
    propensity: FloatArray


class Policy(Protocol):
    """Who decides what is shown."""

    def deal(self, view: View, k: int) -> Dealt: ...


@dataclass(frozen=True, eq=False)
class Outcome:
    """`match` int64[P]: the job each person accepted, -1 for none; `matches_by_round` int64[T]; the logs."""

    match: IntArray
    matches_by_round: IntArray
    logs: Logs

    @property
    def matches(self) -> int:
        return int((self.match >= 0).sum())

    def funnel(self) -> dict[str, int]:
        """How many pairs came how far."""
        logs = self.logs
        counts = {"shown": logs.shown >= 0, "opened": logs.opened, "applied": logs.applied}
        counts |= {"read": logs.read, "passed": logs.passed, "hired": logs.stage == Stage.HIRED}
        return {name: int(mask.sum()) for name, mask in counts.items()}


@dataclass(eq=False)
class _Market:
    """The state of one run."""

    nature: Nature
    logs: Logs
    seats: IntArray
    match: IntArray
    by_round: list[int] = field(default_factory=list)


def run_market(nature: Nature, policy: Policy) -> Outcome:
    """Let a policy serve this market to its end. The same nature and policy give the same outcome.

    Raises ValueError where a policy shows what may not be shown.
    """
    size = nature.size
    logs = Logs.blank((size.people, size.jobs))
    market = _Market(nature, logs, nature.visible.seats.copy(), np.full(size.people, -1, dtype=np.int64))
    for now in range(size.rounds):
        view = View(now, nature.visible, logs, _may_show(market, now), market.seats)
        _show(market, now, policy.deal(view, size.slate), view.may_show)
        _read(market)
        market.by_round.append(_offer(market))
    return Outcome(market.match, np.array(market.by_round), logs)


def _may_show(market: _Market, now: int) -> BoolArray:
    nature = market.nature
    person = (nature.arrives <= now) & (market.match < 0)
    job = (nature.posted <= now) & (now < nature.lapses) & (market.seats > 0)
    return person[:, None] & job[None, :] & (market.logs.shown < 0)


def _show(market: _Market, now: int, dealt: Dealt, may_show: BoolArray) -> None:
    """Cards are looked at from the top; who looks may open, who opens may apply."""
    logs, nature = market.logs, market.nature
    person, place = np.nonzero(dealt.slates >= 0)
    job = dealt.slates[person, place]
    if not may_show[person, job].all() or len(np.unique(person * may_show.shape[1] + job)) < len(job):
        raise ValueError("a policy showed a pair that is not there, or twice")
    logs.shown[person, job], logs.position[person, job] = now, place
    logs.propensity[person, job] = dealt.propensity[person, place]
    seen = nature.look[now, person, place] < LOOK_ON**place
    opened = seen & _happens(nature, OPEN, person, job)
    applied = opened & _happens(nature, APPLY, person, job)
    logs.opened[person, job], logs.applied[person, job] = opened, applied
    logs.stage[person[applied], job[applied]] = Stage.UNREAD


def _happens(nature: Nature, step: int, person: IntArray, job: IntArray) -> BoolArray:
    return np.asarray(nature.die[step, person, job] < nature.chance[step, person, job])


def _read(market: _Market) -> None:
    """Openings read so many applications, the oldest first; those that pass and convince wait for a seat."""
    logs, nature = market.logs, market.nature
    person, job = np.nonzero(logs.stage == Stage.UNREAD)
    order = np.lexsort((nature.queue[person, job], logs.shown[person, job], job))
    person, job = person[order], job[order]
    mine = _place_in_group(job) < nature.visible.pace
    person, job = person[mine], job[mine]
    passed = _happens(nature, SCREEN, person, job)
    convinced = passed & _happens(nature, OFFER, person, job)
    logs.read[person, job], logs.passed[person, job] = True, passed
    logs.stage[person, job] = np.where(convinced, Stage.SHORTLISTED, Stage.REJECTED)


def _place_in_group(group: IntArray) -> IntArray:
    """0, 1, 2 … within each run of a sorted column."""
    return np.arange(len(group)) - np.searchsorted(group, group, side="left")


def _offer(market: _Market) -> int:
    """Free seats are offered to the best of the shortlist; a person takes one offer or none."""
    logs, nature = market.logs, market.nature
    person, job = np.nonzero(logs.stage == Stage.SHORTLISTED)
    order = np.lexsort((-nature.quality[person, job], job))
    person, job = person[order], job[order]
    offered = _place_in_group(job) < market.seats[job]
    person, job = person[offered], job[offered]
    order = np.lexsort((-nature.liking[person, job], person))
    person, job = person[order], job[order]
    accepts = (_place_in_group(person) == 0) & _happens(nature, ACCEPT, person, job)
    logs.stage[person, job] = np.where(accepts, Stage.HIRED, Stage.DECLINED)
    hired, filled = person[accepts], job[accepts]
    market.match[hired] = filled
    np.subtract.at(market.seats, filled, 1)
    waiting = (logs.stage == Stage.UNREAD) | (logs.stage == Stage.SHORTLISTED)
    gone = (market.match >= 0)[:, None] | (market.seats <= 0)[None, :]
    logs.stage[waiting & gone] = Stage.ENDED
    return len(hired)
