"""What is learnt from, and what is asked: each tested person's history and the acts held out of it.

An act is a person's first on a job; later ones repeat it and are dropped everywhere. Held-out acts are never
in the history, so the question is always "which job that they have not met".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segue.engine.task import FloatArray, IntArray, Log


@dataclass(frozen=True, eq=False)
class Split:
    """A history and the pairs held out: `person`, `job` int64[m] by person, `day` float64[m], NaN unknown."""

    train: Log
    person: IntArray
    job: IntArray
    day: FloatArray

    def __len__(self) -> int:
        return len(self.person)


def first_acts(log: Log) -> Log:
    """Each person's first act on each job, with the weight it had then.

    >>> first_acts(Log.of([0, 0, 0], [1, 0, 1], [3.0, 2.0, 1.0], people=1, jobs=2)).day.tolist()
    [1.0, 2.0]
    """
    mask = np.zeros(len(log), dtype=bool)
    mask[np.unique(log.person * log.jobs + log.job, return_index=True)[1]] = True
    return log.keep(mask)


def temporal(log: Log) -> Split:
    """Hold out the last first-time act of everybody with at least two jobs.

    Acts at the same moment are in the order of the log.

    >>> split = temporal(Log.of([0, 0, 0, 1], [1, 2, 1, 0], [1.0, 2.0, 3.0, 1.0], people=2, jobs=3))
    >>> split.person.tolist(), split.job.tolist(), split.train.job.tolist()
    ([0], [2], [1, 0])
    """
    first = first_acts(log)
    return _hold_out(first, (first.back == 0) & _has_two(first))


def validation(train: Log) -> Split:
    """Hold out what settings may be chosen on: each person's last act in a history, their second-last in all.

    >>> validation(Log.of([0, 0], [1, 2], [1.0, 2.0], people=1, jobs=3)).job.tolist()
    [2]
    """
    return temporal(train)


def random_one(log: Log, rng: np.random.Generator) -> Split:
    """Hold out one first-time act, drawn evenly, of everybody with at least two jobs.

    >>> len(random_one(Log.of([0, 0, 1], [1, 2, 1], [1.0, 2.0, 1.0], people=2, jobs=3),
    ...     np.random.default_rng(1)))
    1
    """
    first = first_acts(log)
    chosen = np.zeros(len(first), dtype=bool)
    order = np.lexsort((rng.random(len(first)), first.person))
    heads = np.flatnonzero(np.diff(first.person[order], prepend=-1) != 0)
    chosen[order[heads]] = True
    return _hold_out(first, chosen & _has_two(first))


def given(train: Log, test: Log, *, timed: bool = False) -> Split:
    """A history and held-out acts that somebody else divided; held-out jobs of the history are dropped.

    `timed`: whether the days of both are times, else the held-out days are unknown.
    Raises ValueError where the two logs are of different tables.

    >>> train = Log.of([0], [1], [1.0], people=1, jobs=3)
    >>> given(train, Log.of([0, 0], [1, 2], [2.0, 3.0], people=1, jobs=3)).job.tolist()
    [2]
    """
    if (train.people, train.jobs) != (test.people, test.jobs):
        raise ValueError("the two logs are of different tables")
    history, asked = first_acts(train), first_acts(test)
    known = np.isin(asked.person * asked.jobs + asked.job, history.person * history.jobs + history.job)
    asked = asked.keep(~known)
    day = asked.day if timed else np.full(len(asked), np.nan)
    return Split(history, asked.person, asked.job, day)


def _has_two(first: Log) -> NDArray[np.bool_]:
    return np.bincount(first.person, minlength=first.people)[first.person] >= 2


def _hold_out(first: Log, mask: NDArray[np.bool_]) -> Split:
    held = first.keep(mask)
    return Split(first.keep(~mask), held.person, held.job, held.day)
