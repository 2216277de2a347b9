"""Linear sources cut down to what a page can serve: each job's strongest neighbours, and how far to trust.

EASE and the next-item ridge are matrices of jobs × jobs, ten thousand squared; nearly all of a ranking comes
from the few strongest entries of a row. What is cut off is cut off before anything is measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from segue.engine.stack import group_of
from segue.engine.task import IntArray, ScoreArray

FloatArray = NDArray[np.float64]

KEEP = 100  # neighbours of each job
_BLOCK = 512


class Linear(Protocol):
    """A fitted source whose scores are a history times a matrix."""

    @property
    def name(self) -> str: ...
    @property
    def decay(self) -> float: ...
    def scores_of(self, rows: sparse.csr_array) -> ScoreArray: ...


@dataclass(frozen=True, eq=False)
class Neighbours:
    """A source as csr float32[J, J]: row i holds what an act on job i says for others.

    `decay`: how much less each older act of a history weighs.
    """

    name: str
    decay: float
    matrix: sparse.csr_array

    @classmethod
    def of(cls, source: Linear, acted_on: IntArray, jobs: int, *, keep: int = KEEP) -> Neighbours:
        """The strongest `keep` entries, for or against, of the rows `acted_on`; other rows stay empty."""
        row, column, value = [], [], []
        for low in range(0, len(acted_on), _BLOCK):
            some = acted_on[low : low + _BLOCK]
            ones = (np.ones(len(some), np.float32), (np.arange(len(some)), some))
            scores = source.scores_of(sparse.csr_array(ones, shape=(len(some), jobs)))
            scores[np.arange(len(some)), some] = 0.0  # a job says nothing of itself
            best = _strongest(scores, keep)
            row.append(np.repeat(some, best.shape[1]))
            column.append(best.ravel())
            value.append(np.take_along_axis(scores, best, axis=1).ravel())
        where = (
            np.concatenate([np.empty(0, np.int64), *row]),
            np.concatenate([np.empty(0, np.int64), *column]),
        )
        worth = np.concatenate([np.empty(0, np.float32), *value])
        matrix = sparse.csr_array((worth, where), shape=(jobs, jobs))
        matrix.eliminate_zeros()
        matrix.sort_indices()
        return cls(source.name, source.decay, matrix)

    def weights(self, acts: int) -> FloatArray:
        """What the acts of a history weigh, the latest first."""
        return np.power(self.decay, np.arange(acts))

    def votes(self, history: IntArray) -> tuple[IntArray, FloatArray, IntArray]:
        """All entries that a history (distinct rows, the latest first) brings: job, worth, whose it is."""
        table = self.matrix
        start, count = table.indptr[history], np.diff(table.indptr)[history]
        entries = np.arange(int(count.sum())) + np.repeat(start - (np.cumsum(count) - count), count)
        whose = np.repeat(np.arange(len(history)), count)
        return table.indices[entries], table.data[entries] * self.weights(len(history))[whose], whose


def _strongest(scores: ScoreArray, keep: int) -> IntArray:
    if scores.shape[1] <= keep:
        return np.tile(np.arange(scores.shape[1]), (len(scores), 1))
    return np.argpartition(-np.abs(scores), keep, axis=1)[:, :keep].astype(np.int64)


@dataclass(frozen=True, eq=False)
class Learned:
    """Several sources as one feature in [-1, 1], with weights and a share for each amount of history.

    `weights` float64[groups, parts] of the standardised parts; `shares` float64[groups] in [0, 1): how much
    of a page's score the feature makes up.

    >>> table = sparse.csr_array(np.array([[0.0, 2.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]], np.float32))
    >>> one = Learned((Neighbours("ease", 1.0, table),), np.ones((4, 1)), np.full(4, 0.3))
    >>> one.feature(np.array([0])).round(2).tolist(), one.because(np.array([0]), 1)
    ([-0.5, 1.0, -0.5], 0)
    """

    parts: tuple[Neighbours, ...]
    weights: FloatArray
    shares: FloatArray

    def share(self, acts: int) -> float:
        """How much of the score is the learned feature's, for somebody with so many jobs acted upon."""
        return float(self.shares[group_of(np.array(acts))])

    def feature(self, history: IntArray) -> FloatArray:
        """float64[J] in [-1, 1]: the weighted sum of standardised parts, by its largest; 0 without history.

        `history`: distinct rows, the latest act first.
        """
        return mixed(self.views(history), self.weights[group_of(np.array(len(history)))])

    def views(self, history: IntArray) -> FloatArray:
        """Each part's scores less their mean, by their deviation: float64[parts, J]."""
        return np.array([_standardised(self._summed(part, history))[0] for part in self.parts])

    def because(self, history: IntArray, job: int) -> int | None:
        """The row of the act that speaks most for job `job`, None where none does.

        The parts of all acts and a constant make up the feature: what is named is a term of the sum.
        """
        parts = self.contributions(history, job)
        return int(history[parts.argmax()]) if len(parts) and parts.max() > 0 else None

    def contributions(self, history: IntArray, job: int) -> FloatArray:
        """float64[acts]: what each act adds to the weighted sum for job `job`, before it is scaled."""
        total = np.zeros(len(history))
        for part, weight in zip(self.parts, self.weights[group_of(np.array(len(history)))], strict=True):
            jobs, worth, whose = part.votes(history)
            _, deviation = _standardised(self._summed(part, history))
            here = jobs == job
            if deviation > 0:
                total += weight * np.bincount(whose[here], worth[here], len(history)) / deviation
        return total

    def _summed(self, part: Neighbours, history: IntArray) -> FloatArray:
        jobs, worth, _ = part.votes(history)
        return np.bincount(jobs, weights=worth, minlength=part.matrix.shape[1]).astype(np.float64)


def mixed(views: FloatArray, weights: FloatArray) -> FloatArray:
    """The weighted sum of float64[parts, J], divided by its largest absolute value."""
    total = np.asarray(weights @ views)
    return total / max(float(np.abs(total).max(initial=0.0)), 1e-12)


def _standardised(scores: FloatArray) -> tuple[FloatArray, float]:
    """Scores with mean 0 and deviation 1, and that deviation; all 0 where they say nothing."""
    deviation = float(scores.std()) if len(scores) else 0.0
    if deviation <= 1e-12:
        return np.zeros(len(scores)), 0.0
    return (scores - scores.mean()) / deviation, deviation


SHARES = (0.0, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.75)


def mixes_of(parts: int) -> list[FloatArray]:
    """Weights worth trying: each part alone, and in quarters with the others; [n, parts], rows sum to 1.

    >>> len(mixes_of(2))
    5
    """
    if parts == 1:
        return [np.ones(1)]
    quarters = [np.array([first, *rest]) for first in range(5) for rest in _shared_out(4 - first, parts - 1)]
    return [one / 4 for one in quarters]


def _shared_out(total: int, parts: int) -> Sequence[tuple[int, ...]]:
    if parts == 1:
        return [(total,)]
    return [(first, *rest) for first in range(total + 1) for rest in _shared_out(total - first, parts - 1)]
