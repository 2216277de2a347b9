"""A log of choices with their chances, a policy to be judged by it, and how far the one carries the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segue.engine.arguments import BadArgument

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class BanditLog:
    """What was chosen, with which chance, and what came of it. Build it with `BanditLog.of`.

    `context` float64[n, d]; `action` int64[n] in [0, actions); `reward` float64[n]; `propensity` float64[n]
    in (0, 1]; `position` int64[n] from 0; `unit` int64[n], who the row is of, numbered from 0 without gaps.
    """

    context: FloatArray
    action: IntArray
    reward: FloatArray
    propensity: FloatArray
    position: IntArray
    unit: IntArray
    actions: int

    @classmethod
    def of(
        cls,
        action: Any,
        reward: Any,
        propensity: Any,
        *,
        actions: int,
        context: Any = None,
        position: Any = None,
        unit: Any = None,
    ) -> BanditLog:
        """Check the columns; without `position` all rows have one place, without `unit` each its own.

        Raises BadArgument, naming the argument, for lengths that differ, fewer than two units, numbers that
        are not finite, actions outside the range and propensities outside (0, 1].

        >>> len(BanditLog.of([0, 1], [0.0, 1.0], [0.5, 0.5], actions=2))
        2
        """
        n = len(action)
        log = cls(
            _column("context", np.zeros((n, 0)) if context is None else context, n, ndim=2),
            _whole("action", action, n),
            _column("reward", reward, n),
            _column("propensity", propensity, n),
            _whole("position", np.zeros(n) if position is None else position, n),
            np.unique(_whole("unit", np.arange(n) if unit is None else unit, n), return_inverse=True)[1],
            actions,
        )
        if n == 0 or log.unit.max() == 0:
            raise BadArgument("unit", "a log needs at least two units")
        if log.action.min() < 0 or log.action.max() >= actions:
            raise BadArgument("action", f"lies in [0, {actions})")
        if not ((log.propensity > 0) & (log.propensity <= 1 + 1e-9)).all():
            raise BadArgument("propensity", "lies in (0, 1]")
        if log.position.min() < 0:
            raise BadArgument("position", "starts at 0")
        return log

    def __len__(self) -> int:
        return len(self.action)

    @property
    def features(self) -> FloatArray:
        """The context with a column for each place but the first, float64[n, d + K − 1]."""
        places = np.unique(self.position)[1:]
        return np.hstack([self.context, (self.position[:, None] == places[None, :]).astype(np.float64)])


@dataclass(frozen=True, eq=False)
class Target:
    """The chances a policy would have given: `chosen` float64[n] to what was logged, `every` float64[n, A].

    Without `every` only IPS and SNIPS can be had.
    """

    chosen: FloatArray
    every: FloatArray | None = None

    @classmethod
    def of(cls, every: Any, log: BanditLog) -> Target:
        """Read the chances of all actions. Raises BadArgument (`every`) unless rows are distributions.

        >>> log = BanditLog.of([0, 1], [0.0, 1.0], [0.5, 0.5], actions=2)
        >>> Target.of([[0.25, 0.75], [0.25, 0.75]], log).chosen.tolist()
        [0.25, 0.75]
        """
        chances = _column("every", every, len(log), ndim=2)
        if chances.shape[1] != log.actions:
            raise BadArgument("every", f"has {chances.shape[1]} actions, the log {log.actions}")
        if chances.min() < 0 or np.abs(chances.sum(axis=1) - 1.0).max() > 1e-6:
            raise BadArgument("every", "each row must be a distribution")
        return cls(chances[np.arange(len(log)), log.action], chances)


@dataclass(frozen=True, slots=True)
class Support:
    """How far the log carries: see the fields; `rows` counts rows and `units` those they are of."""

    rows: int
    units: int
    ess: float  # (Σw)² / Σw², w summed over a unit
    largest_weight: float
    mean_weight: float
    mean_weight_se: float
    uncovered: float  # share of the target's choices that the log never shows
    smallest_propensity: float


def support_of(log: BanditLog, target: Target) -> Support:
    """Say how far a log carries an estimate of this policy.

    >>> log = BanditLog.of([0, 0, 1, 1], [0, 1, 0, 1], [0.5] * 4, actions=2)
    >>> support_of(log, Target.of([[1.0, 0.0]] * 4, log)).ess
    2.0
    """
    weights = target.chosen / log.propensity
    sums = by_unit(weights, log.unit)
    square = float((sums**2).sum())
    units = len(sums)
    error = spread(by_unit(weights - weights.mean(), log.unit), len(log))
    return Support(
        rows=len(log),
        units=units,
        ess=float(sums.sum() ** 2 / square) if square else 0.0,
        largest_weight=float(weights.max()),
        mean_weight=float(weights.mean()),
        mean_weight_se=error,
        uncovered=_uncovered(log, target, weights, error),
        smallest_propensity=float(log.propensity.min()),
    )


def _uncovered(log: BanditLog, target: Target, weights: FloatArray, error: float) -> float:
    """The target's mass on pairs of place and action the log never shows; a lower bound without `every`."""
    if target.every is None:
        return max(0.0, 1.0 - float(weights.mean()) - 2.0 * error)
    places, place = np.unique(log.position, return_inverse=True)
    seen = np.zeros((len(places), log.actions), dtype=np.bool_)
    seen[place, log.action] = True
    return float(np.where(seen[place], 0.0, target.every).sum(axis=1).mean())


def by_unit(values: FloatArray, unit: IntArray) -> FloatArray:
    """Sum float64[n] over each unit: float64[units].

    >>> by_unit(np.array([1.0, 2.0, 4.0]), np.array([0, 1, 0])).tolist()
    [5.0, 2.0]
    """
    return np.asarray(np.bincount(unit, values), dtype=np.float64)


def spread(sums: FloatArray, rows: int) -> float:
    """Standard error of a mean over so many rows, whose deviations add up to `sums` a unit, float64[≥ 2].

    >>> round(spread(np.array([-1.0, 1.0]), 2), 3)
    1.0
    """
    return float(np.sqrt((sums**2).sum() * len(sums) / (len(sums) - 1)) / rows)


def _column(name: str, values: Any, n: int, *, ndim: int = 1) -> FloatArray:
    column = np.asarray(values, dtype=np.float64)
    if column.ndim != ndim or len(column) != n:
        raise BadArgument(name, f"is of shape {column.shape}; {n} rows and {ndim} dimension(s) are asked for")
    if not np.isfinite(column).all():
        raise BadArgument(name, "must be finite")
    return column


def _whole(name: str, values: Any, n: int) -> IntArray:
    column = _column(name, values, n)
    if (column != np.floor(column)).any():
        raise BadArgument(name, "must be whole numbers")
    return column.astype(np.int64)
