"""The battery every source of scores passes, whatever it is made of."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from segue.engine.estimator import Scene, Source
from segue.engine.hybrid import ContentSource
from segue.engine.taste import Events
from tests.engine.conftest import make_scene

# Vectors are float32: sums in another order may differ in the seventh digit.
LOOSE = 1e-6

SOURCES = [ContentSource()]
pytestmark = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)


def test_scores_have_the_shape_of_the_scene_and_are_finite(source: Source, scene: Scene) -> None:
    scores = source.fit(scene).score(scene)
    assert scores.shape == (4, 15)
    assert scores.dtype == np.float64
    assert np.isfinite(scores).all()


def test_the_same_scene_gives_the_same_scores_to_the_bit(source: Source, scene: Scene) -> None:
    first, second = (source.fit(make_scene()).score(make_scene()) for _ in range(2))
    assert (first == second).all()


def test_somebody_without_history_is_scored(source: Source, scene: Scene) -> None:
    newcomers = replace(scene, events=tuple(Events.of([]) for _ in scene.events))
    assert np.isfinite(source.fit(newcomers).score(newcomers)).all()


@pytest.mark.parametrize(("people", "jobs"), [(1, 1), (3, 1), (1, 5)])
def test_a_single_job_or_person_is_enough(source: Source, people: int, jobs: int) -> None:
    small = make_scene(people=people, jobs=jobs)
    assert source.fit(small).score(small).shape == (people, jobs)


def test_the_order_of_jobs_does_not_matter(source: Source, scene: Scene) -> None:
    order = np.random.default_rng(3).permutation(len(scene.jobs))
    now_at = np.argsort(order)
    events = tuple(Events(now_at[e.job], e.kind, e.day) for e in scene.events)
    shuffled = replace(scene, jobs=scene.jobs.pick(order), events=events)
    before = source.fit(scene)
    np.testing.assert_allclose(before.score(shuffled), before.score(scene)[:, order], atol=LOOSE)


def test_the_order_of_people_does_not_matter(source: Source, scene: Scene) -> None:
    order = [2, 0, 3, 1]
    shuffled = replace(scene, people=scene.people.pick(order), events=tuple(scene.events[i] for i in order))
    before, after = source.fit(scene).score(scene), source.fit(shuffled).score(shuffled)
    np.testing.assert_allclose(after, before[order], atol=LOOSE)


def test_learning_a_skill_a_job_asks_for_never_lowers_its_score(source: Source, scene: Scene) -> None:
    fitted = source.fit(scene)
    before = fitted.score(scene)
    for skill in range(scene.people.skills.shape[1]):
        held = scene.people.skills.toarray()
        held[:, skill] = 1.0
        taught = replace(scene, people=replace(scene.people, skills=sparse.csr_array(held)))
        assert (fitted.score(taught) >= before - 1e-12).all()


def test_an_explanation_adds_up_to_the_score(source: Source, scene: Scene) -> None:
    fitted = source.fit(scene)
    scores = fitted.score(scene)
    for person, job in [(0, 0), (1, 14), (3, 7)]:
        told = fitted.explain(scene, person, job)
        assert sum(factor.contribution for factor in told.factors) == pytest.approx(told.score, abs=1e-12)
        assert math.isclose(told.score, scores[person, job], abs_tol=LOOSE)


def test_fitting_leaves_the_original_alone(source: Source, scene: Scene) -> None:
    before = vars(source).copy()
    source.fit(scene)
    assert vars(source) == before
