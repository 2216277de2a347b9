"""The k best jobs for each person by inner product, exactly: no index, no approximation.

A tile of people × jobs is scored by one matrix product into a buffer that stays in the cache, and the best
are picked out of it before the next tile overwrites it, so scores are never kept. Who may not be shown what
is struck out of the tile before picking: a filter costs nobody a place. At a hundred thousand jobs this beats
the indexes that only approximate; see tests/bench/topk.py.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from segue.engine.blas import single_blas_thread
from segue.engine.selection import (
    NOBODY,
    Absorb,
    JobArray,
    ScoreArray,
    Strike,
    absorb_plainly,
    compiled,
    compiled_strike,
    in_order,
    open_slots,
    strike_plainly,
)

BoolArray = NDArray[np.bool_]

PEOPLE = 256  # rows of a tile
CELLS = 256 * 1024  # of a tile: 1 MB of scores
STRIDE = 1024  # tiles are so many jobs wide, or a few times that where people are few
WIDEST = 8 * STRIDE
LIGHT = 4_000_000  # multiplications not worth a second thread
LARGEST = float(np.finfo(np.float32).max)


@dataclass(frozen=True, eq=False)
class TopK:
    """`jobs` int64[m, k]: rows of the job matrix, best first; `scores` float32[m, k].

    Whoever may be shown fewer than k jobs has -1 and -inf in the places left over.
    """

    jobs: JobArray
    scores: ScoreArray


@dataclass(frozen=True, eq=False)
class JobMatrix:
    """Jobs to be scored again and again, checked once: `factors` float32[n, d], `bias` float32[n] or None."""

    factors: ScoreArray
    bias: ScoreArray | None
    largest: tuple[float, float]  # magnitudes: of a factor, of a bias

    @classmethod
    def of(cls, factors: ScoreArray, bias: ScoreArray | None = None) -> JobMatrix:
        """Check them. `bias` is added to a job's every score.

        Raises ValueError for arrays that are not float32, of the wrong shape, or not finite throughout.
        """
        magnitude = _magnitude("job factors", factors, 2)
        if bias is None:
            return cls(np.ascontiguousarray(factors), None, (magnitude, 0.0))
        bias_magnitude = _magnitude("bias", bias, 1)
        if len(bias) != len(factors):
            raise ValueError(f"bias has {len(bias)} rows for {len(factors)} jobs")
        return cls(np.ascontiguousarray(factors), bias, (magnitude, bias_magnitude))

    def __len__(self) -> int:
        return len(self.factors)


def top_k(
    people: ScoreArray,
    jobs: JobMatrix | ScoreArray,
    k: int,
    *,
    eligible: BoolArray | None = None,
    excluded: sparse.csr_array[Any] | None = None,
    barred: BoolArray | None = None,
    threads: int = 0,
    is_compiled: bool = True,
) -> TopK:
    """Find the k jobs with the highest people · jobs (+ bias) for each person; of equals the lower row.

    `people` float32[m, d]; `jobs` float32[n, d], or a `JobMatrix` where the same jobs serve many calls.
    `eligible` bool[n]: jobs that may be shown at all. `excluded` csr[m, n]: what a person must not be shown,
    wherever an entry is stored; `barred` bool[m, n]: the same where it is much. `threads`: 0 takes as many as
    this process may use cores, to the same result. `is_compiled=False` picks with numpy alone, the same.

    Time O(m n d), memory a megabyte a thread and the result. The last bit of a score may depend on which
    people are asked for together, as in any matrix product; for the same arrays it is the same. Raises
    ValueError for what is not float32, not finite, misshapen, so large that it could overflow; for k < 1.

    >>> ada = np.array([[1.0, 0.0]], dtype=np.float32)
    >>> jobs = np.array([[0.5, 9.0], [2.0, 0.0], [0.5, 0.0], [1.0, 1.0]], dtype=np.float32)
    >>> top_k(ada, jobs, k=3).jobs.tolist()
    [[1, 3, 0]]
    >>> seen = sparse.csr_array(([1], ([0], [3])), shape=(1, 4))
    >>> found = top_k(ada, jobs, k=3, eligible=np.array([True, False, True, True]), excluded=seen)
    >>> found.jobs.tolist(), found.scores.tolist()
    ([[0, 2, -1]], [[0.5, 0.5, -inf]])
    """
    jobs = jobs if isinstance(jobs, JobMatrix) else JobMatrix.of(jobs)
    _refuse_nonsense(people, jobs, k, eligible, excluded, barred)
    threads = threads or len(os.sched_getaffinity(0))
    if eligible is not None and 2 * np.count_nonzero(eligible) < len(eligible):
        jobs, rows, excluded = _narrowed(jobs, eligible, excluded)
        pairs = None if barred is None else barred[:, rows]
        best = _best(people, jobs, k, None, excluded, pairs, threads, is_compiled=is_compiled)
        return TopK(np.append(rows, NOBODY)[best.jobs], best.scores)
    return _best(people, jobs, k, eligible, excluded, barred, threads, is_compiled=is_compiled)


def _best(
    people: ScoreArray,
    jobs: JobMatrix,
    k: int,
    eligible: BoolArray | None,
    excluded: sparse.csr_array[Any] | None,
    barred: BoolArray | None,
    threads: int,
    *,
    is_compiled: bool,
) -> TopK:
    work = _Work(
        np.ascontiguousarray(people),
        jobs.factors,
        _offset(jobs, eligible),
        None if excluded is None else sparse.csr_array(excluded),
        barred,
        k,
        compiled() if is_compiled else absorb_plainly,
        compiled_strike() if is_compiled else strike_plainly,
    )
    if len(people) * jobs.factors.size < LIGHT:
        threads = 1
    parts = list(_parts(len(people), len(jobs), threads))
    return _merged(parts, _spread(work.pick, parts, threads), len(people), k)


@dataclass(frozen=True, eq=False)
class _Part:
    """Some people, and a run of tiles of jobs."""

    people: slice
    tiles: range
    last_job: int

    def columns(self) -> Iterator[tuple[int, int]]:
        return ((start, min(start + self.tiles.step, self.last_job)) for start in self.tiles)


@dataclass(frozen=True, eq=False)
class _Work:
    people: ScoreArray
    factors: ScoreArray
    offset: ScoreArray | None
    excluded: sparse.csr_array[Any] | None
    barred: BoolArray | None
    k: int
    absorb: Absorb
    strike: Strike

    def pick(self, part: _Part) -> tuple[ScoreArray, JobArray]:
        """The best k of a part; a thread's work."""
        people = self.people[part.people]
        struck = _Struck.of(self.excluded, part.people)
        buffer = np.empty(len(people) * part.tiles.step, dtype=np.float32)
        slots: tuple[ScoreArray, JobArray] | None = None
        for start, end in part.columns():
            scores = buffer[: len(people) * (end - start)].reshape(len(people), end - start)
            np.matmul(people, self.factors[start:end].T, out=scores)
            if self.offset is not None:
                scores += self.offset[start:end]
            struck.strike(scores, start, end)
            if self.barred is not None:
                self.strike(scores, np.ascontiguousarray(self.barred[part.people, start:end]))
            slots = slots or open_slots(scores, self.k)
            self.absorb(scores, start, *slots)
        return in_order(*slots, self.k) if slots else _nothing(len(people), self.k)


@dataclass(frozen=True, eq=False)
class _Struck:
    """Excluded pairs of a part's people in the order of jobs, so that each tile finds its own in a slice."""

    row: NDArray[np.intp]
    job: NDArray[np.intp]

    @classmethod
    def of(cls, excluded: sparse.csr_array[Any] | None, people: slice) -> _Struck:
        if excluded is None:
            return cls(np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp))
        bounds = excluded.indptr[people.start : people.stop + 1]
        job = excluded.indices[bounds[0] : bounds[-1]].astype(np.intp)
        row = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
        order = np.argsort(job)
        return cls(row[order], job[order])

    def strike(self, scores: ScoreArray, start: int, end: int) -> None:
        if not len(self.job):
            return
        first, last = np.searchsorted(self.job, (start, end))
        scores[self.row[first:last], self.job[first:last] - start] = -np.inf


def _parts(people: int, jobs: int, threads: int) -> Iterator[_Part]:
    """Cut the work so that every thread has some, along lines that do not depend on their number.

    Parts of people come first; where people are few, jobs are cut too, between tiles.
    """
    rows = max(1, -(-people // PEOPLE))
    width = min(max(CELLS // max(people, 1) // STRIDE * STRIDE, STRIDE), WIDEST)
    tiles = range(0, jobs, width)
    runs = max(1, min(-(-threads // rows), len(tiles)))
    cuts = [len(tiles) * run // runs for run in range(runs + 1)]
    for row in range(0, people, PEOPLE):
        for run in range(runs):
            yield _Part(slice(row, min(row + PEOPLE, people)), tiles[cuts[run] : cuts[run + 1]], jobs)


def _spread(
    pick: Callable[[_Part], tuple[ScoreArray, JobArray]], parts: list[_Part], threads: int
) -> list[tuple[ScoreArray, JobArray]]:
    """Pick each part, several at a time. Threads last as long as the call: nothing to keep over a fork."""
    with single_blas_thread():
        if min(threads, len(parts)) < 2:
            return [pick(part) for part in parts]
        with ThreadPoolExecutor(min(threads, len(parts))) as pool:
            return list(pool.map(pick, parts))


def _merged(parts: list[_Part], found: list[tuple[ScoreArray, JobArray]], people: int, k: int) -> TopK:
    """Put together what the parts found; runs of jobs of the same people are put in order once more."""
    best, job = _nothing(people, k)
    for part, (score, which) in zip(parts, found, strict=True):
        rows = part.people
        if not part.tiles or part.tiles.start == 0:
            best[rows], job[rows] = score, which
        else:
            both = np.hstack((best[rows], score)), np.hstack((job[rows], which))
            best[rows], job[rows] = in_order(*both, k)
    return TopK(job, best)


def _nothing(people: int, k: int) -> tuple[ScoreArray, JobArray]:
    return np.full((people, k), -np.inf, dtype=np.float32), np.full((people, k), NOBODY, dtype=np.int64)


def _offset(jobs: JobMatrix, eligible: BoolArray | None) -> ScoreArray | None:
    """What is added to every person's scores: the bias, and for jobs that may not be shown -inf."""
    if eligible is None or eligible.all():
        return jobs.bias
    bias = np.float32(0.0) if jobs.bias is None else jobs.bias
    return np.where(eligible, bias, np.float32(-np.inf))


def _narrowed(
    jobs: JobMatrix, eligible: BoolArray, excluded: sparse.csr_array[Any] | None
) -> tuple[JobMatrix, JobArray, sparse.csr_array[Any] | None]:
    """Only the eligible jobs, which rows they were, and what is excluded of them."""
    rows = np.flatnonzero(eligible)
    bias = None if jobs.bias is None else jobs.bias[rows]
    excluded = None if excluded is None else sparse.csr_array(excluded)[:, rows]
    return JobMatrix(jobs.factors[rows], bias, jobs.largest), rows, excluded


def _magnitude(name: str, array: ScoreArray, dimensions: int) -> float:
    """The largest absolute value. Raises ValueError for another dtype or shape, and for NaN and infinity."""
    if not isinstance(array, np.ndarray) or array.dtype != np.float32:
        raise ValueError(
            f"{name} must be a float32 array, not {getattr(array, 'dtype', type(array).__name__)}"
        )
    if array.ndim != dimensions:
        raise ValueError(f"{name} must have {dimensions} dimensions, not {array.ndim}")
    if not array.size:
        return 0.0
    magnitude = max(-float(array.min()), float(array.max()))
    if not np.isfinite(magnitude):  # NaN is its own minimum
        raise ValueError(f"{name} must be finite: there is a NaN or an infinity")
    return magnitude


def _refuse_nonsense(
    people: ScoreArray,
    jobs: JobMatrix,
    k: int,
    eligible: BoolArray | None,
    excluded: sparse.csr_array[Any] | None,
    barred: BoolArray | None,
) -> None:
    magnitude = _magnitude("people factors", people, 2)
    if people.shape[1] != jobs.factors.shape[1]:
        raise ValueError(f"people have {people.shape[1]} factors, jobs {jobs.factors.shape[1]}")
    if k < 1:
        raise ValueError("k must be at least 1")
    if people.shape[1] * magnitude * jobs.largest[0] + jobs.largest[1] > LARGEST:
        raise ValueError("factors are so large that a score could overflow float32")
    if eligible is not None and (eligible.dtype != np.bool_ or eligible.shape != (len(jobs),)):
        raise ValueError(f"eligible must be bool[{len(jobs)}], not {eligible.dtype}{list(eligible.shape)}")
    if excluded is not None and not sparse.issparse(excluded):
        raise ValueError("excluded must be a sparse array")
    if excluded is not None and excluded.shape != (len(people), len(jobs)):
        raise ValueError(f"excluded must be of {len(people)} people × {len(jobs)} jobs, not {excluded.shape}")
    if barred is not None and (barred.dtype != np.bool_ or barred.shape != (len(people), len(jobs))):
        raise ValueError(
            f"barred must be bool{[len(people), len(jobs)]}, not {barred.dtype}{list(barred.shape)}"
        )
