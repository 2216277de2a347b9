"""From what is known of a job or a person to where their acts would put them: factors for the cold."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

FloatArray = NDArray[np.float32]
Features = sparse.csr_array | FloatArray


def fit_map(
    features: Features, targets: FloatArray, trust: NDArray[Any], *, l2: float = 1.0, steps: int = 40
) -> FloatArray:
    """The M, float32[p, d], with the least Σ trust_n |features_n M - targets_n|² + l2 |M|².

    `features`: csr or dense [n, p]; `targets`: float32[n, d]; `trust`: float[n], not below zero. There is no
    constant: of whom nothing is known nothing is foretold. Conjugate gradients, one for each of the d columns
    side by side, so p may be large: nothing of p × p is made.
    Raises ValueError where rows differ in number, for numbers that are not finite, and unless l2 > 0.
    Source: Gantner et al. 2010, "Learning Attribute-to-Feature Mappings for Cold-Start Recommendations".

    >>> features, targets = np.eye(2, dtype=np.float32), np.array([[2.0], [4.0]], np.float32)
    >>> fit_map(features, targets, np.array([1.0, 3.0]), l2=1.0).ravel().round(4).tolist()
    [1.0, 3.0]
    """
    if not features.shape[0] == len(targets) == len(trust):
        raise ValueError(f"{features.shape[0]} rows of features, {len(targets)} targets, {len(trust)} trusts")
    if l2 <= 0 or not (np.isfinite(targets).all() and np.isfinite(trust).all()):
        raise ValueError("l2 is above zero, targets and trust are finite")
    weight = np.asarray(trust, dtype=np.float32)[:, None]
    known = checked(features)
    across = known.T
    solved = np.zeros((known.shape[1], targets.shape[1]), dtype=np.float32)
    rest = np.asarray(across @ (weight * targets), dtype=np.float32)
    way, length = rest.copy(), np.square(rest).sum(0)
    goal = np.maximum(length * 1e-12, 1e-30)
    for _ in range(steps):
        if (length <= goal).all():
            break
        bent = across @ (weight * (known @ way)) + np.float32(l2) * way
        step = np.where(length > goal, length / np.maximum((way * bent).sum(0), 1e-30), 0.0)
        solved += step * way
        rest -= step * bent
        before, length = length, np.square(rest).sum(0)
        way = rest + way * (length / np.maximum(before, 1e-30))
    return solved.astype(np.float32)


def apply_map(features: Features, mapping: FloatArray) -> FloatArray:
    """Factors foretold, float32[n, d]. Raises ValueError for another number of features, or NaN."""
    known = checked(features)
    if known.shape[1] != len(mapping):
        raise ValueError(f"{known.shape[1]} features, the map was made for {len(mapping)}")
    return np.asarray(known @ mapping, dtype=np.float32)


def blend(found: FloatArray, told: FloatArray, events: NDArray[Any], faith: float) -> FloatArray:
    """Factors by acts and by the map, float32[n, d]; a map weighs as much as `faith` events.

    >>> ones = np.ones((2, 1), np.float32)
    >>> blend(ones, 0 * ones, np.array([0, 3]), 1.0).ravel().tolist()
    [0.0, 0.75]
    """
    share = (events / (events + faith)).astype(np.float32)[:, None]
    return np.asarray(share * found + (1 - share) * told, dtype=np.float32)


def checked(features: Features) -> Features:
    """The features in float32. Raises ValueError for NaN and infinity."""
    known = features.astype(np.float32, copy=False)
    if not np.isfinite(known.data if isinstance(known, sparse.csr_array) else known).all():
        raise ValueError("features are finite")
    return known
