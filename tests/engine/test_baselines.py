"""The two simple recommenders keep the contract of all: shapes, types, sums that add up."""

from __future__ import annotations

import numpy as np
import pytest

from segue.engine.baselines import ItemKNN, Popularity
from segue.engine.task import Log, Recommender, Task

MODELS = [Popularity(), ItemKNN(), ItemKNN(neighbours=2)]


def make_task(people: int = 7, jobs: int = 9, acts: int = 40, seed: int = 3) -> Task:
    rng = np.random.default_rng(seed)
    who, what = rng.integers(0, people, acts), rng.integers(0, jobs, acts)
    return Task.bare(Log.of(who, what, rng.random(acts), people=people, jobs=jobs))


@pytest.mark.parametrize("model", MODELS, ids=repr)
@pytest.mark.parametrize(("people", "jobs", "acts"), [(7, 9, 40), (1, 3, 2), (1, 1, 1), (3, 4, 0)])
def test_scores_are_finite_float32_of_the_right_shape(
    model: Recommender, people: int, jobs: int, acts: int
) -> None:
    task = make_task(people, jobs, acts)
    scores = model.fit(task).score(task, np.arange(people))
    assert (scores.shape, scores.dtype) == ((people, jobs), np.float32)
    assert np.isfinite(scores).all()


@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_an_explanation_adds_up(model: Recommender) -> None:
    task = make_task()
    fitted = model.fit(task)
    scores = fitted.score(task, np.arange(7))
    for person, job in np.ndindex(7, 9):
        told = fitted.explain(task, person, job)
        assert told.score == pytest.approx(scores[person, job], abs=1e-5)
        assert sum(factor.contribution for factor in told.factors) == pytest.approx(told.score)


@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_nothing_is_scored_before_it_is_fitted(model: Recommender) -> None:
    with pytest.raises(RuntimeError):
        model.score(make_task(), np.array([0]))


def test_cosines_are_those_of_the_whole_square() -> None:
    task = make_task()
    seen = task.log.matrix().toarray()
    norm = np.maximum(np.linalg.norm(seen, axis=0), 1.0)
    square = (seen.T @ seen) / np.outer(norm, norm)
    np.fill_diagonal(square, 0.0)
    expected = seen @ square
    np.testing.assert_allclose(ItemKNN().fit(task).score(task, np.arange(7)), expected, rtol=1e-5)
