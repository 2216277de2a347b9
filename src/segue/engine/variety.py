"""Variety that follows the person, and the last word that others have on a hand.

A mix of one department for somebody whose history is two thirds that one and a third another is accurate and
wrong. Calibration asks that the shares in the mix follow those in the history: each next card is the best by
score less λ times how far (Kullback–Leibler) the mix with it would stand from the history.
The last stage is for those who are not in the room: jobs that too many have been sent to, groups that are
seldom shown. Source: Steck 2018, "Calibrated Recommendations".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
CodeArray = NDArray[np.int32]

SMOOTH = 0.01  # so that a share of nothing costs much and not everything
OPEN_TO_NEW = 0.2  # so much of the target is what is on offer: a history is not a fence


@dataclass(frozen=True, eq=False)
class Facet:
    """One way to sort jobs: `codes` int32[n] (-1 unknown) and the `target` shares float64[C] of the mix."""

    codes: CodeArray
    target: FloatArray

    def __post_init__(self) -> None:
        if not (np.isfinite(self.target).all() and (self.target >= 0).all()):
            raise ValueError("shares are numbers, and none below zero")
        if len(self.codes) and self.codes.max() >= len(self.target):
            raise ValueError("a code has no target")


def facet(
    codes: CodeArray, history: NDArray[np.intp], weights: FloatArray, offered: NDArray[np.bool_]
) -> Facet:
    """The facet of a person: shares of the jobs in `history` (rows, by `weights` ≥ 0), opened a little
    to what is `offered` bool[n]. With no history the target is what is offered.

    Raises ValueError for NaN or negative weights.

    >>> codes = np.array([0, 0, 1, 1], dtype=np.int32)
    >>> facet(codes, np.array([0]), np.ones(1), np.ones(4, dtype=bool)).target.round(2).tolist()
    [0.9, 0.1]
    """
    if not (np.isfinite(weights).all() and (weights >= 0).all()):
        raise ValueError("weights are numbers, and none below zero")
    size = int(codes.max(initial=-1)) + 1
    pool = _shares(codes[offered], np.ones(int(offered.sum())), size)
    mine = _shares(codes[history], weights, size)
    return Facet(codes, (1.0 - OPEN_TO_NEW) * mine + OPEN_TO_NEW * pool if mine.any() else pool)


def divergence(target: FloatArray, shares: FloatArray) -> float:
    """KL(target ‖ shares) of float64[C] each, in nats, with `shares` smoothed by a little of `target`.

    >>> divergence(np.array([0.5, 0.5]), np.array([0.5, 0.5]))
    0.0
    """
    return float(_terms(target, shares).sum())


def _terms(target: FloatArray, shares: FloatArray) -> FloatArray:
    held = target > 0
    smoothed = np.where(held, (1.0 - SMOOTH) * shares + SMOOTH * target, 1.0)
    return np.asarray(np.where(held, target * np.log(np.where(held, target, 1.0) / smoothed), 0.0))


class Balance:
    """What each next card would do to the calibration of a hand, kept up to date as cards are taken."""

    def __init__(self, facets: Sequence[Facet], rows: NDArray[np.intp], weight: float) -> None:
        self._facets = [Facet(one.codes[rows], one.target) for one in facets if one.target.any()]
        self._counts = [np.zeros(len(one.target)) for one in self._facets]
        self._weight = weight

    def penalties(self) -> FloatArray | float:
        """float64[rows]: λ times the mean divergence of the hand with each row added; a row of an unknown
        kind pays what an average one does."""
        if not self._facets:
            return 0.0
        total: FloatArray | float = 0.0
        for one, counts in zip(self._facets, self._counts, strict=True):
            size = counts.sum() + 1.0
            without, with_one = (_terms(one.target, (counts + extra) / size) for extra in (0.0, 1.0))
            cost = without.sum() - without + with_one
            total = total + np.append(cost, cost.mean())[one.codes]  # code -1 reads the last
        return np.asarray(self._weight * total / len(self._facets))

    def take(self, row: int) -> None:
        """Count a row as dealt."""
        for one, counts in zip(self._facets, self._counts, strict=True):
            if one.codes[row] >= 0:
                counts[one.codes[row]] += 1.0


def _shares(codes: CodeArray, weights: FloatArray, size: int) -> FloatArray:
    known = codes >= 0
    counts = np.bincount(codes[known], weights=weights[known], minlength=size).astype(np.float64)
    return counts / counts.sum() if counts.sum() > 0 else counts


class LastStage(Protocol):
    """A last word on scores before a hand is dealt: congestion, fairness of exposure, or nothing."""

    def settle(self, scores: FloatArray) -> FloatArray:
        """float64[n] in, float64[n] out: a lower score makes a job rarer. The given array stays as it was."""
        ...


@dataclass(frozen=True)
class Unbound:
    """Nobody else has a word.

    >>> Unbound().settle(np.array([0.5])).tolist()
    [0.5]
    """

    def settle(self, scores: FloatArray) -> FloatArray:
        return scores


@dataclass(frozen=True, eq=False)
class FairExposure:
    """Lift what is shown less than its due: `lift` float64[n], measured and bounded by whoever sets it."""

    lift: FloatArray

    def settle(self, scores: FloatArray) -> FloatArray:
        return scores + self.lift


MOST_LIFT = 0.15
_LIFT_STEP = 0.05


def lift_towards(floor: float, share: float, before: float) -> float:
    """How far to lift a group of jobs next, so that its share of what people see comes up to its floor.

    A little more than `before` while the share lies below the floor, a little less once it lies above, in
    proportion to the gap, never below 0 nor above MOST_LIFT: a floor asks for a hearing, not for the stage.
    Raises ValueError for a floor outside (0, 1), a share outside [0, 1], or a negative lift.

    >>> round(lift_towards(0.2, 0.1, before=0.0), 3), lift_towards(0.2, 0.4, before=0.02)
    (0.025, 0.0)
    """
    if not (0.0 < floor < 1.0 and 0.0 <= share <= 1.0 and before >= 0.0):
        raise ValueError("floors lie in (0, 1), shares in [0, 1], and lifts are not negative")
    return float(np.clip(before + _LIFT_STEP * (floor - share) / floor, 0.0, MOST_LIFT))


@dataclass(frozen=True)
class InTurn:
    """Several last stages, one after the other."""

    stages: tuple[LastStage, ...]

    def settle(self, scores: FloatArray) -> FloatArray:
        for stage in self.stages:
            scores = stage.settle(scores)
        return scores
