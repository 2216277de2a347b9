"""k-means with dice of its own: the same points and seed give the same groups, bit for bit, on any machine.

Lloyd's rounds from several k-means++ starts. Written out in numpy, since a library's threads add up partial
sums in whatever order they finish. Sources: Lloyd 1982; Arthur & Vassilvitskii 2007.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from segue.engine.blas import single_blas_thread

ROUNDS = 60
STILL = 1e-4  # of the inertia: less than this won in a round ends them
_BLOCK = 16_384
Floats = NDArray[np.float64]
Labels = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Groups:
    """k `centres` float64[k, d], each point's nearest in `labels` int64[n], and Σ squared distances."""

    centres: Floats
    labels: Labels
    inertia: float


def k_means(points: Floats, k: int, *, seed: int, starts: int, warm: Floats | None = None) -> Groups:
    """Group n points (n, d) into k, n >= k >= 1: the tightest of so many starts.

    `warm` float64[k, d]: centres of before. They are given up only where a fresh start is tighter by a
    hundredth, so that groups do not wander between solutions that are as good.
    """
    if not 1 <= k <= len(points):
        raise ValueError(f"k = {k}, for {len(points)} points")
    with single_blas_thread():
        found = [
            _lloyd(points, _scattered(points, k, np.random.default_rng([seed, k, start])))
            for start in range(starts)
        ]
        best = min(found, key=lambda groups: groups.inertia) if found else None
        if warm is not None:
            kept = _lloyd(points, warm)
            if best is None or kept.inertia <= best.inertia * 1.01:
                return kept
    assert best is not None
    return best


def nearest(points: Floats, centres: Floats) -> tuple[Labels, Floats]:
    """Return each point's nearest centre and its distance from it."""
    labels = np.empty(len(points), dtype=np.int64)
    distance = np.empty(len(points))
    norms = (centres**2).sum(axis=1)
    with single_blas_thread():
        for begin in range(0, len(points), _BLOCK):
            block = points[begin : begin + _BLOCK]
            apart = norms - 2.0 * (block @ centres.T)
            here = apart.argmin(axis=1)
            labels[begin : begin + _BLOCK] = here
            distance[begin : begin + _BLOCK] = apart[np.arange(len(block)), here] + (block**2).sum(axis=1)
    return labels, np.sqrt(np.maximum(distance, 0.0))


def means_of(rows: Floats | sparse.csr_array, labels: Labels, k: int) -> tuple[Floats, NDArray[np.int64]]:
    """Return float64[k, columns] means of each label's rows (zeros for an empty one), and their counts."""
    counts = np.bincount(labels, minlength=k)
    parts = (np.ones(len(labels)), (labels, np.arange(len(labels))))
    sums = sparse.csr_array(parts, shape=(k, len(labels))) @ rows
    dense = np.asarray(sums.todense() if sparse.issparse(sums) else sums)
    return dense / np.maximum(counts, 1)[:, None], counts


def _scattered(points: Floats, k: int, rng: np.random.Generator) -> Floats:
    """k-means++: each next start far from those before, the best of a few draws."""
    tries = 2 + int(np.log(k))
    chosen = [int(rng.integers(len(points)))]
    closest = ((points - points[chosen[0]]) ** 2).sum(axis=1)
    norms = (points**2).sum(axis=1)
    for _ in range(1, k):
        steps = np.cumsum(closest)
        draws = np.minimum(np.searchsorted(steps, rng.random(tries) * steps[-1]), len(points) - 1)
        apart = norms[draws][:, None] + norms - 2.0 * (points[draws] @ points.T)
        left = np.minimum(closest, np.maximum(apart, 0.0))
        best = int(left.sum(axis=1).argmin())
        chosen.append(int(draws[best]))
        closest = left[best]
    return points[chosen]


def _lloyd(points: Floats, centres: Floats) -> Groups:
    before = np.inf
    for _ in range(ROUNDS):
        labels, distance = nearest(points, centres)
        inertia = float((distance**2).sum())
        if before - inertia <= STILL * inertia:
            break
        before = inertia
        centres, counts = means_of(points, labels, len(centres))
        empty = np.flatnonzero(counts == 0)
        if len(empty):  # whoever is farthest from everything begins it anew
            centres[empty] = points[np.argsort(-distance, kind="stable")[: len(empty)]]
    return Groups(centres, labels, inertia)
