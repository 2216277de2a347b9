"""How far a distribution has moved since the reference was taken: the population stability index."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtri

BINS = 10
MOVED = 0.1  # by custom: below it nothing to speak of
MOVED_FAR = 0.25
LEAST = 200  # numbers a reference is made of


class Verdict(StrEnum):
    STEADY = "steady"
    MOVED = "moved"
    MOVED_FAR = "moved_far"
    UNKNOWN = "unknown"  # not enough to say


def reference_of(values: ArrayLike, bins: int = BINS) -> tuple[list[float], list[int]]:
    """Inner quantile edges (at most bins − 1, ascending, distinct) and how many values fell into each bin.

    `values`: float[n], n >= LEAST and finite. Values that repeat (a feature that is mostly 0) share an
    edge, so there may be fewer bins. Raises ValueError for too few values or NaN.

    >>> edges, counts = reference_of(np.arange(200.0), bins=4)
    >>> edges, counts
    ([49.75, 99.5, 149.25], [50, 50, 50, 50])
    """
    numbers = _finite(values)
    if len(numbers) < LEAST:
        raise ValueError(f"{len(numbers)} values; a reference takes {LEAST}")
    edges = np.unique(np.quantile(numbers, np.linspace(0.0, 1.0, bins + 1)[1:-1]))
    return edges.tolist(), counts_in(edges.tolist(), numbers)


def counts_in(edges: Sequence[float], values: ArrayLike) -> list[int]:
    """How many values lie in each of the len(edges) + 1 bins; a value on an edge belongs to the bin below.

    >>> counts_in([0.0, 1.0], [-1.0, 0.0, 0.5, 7.0])
    [2, 1, 1]
    """
    places = np.searchsorted(np.asarray(edges), _finite(values), side="left")
    return [int(count) for count in np.bincount(places, minlength=len(edges) + 1)]


def stability_index(reference: Sequence[int], now: Sequence[int]) -> tuple[float, float]:
    """The index Σ (q − p)·ln(q / p) over bins, and the most that chance alone would show (95 %).

    Empty bins count half a value on both sides, so that one stranger is no infinity. Without drift the index
    is near (1/n + 1/m)·χ²(bins − 1): its upper quantile is the noise. Raises ValueError where the bins
    differ or a side is empty.
    Source: Yurdakul 2018, "Statistical properties of the population stability index".

    >>> index, noise = stability_index([50, 50], [50, 50])
    >>> index, round(noise, 3)
    (0.0, 0.077)
    >>> round(stability_index([50, 50], [90, 10])[0], 2)
    0.85
    """
    if len(reference) != len(now) or not sum(reference) or not sum(now):
        raise ValueError("two counts of the same bins, neither empty")
    p, q = (np.asarray(side, dtype=np.float64) + 0.5 for side in (reference, now))
    p, q = p / p.sum(), q / q.sum()
    scale = 1.0 / sum(reference) + 1.0 / sum(now)
    noise = scale * float(chdtri(len(now) - 1, 0.05)) if len(now) > 1 else 0.0
    return float(((q - p) * np.log(q / p)).sum()), noise


def verdict_of(index: float | None, noise: float | None) -> Verdict:
    """Say what an index means: nothing, where chance alone could reach the first threshold.

    >>> [str(verdict_of(*pair)) for pair in ((0.02, 0.01), (0.15, 0.01), (0.4, 0.01), (0.02, 0.3))]
    ['steady', 'moved', 'moved_far', 'unknown']
    """
    if index is None or noise is None or noise > MOVED:
        return Verdict.UNKNOWN
    if index >= MOVED_FAR:
        return Verdict.MOVED_FAR
    return Verdict.MOVED if index >= MOVED else Verdict.STEADY


def _finite(values: ArrayLike) -> NDArray[np.float64]:
    numbers = np.asarray(values, dtype=np.float64).ravel()
    if not np.isfinite(numbers).all():
        raise ValueError("NaN and infinities have no quantile")
    return numbers
