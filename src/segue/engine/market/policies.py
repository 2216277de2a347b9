"""The stack and what is left of it when one part is taken away.

The parts are the product's own: content features and their weights (`content`, `rank`), EASE over what
people opened and applied for, weighed by how much they did (`stack`), chances calibrated by family, the
record of each job and person (`effects`), the worth of a match to both sides, openings that are shared out
(`two_sided`), and one card chosen by Thompson's rule with exact chances (`policy`). The ranker that joins
the features is a logistic regression refitted every round, since a boosted one would take minutes a market;
its prior is the weights the product starts with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from segue.engine.effects import Effects
from segue.engine.market.beliefs import TAKE, WANT, Belief, Cases, Ranker
from segue.engine.market.rounds import Dealt, Logs, Stage, View
from segue.engine.policy import pick_each
from segue.engine.two_sided import best_jobs, pair_worth, share_out

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

POOL = 10  # the exploring card is chosen from so many
DRAWS = 32  # worlds that may be true
OFFERS, ACCEPTS = 0.32, 0.69  # public rates, the start of what is then counted
LEAST_ROOM = 1e-3


@dataclass(frozen=True)
class Parts:
    """Which parts of the stack are at work."""

    content: bool = True
    together: bool = (
        True  # collaborative: what people with like behaviour did, and records of jobs and people
    )
    explore: bool = True
    two_sided: bool = True
    congestion: bool = True


FULL = Parts()
ABLATIONS: Mapping[str, Parts] = {
    "content only": replace(FULL, together=False),
    "CF only": replace(FULL, content=False),
    "no exploration": replace(FULL, explore=False),
    "one-sided": replace(FULL, two_sided=False),
    "no congestion control": replace(FULL, congestion=False),
}


class Stack:
    """A policy made of parts."""

    def __init__(self, parts: Parts, seed: int) -> None:
        self._parts = parts
        self._rng = np.random.default_rng([seed, 7])
        both = parts.content, parts.together
        self._want = Ranker(WANT, *both, records=parts.together)
        self._take = Ranker(TAKE, parts.content, together=False, records=parts.together, of_people=True)
        self._price: FloatArray = np.zeros(0)

    def deal(self, view: View, k: int) -> Dealt:
        """Fit to what was seen, score, share out, and explore with one card."""
        jobs = np.flatnonzero(view.may_show.any(axis=0))
        if not len(jobs):
            nobody = np.full((len(view.may_show), k), -1, dtype=np.int64)
            return Dealt(nobody, np.zeros(nobody.shape))
        wants, takes = self._beliefs(view, jobs)
        want, take = _chance(wants.logit), _chance(takes.logit)
        worth = self._worth(want, take)
        worth = worth * (1.0 + 1e-6 * self._rng.random(worth.shape))  # ties fall by lot
        worth = np.where(view.may_show[:, jobs], worth, -np.inf)
        places, net = self._first(view, jobs, worth, want, take, k)
        dealt = Dealt(places, (places >= 0).astype(np.float64))
        if self._parts.explore:
            dealt = self._explored(places, net, jobs, wants, takes)
        slates = np.where(dealt.slates >= 0, jobs[dealt.slates], -1)
        self._want.remember(slates)
        return Dealt(slates, dealt.propensity)

    def _worth(self, want: FloatArray, take: FloatArray) -> FloatArray:
        return pair_worth(want, take) if self._parts.two_sided else want

    def _beliefs(self, view: View, jobs: IntArray) -> tuple[Belief, Belief]:
        """Of applying once shown, and of passing the screening once applied."""
        logs = view.logs
        seen = Cases.of(logs.shown >= 0, [logs.opened, logs.applied], logs.position)
        want = self._want.believe(view, seen, jobs)
        if self._parts.two_sided:
            return want, self._take.believe(view, Cases.of(logs.read, [logs.passed]), jobs)
        rate = _rate(logs.passed.sum(), logs.read.sum(), 0.17, 20.0)
        people, every = view.may_show.shape
        flat = np.full_like(want.logit, np.log(rate / (1.0 - rate)))
        return want, Belief(flat, Effects.certain(every), Effects.certain(people))

    def _first(
        self, view: View, jobs: IntArray, worth: FloatArray, want: FloatArray, take: FloatArray, k: int
    ) -> tuple[IntArray, FloatArray]:
        """Places among the open jobs, and what each pair is worth after its price."""
        if not self._parts.congestion:
            return best_jobs(worth, k), worth
        hired = _hire_rate(view.logs)
        read, seats = _unread_room(view)[jobs], _seat_room(view, jobs, take * hired)
        use = np.maximum(want / read, want * take * hired / seats)
        if not len(self._price):
            self._price = np.zeros(len(view.seats))
        shared = share_out(worth, use, np.ones(len(jobs)), k, price=self._price[jobs], rounds=12)
        self._price[jobs] = shared.price
        net = worth - shared.price * use
        return _filled(shared.slates, net, k), net

    def _explored(
        self, places: IntArray, net: FloatArray, jobs: IntArray, wants: Belief, takes: Belief
    ) -> Dealt:
        """The last card is chosen from itself and the next best, by one of many worlds that may be true."""
        rows = np.arange(len(places))[:, None]
        rest = net.copy()
        person, place = np.nonzero(places >= 0)
        rest[person, places[person, place]] = -np.inf
        pool = np.concatenate([places[:, -1:], best_jobs(rest, POOL - 1)], axis=1)
        at = np.maximum(pool, 0)
        moved = self._in_other_worlds(at, jobs, wants, takes)
        values = np.where((pool >= 0)[:, :, None], net[rows, at][:, :, None] + moved, -np.inf)
        chosen, chance = pick_each(values, self._rng)
        last = pool[rows[:, 0], chosen]
        propensity = (places >= 0).astype(np.float64)
        propensity[:, -1] = np.where(last >= 0, chance, 0.0)
        return Dealt(np.concatenate([places[:, :-1], last[:, None]], axis=1), propensity)

    def _in_other_worlds(self, at: IntArray, jobs: IntArray, wants: Belief, takes: Belief) -> FloatArray:
        """How much more each pair of a pool would be worth in worlds that may be true: [P, pool, DRAWS]."""
        rows, job = np.arange(len(at))[:, None], jobs[at]
        odds = [belief.logit[rows, at][:, :, None] for belief in (wants, takes)]
        moves = [
            (belief.job.draws(self._rng, DRAWS) - belief.job.mean[:, None])[job] for belief in (wants, takes)
        ]
        want, take = (_chance(odd + move) for odd, move in zip(odds, moves, strict=True))
        return self._worth(want, take) - self._worth(_chance(odds[0]), _chance(odds[1]))


def make_policies(seed: int) -> dict[str, Stack]:
    """The full stack and each ablation, all of one seed."""
    return {"full": Stack(FULL, seed)} | {name: Stack(parts, seed) for name, parts in ABLATIONS.items()}


def _chance(odds: FloatArray) -> FloatArray:
    return np.asarray(np.clip(expit(odds), 1e-9, 1.0 - 1e-9))


def _rate(hits: float, cases: float, base: float, weight: float) -> float:
    return float((hits + weight * base) / (cases + weight))


def _hire_rate(logs: Logs) -> float:
    """Of a passed screening: that an offer follows and is taken; public rates first, then counted ones."""
    taken = _rate((logs.stage == Stage.HIRED).sum(), logs.passed.sum(), OFFERS * ACCEPTS, 50.0)
    return min(taken, 1.0)


def _seat_room(view: View, jobs: IntArray, chance: FloatArray) -> FloatArray:
    """Acceptances each open job can still take, less those to be expected of who has applied: float64[C]."""
    stage = view.logs.stage[:, jobs]
    pending = np.where(stage == Stage.UNREAD, chance, 0.0).sum(axis=0)
    pending += ACCEPTS * (stage == Stage.SHORTLISTED).sum(axis=0)
    return np.asarray(np.maximum(view.seats[jobs] - pending, LEAST_ROOM), dtype=np.float64)


def _unread_room(view: View) -> FloatArray:
    """Applications each opening can still read by the next round: float64[J]."""
    unread = (view.logs.stage == Stage.UNREAD).sum(axis=0)
    return np.asarray(np.maximum(view.visible.pace - unread, LEAST_ROOM), dtype=np.float64)


def _filled(slates: IntArray, net: FloatArray, k: int) -> IntArray:
    """Empty places get the best of what is left, so that nobody sees a shorter list for being late."""
    person, place = np.nonzero(slates >= 0)
    first = net.copy()
    lift = 1.0 + 2.0 * float(np.abs(net[np.isfinite(net)]).max(initial=0.0))
    first[person, slates[person, place]] += lift
    return best_jobs(first, k)
