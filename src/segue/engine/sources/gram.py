"""The ridge inverse behind every linear model here: exact for small catalogues, by its spectrum for large.

Models that predict jobs from jobs all need `(G + l2·I)⁻¹`, where G counts which jobs go together. Inverting
costs J³, which 12,000 jobs make a minute. But most of G's spectrum lies far below any useful `l2`, where
`1/(s + l2) ≈ (1 − s/l2)/l2`. So the few large eigenvalues are treated exactly, and the rest to first order:

    (G + l2)⁻¹ ≈ (I − G/l2 + V·diag(s/l2 − s/(s + l2))·Vᵀ)/l2

with an error of (s/l2)² for the eigenvalues left out. It costs a few products of G with a thin matrix.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

from segue.engine.sources.products import add_product

Float32Array = NDArray[np.float32]

DENSE_UP_TO = 5_000  # jobs: 100 MB a copy, about two CPU-seconds
RANK = 256
ITERATIONS = 2


class RidgeInverse(Protocol):
    """`(G + l2·I)⁻¹`, which is symmetric, as something to multiply with."""

    @property
    def diagonal(self) -> Float32Array:
        """float32[J]."""
        ...

    def apply(self, rows: sparse.csr_array) -> Float32Array:
        """`rows @ inverse`: csr[m, J] gives float32[m, J]."""
        ...

    def then(self, follows: sparse.csr_array) -> Callable[[sparse.csr_array], Float32Array]:
        """How to go on: `rows ↦ rows @ inverse @ follows`, with csr[J, J], made once and used often."""
        ...


@dataclass(frozen=True, eq=False)
class Gram:
    """Which jobs go together, csr float32[J, J], symmetric and positive semidefinite.

    >>> gram = Gram.of(sparse.csr_array([[1.0, 1.0], [0.0, 1.0]]))
    >>> gram.inverse(1.0).apply(sparse.csr_array([[1.0, 0.0]])).round(2).tolist()
    [[0.6000000238418579, -0.20000000298023224]]
    """

    matrix: sparse.csr_array

    @classmethod
    def of(cls, rows: sparse.csr_array) -> Gram:
        """The Gram matrix of csr[n, J]."""
        return cls(sparse.csr_array((rows.T @ rows).astype(np.float32)))

    def inverse(self, l2: float) -> RidgeInverse:
        """The inverse for a strength of shrinkage; later ones reuse the spectrum. Raises ValueError ≤ 0."""
        if l2 <= 0:
            raise ValueError("l2 must be above zero")
        if self.matrix.shape[0] <= DENSE_UP_TO:
            return _dense(self.matrix, l2)
        values, vectors = self.spectrum
        return _Spectral(self.matrix, values, vectors, l2)

    @cached_property
    def spectrum(self) -> tuple[Float32Array, Float32Array]:
        """The largest eigenvalues, float32[r] descending, and their vectors, float32[J, r]."""
        return largest_eigenpairs(self.matrix, RANK)


@dataclass(frozen=True, eq=False)
class _Dense:
    matrix: Float32Array

    @property
    def diagonal(self) -> Float32Array:
        return np.ascontiguousarray(np.diag(self.matrix))

    def apply(self, rows: sparse.csr_array) -> Float32Array:
        return np.asarray(rows @ self.matrix, dtype=np.float32)

    def then(self, follows: sparse.csr_array) -> Callable[[sparse.csr_array], Float32Array]:
        turned = sparse.csr_array(follows.T)
        return lambda rows: np.ascontiguousarray((turned @ self.apply(rows).T).T, dtype=np.float32)


def _dense(gram: sparse.csr_array, l2: float) -> _Dense:
    whole = np.asfortranarray(gram.toarray(), dtype=np.float32)
    whole[np.diag_indices_from(whole)] += l2
    factor, failed = linalg.lapack.spotrf(whole, overwrite_a=1, clean=0)
    if failed:
        raise ValueError("the Gram matrix is not positive semidefinite")
    upper, _ = linalg.lapack.spotri(factor, overwrite_c=1)
    inverse = np.triu(upper)
    return _Dense(np.ascontiguousarray(inverse + np.triu(inverse, 1).T))


@dataclass(frozen=True, eq=False)
class _Spectral:
    matrix: sparse.csr_array
    values: Float32Array
    vectors: Float32Array
    l2: float

    @cached_property
    def _gain(self) -> Float32Array:
        return self.values / self.l2 - self.values / (self.values + self.l2)

    @property
    def diagonal(self) -> Float32Array:
        exact = (self.vectors * self.vectors) @ self._gain
        # First order alone may fall below what any inverse can have: 1/(largest eigenvalue + l2).
        least = self.l2 / (self.values[0] + self.l2)
        found = np.maximum(1.0 - self.matrix.diagonal() / self.l2 + exact, least) / self.l2
        return np.asarray(found, dtype=np.float32)

    def apply(self, rows: sparse.csr_array) -> Float32Array:
        out = self._far(rows, self.vectors.T)
        near = self._near(rows)
        out[np.repeat(np.arange(near.shape[0]), np.diff(near.indptr)), near.indices] += near.data
        out /= self.l2
        return out

    def then(self, follows: sparse.csr_array) -> Callable[[sparse.csr_array], Float32Array]:
        leads = np.ascontiguousarray((follows.T @ self.vectors).T, dtype=np.float32)

        def scores(rows: sparse.csr_array) -> Float32Array:
            out = self._far(rows, leads)
            add_product(out, self._near(rows), follows)
            out /= self.l2
            return out

        return scores

    def _far(self, rows: sparse.csr_array, leads: Float32Array) -> Float32Array:
        """The few large directions exactly: float32[r, J] is where each leads."""
        return np.asarray(((rows @ self.vectors) * self._gain) @ leads, dtype=np.float32)

    def _near(self, rows: sparse.csr_array) -> sparse.csr_array:
        """All the rest to first order."""
        return sparse.csr_array(rows - (rows @ self.matrix) / self.l2)


def largest_eigenpairs(
    gram: sparse.csr_array, rank: int, *, seed: int = 0
) -> tuple[Float32Array, Float32Array]:
    """The largest eigenvalues, float32[r] descending, and vectors, float32[J, r], of a sparse symmetric G.

    r is at most J. Source: Halko, Martinsson, Tropp 2011, randomised subspace iteration.

    >>> values, _ = largest_eigenpairs(sparse.csr_array(np.diag([3.0, 1.0, 2.0])), 2)
    >>> values.round(3).tolist()
    [3.0, 2.0]
    """
    jobs = gram.shape[0]
    rank = min(rank, jobs)
    rng = np.random.default_rng(seed)
    basis = rng.standard_normal((jobs, min(jobs, rank + max(8, rank // 10)))).astype(np.float32)
    for _ in range(ITERATIONS + 1):
        basis = _orthonormal(np.asarray(gram @ basis, dtype=np.float32))
    values, turn = linalg.eigh(basis.T @ np.asarray(gram @ basis), check_finite=False)
    vectors = basis @ turn[:, ::-1][:, :rank]
    kept = np.maximum(values[::-1][:rank], 0.0)
    return kept.astype(np.float32), np.ascontiguousarray(vectors, dtype=np.float32)


def _orthonormal(basis: Float32Array) -> Float32Array:
    """Columns spanning the same space, orthonormal: by the Gram matrix of the columns, twice.

    Householder's way spends most of its time in products of a matrix with a vector. Directions that have
    all but vanished (a graph of few jobs has them) stay small; where they vanish altogether and the matrix
    has no root, it is Householder after all. Source: Yamamoto et al. 2015, CholeskyQR2.
    """
    for floor in (1e-6, 1e-9):
        inner = (basis.T @ basis).astype(np.float64)
        inner[np.diag_indices_from(inner)] += floor * max(float(np.trace(inner)) / len(inner), 1e-30)
        try:
            factor = linalg.cholesky(inner, check_finite=False)
        except linalg.LinAlgError:
            return np.asarray(linalg.qr(basis, mode="economic", check_finite=False)[0], dtype=np.float32)
        turn = linalg.solve_triangular(factor, np.eye(len(inner)), check_finite=False)
        basis = basis @ turn.astype(np.float32)
    return basis
