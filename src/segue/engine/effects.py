"""What a model of features leaves unsaid: how much oftener than foreseen each job, or person, succeeds.

Every case has a foreseen log-odds; a thing's effect is added to it. Effects are drawn around nought with a
spread that the cases tell themselves (empirical Bayes), so that a thing met twice hardly moves and one met
two hundred times stands by its own record; a thing never met has the spread of all. What is not known is
kept as a variance, from which `draws` takes worlds that may be true (Thompson 1933).

Sources: Gelman and Hill 2007, chapter 12 (partial pooling); Laplace's approximation at the mode.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_STEPS = 12
_SPREAD_GUESS, _SPREAD_WEIGHT = 0.25, 10.0  # variance between things, worth so many things of evidence


@dataclass(frozen=True, eq=False)
class Effects:
    """`mean`, `variance` float64[n] of each thing's effect in logits; `spread`, their variance in between."""

    mean: FloatArray
    variance: FloatArray
    spread: float

    @classmethod
    def none(cls, things: int) -> Effects:
        """Nothing was met yet.

        >>> Effects.none(2).variance.tolist()
        [0.25, 0.25]
        """
        return cls(np.zeros(things), np.full(things, _SPREAD_GUESS), _SPREAD_GUESS)

    @classmethod
    def certain(cls, things: int) -> Effects:
        """Effects of nought that nobody doubts: a model that keeps no records."""
        return cls(np.zeros(things), np.zeros(things), 0.0)

    def draws(self, rng: np.random.Generator, n: int) -> FloatArray:
        """float64[things, n], n worlds that may be true; the same for the same state of the dice."""
        noise = rng.standard_normal((len(self.mean), n))
        return np.asarray(self.mean[:, None] + np.sqrt(self.variance)[:, None] * noise)


def fit_effects(foreseen: FloatArray, hit: NDArray[np.bool_], thing: IntArray, *, things: int) -> Effects:
    """Learn effects from n cases: `foreseen` float64[n] log-odds, `hit` bool[n], `thing` int64[n].

    Raises ValueError for lengths that differ, log-odds that are not finite, a thing out of range.

    >>> often = fit_effects(np.zeros(80), np.ones(80, dtype=bool), np.zeros(80, dtype=int), things=2)
    >>> bool(often.mean[0] > 1.0), float(often.mean[1]), bool(often.variance[1] > often.variance[0])
    (True, 0.0, True)
    """
    if not len(foreseen) == len(hit) == len(thing):
        raise ValueError("foreseen, hit and thing differ in length")
    if not np.isfinite(foreseen).all():
        raise ValueError("a log-odds is not finite")
    if len(thing) and (thing.min() < 0 or thing.max() >= things):
        raise ValueError("a thing is out of range")
    met = np.bincount(thing, minlength=things) > 0
    mean, spread = np.zeros(things), _SPREAD_GUESS
    variance = np.full(things, spread)
    for _ in range(_STEPS):
        chance = expit(foreseen + mean[thing])
        surprise = _sums(thing, hit - chance, things) - mean / spread
        sure = _sums(thing, chance * (1.0 - chance), things) + 1.0 / spread
        step = np.clip(surprise / sure, -1.0, 1.0)
        mean, variance = mean + step, 1.0 / sure
        total = (mean[met] ** 2 + variance[met]).sum() + _SPREAD_WEIGHT * _SPREAD_GUESS
        spread = float(total / (met.sum() + _SPREAD_WEIGHT))
    return Effects(np.where(met, mean, 0.0), np.where(met, variance, spread), spread)


def _sums(thing: IntArray, values: FloatArray, things: int) -> FloatArray:
    return np.bincount(thing, weights=values, minlength=things).astype(np.float64)
