"""What each part of a mix should weigh, learnt by how high it lifts what people turned to next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segue.engine.heaps import compile_loop
from segue.engine.selection import compiled, in_order, open_slots
from segue.engine.task import IntArray, ScoreArray

FloatArray = NDArray[np.float64]

OWN_WEIGHTS_FROM = 400  # people of a group in the validation, before it gets weights of its own
DRAWS = 7  # samples whose weights are averaged: one sample's steps are too coarse to trust
POOL = 100  # of each part
STEPS = (0.0, 0.1, 0.2, 0.4, 0.7, 1.0, 1.5, 2.5)
AT = 10  # what is promised: the first ten …
FAR = 20  # … but chosen by the first twenty, which more people have a say in


def _places_of(mixed: ScoreArray, part: ScoreArray, steps: ScoreArray, places: FloatArray) -> None:
    """Write where the first of each row stands once a step of a part is added, ties shared evenly.

    `mixed`, `part`: float32[n, k]; `steps`: float32[s]; `places`: float64[s, n].
    """
    for row in range(mixed.shape[0]):
        mine, more = mixed[row], part[row]
        for s in range(len(steps)):
            step = steps[s]
            own = mine[0] + step * more[0]
            above = 0
            equal = 0
            for at in range(len(mine)):
                value = mine[at] + step * more[at]
                above += value > own
                equal += value == own
            places[s, row] = above + (equal - 1) / 2


places_of = compile_loop(_places_of)


def gains_of(scores: ScoreArray, sought: IntArray, at: int) -> FloatArray:
    """nDCG@at of one sought job a row, ties shared evenly: float64[n]."""
    own = scores[np.arange(len(sought)), sought][:, None]
    return _gains((scores > own).sum(axis=1) + ((scores == own).sum(axis=1) - 1) / 2, at)


def _gains(place: FloatArray, at: int) -> FloatArray:
    return np.where(place < at, 1.0 / np.log2(place + 2.0), 0.0)


@dataclass(frozen=True, eq=False)
class Pool:
    """The jobs that can come out on top of any sensible mix: the best of each part, the sought one first.

    `values`: float32[parts, n, k] standardised scores, -inf where a place repeats a job.
    """

    values: ScoreArray

    @classmethod
    def of(cls, scores: Sequence[ScoreArray], job: IntArray) -> Pool:
        depth = min(POOL, scores[0].shape[1])
        best = [_highest(score, depth) for score in scores]
        picked = np.concatenate([job[:, None], *best], axis=1)
        order = np.argsort(picked[:, 1:], axis=1, kind="stable")
        inside = np.take_along_axis(picked[:, 1:], order, axis=1)
        again = np.zeros(picked.shape, dtype=np.bool_)
        again[:, 2:] = inside[:, 1:] == inside[:, :-1]
        picked[:, 1:] = inside
        again[:, 1:] |= inside == job[:, None]
        values = np.stack([np.take_along_axis(score, picked, axis=1) for score in scores])
        values[:, again] = -np.inf
        return cls(values)

    def of_rows(self, rows: IntArray) -> Pool:
        return Pool(self.values[:, rows])

    def gains(self, mixed: ScoreArray, at: int) -> FloatArray:
        """nDCG of each sought job among the first `at`."""
        return gains_of(mixed, np.zeros(len(mixed), dtype=np.intp), at)

    def worth(self, mixed: ScoreArray) -> float:
        """What a mix is chosen by."""
        return float(self.gains(mixed, FAR).mean())

    def worths(self, mixed: ScoreArray, part: ScoreArray) -> list[float]:
        """The same of `mixed` with each of STEPS times `part` added to it."""
        places = np.empty((len(STEPS), len(mixed)))
        places_of(mixed, part, np.array(STEPS, dtype=np.float32), places)
        return [float(_gains(place, FAR).mean()) for place in places]


def _highest(scores: ScoreArray, k: int) -> IntArray:
    """The best k of each row, int64[n, k]; of equals the lower."""
    best, job = open_slots(scores, k)
    compiled()(np.ascontiguousarray(scores), 0, best, job)
    return in_order(best, job, k)[1]


def learn_weights(pool: Pool, group: IntArray, groups: int) -> FloatArray:
    """Weights of every group, float64[groups, parts]: the common ones, or its own where there is enough to
    learn them from."""
    common = _averaged(pool, None)
    weights = np.tile(common, (groups, 1))
    for at in range(groups):
        members = np.flatnonzero(group == at)
        if len(members) >= OWN_WEIGHTS_FROM:
            weights[at] = (common + _averaged(pool.of_rows(members), common)) / 2
    return weights


def _averaged(pool: Pool, start: FloatArray | None) -> FloatArray:
    """The mean of the weights that samples of half the people lead to (Breiman 1996, bagging)."""
    people = pool.values.shape[1]
    rng = np.random.default_rng(people)
    halves = [rng.permutation(people)[: people // 2 + 1] for _ in range(DRAWS)]
    return np.asarray(np.mean([_climb(pool.of_rows(half), start) for half in halves], axis=0))


def _climb(pool: Pool, start: FloatArray | None) -> FloatArray:
    """Coordinate ascent on nDCG@20, two rounds, from the best part alone unless told where to begin.

    Only a step that gains something is taken.
    """
    values = pool.values
    if not values.shape[1]:
        return np.ones(len(values)) if start is None else start
    if start is None:
        start = np.zeros(len(values))
        start[int(np.argmax([pool.worth(part) for part in values]))] = 1.0
    weights = start.copy()
    gone = np.isneginf(values[0])
    here = np.where(gone, 0.0, values).astype(np.float32)
    mixed = np.tensordot(weights.astype(np.float32), here, axes=1)
    mixed[gone] = -np.inf
    best = pool.worth(mixed)
    for _ in range(2):
        for at, part in enumerate(here):
            rest = mixed - np.float32(weights[at]) * part
            for step, worth in zip(STEPS, pool.worths(rest, part), strict=True):
                if worth > best + 1e-5:
                    best, weights[at] = worth, step
            mixed = rest + np.float32(weights[at]) * part
    return weights
