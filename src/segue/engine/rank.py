"""From features to a dealt hand: blend, diversify, and explore with propensities that are exact."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segue.engine.caps import Cap
from segue.engine.content import FEATURES
from segue.engine.variety import Balance, Facet

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.intp]

# Rows of a pool, best first, and their worth there; back come each one's votes.
Election = Callable[[IndexArray, FloatArray], NDArray[np.int64]]

MIN_PROPENSITY = 0.01
DEFAULT_EPSILON = 0.1
DEFAULT_POOL = 10
SLOT_POOL = 40
_WINDOW = 200

# Chosen on résumé–advertisement relevance and a job-view log together; see tests/bench/match.py.
DEFAULT_WEIGHTS: Mapping[str, float] = {
    "text": 0.18,
    "title": 0.22,
    "words": 0.04,
    "skills": 0.12,
    "place": 0.16,
    "pay": 0.03,
    "freshness": 0.03,
    "behaviour": 0.14,
    "wish": 0.08,
}
# How much behaviour weighs once somebody has done something: (at least so many jobs, share).
# On the job-view log more is better still (.8), but there the profiles are nearly empty.
_BEHAVIOUR_SHARES = ((10, 0.65), (3, 0.6), (1, 0.5))


@dataclass(frozen=True, eq=False)
class Step:
    """What one position was dealt from: `rows` intp[p], best first, and their `worth` float64[p] there.

    `votes` int64[p]: for how many of a policy's draws each is the one; None where the best is all there is.
    """

    rows: IndexArray
    worth: FloatArray
    votes: NDArray[np.int64] | None = None


@dataclass(frozen=True, eq=False)
class Deal:
    """A hand of k' ≤ k jobs in order, ready to be logged.

    `indices` intp[k']; `propensities` float64[k'], each the chance of that job at that position given
    the ones above it; `explored` bool[k'], True where chance and not rank chose it; `steps` k' records of
    what each position was dealt from, enough to deal the same hand again (`redeal`).
    """

    indices: IndexArray
    propensities: FloatArray
    explored: NDArray[np.bool_]
    steps: tuple[Step, ...] = ()


def weights_for(active_jobs: int, base: Mapping[str, float] = DEFAULT_WEIGHTS) -> dict[str, float]:
    """The weights for somebody who liked so many jobs (`taste.active_jobs`); they keep the sum of `base`.

    What people do outweighs what they wrote, and sooner than one would think; groups 0, 1–2, 3–9, 10+.

    >>> [round(weights_for(n)["behaviour"], 2) for n in (0, 1, 5, 40)]
    [0.14, 0.5, 0.6, 0.65]
    """
    total, old = sum(base.values()), base.get("behaviour", 0.0)
    share = next((share for least, share in _BEHAVIOUR_SHARES if active_jobs >= least), None)
    if share is None or old <= 0.0 or total <= old:
        return dict(base)
    rest = (1.0 - share) * total / (total - old)
    return {name: share * total if name == "behaviour" else weight * rest for name, weight in base.items()}


def weight_vector(weights: Mapping[str, float], features: Sequence[str] = FEATURES) -> FloatArray:
    """Weights by name as float64[F] in the order of `features`; a name left out weighs 0.

    Raises ValueError for a name that is no feature, so that a typing slip cannot silence one.

    >>> weight_vector({"title": 1.0}, ("text", "title")).tolist()
    [0.0, 1.0]
    """
    unknown = sorted(set(weights) - set(features))
    if unknown:
        raise ValueError(f"no such feature: {', '.join(unknown)}")
    return np.array([weights.get(name, 0.0) for name in features], dtype=np.float64)


def blend(features: FloatArray, weights: FloatArray) -> FloatArray:
    """Weighted sum over the last axis: float64[..., F] and float64[F] (or [P, 1, F]) give float64[...].

    Raises ValueError where the widths differ.

    >>> float(blend(np.array([0.5, 1.0]), np.array([0.5, 0.25])))
    0.5
    """
    if features.shape[-1] != weights.shape[-1]:
        raise ValueError(f"{features.shape[-1]} features but {weights.shape[-1]} weights")
    total = np.zeros(np.broadcast_shapes(features.shape, weights.shape)[:-1])
    for at in range(features.shape[-1]):  # column by column, no table of products: equal rows score equally
        total += features[..., at] * weights[..., at]
    return total


def mmr(scores: FloatArray, vectors: NDArray[np.float32], k: int, lambda_: float) -> IndexArray:
    """Pick k rows by λ·score − (1 − λ)·(nearest cosine to a row already picked), best first: intp[≤ k].

    `scores`: float64[n], rows of -inf are never picked; `vectors`: float32[n, D], unit rows.
    Ties go to the lower row. Raises ValueError unless 0 <= λ <= 1.
    Source: Carbonell and Goldstein 1998.

    >>> twins_and_other = np.array([[1, 0], [1, 0], [0, 1]], dtype=np.float32)
    >>> mmr(np.array([0.9, 0.8, 0.5]), twins_and_other, 2, 0.5).tolist()
    [0, 2]
    """
    spread = _Spread(scores, vectors, lambda_)
    picked: list[int] = []
    while len(picked) < k and (best := spread.best()) is not None:
        picked.append(best)
        spread.take(best)
    return np.array(picked, dtype=np.intp)


def deal(
    scores: FloatArray,
    eligible: NDArray[np.bool_],
    vectors: NDArray[np.float32],
    k: int,
    rng: np.random.Generator,
    epsilon: float = DEFAULT_EPSILON,
    *,
    lambda_: float = 0.8,
    pool_size: int = DEFAULT_POOL,
    facets: Sequence[Facet] = (),
    calibration: float = 0.0,
    slot: int | None = None,
    elect: Election | None = None,
    caps: Sequence[Cap] = (),
) -> Deal:
    """Deal k jobs: greedy MMR, except that with chance ε a position draws evenly from a small pool.

    `scores`: float64[n]; `eligible`: bool[n]; `vectors`: float32[n, D], unit rows. The pool is the
    `pool_size` best remaining jobs by the same rule, so a job's propensity given the positions above it
    is (1 − ε)·[it is best] + ε / |pool|, and never below .01. Fewer than k eligible jobs give a shorter
    hand; the same `rng` state gives the same hand. With `facets` of n rows the rule also holds the hand to
    their shares, at `calibration` for each nat it stands off them (`engine.variety`). The position `slot` is
    kept for exploration: it is drawn evenly from a pool of `SLOT_POOL`. `elect` lets a policy choose within
    the pool: with (1 − ε) one of its draws, so a job's chance is (1 − ε)·(its share of votes) + ε / |pool|.
    No more jobs of a kind than `caps` allow are dealt.
    Raises ValueError where ε lies outside [0, 1], or ε / pool_size would fall below .01.

    >>> hand = deal(np.array([0.1, 0.9, 0.5]), np.array([True, False, True]),
    ...     np.eye(3, dtype=np.float32), 5, np.random.default_rng(1), 0.0)
    >>> hand.indices.tolist(), hand.propensities.tolist()
    ([2, 0], [1.0, 1.0])
    """
    _check_exploration(epsilon, pool_size)
    window = _window(scores, _open_to(eligible, caps), max(_WINDOW, k + pool_size))
    balance = Balance(facets, window, calibration)
    spread = _Spread(scores[window], vectors[window], lambda_, balance, [cap.over(window) for cap in caps])
    dealt: list[tuple[int, float, bool]] = []
    steps: list[Step] = []
    while len(dealt) < k and len(pool := spread.top(SLOT_POOL if len(dealt) == slot else pool_size)):
        rows, worth = window[pool], spread.worth(pool)
        votes = elect(rows, worth) if elect is not None and len(dealt) != slot else None
        steps.append(Step(rows, worth, votes))
        place, propensity, lucky = _draw(len(pool), rng, 1.0 if len(dealt) == slot else epsilon, votes)
        dealt.append((int(rows[place]), propensity, lucky))
        spread.take(int(pool[place]))
    return _hand(dealt, steps)


def redeal(
    steps: Sequence[Step],
    rng: np.random.Generator,
    epsilon: float = DEFAULT_EPSILON,
    *,
    slot: int | None = None,
) -> Deal:
    """Deal again from what each position was dealt from; the same `rng` state, ε and slot give the same hand.

    Each step's rows are put in order by their worth first, so a record out of order shows.

    >>> first = deal(np.array([0.1, 0.9, 0.5]), np.ones(3, dtype=bool), np.eye(3, dtype=np.float32), 3,
    ...     np.random.default_rng(7), 0.5)
    >>> again = redeal(first.steps, np.random.default_rng(7), 0.5)
    >>> again.indices.tolist() == first.indices.tolist()
    True
    """
    dealt = []
    for position, step in enumerate(steps):
        best_first = np.argsort(-step.worth, kind="stable")
        votes = None if step.votes is None else step.votes[best_first]
        place, propensity, lucky = _draw(len(best_first), rng, 1.0 if position == slot else epsilon, votes)
        dealt.append((int(step.rows[best_first[place]]), propensity, lucky))
    return _hand(dealt, steps)


def _draw(
    size: int, rng: np.random.Generator, epsilon: float, votes: NDArray[np.int64] | None = None
) -> tuple[int, float, bool]:
    """Which place of a pool (0 is the best), its exact chance, and whether only chance could choose it."""
    # Two draws at every position, used or not: hands with different ε stay comparable.
    coin, place = rng.random(), rng.random()
    counted = np.concatenate([[1], np.zeros(size - 1, dtype=np.int64)]) if votes is None else votes
    ends = np.cumsum(counted)
    elected = int(np.searchsorted(ends, int(place * ends[-1]), side="right"))
    drawn = int(place * size) if coin < epsilon else elected
    believed = float(counted[drawn] / ends[-1])
    return drawn, (1.0 - epsilon) * believed + epsilon / size, believed == 0.0


def _hand(dealt: Sequence[tuple[int, float, bool]], steps: Sequence[Step]) -> Deal:
    return Deal(
        indices=np.array([row for row, _, _ in dealt], dtype=np.intp),
        propensities=np.array([chance for _, chance, _ in dealt], dtype=np.float64),
        explored=np.array([luck for _, _, luck in dealt], dtype=np.bool_),
        steps=tuple(steps),
    )


def _check_exploration(epsilon: float, pool_size: int) -> None:
    if not 0.0 <= epsilon <= 1.0:
        raise ValueError("epsilon lies in [0, 1]")
    if pool_size < 1:
        raise ValueError("pool_size starts at 1")
    if epsilon > 0 and epsilon / pool_size < MIN_PROPENSITY - 1e-12:
        raise ValueError(
            f"epsilon {epsilon} over a pool of {pool_size} falls below the floor of {MIN_PROPENSITY}"
        )


def _open_to(eligible: NDArray[np.bool_], caps: Sequence[Cap]) -> NDArray[np.bool_]:
    """Without the kinds of which there is no room left."""
    for cap in caps:
        eligible = eligible & ~cap.closed()
    return eligible


def _window(scores: FloatArray, eligible: NDArray[np.bool_], size: int) -> IndexArray:
    """The best eligible rows by score, at most `size`; a stable sort, so that ties are repeatable."""
    rows = np.flatnonzero(eligible & np.isfinite(scores))
    return rows[np.argsort(-scores[rows], kind="stable")[:size]]


class _Spread:
    """MMR values that are kept up to date as rows are taken."""

    def __init__(
        self,
        scores: FloatArray,
        vectors: NDArray[np.float32],
        lambda_: float,
        balance: Balance | None = None,
        caps: Sequence[Cap] = (),
    ) -> None:
        if not 0.0 <= lambda_ <= 1.0:
            raise ValueError("lambda_ lies in [0, 1]")
        self._relevance = lambda_ * scores
        self._penalty = 1.0 - lambda_
        self._vectors = vectors
        self._nearest = np.zeros(len(scores))
        self._open = np.isfinite(scores)
        self._caps = list(caps)
        self._balance = balance or Balance((), np.zeros(0, dtype=np.intp), 0.0)

    def _values(self) -> FloatArray:
        worth = self._relevance - self._penalty * self._nearest - self._balance.penalties()
        return np.where(self._open, worth, -np.inf)

    def best(self) -> int | None:
        """The open row with the highest value, None when all are taken."""
        return int(self._values().argmax()) if self._open.any() else None

    def top(self, size: int) -> IndexArray:
        """The `size` best open rows, best first."""
        return np.argsort(-self._values(), kind="stable")[: min(size, int(self._open.sum()))]

    def worth(self, rows: IndexArray) -> FloatArray:
        """What these rows are worth now: float64[rows]."""
        return self._values()[rows]

    def take(self, row: int) -> None:
        """Close a row and let its neighbours pay for being alike."""
        self._open[row] = False
        alike = (self._vectors @ self._vectors[row]).astype(np.float64)
        np.maximum(self._nearest, alike, out=self._nearest)
        self._balance.take(row)
        self._caps = [cap.with_one(row) for cap in self._caps]
        for cap in self._caps:
            self._open &= ~cap.closed()
