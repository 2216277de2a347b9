"""Two questions to a grouping: are the groups apart (silhouette), are they found again (adjusted Rand)?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.spatial.distance import cdist
from scipy.special import comb

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]


def adjusted_rand(ours: Labels, theirs: Labels) -> float:
    """How far two groupings of the same people agree beyond chance: 1 the same, 0 as chance would have it.

    Source: Hubert & Arabie 1985.

    >>> adjusted_rand(np.array([0, 0, 1, 1]), np.array([5, 5, 2, 2]))
    1.0
    >>> round(adjusted_rand(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])), 2)
    -0.5
    """
    if len(ours) != len(theirs):
        raise ValueError("two groupings of the same people")
    _, row = np.unique(ours, return_inverse=True)
    _, column = np.unique(theirs, return_inverse=True)
    table = sparse.coo_array((np.ones(len(row)), (row, column))).tocsr()
    together = float(comb(table.data, 2).sum())
    in_ours = float(comb(np.bincount(row), 2).sum())
    in_theirs = float(comb(np.bincount(column), 2).sum())
    pairs = float(comb(len(ours), 2))
    chance = in_ours * in_theirs / pairs if pairs else 0.0
    most = (in_ours + in_theirs) / 2.0
    return 1.0 if most == chance else (together - chance) / (most - chance)


def silhouette(points: Floats, labels: Labels) -> float:
    """Mean of (b − a) / max(a, b): how much nearer people are to their own group than to the next one.

    `points` float64[n, d]; n × n distances are held, so give a sample. 0 for fewer than two groups; somebody
    alone in a group counts 0. Source: Rousseeuw 1987.

    >>> round(silhouette(np.array([[0.0], [0.1], [5.0], [5.1]]), np.array([0, 0, 1, 1])), 2)
    0.98
    """
    _, group = np.unique(labels, return_inverse=True)
    counts = np.bincount(group)
    if len(counts) < 2:
        return 0.0
    n = len(points)
    one_hot = sparse.csr_array((np.ones(n), (np.arange(n), group)), shape=(n, len(counts)))
    sums = np.asarray(cdist(points, points) @ one_hot)
    mine = np.arange(n), group
    own = sums[mine] / np.maximum(counts[group] - 1, 1)
    mean = sums / counts
    mean[mine] = np.inf
    other = mean.min(axis=1)
    widest = np.maximum(own, other)
    told = np.where(
        (counts[group] > 1) & (widest > 0), (other - own) / np.where(widest > 0, widest, 1.0), 0.0
    )
    return float(told.mean())
