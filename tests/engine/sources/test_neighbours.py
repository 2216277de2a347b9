"""Linear sources as a page serves them: the same scores where nothing is cut, and sums that add up."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from segue.engine.sources.linear import Ease, NextItem
from segue.engine.sources.neighbours import Learned, Neighbours, mixed
from segue.engine.task import Log, Task

JOBS, PEOPLE = 12, 40


def a_task(seed: int = 3) -> Task:
    rng = np.random.default_rng(seed)
    person, job = rng.integers(0, PEOPLE, 300), rng.integers(0, JOBS, 300)
    return Task.bare(Log.of(person, job, rng.random(300), people=PEOPLE, jobs=JOBS))


@cache  # fitted once, asked for many histories
def learned(*, keep: int = JOBS, weights: tuple[float, float] = (0.25, 0.75)) -> Learned:
    task = a_task()
    everything = np.arange(JOBS)
    sources = Ease(l2=5.0).fit(task), NextItem(l2=5.0).fit(task)
    parts = tuple(Neighbours.of(source, everything, JOBS, keep=keep) for source in sources)
    return Learned(parts, np.tile(weights, (4, 1)), np.array([0.0, 0.1, 0.2, 0.3]))


@pytest.mark.parametrize("source", [Ease(l2=5.0), NextItem(l2=5.0)])
def test_with_all_neighbours_kept_the_scores_are_the_sources_own(source: Ease | NextItem) -> None:
    task = a_task()
    fitted = source.fit(task)
    whole = Neighbours.of(fitted, np.arange(JOBS), JOBS, keep=JOBS)
    person = int(task.log.person[0])
    acts = task.log.job[task.log.person == person][::-1]
    history = np.array(list(dict.fromkeys(acts.tolist())))
    alone = np.zeros((len(history), JOBS), dtype=np.float32)
    alone[np.arange(len(history)), history] = 1.0
    own = fitted.scores_of(sparse.csr_array(alone))
    own[np.arange(len(history)), history] = 0.0
    expected = whole.weights(len(history)) @ own
    jobs, worth, _ = whole.votes(history)
    np.testing.assert_allclose(np.bincount(jobs, worth, JOBS), expected, atol=1e-5)


def test_only_the_strongest_are_kept() -> None:
    for part in learned(keep=3).parts:
        assert np.diff(part.matrix.indptr).max() <= 3


@given(st.lists(st.integers(0, JOBS - 1), unique=True, max_size=JOBS), st.integers(0, JOBS - 1))
def test_what_each_act_adds_and_a_constant_make_up_the_feature(history: list[int], job: int) -> None:
    model, acts = learned(), np.array(history, dtype=np.int64)
    views = model.views(acts)
    total = model.weights[0] @ views
    added = np.array([model.contributions(acts, one).sum() for one in range(JOBS)])
    assert np.ptp(total - added) == pytest.approx(0.0, abs=1e-9)
    feature = model.feature(acts)
    assert np.abs(feature).max(initial=0.0) <= 1.0
    np.testing.assert_allclose(feature, mixed(views, model.weights[0]))
    cause = model.because(acts, job)
    assert cause is None or cause in history


def test_without_history_nothing_is_said() -> None:
    model, nothing = learned(), np.empty(0, dtype=np.int64)
    assert model.feature(nothing).tolist() == [0.0] * JOBS
    assert model.because(nothing, 0) is None
    assert (model.share(0), model.share(2), model.share(9), model.share(50)) == (0.0, 0.1, 0.2, 0.3)
