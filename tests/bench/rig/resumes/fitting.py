"""Fits how sure a reading is: a ridge-logistic curve for each kind of field, by Newton's method."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tests.bench.rig.resumes.marking import Mark

RIDGE = 1.0
STEPS = 30
# Doubt that no generated résumé teaches: of a hundred readings one is taken to be wrong whatever it shows;
# for each twenty there is one imagined that nothing speaks for, and that is wrong.
WRONG_ANYWAY, IMAGINED = 0.01, 0.05
FloatArray = NDArray[np.float64]


def fitted(found: Sequence[Mark]) -> str:
    """Return the table of weights, as it stands in the source."""
    lines = ["WEIGHTS: dict[str, tuple[float, dict[str, float]]] = {"]
    for kind in dict.fromkeys(mark.kind for mark in found):
        read = [mark for mark in found if mark.kind == kind and mark.was_read]
        names = sorted({name for mark in read for name in mark.features})
        constant, weights = _fit(read, names)
        inner = ", ".join(f'"{n}": {w:.2f}' for n, w in zip(names, weights, strict=True) if abs(w) >= 0.05)
        right = sum(mark.is_right for mark in read)
        lines.append(f'    "{kind}": ({constant:.2f}, {{{inner}}}),  # {right} of {len(read)} right')
    return "\n".join([*lines, "}"])


def _fit(read: Sequence[Mark], names: Sequence[str]) -> tuple[float, FloatArray]:
    features = np.array([[mark.features.get(name, 0.0) for name in names] for mark in read])
    imagined = round(len(read) * IMAGINED)
    features = np.vstack([features, np.zeros((imagined, len(names)))])
    design = np.column_stack([np.ones(len(features)), features])
    right = [*(mark.is_right for mark in read), *[False] * imagined]
    truth = np.array(right, dtype=float) * (1.0 - WRONG_ANYWAY)
    weights: FloatArray = np.zeros(design.shape[1])
    penalty = np.diag([0.01, *[RIDGE] * len(names)])
    for _ in range(STEPS):
        chance = 1.0 / (1.0 + np.exp(-design @ weights))
        slope = design.T @ (truth - chance) - penalty @ weights
        curve = (design * (chance * (1.0 - chance))[:, None]).T @ design + penalty
        weights = weights + np.linalg.solve(curve, slope)
    return float(weights[0]), weights[1:]
