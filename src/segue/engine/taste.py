"""Taste: what somebody's own behaviour says about the jobs they want, folded in without training.

A taste is a pure function of the events, so undoing one gives exactly the taste that never had it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from segue.engine.columns import JobColumns, NameArray, Names
from segue.engine.vectors import unit_rows

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.intp]

DEFAULT_HALF_LIFE_DAYS = 30.0


class EventKind(IntEnum):
    """What somebody did with a job; codes are stable."""

    APPLY = 1
    SAVE = 2
    LIKE = 3
    CLICK = 4
    DWELL = 5
    SKIP = 6
    HIDE = 7
    LESS_LIKE_THIS = 8
    NOT_NOW = 9


KIND_WEIGHTS: Mapping[EventKind, float] = {
    EventKind.APPLY: 4.0,
    EventKind.SAVE: 3.0,
    EventKind.LIKE: 2.0,
    EventKind.CLICK: 1.0,
    EventKind.DWELL: 0.5,
    EventKind.SKIP: -1.0,
    EventKind.HIDE: -3.0,
    EventKind.LESS_LIKE_THIS: -2.0,
    EventKind.NOT_NOW: 0.0,
}
_WEIGHT_BY_CODE = np.array([0.0, *(KIND_WEIGHTS[kind] for kind in EventKind)])
# However often somebody clicks, a job says no more than an application does.
_JOB_LIMIT = 4.0
# One click's worth of evidence makes a taste count half.
_HALF_TRUST = 1.0
_NEGATIVE_SHARE = 0.5
# A town is where one lives: passing over a job there says less of the town than of the job.
_PLACE_AGAINST = 0.25
# Terms count only against a job, as a published log has no refusals to learn more from. Both are judgements.
_TERMS_SHARE = 0.1
_NEIGHBOURS = 64
# On a job-view log half of the next views are in a town already viewed: place leads, words come next.
_COMPONENTS = {"place": 0.6, "words": 0.22, "title": 0.08, "neighbour": 0.04, "text": 0.03, "skills": 0.03}
_REGION_SHARE = 0.4


@dataclass(frozen=True, eq=False)
class Events:
    """n things somebody did: `job` intp[n] rows of JobColumns, `kind` int8[n], `day` float64[n].

    >>> len(Events.of([(0, EventKind.SAVE, 20_000.0)]).job)
    1
    """

    job: IndexArray
    kind: NDArray[np.int8]
    day: FloatArray  # days since 1970-01-01

    def __post_init__(self) -> None:
        if not len(self.job) == len(self.kind) == len(self.day):
            raise ValueError("job, kind and day must be equally long")

    @classmethod
    def of(cls, rows: Iterable[tuple[int, EventKind, float]]) -> Events:
        """Events from (job row, kind, day) tuples."""
        listed = list(rows)
        return cls(
            job=np.array([row[0] for row in listed], dtype=np.intp),
            kind=np.array([row[1] for row in listed], dtype=np.int8),
            day=np.array([row[2] for row in listed], dtype=np.float64),
        )


@dataclass(frozen=True, eq=False)
class Taste:
    """The state behind "because you saved…": prototypes, skill and place leanings, and the jobs themselves.

    `jobs` intp[m] and `weights` float64[m] hold each job's net weight; prototypes are unit vectors
    float32[D] or zero; `skill_weights` float64[S] in [-1, 1]; `strength` in [0, 1) is how much is known.
    """

    jobs: IndexArray
    weights: FloatArray
    positive: NDArray[np.float32]
    negative: NDArray[np.float32]
    title_positive: NDArray[np.float32]
    title_negative: NDArray[np.float32]
    words: FloatArray  # float64[V] signed tf-idf prototype, length 1 or zero
    neighbours: NDArray[np.float32]  # float32[k, D] title vectors of the jobs liked best
    neighbour_jobs: IndexArray
    neighbour_weights: FloatArray
    skill_weights: FloatArray
    places: Mapping[str, float]
    regions: Mapping[str, float]
    modes: Mapping[int, float]  # RemoteMode codes that were refused, float in [-1, 0)
    bands: Mapping[int, float]  # pay bands that were refused, likewise
    strength: float

    @property
    def active_jobs(self) -> int:
        """How many jobs they showed a liking for: what `rank.weights_for` asks."""
        return int((self.weights > 0).sum())


def fold_in(
    events: Events, jobs: JobColumns, *, now_day: float, half_life_days: float = DEFAULT_HALF_LIFE_DAYS
) -> Taste:
    """Fold a person's events into a taste; an event loses half its weight every `half_life_days`.

    Order of the events does not matter, and events later than `now_day` (days since 1970-01-01, with the
    fraction of the day) are not looked at: no evaluation can peek.
    Raises ValueError for a half-life that is not above zero, IndexError for a job row that is not in `jobs`.

    >>> jobs = JobColumns.blank(["a", "b"])
    >>> fold_in(Events.of([(1, EventKind.SAVE, 10.0)]), jobs, now_day=40.0).weights.tolist()
    [1.5]
    """
    if half_life_days <= 0:
        raise ValueError("half_life_days must be above zero")
    rows, weights = _net_weights(events, now_day, half_life_days)
    liked, disliked = np.maximum(weights, 0.0), np.maximum(-weights, 0.0)
    vec, title = jobs.vec[rows], jobs.title_vec[rows]
    best = np.argsort(-liked, kind="stable")[:_NEIGHBOURS]
    best = best[liked[best] > 0]
    mass = float(liked.sum() + disliked.sum())
    return Taste(
        jobs=rows,
        weights=weights,
        positive=_prototype(liked, vec),
        negative=_prototype(disliked, vec),
        title_positive=_prototype(liked, title),
        title_negative=_prototype(disliked, title),
        words=_word_leaning(weights, rows, jobs),
        neighbours=title[best],
        neighbour_jobs=rows[best],
        neighbour_weights=liked[best] / max(float(liked.max(initial=0.0)), 1e-12),
        skill_weights=_skill_leanings(weights, rows, jobs),
        places=_leanings(jobs.place[rows], weights),
        regions=_leanings(jobs.region[rows], weights),
        modes=_refused(jobs.remote[rows], weights),
        bands=_refused(jobs.pay_bands[rows], weights),
        strength=mass / (mass + _HALF_TRUST),
    )


def behaviour_score(taste: Taste, jobs: JobColumns) -> FloatArray:
    """How well each job suits the taste, float64[J] in [-1, 1]; 0 where the taste knows nothing.

    Cold jobs are scored by what they are, so a job nobody has seen can still be the best one.

    >>> jobs = JobColumns.blank(["a"])
    >>> behaviour_score(fold_in(Events.of([]), jobs, now_day=0.0), jobs).tolist()
    [0.0]
    """
    parts = behaviour_parts(taste, jobs)
    total = sum((share * parts[name] for name, share in _COMPONENTS.items()), start=np.zeros(len(jobs)))
    total = total + _TERMS_SHARE * parts["terms"]
    return np.clip(taste.strength * total, -1.0, 1.0)


def behaviour_parts(taste: Taste, jobs: JobColumns) -> dict[str, FloatArray]:
    """The leanings behind `behaviour_score`, each float64[J] in about [-1, 1]."""
    return {
        "title": _leaning(jobs.titles.values, taste.title_positive, taste.title_negative)[jobs.titles.codes],
        "text": _leaning(jobs.vec, taste.positive, taste.negative),
        "words": _word_score(taste, jobs),
        "neighbour": _nearest(taste, jobs),
        "skills": _skill_score(taste, jobs),
        "place": _place_leaning(taste, jobs),
        "terms": _terms(taste, jobs),
    }


def because(taste: Taste, jobs: JobColumns, job: int, *, floor: float = 0.35) -> int | None:
    """The row of the liked job nearest to job row `job`, for "because you saved …"; None if none is near.

    `floor`: the least title cosine that a person would see as alike.
    """
    if not len(taste.neighbour_jobs):
        return None
    near = (taste.neighbours @ jobs.title_vec[job]).astype(np.float64)
    near[taste.neighbour_jobs == job] = -1.0
    best = int(near.argmax())
    return int(taste.neighbour_jobs[best]) if near[best] >= floor else None


def _net_weights(events: Events, now_day: float, half_life_days: float) -> tuple[IndexArray, FloatArray]:
    past = events.day <= now_day
    job, age_days = events.job[past], now_day - events.day[past]
    weight = _WEIGHT_BY_CODE[events.kind[past]] * np.exp2(-age_days / half_life_days)
    # Sorted before summing: float sums depend on order, and a taste must not.
    order = np.lexsort((weight, job))
    rows, start = np.unique(job[order], return_index=True)
    if not len(rows):
        return rows.astype(np.intp), np.zeros(0)
    return rows, np.clip(np.add.reduceat(weight[order], start), -_JOB_LIMIT, _JOB_LIMIT)


def _prototype(weights: FloatArray, rows: NDArray[np.float32]) -> NDArray[np.float32]:
    (row,) = unit_rows((weights.astype(np.float32) @ rows)[None, :])
    return np.asarray(row)


def _leaning(
    rows: NDArray[np.float32], positive: NDArray[np.float32], negative: NDArray[np.float32]
) -> FloatArray:
    towards = positive - np.float32(_NEGATIVE_SHARE) * negative
    return (rows @ towards).astype(np.float64) if towards.any() else np.zeros(len(rows))


def _nearest(taste: Taste, jobs: JobColumns) -> FloatArray:
    if not len(taste.neighbour_jobs):
        return np.zeros(len(jobs))
    titles = jobs.titles
    near = np.maximum(titles.values @ taste.neighbours.T, 0.0) * taste.neighbour_weights.astype(np.float32)
    return np.asarray(near.max(axis=1), dtype=np.float64)[titles.codes]


def _word_leaning(weights: FloatArray, rows: IndexArray, jobs: JobColumns) -> FloatArray:
    summed = _summed_rows(jobs.words, rows, weights)
    return summed / max(float(np.linalg.norm(summed)), 1e-12)


def _skill_leanings(weights: FloatArray, rows: IndexArray, jobs: JobColumns) -> FloatArray:
    summed = _summed_rows(jobs.required, rows, weights) + 0.5 * _summed_rows(jobs.nice, rows, weights)
    return summed / max(float(np.abs(summed).max(initial=0.0)), 1e-12)


def _summed_rows(table: sparse.csr_array, rows: IndexArray, weights: FloatArray) -> FloatArray:
    """weights @ table[rows], by hand: slicing a sparse matrix costs more than all of the rest."""
    start, count = table.indptr[rows], np.diff(table.indptr)[rows]
    first = np.cumsum(count) - count
    entries = np.arange(int(count.sum())) + np.repeat(start - first, count)
    values = table.data[entries] * np.repeat(weights, count)
    summed = np.bincount(table.indices[entries], weights=values, minlength=table.shape[1])
    return np.asarray(summed, dtype=np.float64)


def _word_score(taste: Taste, jobs: JobColumns) -> FloatArray:
    if not taste.words.any():
        return np.zeros(len(jobs))
    return np.asarray(jobs.words @ taste.words.astype(jobs.words.dtype), dtype=np.float64)


def _skill_score(taste: Taste, jobs: JobColumns) -> FloatArray:
    asked = np.diff(jobs.required.indptr)
    rows = np.repeat(np.arange(len(jobs)), asked)
    summed = np.bincount(rows, weights=taste.skill_weights[jobs.required.indices], minlength=len(jobs))
    return np.asarray(summed / np.maximum(asked, 1), dtype=np.float64)


def _leanings(names: NameArray, weights: FloatArray) -> dict[str, float]:
    """What each name is worth in [-1, 1] by the largest; what was refused counts only a share."""
    total = _summed_up(names.tolist(), weights)
    most = max((abs(worth) for worth in total.values()), default=0.0) or 1.0
    return {
        name: (worth if worth > 0 else _PLACE_AGAINST * worth) / most
        for name, worth in total.items()
        if name and worth
    }


def _refused(codes: NDArray[np.integer], weights: FloatArray) -> dict[int, float]:
    """What was refused more than liked, in [-1, 0); one like's worth of doubt keeps a single skip small."""
    total, mass = _summed_up(codes.tolist(), weights), _summed_up(codes.tolist(), np.abs(weights))
    doubt = KIND_WEIGHTS[EventKind.LIKE]
    return {code: worth / (mass[code] + doubt) for code, worth in total.items() if code >= 0 and worth < 0}


def _summed_up(names: list[Any], weights: FloatArray) -> dict[Any, float]:
    total: dict[Any, float] = {}
    for name, weight in zip(names, weights.tolist(), strict=True):
        total[name] = total.get(name, 0.0) + weight
    return total


def _terms(taste: Taste, jobs: JobColumns) -> FloatArray:
    """How far a job's way of working and pay were refused elsewhere, float64[J] in [-1, 0]."""
    against = np.zeros(len(jobs))
    for codes, refused in ((jobs.remote, taste.modes), (jobs.pay_bands, taste.bands)):
        for code, worth in refused.items():
            against[codes == code] += 0.5 * worth
    return against


def _place_leaning(taste: Taste, jobs: JobColumns) -> FloatArray:
    return (1.0 - _REGION_SHARE) * _looked_up(jobs.places, taste.places) + _REGION_SHARE * _looked_up(
        jobs.regions, taste.regions
    )


def _looked_up(names: Names, leanings: Mapping[str, float]) -> FloatArray:
    if not leanings:
        return np.zeros(len(names.codes))
    return np.array([leanings.get(name, 0.0) for name in names.values], dtype=np.float64)[names.codes]
