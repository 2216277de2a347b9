"""Fit each model and rank everything for everybody tested, a block of people at a time."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from segue.engine.metrics import ranks, top_jobs
from segue.engine.task import IntArray, Log, Recommender, ScoreArray
from segue.kit.errors import SegueError
from segue.measure.evaluation.case import Case

_PEOPLE_A_BLOCK, _BYTES_A_BLOCK = 256, 64 * 2**20


class ModelFailed(SegueError):
    """A model (`field`) broke, or gave scores that cannot be ranked."""

    code = "model_failed"


@dataclass(eq=False)
class Ranked:
    """What a model's rankings came to: each held-out pair's rank, how often each job was listed, cost."""

    name: str
    rank: IntArray
    shown: dict[int, IntArray]
    fit_cpu_s: float = 0.0
    score_cpu_s: float = 0.0
    notes: list[str] = field(default_factory=list)


def cpu_seconds() -> float:
    """What this process has used so far on all its threads, and its finished children."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def run(
    case: Case, models: Sequence[Recommender], ks: Sequence[int], say: Callable[[str], None]
) -> Iterator[Ranked | ModelFailed]:
    """Yield each model's result, or why it failed; a fitted model is let go before the next one begins."""
    for model in models:
        say(f"{model.name}: fitting")
        try:
            begun = cpu_seconds()
            fitted = model.fit(case.task)
            cost = cpu_seconds() - begun
            ranked = rank_all(case, fitted, model.name, ks)
        except ModelFailed as failed:
            say(str(failed))
            yield failed
            continue
        except Exception as wrong:  # whatever breaks in one model is no reason to lose the figures of others
            say(traceback.format_exc())
            yield _failed(model.name, f"it broke ({type(wrong).__name__}: {wrong})")
            continue
        ranked.fit_cpu_s = cost
        say(f"{model.name}: {cost:.1f} CPU-s to fit, {ranked.score_cpu_s:.1f} to score")
        yield ranked


def _failed(name: str, message: str) -> ModelFailed:
    return ModelFailed(f"{message}.", field=name, remedy="Leave it out with --models, or mend it.")


def rank_all(case: Case, fitted: Recommender, name: str, ks: Sequence[int]) -> Ranked:
    """Rank all jobs but those of each tested person's history, in blocks whose memory is bounded."""
    split, jobs = case.split, case.task.jobs.size
    people, row = np.unique(split.person, return_inverse=True)
    ranked = Ranked(name, np.empty(len(split), np.int64), {k: np.zeros(jobs, np.int64) for k in ks})
    size = int(np.clip(_BYTES_A_BLOCK // (4 * max(jobs, 1)), 1, _PEOPLE_A_BLOCK))
    start = case.task.log.start
    for at in range(0, len(people), size):
        block = people[at : at + size]
        begun = cpu_seconds()
        given = fitted.score(case.task, block)
        ranked.score_cpu_s += cpu_seconds() - begun
        scores = np.array(given, dtype=np.float32)  # ours to write on: a model may have given its own
        _check(name, scores, (len(block), jobs))
        scores[_seen(case.task.log, start, block)] = -np.inf
        top = top_jobs(scores, max(ks))
        low, high = np.searchsorted(row, [at, at + len(block)])
        ranked.rank[low:high] = ranks(scores, top, row[low:high] - at, split.job[low:high])
        for k in ks:
            listed = top[:, :k]
            ranked.shown[k] += np.bincount(listed[listed >= 0], minlength=jobs)
    return ranked


def _check(name: str, scores: ScoreArray, shape: tuple[int, int]) -> None:
    if scores.shape != shape:
        raise _failed(name, f"scores have the shape {scores.shape}, not {shape}")
    if not np.isfinite(scores).all():
        raise _failed(name, "a score is not finite")


def _seen(log: Log, start: IntArray, people: IntArray) -> tuple[IntArray, IntArray]:
    """Rows and columns of the jobs in these people's histories."""
    many = start[people + 1] - start[people]
    acts = np.repeat(start[people] - np.append(0, np.cumsum(many)[:-1]), many) + np.arange(many.sum())
    return np.repeat(np.arange(len(people)), many), log.job[acts]
