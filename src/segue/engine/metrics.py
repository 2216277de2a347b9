"""How well a full ranking finds what people did next: recall, nDCG, MRR, coverage, Gini, novelty, intervals.

A score of minus infinity means "not to be ranked". Where scores tie, a relevant job stands behind every
irrelevant one with the same score: a model that cannot tell jobs apart gets no credit for the order of the
file. Lists (coverage, Gini, novelty) need one order, and take the lower row first.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from segue.engine.task import FloatArray, IntArray, ScoreArray

NOBODY = -1


def top_jobs(scores: ScoreArray, k: int) -> IntArray:
    """The best k columns of each row, int64[n, min(k, jobs)], best first, ties by the lower column.

    `scores`: float[n, jobs], -inf where a job may not be ranked; places that nothing can fill hold -1.
    Raises ValueError unless k ≥ 1.

    >>> top_jobs(np.array([[0.0, 2.0, 2.0, -np.inf]], dtype=np.float32), 4).tolist()
    [[1, 2, 0, -1]]
    """
    if k < 1:
        raise ValueError("k is at least 1")
    rows, jobs = scores.shape
    k = min(k, jobs)
    if k == 0:
        return np.empty((rows, 0), dtype=np.int64)
    able = _may_be_best(scores, k)
    row, job = np.divmod(np.flatnonzero(able), jobs)
    order = np.lexsort((job, -scores[row, job], row))
    row, job = row[order], job[order]
    place = np.arange(len(row)) - np.searchsorted(row, np.arange(rows))[row]
    best = np.full((rows, k), NOBODY, dtype=np.int64)
    kept = (place < k) & ~np.isneginf(scores[row, job])
    best[row[kept], place[kept]] = job[kept]
    return best


def _may_be_best(scores: ScoreArray, k: int) -> NDArray[np.bool_]:
    """Where a score may belong to the best k of its row: at least k in each, and seldom many more.

    The k-th best of the maxima of strides is a lower bound of the k-th best of all. Where more scores equal
    the bound than can be of use (a row of zeros), only the first k of those are let through.
    """
    rows, jobs = scores.shape
    strides = max(1, jobs // max(4 * k, 512))
    width = jobs // strides
    maxima = scores[:, : width * strides].reshape(rows, strides, width).max(axis=1)
    bound = np.partition(maxima, width - k, axis=1)[:, width - k]
    able = scores >= bound[:, None]
    for row in np.flatnonzero(able.sum(axis=1) > 8 * k):
        floor = np.partition(scores[row], jobs - k)[jobs - k]
        able[row] = scores[row] > floor
        able[row, np.flatnonzero(scores[row] == floor)[:k]] = True
    return able


def ranks(scores: ScoreArray, top: IntArray, row: IntArray, job: IntArray) -> IntArray:
    """The place of each relevant pair in its row's ranking, int64[m]; 1 is first, jobs + 1 is "not in `top`".

    `scores`: float[n, jobs]; `top`: `top_jobs` of them; `row`, `job`: int64[m], the relevant pairs, each
    once. Equal scores count against the pair, except those of other relevant jobs.

    >>> scores = np.array([[5.0, 5.0, 1.0]], dtype=np.float32)
    >>> ranks(scores, top_jobs(scores, 2), np.array([0]), np.array([0])).tolist()
    [2]
    """
    jobs = scores.shape[1]
    if not len(row):
        return np.empty(0, dtype=np.int64)
    mine = scores[row, job]
    best = np.where(top >= 0, np.take_along_axis(scores, np.maximum(top, 0), axis=1), -np.inf)[row]
    level = (best >= mine[:, None]).sum(axis=1)
    for pair in np.flatnonzero(mine == best[:, -1]):  # its equals may go on below the list
        level[pair] = np.count_nonzero(scores[row[pair]] >= mine[pair])
    place, relevant_level = _among_relevant(mine, row, job)
    found: IntArray = np.where(mine < best[:, -1], jobs + 1, level - relevant_level + place)
    return found


def _among_relevant(mine: ScoreArray, row: IntArray, job: IntArray) -> tuple[IntArray, IntArray]:
    """Each pair's place among the relevant of its row, and how many of those score at least as much."""
    order = np.lexsort((job, -mine, row))
    rows, scores = row[order], mine[order]
    start = np.searchsorted(rows, rows)
    new = np.flatnonzero(np.append(True, (rows[1:] != rows[:-1]) | (scores[1:] != scores[:-1])))
    end = np.repeat(np.append(new[1:], len(order)), np.diff(np.append(new, len(order))))
    place, level = np.empty(len(order), np.int64), np.empty(len(order), np.int64)
    place[order] = np.arange(len(order)) - start + 1
    level[order] = end - start
    return place, level


def per_person(rank: IntArray, row: IntArray, people: int, k: int) -> dict[str, FloatArray]:
    """Recall, nDCG and MRR at k of each person, float64[people]; NaN for those with nothing relevant.

    `rank`: int64[m] from `ranks`; `row`: int64[m], whose they are. Recall divides by all that is relevant
    (not by k), nDCG by the best that k places allow, MRR is 1 / the first relevant place within k.
    Source: Järvelin & Kekäläinen 2002 with binary gains.

    >>> {name: value.tolist() for name, value in per_person(np.array([2, 9]), np.array([0, 0]), 1, 5).items()}
    {'recall': [0.5], 'ndcg': [0.386...], 'mrr': [0.5]}
    """
    hit = rank <= k
    relevant = np.bincount(row, minlength=people)
    gain = np.bincount(row, hit / np.log2(rank + 1.0), minlength=people)
    ideal = np.cumsum(1.0 / np.log2(np.arange(2, k + 2)))[np.clip(relevant, 1, k) - 1]
    first = np.zeros(people)
    np.maximum.at(first, row, hit / rank)
    known = np.where(relevant > 0, relevant, np.nan)
    return {
        "recall": np.bincount(row, hit, minlength=people) / known,
        "ndcg": np.where(relevant > 0, gain / ideal, np.nan),
        "mrr": np.where(relevant > 0, first, np.nan),
    }


def coverage(shown: NDArray[Any]) -> float:
    """The share of jobs that stood in anybody's list; `shown`: how often each did, number[jobs].

    >>> coverage(np.array([3, 0, 1, 0]))
    0.5
    """
    return float(np.mean(shown > 0)) if len(shown) else 0.0


def gini(shown: NDArray[Any]) -> float:
    """How unevenly lists are spread over jobs: 0 is all alike, near 1 is a few jobs for everybody.

    `shown`: how often each job stood in a list, number[jobs]; 0 where nothing was shown.

    >>> gini(np.array([1, 1, 1])), gini(np.array([0, 0, 0, 4]))
    (0.0, 0.75)
    """
    total, jobs = float(np.sum(shown)), len(shown)
    if total == 0:
        return 0.0
    place = np.arange(1, jobs + 1)
    return float(2 * np.sum(place * np.sort(shown)) / (jobs * total) - (jobs + 1) / jobs)


def novelty(shown: NDArray[Any], known_to: NDArray[Any], people: int) -> float:
    """Mean surprise of what was shown, in bits: log2(people / people who know the job), at least one each.

    `shown`, `known_to`: number[jobs]. Source: Zhou et al. 2010, mean self-information.

    >>> novelty(np.array([1, 1]), np.array([4, 1]), 4)
    1.0
    """
    bits = np.log2(max(people, 1) / np.clip(known_to, 1, max(people, 1)))
    total = float(np.sum(shown))
    return float(np.sum(shown * bits) / total) if total else 0.0


def bootstrap_intervals(
    values: FloatArray, rng: np.random.Generator, *, resamples: int = 1000, level: float = 0.95
) -> FloatArray:
    """Percentile intervals of the mean of each column by drawing people with replacement, float64[m, 2].

    `values`: float64[people, m], none missing, at least one row. Raises ValueError for an empty table.
    Source: Efron 1979. The same rng draws the same people, so that models can be compared.

    >>> bootstrap_intervals(np.ones((3, 1)), np.random.default_rng(1), resamples=10).tolist()
    [[1.0, 1.0]]
    """
    people = len(values)
    if not people:
        raise ValueError("nobody to draw")
    means = np.empty((resamples, values.shape[1]))
    for draw in range(resamples):
        times = np.bincount(rng.integers(0, people, people), minlength=people)
        means[draw] = times @ values / people
    tail = (1 - level) / 2
    return np.quantile(means, [tail, 1 - tail], axis=0).T
