"""What the rankings say: means with intervals, for everybody and for each slice, ready to be printed."""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segue.engine.metrics import bootstrap_intervals, coverage, gini, novelty, per_person
from segue.engine.task import FloatArray, IntArray
from segue.measure.evaluation.case import Case, Files, read_case
from segue.measure.evaluation.lineup import line_up
from segue.measure.evaluation.running import ModelFailed, Ranked, run

_DIGITS = 6
_INTERVALS_OF_SLICES = ("recall",)


def evaluate(
    files: Files, *, models: Sequence[str], ks: Sequence[int], say: Callable[[str], None]
) -> dict[str, Any]:
    """Read, divide, fit, rank and measure; the report of docs/evaluate.md as plain values.

    A model that breaks is reported with an `error` in place of figures. Raises Invalid naming file, column,
    row and remedy, and LeakFound where something reads the test.
    """
    case = read_case(files)
    for note in case.notes:
        say(note)
    notes = list(case.notes)

    def tell(text: str) -> None:
        if "left out" in text:
            notes.append(text)
        say(text)

    recommenders = line_up(models, seed=files.seed, say=tell)
    masks = slices(case)
    told: dict[str, Any] = {
        "models": {},
        "slices": {name: _sizes(case, mask) for name, mask in masks.items()},
    }
    for ranked in run(case, recommenders, ks, say):
        if isinstance(ranked, ModelFailed):
            told["models"][ranked.field] = {"error": ranked.message}
            continue
        told["models"][ranked.name] = _whole(case, ranked, files.seed)
        notes += ranked.notes
        for name, mask in masks.items():
            if mask.any():
                told["slices"][name][ranked.name] = _part(case, ranked, mask, files.seed)
    told["data"] = {**case.facts, "k": list(ks), "peak_mb": _peak_mb(), "notes": notes}
    return told


def slices(case: Case) -> dict[str, NDArray[np.bool_]]:
    """Which held-out pairs belong to each slice, bool[pairs]: a slice asks only for its own."""
    log, split = case.task.log, case.split
    acts = np.bincount(log.person, minlength=log.people)[split.person]
    cold = np.bincount(log.job, minlength=log.jobs)[split.job] == 0
    one, other = ("job", "person") if case.facts["direction"] == "jobs" else ("person", "job")
    return {
        f"cold-{other}": cold,
        f"warm-{other}": ~cold,
        f"cold-{one}": acts == 0,
        f"warm-{one}": acts > 0,
        "activity-0": acts == 0,
        "activity-1-2": (acts >= 1) & (acts <= 2),
        "activity-3-9": (acts >= 3) & (acts <= 9),
        "activity-10+": acts >= 10,
    }


def _sizes(case: Case, mask: NDArray[np.bool_]) -> dict[str, Any]:
    return {"tested": len(np.unique(case.split.person[mask])), "test_acts": int(mask.sum())}


def _measures(person: IntArray, rank: IntArray, ks: Sequence[int]) -> tuple[list[str], FloatArray]:
    """Each tested person's figures: names, and float64[people, figures]."""
    people, row = np.unique(person, return_inverse=True)
    found = {
        f"{name}@{k}": values for k in ks for name, values in per_person(rank, row, len(people), k).items()
    }
    return list(found), np.column_stack(list(found.values()))


def _means(
    person: IntArray, rank: IntArray, ks: Sequence[int], seed: int, with_interval: Sequence[str]
) -> dict[str, Any]:
    names, values = _measures(person, rank, ks)
    intervals = bootstrap_intervals(values, np.random.default_rng([seed, 2]))
    told: dict[str, Any] = {name: _round(mean) for name, mean in zip(names, values.mean(axis=0), strict=True)}
    for name, interval in zip(names, intervals, strict=True):
        if name.split("@")[0] in with_interval:
            told[f"{name}_ci"] = [_round(bound) for bound in interval]
    return told


def _whole(case: Case, ranked: Ranked, seed: int) -> dict[str, Any]:
    log = case.task.log
    told = _means(case.split.person, ranked.rank, list(ranked.shown), seed, ("recall", "ndcg", "mrr"))
    known_to, people = np.bincount(log.job, minlength=log.jobs), len(np.unique(log.person))
    for k, shown in ranked.shown.items():
        told[f"coverage@{k}"] = _round(coverage(shown))
        told[f"gini@{k}"] = _round(gini(shown))
        told[f"novelty@{k}"] = _round(novelty(shown, known_to, people))
    cost = {"fit_cpu_s": ranked.fit_cpu_s, "score_cpu_s": ranked.score_cpu_s}
    told["cpu_s"] = round(sum(cost.values()), 2)
    return told | {name: round(value, 2) for name, value in cost.items()}


def _part(case: Case, ranked: Ranked, mask: NDArray[np.bool_], seed: int) -> dict[str, Any]:
    person, rank = case.split.person[mask], ranked.rank[mask]
    return _means(person, rank, list(ranked.shown), seed, _INTERVALS_OF_SLICES)


def _round(value: float) -> float:
    return round(float(value), _DIGITS)


def _peak_mb() -> float:
    """The most memory this process has held; the kernel counts in kilobytes, on a Mac in bytes."""
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit, 1)
