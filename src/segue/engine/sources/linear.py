"""Jobs predicted from jobs: EASE with recency decay, the next-item ridge, and GF-CF.

All three score a person by their history times a matrix of jobs × jobs, so all three explain themselves the
same way: each job of the history has its part in the score.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from segue.engine.explain import Explanation, Factor
from segue.engine.sources.gram import Float32Array, Gram, RidgeInverse, largest_eigenpairs
from segue.engine.task import IntArray, Log, ScoreArray, Task

PREFIX_FLOOR = 0.01  # acts that weigh less in a prefix are left out
PREFIX_ACTS = 50
Settings = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class _Linear(ABC):
    """What the three have in common. `decay`: how much less each older act of a history weighs."""

    decay: float = 1.0
    name: ClassVar[str]
    refits: ClassVar[tuple[Settings, ...]] = ({},)
    """Settings worth trying that need a new fit …"""
    tunes: ClassVar[tuple[Settings, ...]] = ({},)
    """… and those that need none."""

    def score(self, task: Task, people: IntArray) -> ScoreArray:
        """float32[n, jobs]; raises RuntimeError before `fit`."""
        return self.scores_of(rows_of(task.log, people, self.decay))

    @abstractmethod
    def scores_of(self, rows: sparse.csr_array) -> ScoreArray:
        """float32[n, jobs] for histories csr[n, jobs]; raises RuntimeError before `fit`."""

    def explain(self, task: Task, person: int, job: int) -> Explanation:
        """One factor for each job of the history, named "because" with its row."""
        history = rows_of(task.log, np.array([person]), self.decay)
        own, weight = history.indices, history.data
        alone = sparse.csr_array(
            (np.ones(len(own), np.float32), (np.arange(len(own)), own)), shape=(len(own), history.shape[1])
        )
        values = self.scores_of(alone)[:, job] if len(own) else np.zeros(0)
        factors = [
            Factor(f"because:{row}", float(value), float(much), float(value) * float(much))
            for row, value, much in zip(own, values, weight, strict=True)
        ]
        factors.sort(key=lambda factor: -abs(factor.contribution))
        told = [factor for factor in factors[:1] if factor.contribution > 0]
        args = {"job": int(told[0].name.partition(":")[2])} if told else {}
        total = float(sum(factor.contribution for factor in factors))
        return Explanation(total, tuple(factors), "because" if told else "general", args)


def rows_of(log: Log, people: IntArray, decay: float) -> sparse.csr_array:
    """Histories of some people, csr float32[n, jobs], in the order asked for."""
    wanted = np.zeros(log.people, dtype=np.bool_)
    wanted[people] = True
    found = log.keep(wanted[log.person]).matrix(decay)
    return sparse.csr_array(found[people])


def check_finite(task: Task) -> None:
    """Raise ValueError where a log holds what is no number."""
    if not (np.isfinite(task.log.day).all() and np.isfinite(task.log.weight).all()):
        raise ValueError("the log's days and weights must be finite")


@dataclass(frozen=True, eq=False)
class Ease(_Linear):
    """Each job from the others of the same history, its own weight held at zero.

    Source: Steck 2019 (equation 8); histories at scoring time fade with age.
    """

    decay: float = 0.8
    l2: float = 200.0
    name: ClassVar[str] = "ease"
    tunes: ClassVar[tuple[Settings, ...]] = tuple(
        {"l2": l2, "decay": decay} for l2 in (100.0, 400.0) for decay in (0.6, 0.85)
    )
    gram: Gram | None = None
    _held: tuple[float, RidgeInverse] | None = None

    def fit(self, task: Task) -> Ease:
        """Learn which jobs go together."""
        check_finite(task)
        return replace(self, gram=Gram.of(task.log.matrix()), _held=None)

    def scores_of(self, rows: sparse.csr_array) -> ScoreArray:
        if self.gram is None:
            raise RuntimeError("fit the source first")
        if self._held is None or self._held[0] != self.l2:
            object.__setattr__(self, "_held", (self.l2, self.gram.inverse(self.l2)))
        assert self._held is not None
        inverse = self._held[1]
        scores = inverse.apply(rows)
        scores /= -inverse.diagonal
        at = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
        scores[at, rows.indices] += rows.data  # a job says nothing of itself
        return scores


@dataclass(frozen=True, eq=False)
class NextItem(_Linear):
    """The next job from what came before it: a ridge from fading prefixes of histories to their next act."""

    decay: float = 0.6
    l2: float = 100.0
    name: ClassVar[str] = "next"
    refits: ClassVar[tuple[Settings, ...]] = ({"decay": 0.6}, {"decay": 0.8})
    tunes: ClassVar[tuple[Settings, ...]] = ({"l2": 100.0}, {"l2": 300.0})
    gram: Gram | None = None
    follows: sparse.csr_array | None = None
    _held: tuple[float, Callable[[sparse.csr_array], Float32Array]] | None = None

    def fit(self, task: Task) -> NextItem:
        """Learn what follows what."""
        check_finite(task)
        before, after = prefixes(task.log, self.decay)
        follows = sparse.csr_array((before.T @ after).astype(np.float32))
        return replace(self, gram=Gram.of(before), follows=follows, _held=None)

    def scores_of(self, rows: sparse.csr_array) -> ScoreArray:
        if self.gram is None or self.follows is None:
            raise RuntimeError("fit the source first")
        if self._held is None or self._held[0] != self.l2:
            object.__setattr__(self, "_held", (self.l2, self.gram.inverse(self.l2).then(self.follows)))
        assert self._held is not None
        return self._held[1](rows)


def prefixes(log: Log, decay: float) -> tuple[sparse.csr_array, sparse.csr_array]:
    """Every beginning of every history, fading with age, and the act that came next: csr[m, J] twice.

    >>> before, after = prefixes(Log.of([0, 0, 0], [2, 1, 0], [1, 2, 3], people=1, jobs=3), 0.5)
    >>> before.toarray().tolist(), after.toarray().argmax(axis=1).tolist()
    ([[0.0, 0.0, 1.0], [0.0, 1.0, 0.5]], [1, 0])
    """
    reach = PREFIX_ACTS if decay >= 1 else min(PREFIX_ACTS, int(np.log(PREFIX_FLOOR) / np.log(decay)) + 1)
    place = np.arange(len(log)) - log.start[log.person]  # of an act within its history
    row, job, value = [], [], []
    for back in range(1, reach + 1):
        target = np.flatnonzero(place >= back)
        row.append(target)
        job.append(log.job[target - back])
        value.append(np.full(len(target), decay ** (back - 1), dtype=np.float32))
    shape = (len(log), log.jobs)
    before = _strongest(np.concatenate(row), np.concatenate(job), np.concatenate(value), shape)
    after = sparse.csr_array((np.ones(len(log), np.float32), (np.arange(len(log)), log.job)), shape=shape)
    kept = np.flatnonzero(place >= 1)
    return sparse.csr_array(before[kept]), sparse.csr_array(after[kept])


def _strongest(row: IntArray, job: IntArray, value: Float32Array, shape: tuple[int, int]) -> sparse.csr_array:
    """A table with the largest value of each cell."""
    cells = row * shape[1] + job
    order = np.lexsort((value, cells))
    last = order[np.flatnonzero(np.diff(cells[order], append=-1) != 0)]
    return sparse.csr_array((value[last], (row[last], job[last])), shape=shape)


@dataclass(frozen=True, eq=False)
class GraphFilter(_Linear):
    """A low-pass filter on the graph of people and jobs; needs no inverse, so it suits large catalogues.

    Source: Shen et al. 2021, "How Powerful is Graph Convolution for Recommendation?" (GF-CF).
    """

    decay: float = 1.0
    smooth: float = 0.3
    name: ClassVar[str] = "gfcf"
    tunes: ClassVar[tuple[Settings, ...]] = tuple(
        {"smooth": smooth, "decay": decay} for smooth in (0.1, 0.3) for decay in (0.85, 1.0)
    )
    near: sparse.csr_array | None = None
    vectors: Float32Array | None = None
    popularity: Float32Array | None = None

    def fit(self, task: Task) -> GraphFilter:
        """Learn the graph's smooth directions."""
        check_finite(task)
        seen = task.log.matrix()
        seen.data[:] = 1.0
        by_person, by_job = _degrees(seen, 1), _degrees(seen, 0)
        even = sparse.csr_array(sparse.diags_array(by_person**-0.5) @ seen @ sparse.diags_array(by_job**-0.5))
        near = Gram.of(even).matrix
        return replace(
            self, near=near, vectors=largest_eigenpairs(near, 256)[1], popularity=by_job.astype(np.float32)
        )

    def scores_of(self, rows: sparse.csr_array) -> ScoreArray:
        if self.near is None or self.vectors is None or self.popularity is None:
            raise RuntimeError("fit the source first")
        scores = (rows @ self.near).toarray()
        spread = sparse.csr_array(rows @ sparse.diags_array(self.popularity**-0.5))
        scores += self.smooth * ((spread @ self.vectors) @ self.vectors.T) * self.popularity**0.5
        return np.asarray(scores, dtype=np.float32)


def _degrees(seen: sparse.csr_array, axis: int) -> NDArray[np.float64]:
    """How much each person or job takes part; at least one, so that nobody divides by nothing."""
    return np.maximum(np.asarray(seen.sum(axis=axis), dtype=np.float64).ravel(), 1.0)
