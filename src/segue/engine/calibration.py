"""From a score to a chance: Platt's curve, one for every family of jobs, leaning on the one for all.

A score that ranks well is not yet a probability. Each family f gets p = σ(aᶠ + exp(sᶠ)·z), with z the
standardised score; the slope is an exponential, so a better score is never a smaller chance. (aᶠ, sᶠ) are
drawn around the fit over everything, with spreads that the data themselves tell (empirical Bayes): a
family with three labels is treated as the world at large, one with thousands by its own record.
Isotonic steps would need thousands of labels a family and jump between them, so they are not used.

Sources: Platt 1999, "Probabilistic outputs for support vector machines"; Gelman et al., Bayesian Data
Analysis, chapters 4 and 5 (normal approximation, hierarchical models fitted by EM).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, ndtri

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_LOGIT_LIMIT = 30.0  # beyond this a float64 probability would round to 0 or 1
_SCORE_LIMIT = 8.0  # standard deviations
_GRID = 20.0  # scores are counted in steps of 1/20 of a standard deviation, each at its mean
_SLOPE_RANGE = (-6.0, 3.0)  # of the logarithm
_PRIOR_MEAN = np.array([0.0, 0.0])
_PRIOR_VARIANCE = np.array([25.0, 1.0])  # nearly no opinion on the level, a mild one on the slope
_SPREAD_GUESS = np.array([0.25, 0.09])  # variance between families, worth two families of evidence
_SPREAD_WEIGHT = 2.0
_NEWTON_STEPS, _SPREAD_STEPS = 25, 6


@dataclass(frozen=True, eq=False)
class Calibration:
    """Curves for F families; build it with `fit_calibration`.

    `curve`: float64[F + 1, 2], level and log-slope; `covariance`: float64[F + 1, 2, 2] of them;
    `labels` and `positives`: int64[F + 1]. The last row is the fit over everything, which also serves
    families that are new (-1); its covariance then includes how much families differ.
    """

    centre: float
    scale: float
    curve: FloatArray
    covariance: FloatArray
    labels: IntArray
    positives: IntArray

    def chance(self, score: FloatArray, family: IntArray | int = -1) -> FloatArray:
        """Calibrated chances in (0, 1), of the shape of `score`; `family` broadcasts, -1 is a new one.

        >>> flat = fit_calibration(np.array([0.0, 1.0]), np.array([0, 1]), np.array([0, 0]), families=1)
        >>> low, high = flat.chance(np.array([0.0, 1.0]), 0)
        >>> bool(0 < low < high < 1)
        True
        """
        level, slope = np.moveaxis(self.curve[self._row(family)], -1, 0)
        return _chance(level + np.exp(slope) * self._standard(score))

    def interval(
        self, score: FloatArray, family: IntArray | int = -1, *, share: float = 0.9
    ) -> tuple[FloatArray, FloatArray]:
        """Lower and upper ends of the central `share` of what the chance may be, given what was seen.

        Normal on the logit, by the delta method. Raises ValueError unless 0 < share < 1.
        """
        if not 0.0 < share < 1.0:
            raise ValueError("share lies between 0 and 1")
        row, z = self._row(family), self._standard(score)
        level, slope = np.moveaxis(self.curve[row], -1, 0)
        lean = np.exp(slope) * z
        spread = self.covariance[row]
        variance = spread[..., 0, 0] + 2.0 * lean * spread[..., 0, 1] + lean**2 * spread[..., 1, 1]
        half = float(ndtri(0.5 + share / 2.0)) * np.sqrt(np.maximum(variance, 0.0))
        return _chance(level + lean - half), _chance(level + lean + half)

    def _row(self, family: IntArray | int) -> IntArray:
        index = np.asarray(family, dtype=np.int64)
        return np.where((index >= 0) & (index < len(self.curve) - 1), index, len(self.curve) - 1)

    def _standard(self, score: FloatArray) -> FloatArray:
        z = (np.asarray(score, dtype=np.float64) - self.centre) / self.scale
        return np.clip(z, -_SCORE_LIMIT, _SCORE_LIMIT)


def fit_calibration(
    score: FloatArray, label: NDArray[np.bool_] | IntArray, family: IntArray, *, families: int
) -> Calibration:
    """Learn the curves from n scored cases with known ends.

    `score`: float64[n], any unit, higher is better; `label`: bool[n]; `family`: int[n] in [0, families).
    Zero cases are fine and give one chance in two, very uncertain.
    Raises ValueError for lengths that differ, a score that is not finite, a family out of range.

    >>> rng = np.random.default_rng(1)
    >>> score = rng.normal(size=4000)
    >>> label = rng.random(4000) < expit(score - 2.0)
    >>> fit = fit_calibration(score, label, np.zeros(4000, dtype=int), families=1)
    >>> fit.chance(np.array([0.0, 2.0]), 0).round(1).tolist()
    [0.1, 0.5]
    """
    kind = np.asarray(family, dtype=np.int64)
    _refuse_nonsense(score, label, kind, families)
    centre, scale = _unit(score)
    z = np.clip((score - centre) / scale, -_SCORE_LIMIT, _SCORE_LIMIT)
    cells = _Cells.of(z, np.asarray(label, dtype=np.float64), kind, families)
    whole, whole_covariance = _newton(cells.merged(), _PRIOR_MEAN[None, :], 1.0 / _PRIOR_VARIANCE)
    spread, curve = _SPREAD_GUESS.copy(), np.repeat(whole, families, axis=0)
    covariance = np.zeros((families, 2, 2))
    seen = np.bincount(kind, minlength=families) > 0
    for _ in range(_SPREAD_STEPS if seen.sum() > 1 else 1):
        curve, covariance = _newton(cells, curve, 1.0 / spread, centre=whole)
        spread = _spread(curve[seen] - whole, covariance[seen])
    labels, positives = cells.totals()
    return Calibration(
        centre=centre,
        scale=scale,
        curve=np.concatenate([curve, whole]),
        covariance=np.concatenate([covariance, whole_covariance + np.diag(spread)]),
        labels=labels,
        positives=positives,
    )


def _unit(score: FloatArray) -> tuple[float, float]:
    """Mean and standard deviation; 0 and 1 where there is nothing to measure."""
    if not len(score):
        return 0.0, 1.0
    centre, deviation = float(np.mean(score)), float(np.std(score))
    return centre, deviation if deviation > 1e-12 * max(abs(centre), 1.0) else 1.0


@dataclass(frozen=True, eq=False)
class _Cells:
    """Cases counted by family and score: the likelihood needs no more."""

    z: FloatArray
    family: IntArray
    count: FloatArray
    hits: FloatArray
    families: int

    @classmethod
    def of(cls, z: FloatArray, label: FloatArray, family: IntArray, families: int) -> _Cells:
        steps = int(2 * _SCORE_LIMIT * _GRID) + 1
        key = family * steps + np.rint((z + _SCORE_LIMIT) * _GRID).astype(np.int64)
        cell, index = np.unique(key, return_inverse=True)
        count = np.bincount(index, minlength=len(cell)).astype(np.float64)
        mean = np.bincount(index, weights=z, minlength=len(cell)) / np.maximum(count, 1.0)
        hits = np.bincount(index, weights=label, minlength=len(cell)).astype(np.float64)
        return cls(mean, cell // steps, count, hits, families)

    def merged(self) -> _Cells:
        return _Cells(self.z, np.zeros_like(self.family), self.count, self.hits, 1)

    def sums(self, values: FloatArray) -> FloatArray:
        total = np.bincount(self.family, weights=values, minlength=self.families)
        return total.astype(np.float64)

    def totals(self) -> tuple[IntArray, IntArray]:
        """Labels and positives by family, then of all."""
        both = [np.append(self.sums(part), part.sum()).astype(np.int64) for part in (self.count, self.hits)]
        return both[0], both[1]


def _newton(
    cells: _Cells, start: FloatArray, precision: FloatArray, *, centre: FloatArray | None = None
) -> tuple[FloatArray, FloatArray]:
    """Most likely curves under a normal prior, float64[F, 2], and their covariance: Fisher scoring."""
    prior = _PRIOR_MEAN[None, :] if centre is None else centre
    curve = start.copy()
    for _ in range(_NEWTON_STEPS):
        gradient, information = _slopes(cells, curve)
        gradient -= precision * (curve - prior)
        information += np.diag(precision)
        step = np.clip(np.linalg.solve(information, gradient[..., None])[..., 0], -1.0, 1.0)
        curve += step
        curve[:, 1] = np.clip(curve[:, 1], *_SLOPE_RANGE)
        if np.abs(step).max(initial=0.0) < 1e-5:
            break
    _, information = _slopes(cells, curve)
    return curve, np.asarray(np.linalg.inv(information + np.diag(precision)), dtype=np.float64)


def _slopes(cells: _Cells, curve: FloatArray) -> tuple[FloatArray, FloatArray]:
    lean = np.exp(curve[cells.family, 1]) * cells.z
    p = _chance(curve[cells.family, 0] + lean)
    surprise, weight = cells.hits - cells.count * p, cells.count * p * (1.0 - p)
    gradient = np.stack([cells.sums(surprise), cells.sums(surprise * lean)], axis=-1)
    cross = cells.sums(weight * lean)
    rows = [[cells.sums(weight), cross], [cross, cells.sums(weight * lean**2)]]
    return gradient, np.moveaxis(np.array(rows), -1, 0)


def _spread(off: FloatArray, covariance: FloatArray) -> FloatArray:
    """How much families differ, as variances; a guess holds it above zero where there are few."""
    own = np.diagonal(covariance, axis1=1, axis2=2)
    total = (off**2 + own).sum(axis=0) + _SPREAD_WEIGHT * _SPREAD_GUESS
    return np.asarray(total / (len(off) + _SPREAD_WEIGHT))


def _chance(logit: FloatArray) -> FloatArray:
    return np.asarray(expit(np.clip(logit, -_LOGIT_LIMIT, _LOGIT_LIMIT)))


def _refuse_nonsense(
    score: FloatArray, label: NDArray[np.bool_] | IntArray, family: IntArray, families: int
) -> None:
    if not len(score) == len(label) == len(family):
        raise ValueError("score, label and family differ in length")
    if not np.isfinite(score).all():
        raise ValueError("a score is not finite")
    if len(family) and (family.min() < 0 or family.max() >= families):
        raise ValueError("a family lies outside the families")
