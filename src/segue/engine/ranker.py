"""The second stage: LambdaRank over the first stage's best, by named features that may only help, not harm.

It is used only where it has enough to learn from and beats the first stage on people it did not learn from;
else the first stage stands alone. Source: Burges 2010, LambdaMART, as LightGBM implements it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segue.engine.blas import single_blas_thread
from segue.engine.explain import Explanation, Factor
from segue.engine.metrics import top_jobs
from segue.engine.mixing import AT
from segue.engine.sources.content import Likeness
from segue.engine.splits import Split
from segue.engine.stack import Stack, events_of, fitted_with_all, last_acts, masked
from segue.engine.task import IntArray, ScoreArray, Task

CANDIDATES = 150
LEARNT_FROM = 150  # candidates of a slate that are learnt from
SLATES_AT_LEAST = 400
TREES = 120
CHECKED_ON = 0.25  # of the people
BACK = 3  # acts of a history that are compared one by one
BLOCK = 256  # people scored at a time
_SETTINGS = {
    "objective": "lambdarank",
    "lambdarank_truncation_level": 20,
    "learning_rate": 0.08,
    "num_leaves": 15,
    "min_data_in_leaf": 60,
    "feature_fraction": 0.7,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "metric": "None",
    "deterministic": True,
    "force_row_wise": True,
    "verbosity": -1,
    "num_threads": 1,  # a second would mostly wait for the first: slates are small
}


@dataclass(frozen=True, eq=False)
class Slates:
    """Candidates of some people with what is known of each pair.

    `jobs`: int64[n, k] rows, best of the first stage first, -1 where there is none; `features`: float32[n,
    k, F]; `names`: F names; `first`: float32[n, jobs], the first stage's scores, -inf where seen.
    """

    jobs: IntArray
    features: ScoreArray
    names: tuple[str, ...]
    first: ScoreArray


def slates_of(stack: Stack, task: Task, people: IntArray, k: int) -> Slates:
    """The first stage's k best for each person, and their features."""
    views = stack.views(task, people)
    events = events_of(task, people)
    mixed = stack.mix(views, events)
    first = masked(mixed.copy(), task, people)
    jobs = top_jobs(first, k)
    at = np.maximum(jobs, 0)
    columns: dict[str, ScoreArray] = {}
    for part, view in zip(stack.parts, views, strict=True):
        columns[part.name] = np.take_along_axis(view, at, axis=1)
    columns["first_stage"] = np.take_along_axis(mixed, at, axis=1)
    for part in stack.parts:
        if isinstance(part, Likeness):
            columns.update(_alike(part, task, people, at))
    columns["events"] = np.broadcast_to(events[:, None], at.shape).astype(np.float32)
    columns.update(_given(task, people, at))
    features = np.stack(list(columns.values()), axis=2).astype(np.float32)
    return Slates(jobs, features, tuple(columns), first)


def _alike(part: Likeness, task: Task, people: IntArray, at: IntArray) -> dict[str, ScoreArray]:
    """How like each candidate is to the latest acts one by one, and to the person's own row."""
    log, block = task.log, part.block
    start = log.start
    latest = np.full(at.shape, np.nan, dtype=np.float32)
    nearest = latest.copy()
    for back in range(BACK):
        place = start[people + 1] - 1 - back
        there = np.flatnonzero(place >= start[people])
        if not len(there):
            break
        rows = block.jobs[log.job[place[there]]]
        found = _picked(rows @ block.jobs.T, at[there])
        if back == 0:
            latest[there] = found
        nearest[there] = np.fmax(nearest[there], found)
    own = _picked(block.people[people] @ block.jobs.T, at)
    return {f"{part.name}:latest": latest, f"{part.name}:nearest": nearest, f"{part.name}:own": own}


def _picked(products: Any, at: IntArray) -> ScoreArray:
    dense = products if isinstance(products, np.ndarray) else products.toarray()
    return np.take_along_axis(dense, at, axis=1).astype(np.float32)


def _given(task: Task, people: IntArray, at: IntArray) -> dict[str, ScoreArray]:
    """Columns of numbers as they are, and the difference where people and jobs share one."""
    found: dict[str, ScoreArray] = {}
    for name, column in sorted(task.jobs.columns.items()):
        if column.dtype.kind in "fiub":
            value = column.astype(np.float32)[at]
            found[f"job:{name}"] = value
            mine = task.people.columns.get(name)
            if mine is not None and mine.dtype.kind in "fiub":
                found[f"gap:{name}"] = np.abs(value - mine.astype(np.float32)[people][:, None])
    return found


def _may_only_help(name: str, parts: Sequence[str]) -> bool:
    """Likeness never harms a job. How many turned to it may: what nobody has met yet is often new."""
    return name != "popular" and (name == "first_stage" or name.startswith("like:") or name in parts)


@dataclass(frozen=True, eq=False)
class Ranked:
    """Both stages. `booster` is None where the first stage stands alone; `report` says why."""

    seed: int = 0
    name: str = "segue"
    first: Stack | None = None
    booster: Any = None
    names: tuple[str, ...] = ()
    report: dict[str, Any] = field(default_factory=dict)

    def fit(self, task: Task) -> Ranked:
        """Choose and fit the first stage, then learn to order its best."""
        with single_blas_thread():
            chosen = Stack(seed=self.seed).choose(task)
            split = last_acts(task, self.seed)
            booster, names, report = _learn(chosen, task.with_log(split.train), split, self.seed)
            fitted = tuple(fitted_with_all(part, task) for part in chosen.parts)
            final = replace(chosen, parts=fitted, lessons=None)
        return replace(self, first=final, booster=booster, names=names, report={**final.report, **report})

    def score(self, task: Task, people: IntArray) -> ScoreArray:
        """float32[n, jobs]: the ranker's score for candidates, and below all of them the first stage's."""
        if self.first is None:
            raise RuntimeError("fit the ranker first")
        with single_blas_thread():
            if self.booster is None:
                return self.first.score(task, people)
            parts = [self._scored(task, people[at : at + BLOCK]) for at in range(0, len(people), BLOCK)]
        return np.concatenate(parts) if parts else np.zeros((0, task.log.jobs), dtype=np.float32)

    def _scored(self, task: Task, people: IntArray) -> ScoreArray:
        assert self.first is not None
        slates = slates_of(self.first, task, people, CANDIDATES)
        rows, k, width = slates.features.shape
        told = self.booster.predict(slates.features.reshape(rows * k, width)).reshape(rows, k)
        there = slates.jobs >= 0
        lowest = np.where(there, told, np.inf).min(axis=1)
        out = np.where(np.isneginf(slates.first), np.nan, slates.first)
        top = np.nanmax(np.where(np.isnan(out), -np.inf, out), axis=1)
        shift = np.where(np.isfinite(lowest) & np.isfinite(top), lowest - top - 1.0, 0.0)
        out = np.where(np.isnan(out), np.nanmin(out, initial=0.0), out) + shift[:, None]
        row = np.broadcast_to(np.arange(rows)[:, None], slates.jobs.shape)
        out[row[there], slates.jobs[there]] = told[there]
        return np.asarray(out, dtype=np.float32)

    def explain(self, task: Task, person: int, job: int) -> Explanation:
        """One factor a feature (Lundberg's tree contributions), and "base"; the reason is the first stage's.

        A job outside the candidates is explained by the first stage alone.
        """
        if self.first is None:
            raise RuntimeError("fit the ranker first")
        first = self.first.explain(task, person, job)
        if self.booster is None:
            return first
        slates = slates_of(self.first, task, np.array([person]), CANDIDATES)
        place = np.flatnonzero(slates.jobs[0] == job)
        if not len(place):
            return first
        row = slates.features[0, place[:1]]
        parts = self.booster.predict(row, pred_contrib=True)[0]
        names = (*self.names, "base")
        factors = [
            Factor(name, float(value), 1.0, float(part))
            for name, value, part in zip(names, [*row[0].tolist(), 1.0], parts, strict=True)
        ]
        factors.sort(key=lambda factor: -abs(factor.contribution))
        total = float(sum(factor.contribution for factor in factors))
        return Explanation(total, tuple(factors), first.reason_code, first.reason_args)


def _learn(stack: Stack, inner: Task, split: Split, seed: int) -> tuple[Any, tuple[str, ...], dict[str, Any]]:
    """A booster, or None with the reason in the report."""
    if len(split) < SLATES_AT_LEAST:
        return None, (), {"ranker": f"not enough to learn from: {len(split)} of {SLATES_AT_LEAST} slates"}
    features, relevant, names = _lessons(stack, inner, split)
    rng = np.random.default_rng(seed)
    apart = rng.random(len(split)) < CHECKED_ON
    settings = _SETTINGS | {
        "seed": seed,
        "monotone_constraints": [int(_may_only_help(n, [p.name for p in stack.parts])) for n in names],
    }
    trial = _boost(features[~apart], relevant[~apart], settings, TREES)
    counts = range(20, TREES + 1, 20)
    told = [_gains(trial, features[apart], relevant[apart], count) for count in counts]
    best = int(np.argmax([one.mean() for one in told]))
    trees, more = counts[best], told[best] - stack.worth_apart(apart)
    error = float(more.std() / np.sqrt(max(1, len(more))))
    report = {"ranker_gain": float(more.mean()), "ranker_gain_error": error, "trees": trees}
    if more.mean() <= error:
        return None, (), {**report, "ranker": "no better than the first stage on people apart"}
    return _boost(features, relevant, settings, trees), names, {**report, "ranker": "in use"}


def _lessons(
    stack: Stack, inner: Task, split: Split
) -> tuple[ScoreArray, NDArray[np.bool_], tuple[str, ...]]:
    """Features [n, k, F], which candidate was sought [n, k], and names."""
    features, relevant = [], []
    names: tuple[str, ...] = ()
    for people, sought in _in_blocks(split):
        slates = slates_of(stack, inner, people, LEARNT_FROM)
        names = slates.names
        features.append(slates.features)
        relevant.append(slates.jobs == sought[:, None])
    return np.concatenate(features), np.concatenate(relevant), names


def _in_blocks(split: Split) -> Iterator[tuple[IntArray, IntArray]]:
    for at in range(0, len(split), BLOCK):
        yield split.person[at : at + BLOCK], split.job[at : at + BLOCK]


def _boost(features: ScoreArray, relevant: NDArray[np.bool_], settings: dict[str, Any], trees: int) -> Any:
    import lightgbm

    # A slate without the sought job teaches nothing; to put it there would teach what a misfit looks like.
    there = relevant.any(axis=1)
    features, relevant = features[there], relevant[there]
    rows, k, width = features.shape
    data = lightgbm.Dataset(
        features.reshape(rows * k, width), relevant.reshape(-1).astype(np.int8), group=np.full(rows, k)
    )
    return lightgbm.train(settings, data, num_boost_round=trees)


def _gains(
    booster: Any, features: ScoreArray, relevant: NDArray[np.bool_], trees: int
) -> NDArray[np.float64]:
    """nDCG@10 of each slate; a sought job that is no candidate counts as not found."""
    there = relevant.any(axis=1)
    rows, k, width = features[there].shape
    told = booster.predict(features[there].reshape(rows * k, width), num_iteration=trees).reshape(rows, k)
    own = told[relevant[there]][:, None]
    place = (told >= own).sum(axis=1) - 1
    gains = np.zeros(len(relevant))
    gains[there] = np.where(place < AT, 1.0 / np.log2(place + 2.0), 0.0)
    return gains


def models(seed: int = 0) -> dict[str, Any]:
    """The product's own stack, whole and its first stage alone, ready to be fitted."""
    return {"segue": Ranked(seed=seed), "segue-stage1": Stack(seed=seed)}
