"""Matrix factorisation by others, to compare with: ALS and BPR of `implicit`, where it is installed."""

from __future__ import annotations

import importlib
import importlib.util
import os
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from scipy import sparse

from segue.engine.explain import Explanation, Factor
from segue.engine.task import IntArray, ScoreArray, Task


def is_installed() -> bool:
    """Whether the peers can be run here."""
    return importlib.util.find_spec("implicit") is not None


@dataclass(frozen=True, eq=False)
class Factorised:
    """`implicit`'s model of one kind, at settings of its own manual; it knows only whom it was fitted with.

    BPR runs on one thread, for on several its figures differ from run to run.
    """

    kind: str  # "als" or "bpr"
    seed: int = 0
    factors: int = 64
    model: Any = None

    @property
    def name(self) -> str:
        return f"implicit-{self.kind}"

    def fit(self, task: Task) -> Self:
        """A copy that has learnt one vector a person and a job."""
        module = importlib.import_module(f"implicit.cpu.{self.kind}")  # first, for it brings a BLAS along
        limits = importlib.import_module("threadpoolctl").threadpool_limits
        with limits(1, "blas"):  # it runs threads of its own, and warns of those of others
            model = self._blank(module)
            if len(task.log):
                model.fit(sparse.csr_matrix(task.log.matrix()), show_progress=False)
        return replace(self, model=model)

    def _blank(self, module: Any) -> Any:
        given = {"factors": self.factors, "random_state": self.seed}
        if self.kind == "als":
            return module.AlternatingLeastSquares(**given, num_threads=os.cpu_count() or 1)
        return module.BayesianPersonalizedRanking(**given, num_threads=1)

    def score(self, task: Task, people: IntArray) -> ScoreArray:
        """float32[len(people), jobs]; people without history score every job 0."""
        if self.model is None:
            raise RuntimeError("fit it first")
        if self.model.user_factors is None:
            return np.zeros((len(people), task.jobs.size), dtype=np.float32)
        scores = np.asarray(self.model.user_factors[people] @ self.model.item_factors.T, dtype=np.float32)
        scores[np.diff(task.log.start)[people] == 0] = 0.0
        return scores

    def explain(self, task: Task, person: int, job: int) -> Explanation:
        """One factor, for the vectors say no more."""
        score = float(self.score(task, np.array([person]))[0, job])
        return Explanation(score, (Factor("together", score, 1.0, score),), "general")
