"""Which jobs are turned to by people of whom the same is known: for whoever has no history, and new jobs too.

Over all pairs, acts r are foretold by features of both sides, r ≈ x W y, in closed form: jobs are first made
short, W takes out what all jobs have in common (their Gram matrix), and what is left of each person's acts is
learnt from their features by ridge. Everybody's row begins with a constant, so that of whom nothing is known
gets the jobs whose like many turn to.

Sources: Stock et al. 2018, "A comparative study of pairwise learning methods based on kernel ridge
regression" (two-step ridge); Gantner et al. 2010 (maps from features); Halko et al. 2011 (the short rows).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from scipy import sparse
from sklearn.utils.extmath import randomized_svd

from segue.engine.explain import Explanation, Factor
from segue.engine.sources.described import described
from segue.engine.sources.feature_map import fit_map
from segue.engine.sources.gram import Float32Array
from segue.engine.task import IntArray, ScoreArray, Table, Task

Settings = Mapping[str, Any]
DIRECTIONS = 128
COMMON = 2.0  # ridge of what jobs have in common, in mean directions


@dataclass(frozen=True, eq=False)
class Foretold:
    """Scores by what is known of both sides alone. `people` csr [P, F], `jobs` float32[J, D] short rows with
    a constant; `l2`: the ridge of people's features."""

    people: sparse.csr_array
    jobs: Float32Array
    l2: float = 50.0
    mapping: Float32Array | None = None
    name: ClassVar[str] = "foretold"
    refits: ClassVar[tuple[Settings, ...]] = ({"l2": 10.0}, {"l2": 50.0})
    tunes: ClassVar[tuple[Settings, ...]] = ({},)

    @classmethod
    def of(cls, people: sparse.csr_array, jobs: sparse.csr_array) -> Foretold:
        """From what is described of each side, csr [P, F] and [J, G]."""
        constant = np.ones((people.shape[0], 1), np.float32)
        known = sparse.csr_array(sparse.hstack([sparse.csr_array(constant), people], format="csr"))
        short = _short(jobs)
        return cls(known, np.concatenate([short, np.ones((len(short), 1), np.float32)], axis=1))

    def fit(self, task: Task) -> Foretold:
        """Learn from nothing but whose acts were on which jobs."""
        acts = task.log.matrix()
        met = np.flatnonzero(np.diff(acts.indptr))
        gram = (self.jobs.T @ self.jobs).astype(np.float64)
        ridge = COMMON * np.trace(gram) / len(gram) * np.eye(len(gram))
        apart = np.linalg.solve(gram + ridge, (acts[met] @ self.jobs).T.astype(np.float64)).T
        trust = np.ones(len(met), np.float32)
        mapping = fit_map(self.people[met], apart.astype(np.float32), trust, l2=self.l2)
        return replace(self, mapping=mapping)

    def score(self, task: Task, people: IntArray) -> ScoreArray:
        """float32[n, jobs]; raises RuntimeError before `fit`."""
        return np.asarray((self.people[people] @ self._learnt()) @ self.jobs.T, dtype=np.float32)

    def explain(self, task: Task, person: int, job: int) -> Explanation:
        """What everybody's constant adds, and what is known of this person."""
        mapping = self._learnt()
        everybody = float(mapping[0] @ self.jobs[job])
        total = float(self.score(task, np.array([person]))[0, job])
        parts = {"everybody": everybody, "own": total - everybody}
        factors = tuple(Factor(f"{self.name}:{name}", value, 1.0, value) for name, value in parts.items())
        own = parts["own"] > max(everybody, 0.0)
        return Explanation(total, factors, self.name if own else "general")

    def _learnt(self) -> Float32Array:
        if self.mapping is None:
            raise RuntimeError("fit the source first")
        return self.mapping


def _short(jobs: sparse.csr_array) -> Float32Array:
    """Jobs by the main directions of all that is said of them, float32[J, ≤ DIRECTIONS]."""
    most = min(DIRECTIONS, *jobs.shape)
    if most < 1 or not jobs.nnz:
        return np.zeros((jobs.shape[0], 0), np.float32)
    _, _, directions = randomized_svd(jobs, most, n_iter=4, random_state=0)
    return np.asarray(jobs @ directions.T, dtype=np.float32)


def foretold_of(people: Table, jobs: Table) -> tuple[Foretold, ...]:
    """The source for these tables; none where nothing is known of jobs."""
    known = described(jobs)
    return (Foretold.of(described(people), known),) if known.nnz else ()
