"""The next job by a softmax: it finds what follows what, forgets nobody's silence, and goes on learning."""

from __future__ import annotations

import numpy as np
import pytest

from segue.engine.sources.softmax import NextSoftmax
from segue.engine.task import Log, Task

JOBS = 12


def rounds(step: int, *, people: int = 300, acts: int = 6, jobs: int = JOBS) -> Task:
    """People who go round the first JOBS jobs, `step` at a time, each from another beginning."""
    rng = np.random.default_rng(step)
    first = rng.integers(0, JOBS, people)
    who = np.repeat(np.arange(people), acts)
    what = (first[:, None] + step * np.arange(acts)).ravel() % JOBS
    return Task.bare(Log.of(who, what, np.tile(np.arange(acts), people), people=people, jobs=jobs))


def follows(source: NextSoftmax, task: Task, step: int) -> float:
    """Of how many people the job that comes next is the one expected first."""
    people = np.arange(task.log.people)
    last = task.log.job[task.log.start[1:] - 1]
    best = source.score(task, people).argmax(axis=1)
    return float((best == (last + step) % JOBS).mean())


def test_what_always_follows_is_expected_first() -> None:
    task = rounds(1)
    assert follows(NextSoftmax(epochs=30).fit(task), task, 1) > 0.95


def test_it_goes_on_from_where_it_stood() -> None:
    before, now = rounds(1), rounds(5)
    learnt = NextSoftmax(epochs=30).fit(before)
    later = learnt.refit(now, epochs=30)
    assert follows(later, now, 5) > 0.9
    assert follows(learnt, before, 1) > 0.95, "the one it went on from stays as it was"


def test_a_job_nobody_turned_to_comes_last() -> None:
    task = rounds(1, jobs=JOBS + 1)
    scores = NextSoftmax().fit(task).score(task, np.arange(20))
    newcomer = (
        NextSoftmax().fit(task).score(Task.bare(Log.of([], [], [], people=1, jobs=JOBS + 1)), np.array([0]))
    )
    assert np.isfinite(scores).all()
    assert newcomer[0, JOBS] == newcomer[0].min()
    assert (scores[:, JOBS] == scores[0, JOBS]).all(), "nothing is known of it, for anybody"


def test_the_newest_act_says_most() -> None:
    task = rounds(1)
    told = (
        NextSoftmax(epochs=30).fit(task).explain(task, 0, int(task.log.job[task.log.start[1] - 1] + 1) % JOBS)
    )
    newest = int(task.log.job[task.log.start[1] - 1])
    assert told.reason_args == {"job": newest}
    weights = {factor.name: factor.weight for factor in told.factors if factor.name.startswith("because")}
    assert sum(weights.values()) == pytest.approx(1.0, abs=1e-6)
    assert max(weights, key=lambda name: weights[name]) == f"because:{newest}"


def test_it_must_be_fitted_first() -> None:
    with pytest.raises(RuntimeError, match="fit the source first"):
        NextSoftmax().score(rounds(1), np.array([0]))
    with pytest.raises(RuntimeError, match="fit the source first"):
        NextSoftmax().refit(rounds(1))
