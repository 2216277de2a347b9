"""What a fault costs matching: the same people ranked twice, once with what is right and once without it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segue.engine.metrics import bootstrap_intervals

FloatArray = NDArray[np.float64]
LEAST = 50  # compared rows; with fewer nothing is said


@dataclass(frozen=True, slots=True)
class Effect:
    """Mean loss of nDCG@10 for one damaged row, its 95 % interval, and over how many rows it was taken.

    `measured` False: too few rows, and the numbers say nothing.
    """

    loss: float
    low: float
    high: float
    rows: int

    @property
    def measured(self) -> bool:
        return self.rows >= LEAST

    @property
    def shown(self) -> bool:
        """Whether a loss can be told from none."""
        return self.measured and self.low > 0.0


def effect_of(whole: FloatArray, damaged: FloatArray, rng: np.random.Generator) -> Effect:
    """Compare float64[n] with float64[n] row by row; NaN in either leaves the row out. Bootstrap over rows.

    Raises ValueError where they differ in length.

    >>> effect_of(np.ones(60), np.full(60, 0.75), np.random.default_rng(1))
    Effect(loss=0.25, low=0.25, high=0.25, rows=60)
    >>> effect_of(np.ones(3), np.zeros(3), np.random.default_rng(1)).measured
    False
    """
    if whole.shape != damaged.shape:
        raise ValueError(f"{whole.shape} and {damaged.shape} cannot be compared")
    loss = whole - damaged
    loss = loss[np.isfinite(loss)]
    if not len(loss):
        return Effect(0.0, 0.0, 0.0, 0)
    ((low, high),) = bootstrap_intervals(loss[:, None], rng)
    return Effect(float(loss.mean()), float(low), float(high), len(loss))


def gains(scores: FloatArray, relevant: NDArray[np.bool_], k: int = 10) -> FloatArray:
    """What each relevant pair is worth in its person's list, float64[P, J]: 1 / log2(1 + place), 0 below k.

    `scores` float64[P, J], higher first, -inf for what is never shown; ties count against the pair. NaN
    where a pair is not relevant.

    >>> gains(np.array([[3.0, 2.0, 1.0]]), np.array([[False, True, False]])).round(2).tolist()
    [[nan, 0.63, nan]]
    """
    out = np.full(scores.shape, np.nan)
    for row, job in zip(*np.nonzero(relevant), strict=True):
        place = int((scores[row] >= scores[row, job]).sum())
        kept = np.isfinite(scores[row, job]) and place <= k
        out[row, job] = 1.0 / np.log2(1.0 + place) if kept else 0.0
    return out


def ndcg(worth: FloatArray, k: int = 10) -> FloatArray:
    """nDCG@k of each person, float64[P], from `gains`; NaN for whoever has nothing relevant."""
    relevant = np.isfinite(worth).sum(axis=1)
    ideal = np.cumsum(1.0 / np.log2(np.arange(2, k + 2)))[np.clip(relevant, 1, k) - 1]
    return np.where(relevant > 0, np.nansum(worth, axis=1) / ideal, np.nan)
