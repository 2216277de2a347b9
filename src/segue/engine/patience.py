"""Learning from histories that are not finished: early acts tell something of what comes of them later.

What counts comes late: a click today, an application next week, an offer in two months. Waiting for it wastes
months, and learning from clicks alone learns to please clicks. So a history is a trace z of J outcomes, the
j-th measured at a fixed age (an act before that age counts only when the age is reached, else those who are
quick would be believed before those who are slow). All outcomes are one Gaussian: a person's early ones say
what to expect of the later ones, and an arm's early means say what to expect of its later means. Rows of one
age know the same prefix, so the exact posterior takes one small matrix for each of J + 1 ages.

    z | x ~ N(μ + B x, V),   B ~ N(0, Σ ⊗ S),   reward = worth · z

Source: McDonald, Maystre, Lalmas, Russo and Ciosek 2023, "Impatient Bandits" (arXiv:2307.09943); here arms
share what they have in common through x, and V, Σ and μ are estimated with some weight on a stated guess.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

from segue.engine.policy import Posterior

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_GUESS_ROWS = 50.0  # so many histories' worth of belief in the guess
_GUESS_ARMS = 4.0
_BETWEEN = 0.05  # variance between arms as a share of that between people, before anything is known
_LEAST_NOISE = 1e-4


@dataclass(frozen=True, eq=False)
class Filter:
    """How outcomes hang together: `mean` float64[J], `within` float64[J, J] between people who saw the same,
    `between` float64[J, J] between arms, `worth` float64[J] of each outcome in the reward."""

    mean: FloatArray
    within: FloatArray
    between: FloatArray
    worth: FloatArray

    def __post_init__(self) -> None:
        j = len(self.mean)
        if self.within.shape != (j, j) or self.between.shape != (j, j) or self.worth.shape != (j,):
            raise ValueError("mean, within, between and worth differ in size")
        if not all(np.isfinite(x).all() for x in (self.mean, self.within, self.between, self.worth)):
            raise ValueError("a filter is finite")

    @classmethod
    def guess(cls, rates: FloatArray, worth: FloatArray) -> Filter:
        """A filter before any data, for outcomes that each need the one before: `rates` float64[J], falling.

        Raises ValueError where rates do not fall or lie outside (0, 1).

        >>> Filter.guess(np.array([0.2, 0.1]), np.ones(2)).within.round(2).tolist()
        [[0.16, 0.08], [0.08, 0.09]]
        """
        if not ((rates > 0).all() and (rates < 1).all() and (np.diff(rates) <= 0).all()):
            raise ValueError("rates lie in (0, 1) and do not rise")
        within = np.minimum(rates[:, None], rates[None, :]) - rates[:, None] * rates[None, :]
        return cls(rates.copy(), _solid(within), _BETWEEN * _solid(within), np.asarray(worth, np.float64))

    def fit(self, outcomes: FloatArray, known: IntArray, arms: IntArray) -> Filter:
        """A filter learnt from n histories, with this one as the guess they outweigh.

        `outcomes` float64[n, J], read up to `known` int64[n] of each row; `arms` int64[n] says whose mean a
        history belongs to. Raises ValueError for NaN among what is known, and lengths that differ.
        """
        seen = _seen(outcomes, known, len(self.mean))
        z = np.where(seen, outcomes, 0.0)
        n = seen.sum(axis=0)
        mean = (z.sum(axis=0) + _GUESS_ROWS * self.mean) / (n + _GUESS_ROWS)
        codes, arm = np.unique(arms, return_inverse=True)
        belongs = sparse.csr_array(
            (np.ones(len(arm)), (arm, np.arange(len(arm)))), shape=(len(codes), len(arm))
        )
        sizes = belongs @ seen.astype(np.float64)  # [arms, J]
        means = (belongs @ z + mean) / (sizes + 1.0)
        rest = np.where(seen, outcomes - means[arm], 0.0)
        pairs = seen.T.astype(np.float64) @ seen
        within = _solid((rest.T @ rest + _GUESS_ROWS * self.within) / (pairs + _GUESS_ROWS))
        return Filter(mean, within, self._between(means - mean, sizes, within), self.worth)

    def _between(self, moved: FloatArray, sizes: FloatArray, within: FloatArray) -> FloatArray:
        """How arms' means vary beyond what chance among their people explains."""
        total, count = _GUESS_ARMS * _BETWEEN * within, np.full(within.shape, _GUESS_ARMS)
        for gap, size in zip(moved, sizes, strict=True):
            enough = (size >= 20)[:, None] & (size >= 20)[None, :]
            chance = within / np.maximum(np.maximum(size[:, None], size[None, :]), 1.0)
            total += np.where(enough, np.outer(gap, gap) - chance, 0.0)
            count += enough
        floor = 0.1 * _BETWEEN * np.diag(np.diag(within))
        return _solid(total / count) + floor

    def foresee(self, early: FloatArray) -> tuple[float, float]:
        """The reward one history will bring, given its first outcomes: mean and variance.

        Raises ValueError for NaN, or more outcomes than there are.

        >>> told = Filter.guess(np.array([0.2, 0.1]), np.array([0.0, 1.0]))
        >>> [round(told.foresee(np.array(early))[0], 2) for early in ([], [0.0], [1.0], [1.0, 1.0])]
        [0.1, 0.0, 0.5, 1.0]
        """
        k = len(early)
        if k > len(self.mean) or not np.isfinite(early).all():
            raise ValueError("early outcomes are numbers, no more than there are stages")
        gain = self._gain(k)
        mean = self.mean + gain @ (early - self.mean[:k])
        left = self.within - gain @ self.within[:k]
        return float(self.worth @ mean), max(0.0, float(self.worth @ left @ self.worth))

    def _gain(self, k: int) -> FloatArray:
        """float64[J, k]: what a surprise in the first k outcomes adds to each."""
        return (
            np.asarray(linalg.solve(self.within[:k, :k], self.within[:k], assume_a="pos").T)
            if k
            else (np.zeros((len(self.mean), 0)))
        )


def learn(
    rows: sparse.csr_array,
    outcomes: FloatArray,
    known: IntArray,
    spread: FloatArray,
    told: Filter,
    lean: FloatArray | None = None,
) -> Posterior:
    """The posterior of the reward's weights from n histories of any age.

    `rows` csr float64[n, F], of whose columns the first is always 1; `outcomes` float64[n, J] and `known`
    int64[n] as in `Filter.fit`; `spread` float64[F] above 0, how far each indicator may move a mean, as a
    share of `told.between`; `lean` float64[F], where they stand before any data, as a share of every mean
    (.1: ten per cent more of each outcome). No rows give the prior; the first weight holds the overall one.
    Raises ValueError for NaN among what is known, and lengths that differ.
    Time O(n F + (J F)³).

    >>> told = Filter.guess(np.array([0.5]), np.ones(1))
    >>> x = sparse.csr_array(np.array([[1.0, 1.0]] * 40 + [[1.0, 0.0]] * 40))
    >>> z = np.array([[1.0]] * 40 + [[0.0]] * 40)
    >>> bool(learn(x, z, np.ones(80, dtype=np.int64), np.ones(2), told).mean[1] > 0.1)
    True
    """
    seen = _seen(outcomes, known, len(told.mean))
    leaning = np.zeros(len(spread)) if lean is None else lean
    if rows.shape != (len(outcomes), len(spread)):
        raise ValueError("rows, outcomes and spread differ in length")
    if not all(np.isfinite(x).all() for x in (rows.data, spread, leaning)) or not (spread > 0).all():
        raise ValueError("rows, spreads and leanings are finite, spreads above zero")
    expected = (1.0 + rows @ leaning)[:, None] * told.mean
    precision, weighed = _evidence(rows, np.where(seen, outcomes - expected, 0.0), known, told)
    precision += np.kron(linalg.inv(told.between), np.diag(1.0 / spread))
    lower = linalg.cho_factor(precision, lower=True)
    mean = told.worth @ linalg.cho_solve(lower, weighed.ravel()).reshape(weighed.shape)
    mean += leaning * (told.worth @ told.mean)
    mean[0] += told.worth @ told.mean
    into_reward = np.kron(told.worth[:, None], np.eye(len(spread)))
    cov = into_reward.T @ linalg.cho_solve(lower, into_reward)
    return Posterior(mean, (cov + cov.T) / 2.0)


def _evidence(
    rows: sparse.csr_array, surprise: FloatArray, known: IntArray, told: Filter
) -> tuple[FloatArray, FloatArray]:
    """What the histories add to the precision, float64[J F, J F], and to the weighed mean, float64[J, F]."""
    j, n_features = len(told.mean), rows.shape[1]
    precision, weighed = np.zeros((j * n_features,) * 2), np.zeros((j, n_features))
    for k in range(1, j + 1):
        here = np.flatnonzero(known == k)
        if not len(here):
            continue
        trust = np.zeros((j, j))
        trust[:k, :k] = linalg.inv(told.within[:k, :k])
        x = rows[here]
        precision += np.kron(trust, (x.T @ x).toarray())
        weighed += trust @ (x.T @ surprise[here]).T
    return precision, weighed


def known_at(age_days: FloatArray, due_days: FloatArray) -> IntArray:
    """How many outcomes are measurable at each age: int64[n]. `due_days` float64[J] does not fall.

    Raises ValueError for NaN and falling dues.

    >>> known_at(np.array([0.5, 8.0]), np.array([1.0, 7.0, 60.0])).tolist()
    [0, 2]
    """
    if np.isnan(age_days).any() or not (np.diff(due_days) >= 0).all():
        raise ValueError("ages are numbers, and dues do not fall")
    return np.searchsorted(due_days, age_days, side="right").astype(np.int64)


def _seen(outcomes: FloatArray, known: IntArray, stages: int) -> NDArray[np.bool_]:
    if outcomes.ndim != 2 or outcomes.shape[1] != stages or len(known) != len(outcomes):
        raise ValueError("outcomes are histories × stages, with one count of known stages each")
    if len(known) and (known.min() < 0 or known.max() > stages):
        raise ValueError(f"between 0 and {stages} outcomes are known")
    seen: NDArray[np.bool_] = np.arange(stages)[None, :] < known[:, None]
    if not np.isfinite(outcomes[seen]).all():
        raise ValueError("what is known is a number")
    return seen


def _solid(matrix: FloatArray) -> FloatArray:
    """The nearest covariance: symmetric, with no direction of (nearly) no variance."""
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2.0)
    return np.asarray((vectors * np.maximum(values, _LEAST_NOISE)) @ vectors.T)
