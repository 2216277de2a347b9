"""What a recommender learns from and is asked about: a log of acts, and tables of what is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from segue.engine.explain import Explanation

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
ScoreArray = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Log:
    """Positive acts, each person's in the order of time.

    `person`, `job`: int64[n], rows of the tables; `day`: float64[n], days since 1970-01-01, or the place in
    the person's sequence where no time is known; `weight`: float64[n] above 0. `ordered`: whether the order
    says anything at all. Build it with `Log.of`.
    """

    person: IntArray
    job: IntArray
    day: FloatArray
    weight: FloatArray
    people: int
    jobs: int
    ordered: bool = True

    @classmethod
    def of(
        cls,
        person: Any,
        job: Any,
        day: Any,
        *,
        people: int,
        jobs: int,
        weight: Any = None,
    ) -> Log:
        """Sort acts by person and time (stable, so equal times keep their order) and check them.

        Raises ValueError for lengths that differ, rows out of range, and numbers that are not finite.

        >>> Log.of([1, 0, 1], [2, 2, 0], [5.0, 1.0, 3.0], people=2, jobs=3).job.tolist()
        [2, 0, 2]
        """
        who, what = np.asarray(person, dtype=np.int64), np.asarray(job, dtype=np.int64)
        when = np.asarray(day, dtype=np.float64)
        much = np.ones(len(who)) if weight is None else np.asarray(weight, dtype=np.float64)
        if not len(who) == len(what) == len(when) == len(much):
            raise ValueError("person, job, day and weight differ in length")
        if len(who) and (min(who.min(), what.min()) < 0 or who.max() >= people or what.max() >= jobs):
            raise ValueError("a row lies outside the tables")
        if not (np.isfinite(when).all() and np.isfinite(much).all() and (much > 0).all()):
            raise ValueError("days and weights are finite, weights above zero")
        order = np.lexsort((np.arange(len(who)), when, who))
        return cls(who[order], what[order], when[order], much[order], people, jobs)

    @classmethod
    def joined(cls, logs: Sequence[Log], *, jobs: int) -> Log:
        """Logs of different people over the same jobs as one, their people one after the other.

        >>> one = Log.of([0], [1], [2.0], people=2, jobs=3)
        >>> Log.joined([one, one], jobs=3).person.tolist()
        [0, 2]
        """
        first = np.cumsum([0, *(log.people for log in logs)])
        nothing = cls.of([], [], [], people=0, jobs=jobs)
        parts = [
            nothing,
            *(replace(log, person=log.person + at) for log, at in zip(logs, first, strict=False)),
        ]
        person, job, day, weight = (
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("person", "job", "day", "weight")
        )
        ordered = all(log.ordered for log in logs)
        return cls(person, job, day, weight, int(first[-1]), jobs, ordered)

    def __len__(self) -> int:
        return len(self.person)

    @property
    def start(self) -> IntArray:
        """Where each person's acts begin, int64[people + 1]."""
        return np.searchsorted(self.person, np.arange(self.people + 1))

    @property
    def back(self) -> IntArray:
        """How many acts of the same person came after each, int64[n]; 0 is the latest."""
        return self.start[self.person + 1] - 1 - np.arange(len(self))

    def keep(self, mask: NDArray[np.bool_]) -> Log:
        """The acts where `mask` is true; people and jobs keep their rows."""
        return replace(
            self, person=self.person[mask], job=self.job[mask], day=self.day[mask], weight=self.weight[mask]
        )

    def matrix(self, decay: float = 1.0) -> sparse.csr_array:
        """csr float32[people, jobs]: the largest of decay**back over a pair's acts.

        >>> Log.of([0, 0], [1, 0], [1.0, 2.0], people=1, jobs=2).matrix(0.5).toarray().tolist()
        [[1.0, 0.5]]
        """
        value = np.power(decay, self.back).astype(np.float32)
        cells = self.person * self.jobs + self.job
        order = np.lexsort((value, cells))
        last = order[np.flatnonzero(np.diff(cells[order], append=-1) != 0)]
        shape = (self.people, self.jobs)
        return sparse.csr_array((value[last], (self.person[last], self.job[last])), shape=shape)

    def flipped(self) -> Log:
        """The same acts with people and jobs changed about, for scoring people for a job."""
        return Log.of(self.job, self.person, self.day, people=self.jobs, jobs=self.people, weight=self.weight)


@dataclass(frozen=True, eq=False)
class Table:
    """What is known of people or jobs: named columns of texts (object) or numbers (float64, NaN unknown).

    `text` and `place` are read as such; any other text column is a category, or several split by ";".
    """

    size: int
    columns: Mapping[str, NDArray[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, column in self.columns.items():
            if len(column) != self.size:
                raise ValueError(f"column {name!r} has {len(column)} rows, the table has {self.size}")


@dataclass(frozen=True, eq=False)
class Task:
    """A log and the two tables its rows point into."""

    log: Log
    people: Table
    jobs: Table

    def __post_init__(self) -> None:
        if (self.log.people, self.log.jobs) != (self.people.size, self.jobs.size):
            raise ValueError("the log's people and jobs are not those of the tables")

    @classmethod
    def bare(cls, log: Log) -> Task:
        """A task of which nothing is known but the log."""
        return cls(log, Table(log.people), Table(log.jobs))

    def with_log(self, log: Log) -> Task:
        return replace(self, log=log)


class Recommender(Protocol):
    """Something that learns from a task and scores its jobs for its people.

    Every one passes tests/engine/test_recommenders.py: finite float32 scores of the right shape, the same
    for the same seed and log, alive with no history and one job, kept and read back without loss.
    """

    @property
    def name(self) -> str:
        """Short and stable: it is logged."""
        ...

    def fit(self, task: Task) -> Self:
        """A copy that has learnt from the task; the original stays as it was. Raises ValueError for NaN."""
        ...

    def score(self, task: Task, people: IntArray) -> ScoreArray:
        """float32[len(people), jobs] by each person's own history in `task`, higher is better, all finite.

        The task may hold more history than the fitted one, in tables of the same rows.
        Raises RuntimeError before `fit`.
        """
        ...

    def explain(self, task: Task, person: int, job: int) -> Explanation:
        """Why this pair scores as it does; contributions sum to the score."""
        ...
