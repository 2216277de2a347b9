"""Two recommenders that everything else has to beat: what is popular, and what goes together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from scipy import sparse

from segue.engine.explain import Explanation, Factor
from segue.engine.task import FloatArray, IntArray, Log, ScoreArray, Task


@dataclass(frozen=True, eq=False)
class Popularity:
    """Scores a job by how many people acted on it, the same for everybody.

    >>> task = Task.bare(Log.of([0, 1], [1, 1], [1.0, 2.0], people=2, jobs=2))
    >>> Popularity().fit(task).score(task, np.array([0])).tolist()
    [[0.0, 2.0]]
    """

    people_of: FloatArray | None = None

    @property
    def name(self) -> str:
        return "popularity"

    def fit(self, task: Task) -> Self:
        """A copy that has counted each job's people, float64[jobs]. Raises ValueError for NaN weights."""
        return replace(self, people_of=np.asarray(_seen(task.log).sum(axis=0), dtype=np.float64))

    def score(self, task: Task, people: IntArray) -> ScoreArray:
        """float32[len(people), jobs]: the counts. Raises RuntimeError before `fit`."""
        return np.tile(_fitted(self.people_of).astype(np.float32), (len(people), 1))

    def explain(self, task: Task, person: int, job: int) -> Explanation:
        """The count is the score."""
        count = float(_fitted(self.people_of)[job])
        factor = Factor("popularity", count, 1.0, count)
        return Explanation(count, (factor,), "general")


@dataclass(frozen=True, eq=False)
class ItemKNN:
    """Scores a job by the sum of its cosines with the jobs of a person's history.

    `neighbours`: how many of each job's nearest are kept. Memory is jobs × neighbours.
    Source: Deshpande & Karypis 2004, "Item-based top-N recommendation algorithms".

    >>> log = Log.of([0, 0, 1], [0, 1, 0], [1.0, 2.0, 1.0], people=2, jobs=3)
    >>> ItemKNN().fit(Task.bare(log)).score(Task.bare(log), np.array([1]))
    array([[0.    , 0.7071..., 0.    ]], dtype=float32)
    """

    neighbours: int = 100
    cosine: Any = None  # csr float32[jobs, jobs]: row = a job of the history, columns = its nearest

    @property
    def name(self) -> str:
        return "itemknn"

    def fit(self, task: Task) -> Self:
        """A copy that knows each job's nearest. Raises ValueError for NaN weights."""
        return replace(self, cosine=_nearest(_seen(task.log), self.neighbours))

    def score(self, task: Task, people: IntArray) -> ScoreArray:
        """float32[len(people), jobs]. Raises RuntimeError before `fit`."""
        cosine = _fitted(self.cosine)
        return np.asarray((_seen_by(task.log, people) @ cosine).toarray(), dtype=np.float32)

    def explain(self, task: Task, person: int, job: int) -> Explanation:
        """One factor for each job of the history that is near, most telling first."""
        column = _fitted(self.cosine)[:, [job]].toarray()[:, 0].astype(np.float64)
        held = _seen_by(task.log, np.array([person])).indices
        near = sorted(held[column[held] > 0], key=lambda row: (-column[row], row))
        factors = tuple(Factor(f"job:{row}", 1.0, float(column[row]), float(column[row])) for row in near)
        total = float(sum(factor.contribution for factor in factors))
        return Explanation(total, factors, "together" if near else "general")


def _fitted(learnt: Any) -> Any:
    if learnt is None:
        raise RuntimeError("fit it first")
    return learnt


def _seen(log: Log) -> sparse.csr_array:
    """csr float32[people, jobs] of ones."""
    if np.isnan(log.weight).any():
        raise ValueError("a weight is NaN")
    return log.matrix()


def _seen_by(log: Log, people: IntArray) -> sparse.csr_array:
    """The same of some people only, csr float32[len(people), jobs], without touching the rest of the log."""
    start = log.start
    many = start[people + 1] - start[people]
    first = np.cumsum(many) - many
    act = np.repeat(start[people] - first, many) + np.arange(many.sum())
    row = np.repeat(np.arange(len(people)), many)
    cell = np.unique(row * log.jobs + log.job[act])
    ones = np.ones(len(cell), dtype=np.float32)
    return sparse.csr_array((ones, np.divmod(cell, log.jobs)), shape=(len(people), log.jobs))


def _nearest(seen: sparse.csr_array, neighbours: int, block: int = 1024) -> sparse.csr_array:
    """Each job's largest cosines, in blocks of jobs so that the full square never stands in memory."""
    norm = np.sqrt(np.asarray(seen.sum(axis=0), dtype=np.float64))
    unit = (seen @ sparse.diags_array(1.0 / np.maximum(norm, 1.0))).astype(np.float32).tocsc()
    jobs = seen.shape[1]
    across = unit.T.tocsr()
    rows = [_keep_largest(across[at : at + block] @ unit, at, neighbours) for at in range(0, jobs, block)]
    return sparse.csr_array(sparse.vstack(rows, format="csr")) if rows else sparse.csr_array((0, 0))


def _keep_largest(cosine: Any, offset: int, neighbours: int) -> sparse.csr_array:
    """The `neighbours` largest of each row but the job itself; equals go to the lower column."""
    found = sparse.coo_array(cosine)
    row, column = found.row.astype(np.int64), found.col.astype(np.int64)
    other = column != row + offset
    row, column, value = row[other], column[other], found.data[other]
    order = np.lexsort((column, -value, row))
    row, column, value = row[order], column[order], value[order]
    place = np.arange(len(row)) - np.searchsorted(row, row)
    kept = place < neighbours
    return sparse.csr_array((value[kept], (row[kept], column[kept])), shape=cosine.shape, dtype=np.float32)
