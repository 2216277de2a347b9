"""What an action would probably have earned: a reward model that never saw the rows it speaks about."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from segue.engine.arguments import BadArgument

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Model = Literal["ridge", "logistic"]

FOLDS = 5
_POOLED_L2 = 1.0
_OWN_L2 = 20.0  # an action departs from the others only as far as some twenty rows of its own carry it
_NEWTON_STEPS = 12


def cross_fitted(
    features: FloatArray,
    action: IntArray,
    reward: FloatArray,
    unit: IntArray,
    *,
    actions: int,
    model: Model = "ridge",
    folds: int = FOLDS,
    seed: int = 0,
) -> FloatArray:
    """Expected reward of every action in every row, float64[n, A], by models that left its unit out.

    `features`: float64[n, d] without a constant; `action`: int64[n] in [0, A); `reward`: float64[n];
    `unit`: int64[n], rows of one unit (a person) stay in one fold. "ridge" is a pooled linear model, from
    which every action departs with a shrunken one of its own; "logistic" has an effect an action and asks
    for rewards of 0 and 1. The same units in another order get the same folds. Raises BadArgument
    (`reward`, `folds`, `unit`). Source of cross-fitting: Chernozhukov and others 2018.

    >>> nothing, who = np.zeros((4, 0)), np.arange(4)
    >>> table = cross_fitted(nothing, np.zeros(4, dtype=np.int64), np.full(4, 3.0), who, actions=2, folds=2)
    >>> np.round(table, 6).tolist()
    [[3.0, 3.0], [3.0, 3.0], [3.0, 3.0], [3.0, 3.0]]
    """
    if model == "logistic" and not np.isin(reward, (0.0, 1.0)).all():
        raise BadArgument("reward", "a logistic model asks for 0 and 1")
    names, place = np.unique(unit, return_inverse=True)
    if folds < 2:
        raise BadArgument("folds", "at least two")
    if len(names) < 2:
        raise BadArgument("unit", "at least two units are needed to leave one out")
    drawn = np.random.default_rng(seed).permutation(len(names)) % min(folds, len(names))
    fold = drawn[place]
    fit = _ridge if model == "ridge" else _logistic
    out = np.empty((len(reward), actions))
    for one in np.unique(fold):
        inside = fold == one
        out[inside] = fit(features[~inside], action[~inside], reward[~inside], features[inside], actions)
    return out


def _ridge(x: FloatArray, action: IntArray, y: FloatArray, asked: FloatArray, actions: int) -> FloatArray:
    """float64[len(asked), A]: the pooled line plus each action's own, shrunken to none."""
    x, asked = _standardised(x, asked)
    width = x.shape[1]
    free = np.diag(np.r_[0.0, np.full(width - 1, _POOLED_L2)])  # the constant is not held back
    pooled = np.linalg.solve(x.T @ x + free, x.T @ y)
    rest = y - x @ pooled
    order = np.argsort(action, kind="stable")
    borders = np.searchsorted(action[order], np.arange(actions + 1))
    x, rest = x[order], rest[order]
    parts = [slice(borders[i], borders[i + 1]) for i in range(actions)]
    grams = np.stack([x[part].T @ x[part] for part in parts]) + _OWN_L2 * np.eye(width)
    own = np.linalg.solve(grams, np.stack([x[part].T @ rest[part] for part in parts])[:, :, None])[:, :, 0]
    return np.asarray((asked @ pooled)[:, None] + asked @ own.T)


def _logistic(x: FloatArray, action: IntArray, y: FloatArray, asked: FloatArray, actions: int) -> FloatArray:
    """float64[len(asked), A] in (0, 1): Newton's method with a penalty on all but the constant."""
    x, asked = _standardised(x, asked)
    width = x.shape[1]
    design = np.hstack([x, np.eye(actions)[action]])
    penalty = np.r_[0.0, np.full(width + actions - 1, _POOLED_L2)]
    beta = np.zeros(width + actions)
    mean = np.clip(y.mean(), 0.5 / len(y), 1.0 - 0.5 / len(y))
    beta[0] = np.log(mean / (1.0 - mean))
    for _ in range(_NEWTON_STEPS):
        chance = _chance(design @ beta)
        slope = design.T @ (y - chance) - penalty * beta
        curve = (design * (chance * (1.0 - chance))[:, None]).T @ design
        curve[np.diag_indices_from(curve)] += penalty + 1e-9
        step = np.linalg.solve(curve, slope)
        beta += step / max(1.0, float(np.abs(step).max()) / 2.0)
        if np.abs(step).max() < 1e-9:
            break
    return _chance((asked @ beta[:width])[:, None] + beta[None, width:])


def _chance(logit: FloatArray) -> FloatArray:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logit, -30.0, 30.0))))


def _standardised(x: FloatArray, asked: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Both with a constant in front, and columns of mean 0 and spread 1 as far as `x` goes."""
    middle, spread = x.mean(axis=0), x.std(axis=0)
    spread = np.where(spread > 1e-12, spread, 1.0)
    first, second = (np.hstack([np.ones((len(t), 1)), (t - middle) / spread]) for t in (x, asked))
    return first, second
