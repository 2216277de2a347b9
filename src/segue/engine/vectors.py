"""Document vectors: weighted bags of cached term vectors, so no model runs per document."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

FloatArray = NDArray[np.float64]
VectorArray = NDArray[np.float32]

_BLOCK = 512


def unit_rows(rows: NDArray[np.floating]) -> VectorArray:
    """Scale each row of [n, D] to length 1, as float32; zero rows stay zero.

    >>> unit_rows(np.array([[3.0, 4.0], [0.0, 0.0]])).tolist()
    [[0.6000000238418579, 0.800000011920929], [0.0, 0.0]]
    """
    wide = np.asarray(rows, dtype=np.float64)
    length = np.linalg.norm(wide, axis=1, keepdims=True)
    return (wide / np.where(length > 0, length, 1.0)).astype(np.float32)


def document_vectors(counts: sparse.csr_array, term_vectors: VectorArray, idf: FloatArray) -> VectorArray:
    """Bags of cached term vectors, weighted by ln(1 + tf) × idf.

    `counts`: csr[n, V]; `term_vectors`: float32[V, D]; `idf`: float64[V]. Returns float32[n, D] with
    rows of length 1; a document without known terms stays zero. Raises ValueError where widths differ.
    Source: Arora, Liang and Ma 2017 (weighted averages as a strong sentence baseline).

    >>> rows = sparse.csr_array([[2.0, 0.0], [0.0, 0.0]])
    >>> document_vectors(rows, np.eye(2, dtype=np.float32), np.ones(2)).tolist()
    [[1.0, 0.0], [0.0, 0.0]]
    """
    if not counts.shape[1] == len(term_vectors) == len(idf):
        raise ValueError(f"{counts.shape[1]} counted terms, {len(term_vectors)} vectors, {len(idf)} idf")
    weighted = counts.astype(np.float64)
    weighted.data = np.log1p(weighted.data) * idf[weighted.indices]
    return unit_rows(weighted @ term_vectors.astype(np.float64))


def mix(parts: Sequence[VectorArray], weights: Sequence[float]) -> VectorArray:
    """Blend several bags of the same documents, e.g. skills (1.0) and words (0.5), into unit rows.

    `parts`: float32[n, D] each. Raises ValueError if there are not as many weights as parts.

    >>> mix([np.eye(2, dtype=np.float32)], [2.0]).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    total = sum(
        (weight * part.astype(np.float64) for weight, part in zip(weights, parts, strict=True)),
        start=np.zeros(parts[0].shape),
    )
    return unit_rows(total)


def mean_vector(vectors: VectorArray) -> VectorArray:
    """The mean of the rows that are not zero, float32[D]; zero if there are none.

    >>> mean_vector(np.array([[1, 0], [0, 1], [0, 0]], dtype=np.float32)).tolist()
    [0.5, 0.5]
    """
    known = vectors.any(axis=1)
    filled = vectors if known.all() else vectors[known]
    if not len(filled):
        return np.zeros(vectors.shape[1], dtype=np.float32)
    return np.asarray(filled.mean(axis=0, dtype=np.float64), dtype=np.float32)


def centre(vectors: VectorArray, mean: VectorArray) -> VectorArray:
    """Take the common direction out of [n, D] and scale back to length 1; zero rows stay zero.

    Without it every pair of texts looks alike (cosines of .3 to .9); with it 0 means "as near as
    any two", so a cosine can be read as evidence for or against.
    Source: Mu and Viswanath 2018, "All-but-the-Top", with the mean alone.

    >>> mean = np.array([0.5, 0.0], dtype=np.float32)
    >>> centre(np.array([[1, 0], [0, 1]], dtype=np.float32), mean)[0].tolist()
    [1.0, 0.0]
    """
    out = np.empty(vectors.shape, dtype=np.float32)
    for low in range(0, len(vectors), _BLOCK):  # in double precision a block at a time: it stays in the cache
        block = vectors[low : low + _BLOCK]
        known = block.any(axis=1, keepdims=True)
        out[low : low + _BLOCK] = unit_rows((block.astype(np.float64) - mean) * known)
    return out


def cosines(left: VectorArray, right: VectorArray) -> FloatArray:
    """Dot products of unit rows [n, D] and [m, D], as float64[n, m] within [-1, 1].

    >>> cosines(np.eye(2, dtype=np.float32), np.eye(2, dtype=np.float32)).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    return np.clip((left @ right.T).astype(np.float64), -1.0, 1.0)
