"""EASE: which jobs go together in people's behaviour, in closed form."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

FloatArray = NDArray[np.float64]


def interactions(
    person: NDArray[np.integer],
    job: NDArray[np.integer],
    weight: FloatArray,
    day: FloatArray,
    *,
    shape: tuple[int, int],
    now_day: float,
    half_life_days: float = 60.0,
) -> sparse.csr_array:
    """Positive interactions with recency decay, csr float64[P, J]; a pair keeps its strongest event.

    `person`, `job`: int[n] rows and columns; `weight`: float64[n], values ≤ 0 are left out;
    `day`: float64[n] days. Raises ValueError for a half-life that is not above zero.

    >>> interactions(np.array([0]), np.array([1]), np.array([2.0]), np.array([0.0]),
    ...     shape=(1, 2), now_day=60.0).toarray().tolist()
    [[0.0, 1.0]]
    """
    if half_life_days <= 0:
        raise ValueError("half_life_days must be above zero")
    decayed = weight * np.exp2(-np.maximum(now_day - day, 0.0) / half_life_days)
    kept = np.flatnonzero(decayed > 0)
    # Strongest last: a later assignment to the same cell wins.
    order = kept[np.lexsort((decayed[kept], job[kept], person[kept]))]
    cells = person[order].astype(np.int64) * shape[1] + job[order]
    last = np.flatnonzero(np.diff(cells, append=-1) != 0)
    rows, columns = np.divmod(cells[last], shape[1])
    return sparse.csr_array((decayed[order][last], (rows, columns)), shape=shape)


def fit_ease(history: sparse.csr_array, *, l2: float = 50.0) -> FloatArray:
    """Item-item weights B, float64[J, J] with a zero diagonal, minimising |X − XB|² + l2·|B|².

    `history`: csr[P, J]. Costs one J × J inverse (J = 5,000: about 200 MB a copy), so use it for
    catalogues below about 20,000 jobs. Raises ValueError unless l2 > 0.
    Source: Steck 2019, "Embarrassingly Shallow Autoencoders for Sparse Data", equation 8.

    >>> weights = fit_ease(sparse.csr_array([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]), l2=1.0)
    >>> bool(weights[0, 1] > 0), float(weights[0, 2]), float(weights[0, 0])
    (True, 0.0, 0.0)
    """
    if l2 <= 0:
        raise ValueError("l2 must be above zero")
    gram = np.asarray((history.T @ history).toarray(), dtype=np.float64)
    gram[np.diag_indices_from(gram)] += l2
    inverse = linalg.inv(gram, overwrite_a=True, check_finite=False)
    weights = inverse / -np.diag(inverse)[None, :]
    np.fill_diagonal(weights, 0.0)
    return weights + 0.0


def ease_scores(history: sparse.csr_array, weights: FloatArray) -> FloatArray:
    """Scores of every job for each history, float64[n, J]; people need not have been in the fit.

    Raises ValueError where the numbers of jobs differ.

    >>> ease_scores(sparse.csr_array([[1.0, 0.0]]), np.array([[0.0, 0.5], [0.5, 0.0]])).tolist()
    [[0.0, 0.5]]
    """
    if history.shape[1] != len(weights):
        raise ValueError(f"history has {history.shape[1]} jobs, weights have {len(weights)}")
    return np.asarray(history @ weights, dtype=np.float64)
