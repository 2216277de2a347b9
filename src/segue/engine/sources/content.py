"""Jobs like those somebody turned to, and like what is known of them, one source for each way to compare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, cast

import numpy as np
from scipy import sparse

from segue.engine.explain import Explanation, Factor
from segue.engine.sources.blocks import Block, unit_rows
from segue.engine.sources.gram import Float32Array
from segue.engine.sources.linear import rows_of
from segue.engine.task import IntArray, ScoreArray, Task

Settings = Mapping[str, Any]
Rows = sparse.csr_array | Float32Array


@dataclass(frozen=True, eq=False)
class Likeness:
    """How like a job is to a person's profile: their own row, and the jobs of their history, fading.

    `own`: what their own row weighs beside the newest job of the history.
    """

    block: Block
    decay: float = 0.8
    own: float = 0.5
    refits: ClassVar[tuple[Settings, ...]] = ({},)
    tunes: ClassVar[tuple[Settings, ...]] = tuple(
        {"decay": decay, "own": own} for decay in (0.6, 0.9) for own in (0.3, 1.0)
    )

    @property
    def name(self) -> str:
        return f"like:{self.block.name}"

    def fit(self, task: Task) -> Likeness:
        """Itself: the block was read from the tables."""
        return replace(self)

    def score(self, task: Task, people: IntArray) -> ScoreArray:
        """float32[n, jobs]: cosines in [-1, 1]."""
        profile = self.profiles(task, people)
        found = profile @ self.block.jobs.T
        return np.ascontiguousarray(found if isinstance(found, np.ndarray) else found.toarray(), np.float32)

    def profiles(self, task: Task, people: IntArray) -> Rows:
        """Rows of length 1 (or 0), float32[n, D], csr or dense as the block is."""
        return unit_rows(self._own(people) + self._history(task, people))

    def explain(self, task: Task, person: int, job: int) -> Explanation:
        """What the person's own words and their history add to the likeness."""
        people = np.array([person])
        own, past = self._own(people), self._history(task, people)
        length = max(float(np.sqrt(abs((own + past) @ (own + past).T).sum())), 1e-12)
        there = self.block.jobs[[job]].T
        parts = {"own": float((own @ there).sum()) / length, "history": float((past @ there).sum()) / length}
        factors = [Factor(f"{self.name}:{name}", value, 1.0, value) for name, value in parts.items()]
        factors.sort(key=lambda factor: -abs(factor.contribution))
        code = self.name if factors[0].contribution > 0 else "general"
        return Explanation(sum(parts.values()), tuple(factors), code)

    def _own(self, people: IntArray) -> Rows:
        found: Any = np.float32(self.own) * self.block.people[people]
        return cast(Rows, found)

    def _history(self, task: Task, people: IntArray) -> Rows:
        found: Any = rows_of(task.log, people, self.decay) @ self.block.jobs
        return cast(Rows, found)


@dataclass(frozen=True, eq=False)
class Popular:
    """What many turned to: the same for everybody, so only ever one part of a mix."""

    counts: Any = None
    name: ClassVar[str] = "popular"
    refits: ClassVar[tuple[Settings, ...]] = ({},)
    tunes: ClassVar[tuple[Settings, ...]] = ({},)

    def fit(self, task: Task) -> Popular:
        return replace(self, counts=np.bincount(task.log.job, minlength=task.log.jobs))

    def score(self, task: Task, people: IntArray) -> ScoreArray:
        """float32[n, jobs]: ln(1 + people who turned to it)."""
        if self.counts is None:
            raise RuntimeError("fit the source first")
        return np.tile(np.log1p(self.counts).astype(np.float32), (len(people), 1))

    def explain(self, task: Task, person: int, job: int) -> Explanation:
        value = float(self.score(task, np.array([person]))[0, job])
        return Explanation(value, (Factor(self.name, value, 1.0, value),), "popular")
