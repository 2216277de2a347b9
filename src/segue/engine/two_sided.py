"""A match takes two: the chance that both sides want it, what that is worth, and how to share it out.

`harmonic` joins two calibrated chances into one figure for ranking pairs. `expected_surplus` says what
showing a job is worth to a person: a job you like and a job you can get. `share_out` keeps an opening
from being shown to more people than it could ever take. `rank_people` is the same from the job's side,
and says so when too little is known to say anything (`Abstained`).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from segue.engine.calibration import Calibration

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
IndexArray = NDArray[np.intp]

NOT_ENOUGH = "not enough to say"
LEAST_LABELS, LEAST_OF_EACH = 20, 5
WIDEST = 0.35  # of a 90 % interval of a chance
_PRICE_FLOOR = 1e-3  # of the highest worth of one acceptance; cheaper than this is free


def harmonic(want: FloatArray, take: FloatArray) -> FloatArray:
    """Harmonic mean of two chances, broadcast: high only where both are, 0 where either is.

    On reciprocal data it ranks matches better than either side alone or a model of the match itself.
    Source: Pizzato et al. 2010, "RECON: a reciprocal recommender for online dating".

    >>> harmonic(np.array([0.5, 0.9]), np.array([0.5, 0.1])).round(2).tolist()
    [0.5, 0.18]
    """
    total = np.asarray(want + take, dtype=np.float64)
    return np.asarray(2.0 * want * take / np.where(total > 0, total, 1.0))


def expected_surplus(utility: FloatArray, chance: FloatArray, *, spread: float = 1.0) -> FloatArray:
    """What being shown an option is worth: chance · spread · ln(1 + exp(utility / spread)), broadcast.

    `utility`: of taking it over leaving it, in units of `spread`, before the taste of the moment;
    `chance`: that it can be had. The logarithm is the expected gain of somebody who may also say no, so a
    poor option is worth little but never less than nothing, and neither liking nor chance stands alone.
    Raises ValueError unless spread > 0.
    Source: Bied et al. 2026, arXiv 2603.21699 (index of expected surplus, costs of applying left out);
    the inclusive value is McFadden's.

    >>> liked_out_of_reach, fair, easy_unloved = expected_surplus(
    ...     np.array([2.0, 0.0, -3.0]), np.array([0.01, 0.3, 0.9]))
    >>> bool(fair > easy_unloved > liked_out_of_reach)
    True
    """
    if spread <= 0:
        raise ValueError("spread must be above zero")
    return np.asarray(chance * spread * np.logaddexp(0.0, np.asarray(utility) / spread))


def pair_worth(want: FloatArray, take: FloatArray, *, job_share: float = 0.5) -> FloatArray:
    """The surplus of both sides, broadcast, from the chance each would say yes (in (0, 1)).

    Utility of either side is the log-odds of its yes, the scale on which a logit choice is made. The
    person's surplus counts 1 − `job_share`, the employer's `job_share`. For small chances both are near
    want · take, and the two sides agree; they part where one of them would be very glad.
    Raises ValueError unless 0 ≤ job_share ≤ 1.

    >>> pair_worth(np.array([0.01]), np.array([0.02])).round(5).tolist()
    [0.0002]
    """
    if not 0.0 <= job_share <= 1.0:
        raise ValueError("job_share lies in [0, 1]")
    persons = expected_surplus(np.asarray(logit(want)), take)
    employers = expected_surplus(np.asarray(logit(take)), want)
    return np.asarray((1.0 - job_share) * persons + job_share * employers)


@dataclass(frozen=True, eq=False)
class Shared:
    """Who is shown what: `slates` int64[P, k] job rows, best first, -1 where nothing is left to show;
    `price` float64[J] of one expected acceptance; `load` float64[J] expected acceptances."""

    slates: IntArray
    price: FloatArray
    load: FloatArray


def share_out(
    worth: FloatArray,
    chance: FloatArray,
    capacity: FloatArray,
    k: int,
    *,
    price: FloatArray | None = None,
    rounds: int = 40,
    step: float = 0.5,
) -> Shared:
    """Give everybody up to k jobs of the greatest worth, with no opening expecting more than it can take.

    `worth`: float64[P, J], -inf where a pair may not be shown; `chance`: float64[P, J] of an acceptance if
    shown; `capacity`: float64[J] acceptances an opening can take; `price`: to start from.
    Maximises Σ worth under Σ chance ≤ capacity by its dual: an opening asked for too much gets dearer, one
    with room cheaper, and people choose by what is left after the price. The price that stays is the last
    at which too much was asked, so that no room lies idle; the excess is cut, who loses least first; those
    people get their next best with room. So load ≤ capacity always, whatever the prices.
    Raises ValueError for shapes that differ or a capacity or chance below zero.
    Source: Arora, Hazan and Kale 2012 (multiplicative weights); Balseiro, Lu and Mirrokni 2023 (dual
    mirror descent for allocation).

    >>> worth = np.array([[0.9, 0.5], [0.8, 0.1]])
    >>> share_out(worth, np.ones((2, 2)), np.array([1.0, 1.0]), 1).slates[:, 0].tolist()
    [1, 0]
    """
    _refuse_bad_shares(worth, chance, capacity)
    unit = _dearest(worth, chance)
    floor, charged = _PRICE_FLOOR * unit, np.zeros(len(capacity))
    tags = np.clip(charged if price is None else price, floor, unit)
    for turn in range(rounds):
        asked = np.where(tags > floor, tags, 0.0)
        excess = _load(_best(worth - chance * asked, k), chance) - capacity
        charged = np.where(excess > 0, asked, np.where(tags > floor, charged, 0.0))
        if (excess <= 1e-9).all() and (excess >= -0.1 * capacity)[asked > 0].all():
            break
        push = np.clip(excess / np.maximum(capacity, 1e-9), -1.0, 1.0)
        tags = np.clip(tags * np.exp(step * push / np.sqrt(1.0 + turn / 4.0)), floor, unit)
    slates = _admit(worth - chance * charged, chance, capacity, k)
    return Shared(slates, charged, _load(slates, chance))


def _dearest(worth: FloatArray, chance: FloatArray) -> float:
    """The highest worth of one acceptance: nobody would pay more."""
    counts = np.isfinite(worth) & (chance > 0)
    per_acceptance = np.where(counts, worth, 0.0) / np.where(counts, chance, 1.0)
    return max(float(per_acceptance.max(initial=0.0)), 1e-300)


def _refuse_bad_shares(worth: FloatArray, chance: FloatArray, capacity: FloatArray) -> None:
    if worth.shape != chance.shape or worth.shape[1:] != capacity.shape:
        raise ValueError(f"worth {worth.shape}, chance {chance.shape}, capacity {capacity.shape}")
    if (capacity < 0).any() or (chance < 0).any():
        raise ValueError("capacities and chances are never below zero")


def best_jobs(worth: FloatArray, k: int) -> IntArray:
    """Each row's k best columns, best first, -1 where fewer are finite: int64[P, k]; ties to the lower.

    >>> best_jobs(np.array([[0.1, -np.inf, 0.3]]), 3).tolist()
    [[2, 0, -1]]
    """
    rows = np.arange(len(worth))
    slates = np.full((len(worth), k), -1, dtype=np.int64)
    left = worth.copy()
    for place in range(min(k, worth.shape[1])):  # k is small: that many passes beat any sort
        job = left.argmax(axis=1)
        slates[:, place] = np.where(np.isfinite(left[rows, job]), job, -1)
        left[rows, job] = -np.inf
    return slates


def _best(net: FloatArray, k: int) -> IntArray:
    """The k best of those worth their price."""
    return best_jobs(np.where(net > 0, net, -np.inf), k)


def _load(slates: IntArray, chance: FloatArray) -> FloatArray:
    person, place = np.nonzero(slates >= 0)
    job = slates[person, place]
    return _sums(job, chance[person, job], chance.shape[1])


def _admit(net: FloatArray, chance: FloatArray, capacity: FloatArray, k: int) -> IntArray:
    """Let people in until an opening is full, those first who would lose the most by going elsewhere
    (Vogel's rule for transport); who is turned away asks elsewhere."""
    kept = np.zeros(net.shape, dtype=np.bool_)
    wish = np.where(net > 0, net, -np.inf)  # what may still be asked for
    room, asking = capacity.astype(np.float64), np.arange(len(net))
    while len(asking):
        ask = best_jobs(wish[asking], k + 1)
        free = k - kept[asking].sum(axis=1)
        row, place = np.nonzero((ask >= 0) & (np.arange(k + 1) < free[:, None]))
        person, job, other = asking[row], ask[row, place], ask[row, free[row]]
        loss = net[person, job] - np.where(other >= 0, net[person, other], 0.0)
        fits = _fits(job, loss, chance[person, job], room)
        kept[person[fits], job[fits]] = True
        wish[person, job] = -np.inf
        room = np.maximum(room - _sums(job[fits], chance[person[fits], job[fits]], len(room)), 0.0)
        asking = np.unique(person[~fits])
    return best_jobs(np.where(kept, net, -np.inf), k)


def _sums(job: IntArray, chance: FloatArray, jobs: int) -> FloatArray:
    return np.bincount(job, weights=chance, minlength=jobs).astype(np.float64)


def _fits(job: IntArray, loss: FloatArray, chance: FloatArray, room: FloatArray) -> NDArray[np.bool_]:
    """Whom an opening takes of those who ask: by loss, while the sum of chances stays within its room."""
    order = np.lexsort((-loss, job))
    total = np.cumsum(chance[order])
    first = np.searchsorted(job[order], job[order], side="left")
    before = np.where(first > 0, total[first - 1], 0.0)
    fits = np.zeros(len(job), dtype=np.bool_)
    fits[order] = total - before <= room[job[order]]
    return fits


@dataclass(frozen=True)
class Abstained:
    """Too little is known: `labels` of `wanted` that would be enough, and how wide the interval is."""

    labels: int
    wanted: int
    width: float
    note: str = NOT_ENOUGH


@dataclass(frozen=True, eq=False)
class RankedPeople:
    """People for one job, best first: rows intp[k], and for each the worth and both chances, float64[k]."""

    people: IndexArray
    worth: FloatArray
    want: FloatArray
    take: FloatArray


def unsure(
    calibration: Calibration, score: FloatArray, family: int = -1, *, widest: float = WIDEST
) -> Abstained | None:
    """Whether a calibration should keep silent about these scores, and what would let it speak.

    It speaks with at least LEAST_LABELS labels, LEAST_OF_EACH of either kind, and a 90 % interval that is
    at the median score no wider than `widest`. An interval narrows with the root of the labels, which
    says how many would do. Raises ValueError unless 0 < widest ≤ 1.

    >>> from segue.engine.calibration import fit_calibration
    >>> three = fit_calibration(np.arange(3.0), np.array([0, 1, 1]), np.zeros(3, dtype=int), families=1)
    >>> silent = unsure(three, np.array([1.0]))
    >>> silent.note, silent.labels
    ('not enough to say', 3)
    """
    if not 0.0 < widest <= 1.0:
        raise ValueError("widest lies in (0, 1]")
    labels, positives = int(calibration.labels[-1]), int(calibration.positives[-1])
    middle = np.array([float(np.median(score))]) if len(score) else np.zeros(1)
    low, high = calibration.interval(middle, family)
    width = float(high[0] - low[0])
    rarer = min(positives, labels - positives)
    if labels >= LEAST_LABELS and rarer >= LEAST_OF_EACH and width <= widest:
        return None
    wanted = max(LEAST_LABELS, ceil(labels * (width / widest) ** 2), labels + 1)
    if rarer < LEAST_OF_EACH:
        wanted = max(wanted, labels + ceil((LEAST_OF_EACH - rarer) * labels / max(rarer, 1)))
    return Abstained(labels, wanted, width)


def rank_people(
    want: Calibration,
    take: Calibration,
    want_score: FloatArray,
    take_score: FloatArray,
    family: int = -1,
    *,
    job_share: float = 0.5,
    widest: float = WIDEST,
) -> RankedPeople | Abstained:
    """People for one job by what a match would be worth to both; silence where either side is unsure.

    `want_score`: float64[P], this job's column of the scores of jobs for people (transposed);
    `take_score`: float64[P], the score of people for this job (native); `family` of the job.
    Raises ValueError where they differ in length or are not finite.

    >>> from segue.engine.calibration import fit_calibration
    >>> score = np.linspace(-2, 2, 400)
    >>> known = fit_calibration(score, score > 0, np.zeros(400, dtype=int), families=1)
    >>> both = rank_people(known, known, np.array([1.0, -1.0, 1.0]), np.array([-1.0, 1.0, 1.0]), 0)
    >>> int(both.people[0])
    2
    """
    if want_score.shape != take_score.shape:
        raise ValueError(f"{len(want_score)} wishes for {len(take_score)} judgements")
    if not (np.isfinite(want_score).all() and np.isfinite(take_score).all()):
        raise ValueError("a score is not finite")
    for calibration, score in ((want, want_score), (take, take_score)):
        silent = unsure(calibration, score, family, widest=widest)
        if silent is not None:
            return silent
    wants, takes = want.chance(want_score, family), take.chance(take_score, family)
    worth = pair_worth(wants, takes, job_share=job_share)
    order = np.argsort(-worth, kind="stable")
    return RankedPeople(order, worth[order], wants[order], takes[order])
