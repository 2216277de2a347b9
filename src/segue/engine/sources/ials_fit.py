"""iALS: people and jobs as points whose products tell acts from what was passed by, solved exactly in turns.

Source: Hu, Koren, Volinsky 2008, "Collaborative Filtering for Implicit Feedback Datasets"; weights and
regularisation by frequency as in Rendle, Krichene, Zhang, Koren 2021, "Revisiting the Performance of iALS".

What stands still is first turned to the axes of its Gram matrix (products do not notice). Then the part of
everything not seen is diagonal, also with a ridge that differs by row, and a row with few events costs a
system as small as its events (`ials_rows`).
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from segue.engine.blas import single_blas_thread
from segue.engine.sources.ials_rows import add_rows, gram, solve_rows, turn

FloatArray = NDArray[np.float32]
_BLOCK = 8_192  # rows of a Gram matrix summed in float32; blocks are summed in float64, always in this order
_WORK = 100_000  # events, and rows at eight events each, given to a thread at once


@dataclass(frozen=True)
class IalsSettings:
    """What is minimised: Σ alpha·w (1 - s)² over acts + unobserved · Σ s² over all pairs + ridges.

    A row's ridge is ridge · (Σ alpha·w + unobserved · rows of the other side) ** frequency.
    """

    dim: int = 64
    iterations: int = 12
    alpha: float = 1.0
    unobserved: float = 0.1
    ridge: float = 0.003
    frequency: float = 1.0

    def __post_init__(self) -> None:
        if min(self.dim, self.iterations) < 1 or min(self.alpha, self.ridge) <= 0 or self.unobserved < 0:
            raise ValueError(
                "dim and iterations are at least 1, alpha and ridge above 0, unobserved not below"
            )

    def ridges(self, sums: NDArray[Any], others: int) -> FloatArray:
        """float32[n] for rows whose acts weigh `sums`, facing `others` rows."""
        return (self.ridge * (sums + self.unobserved * others) ** self.frequency).astype(np.float32)


@dataclass(frozen=True, eq=False)
class Factors:
    """What was learnt; a score is the product of two rows.

    `jobs`: float32[J, d], turned so that jobs' · jobs = diag(`spectrum`), float32[d];
    `people`: float32[P, d]; `people_gram`: float64[d, d] = people' · people, all a new job needs of them.
    """

    settings: IalsSettings
    jobs: FloatArray
    spectrum: FloatArray
    people: FloatArray
    people_gram: NDArray[np.float64]
    people_count: int

    def fold_in(self, history: sparse.csr_array, *, threads: int = 1) -> FloatArray:
        """Factors of people by their acts, float32[n, d] for csr[n, J]: just as training would have it.

        Raises ValueError for weights that are not finite or not above zero, or another number of jobs.
        """
        acts = _Acts.of(history, self.settings.alpha, self.jobs.shape[0])
        solved = np.empty((history.shape[0], self.settings.dim), np.float32)
        with _pool(threads) as pool:
            _solve_side(acts, self.jobs, self.spectrum, self.settings, solved, pool)
        return solved

    def fold_in_person(self, jobs: NDArray[np.integer], weights: NDArray[np.floating]) -> FloatArray:
        """One person's factors, float32[d], by the rows and weights of their acts."""
        return _solve_one(jobs, weights, self.jobs, self.spectrum, self.settings, len(self.jobs))

    def fold_in_job(self, people: FloatArray, weights: NDArray[np.floating]) -> FloatArray:
        """A new job's factors, float32[d], by the factors of those who acted on it, float32[n, d]."""
        values, axes = _axes(self.people_gram)
        seen = np.array(people, dtype=np.float32, order="C")
        turn(seen, np.ascontiguousarray(axes, dtype=np.float32))
        spectrum = np.maximum(values, 0.0).astype(np.float32)
        rows = np.arange(len(seen))
        found = _solve_one(rows, weights, seen, spectrum, self.settings, self.people_count)
        return np.asarray(axes @ found, dtype=np.float32)

    def contributions(
        self, jobs: NDArray[np.integer], weights: NDArray[np.floating], there: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """What each act adds to the product of the person so folded in with `there`, float64[n].

        Source: Hu, Koren, Volinsky 2008, section 5: the score is linear in the acts.
        """
        if not len(jobs):
            return np.zeros(0)
        amount = weights.astype(np.float64) * self.settings.alpha
        seen = self.jobs[jobs].astype(np.float64)
        ridge = self.settings.ridges(np.array([amount.sum()]), len(self.jobs))
        near = (seen * amount[:, None]).T @ seen
        near[np.diag_indices_from(near)] += self.settings.unobserved * self.spectrum + ridge
        found: NDArray[np.float64] = amount * (seen @ np.linalg.solve(near, there))
        return found

    def without_people(self) -> Factors:
        """The same for storing and serving: people are folded in from their acts."""
        return replace(self, people=self.people[:0].copy())


@dataclass(frozen=True, eq=False)
class _Acts:
    """A csr matrix in the types of the inner loops, its weights times alpha."""

    indptr: NDArray[np.int64]
    indices: NDArray[np.int32]
    weights: FloatArray
    columns: int

    @classmethod
    def of(cls, history: sparse.csr_array, alpha: float, columns: int) -> _Acts:
        if history.shape[1] != columns:
            raise ValueError(f"the history has {history.shape[1]} jobs, the factors have {columns}")
        weights = np.asarray(history.data, dtype=np.float32)
        if not (np.isfinite(weights).all() and (weights > 0).all()):
            raise ValueError("weights are finite and above zero")
        weights = weights if alpha == 1 else weights * np.float32(alpha)
        return cls(
            history.indptr.astype(np.int64), history.indices.astype(np.int32, copy=False), weights, columns
        )

    def turned(self) -> _Acts:
        """The same acts by column."""
        rows = len(self.indptr) - 1
        table = sparse.csr_array(
            (self.weights, self.indices, self.indptr.astype(_index(self))), shape=(rows, self.columns)
        )
        other = table.tocsc()
        return _Acts(
            other.indptr.astype(np.int64), other.indices.astype(np.int32, copy=False), other.data, rows
        )

    def sums(self) -> NDArray[np.float64]:
        """What each row's acts weigh together."""
        sums = np.empty(len(self.indptr) - 1)
        add_rows(self.indptr, self.weights, sums)
        return sums

    def cuts(self) -> list[tuple[int, int]]:
        """Blocks of rows of about the same work."""
        work = self.indptr + 8 * np.arange(len(self.indptr))
        inner = np.searchsorted(work, np.arange(_WORK, int(work[-1]), _WORK))
        edges = np.unique(np.concatenate([[0], inner, [len(self.indptr) - 1]])).tolist()
        return list(itertools.pairwise(edges))


def _index(acts: _Acts) -> type[np.signedinteger[Any]]:
    return np.int32 if len(acts.indices) < np.iinfo(np.int32).max else np.int64


def _pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads or numba.get_num_threads())


def _each(pool: ThreadPoolExecutor, work: Callable[[Any], Any], parts: Sequence[Any]) -> list[Any]:
    return list(pool.map(work, parts)) if len(parts) > 1 else [work(part) for part in parts]


def als_steps(
    history: sparse.csr_array,
    settings: IalsSettings,
    *,
    seed: int = 0,
    start: FloatArray | None = None,
    threads: int = 0,
) -> Iterator[tuple[FloatArray, FloatArray, FloatArray]]:
    """Yield jobs, spectrum and people after each iteration; the arrays are the same ones, worked on in place.

    See `fit_ials` for arguments and errors.
    """
    people, jobs = history.shape
    by_person = _Acts.of(history, settings.alpha, jobs)
    by_job = by_person.turned()
    job_rows = _begin(jobs, settings.dim, seed, start)
    person_rows = np.empty((people, settings.dim), np.float32)
    with _pool(threads) as pool:
        spectrum = _align(job_rows, pool)
        _solve_side(by_person, job_rows, spectrum, settings, person_rows, pool)
        for _ in range(settings.iterations):
            _solve_side(by_job, person_rows, _align(person_rows, pool), settings, job_rows, pool)
            spectrum = _align(job_rows, pool)
            _solve_side(by_person, job_rows, spectrum, settings, person_rows, pool)
            yield job_rows, spectrum, person_rows


def fit_ials(
    history: sparse.csr_array,
    settings: IalsSettings | None = None,
    *,
    seed: int = 0,
    start: FloatArray | None = None,
    threads: int = 0,
) -> Factors:
    """Learn factors from weights of acts, csr[P, J]; `threads` 0 means every core, and any gives the same.

    `start`: job factors of an earlier night, float32[≤ J, dim], old jobs first; without it `seed` draws some.
    Raises ValueError for weights that are not finite or not above zero, and for a start of another width.

    >>> learnt = fit_ials(sparse.csr_array([[1.0, 1, 0], [1, 1, 0], [0, 0, 1]]), IalsSettings(dim=2))
    >>> scores = learnt.people @ learnt.jobs.T
    >>> bool(scores[0, 1] > scores[0, 2]), scores.dtype.name
    (True, 'float32')
    """
    wanted = settings or IalsSettings()
    steps = als_steps(history, wanted, seed=seed, start=start, threads=threads)
    jobs, spectrum, people = deque(steps, maxlen=1).pop()
    with _pool(threads) as pool:
        return Factors(wanted, jobs, spectrum, people, _gram_of(people, pool), len(people))


def objective(
    history: sparse.csr_array, settings: IalsSettings, jobs: FloatArray, people: FloatArray
) -> float:
    """What the fit minimises, in float64.

    >>> objective(sparse.csr_array([[2.0]]), IalsSettings(dim=1), *[np.zeros((1, 1), np.float32)] * 2)
    2.0
    """
    acts = _Acts.of(history, settings.alpha, len(jobs))
    other = acts.turned()
    x, y = people.astype(np.float64), jobs.astype(np.float64)
    owner = np.repeat(np.arange(len(x)), np.diff(acts.indptr))
    told = np.einsum("nd,nd->n", x[owner], y[acts.indices])
    seen = float(acts.weights.astype(np.float64) @ (1.0 - told) ** 2)
    unseen = settings.unobserved * float(np.sum((x.T @ x) * (y.T @ y)))
    ridges = float(settings.ridges(acts.sums(), len(y)) @ np.square(x).sum(1))
    return seen + unseen + ridges + float(settings.ridges(other.sums(), len(x)) @ np.square(y).sum(1))


def _begin(jobs: int, dim: int, seed: int, start: FloatArray | None) -> FloatArray:
    """Small random rows, or those of an earlier night; a job it did not know starts from nothing."""
    if start is None:
        rng = np.random.default_rng(seed)
        return rng.standard_normal((jobs, dim), dtype=np.float32) * np.float32(0.1 / np.sqrt(dim))
    if start.ndim != 2 or start.shape[1] != dim or len(start) > jobs or not np.isfinite(start).all():
        raise ValueError(f"a start has at most {jobs} finite rows of {dim}")
    rows = np.zeros((jobs, dim), np.float32)
    rows[: len(start)] = start
    return rows


def _gram_of(rows: FloatArray, pool: ThreadPoolExecutor) -> NDArray[np.float64]:
    dim = rows.shape[1]
    size = (dim + 3) // 4 * 4

    def one(first: int) -> FloatArray:
        out = np.empty((size, size), np.float32)
        gram(rows[first : first + _BLOCK], out)
        return out[:dim, :dim]

    total = np.zeros((dim, dim))
    for part in _each(pool, one, range(0, len(rows), _BLOCK)):
        total += part
    return np.tril(total) + np.tril(total, -1).T


def _axes(matrix: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Eigenvalues and vectors, by one thread: the last bit must not depend on how the work is shared."""
    with single_blas_thread():
        values, axes = np.linalg.eigh(matrix)
    return values, axes


def _align(rows: FloatArray, pool: ThreadPoolExecutor) -> FloatArray:
    """Turn rows in place to the axes of their Gram matrix, which is then diagonal; return the diagonal."""
    values, axes = _axes(_gram_of(rows, pool))
    rotation = np.ascontiguousarray(axes, dtype=np.float32)
    _each(pool, lambda first: turn(rows[first : first + _BLOCK], rotation), range(0, len(rows), _BLOCK))
    return np.asarray(np.maximum(values, 0.0), dtype=np.float32)


def _solve_side(
    acts: _Acts,
    fixed: FloatArray,
    spectrum: FloatArray,
    settings: IalsSettings,
    solved: FloatArray,
    pool: ThreadPoolExecutor,
) -> None:
    ridges = settings.ridges(acts.sums(), len(fixed))
    unseen = np.float32(settings.unobserved) * spectrum

    def one(block: tuple[int, int]) -> None:
        rows = slice(*block)
        edges = acts.indptr[block[0] : block[1] + 1]
        solve_rows(edges, acts.indices, acts.weights, fixed, unseen, ridges[rows], solved[rows])

    _each(pool, one, acts.cuts())


def _solve_one(
    rows: NDArray[np.integer],
    weights: NDArray[np.floating],
    fixed: FloatArray,
    spectrum: FloatArray,
    settings: IalsSettings,
    others: int,
) -> FloatArray:
    values = np.asarray(weights, dtype=np.float32) * np.float32(settings.alpha)
    if not (np.isfinite(values).all() and (values > 0).all()):
        raise ValueError("weights are finite and above zero")
    solved = np.empty((1, settings.dim), np.float32)
    ridges = settings.ridges(np.array([values.sum(dtype=np.float64)]), others)
    edges = np.array([0, len(values)], dtype=np.int64)
    indices = np.asarray(rows).astype(np.int32)
    solve_rows(edges, indices, values, fixed, np.float32(settings.unobserved) * spectrum, ridges, solved)
    return np.asarray(solved[0], dtype=np.float32)
