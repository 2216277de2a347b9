"""What every source of scores offers, so that sources can be measured and mixed alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from segue.engine.columns import JobColumns, PersonColumns
from segue.engine.content import COSINE_STRONG
from segue.engine.explain import Explanation
from segue.engine.taste import Events


@dataclass(frozen=True, eq=False)
class Scene:
    """Who is to be scored against which jobs, and what they did so far.

    `events`: one `Events` per person (rows of `jobs`), empty without consent or history;
    `today`: days since 1970-01-01; `near`: csr[S, S] part credit between skills, or None; `strong`: the
    centred cosine that is as good as equal.
    """

    people: PersonColumns
    jobs: JobColumns
    events: tuple[Events, ...]
    today: float
    near: sparse.csr_array | None = None
    strong: float = COSINE_STRONG

    def __post_init__(self) -> None:
        if len(self.events) != len(self.people):
            raise ValueError(f"{len(self.events)} histories for {len(self.people)} people")


class Source(Protocol):
    """Something that scores people against jobs and can say why.

    Every source passes tests/engine/test_contract.py: finite, deterministic, indifferent to the order of
    people and jobs, alive with one job or no history, and never punishing a matching skill.
    """

    @property
    def name(self) -> str:
        """Short and stable: it is logged."""
        ...

    def fit(self, scene: Scene) -> Self:
        """A copy that has learnt from the scene; the original stays as it was."""
        ...

    def score(self, scene: Scene) -> NDArray[np.float64]:
        """float64[P, J], higher is better, all finite."""
        ...

    def explain(self, scene: Scene, person: int, job: int) -> Explanation:
        """Why this person (row) and job (row) score as they do; contributions sum to the score."""
        ...
