from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from segue.engine.ease import ease_scores, fit_ease, interactions
from segue.engine.hybrid import EaseSource
from tests.engine.conftest import make_scene


def test_the_closed_form_solves_its_own_problem() -> None:
    """No single weight can be moved to lower the ridge loss: the gradient off the diagonal is zero."""
    history = (np.random.default_rng(1).random((30, 6)) < 0.4).astype(float)
    weights = fit_ease(sparse.csr_array(history), l2=3.0)
    gradient = history.T @ (history @ weights - history) + 3.0 * weights
    assert np.abs(gradient[~np.eye(6, dtype=bool)]).max() < 1e-9
    assert not np.diag(weights).any()


def test_jobs_seen_together_are_offered_together() -> None:
    history = sparse.csr_array([[1.0, 1.0, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 1, 1]])
    scores = ease_scores(sparse.csr_array([[1.0, 0, 0, 0]]), fit_ease(history, l2=0.5))[0]
    assert scores[1] > max(scores[2], scores[3])


def test_interactions_fade_and_keep_the_strongest() -> None:
    table = interactions(
        np.array([0, 0, 0]),
        np.array([1, 1, 0]),
        np.array([1.0, 4.0, -2.0]),
        np.array([10.0, -50.0, 10.0]),
        shape=(1, 2),
        now_day=10.0,
        half_life_days=60.0,
    )
    assert table.toarray().tolist() == [[0.0, 2.0]]


def test_no_events_give_an_empty_table() -> None:
    none = np.zeros(0)
    table = interactions(none.astype(int), none.astype(int), none, none, shape=(2, 3), now_day=0.0)
    assert table.shape == (2, 3)
    assert table.nnz == 0


def test_wrong_sizes_and_settings_are_refused() -> None:
    with pytest.raises(ValueError, match="l2"):
        fit_ease(sparse.csr_array((1, 1)), l2=0)
    with pytest.raises(ValueError, match="weights have"):
        ease_scores(sparse.csr_array((1, 2)), np.zeros((3, 3)))
    with pytest.raises(ValueError, match="half_life"):
        interactions(*[np.zeros(0)] * 4, shape=(1, 1), now_day=0.0, half_life_days=0)  # type: ignore[arg-type]


def test_a_job_it_never_met_scores_zero() -> None:
    scene = make_scene(jobs=8)
    fitted = EaseSource(l2=2.0).fit(scene)
    renamed = make_scene(jobs=8)
    renamed.jobs.ids[3] = "new"
    assert not fitted.score(renamed)[:, 3].any()


def test_it_must_be_fitted_first() -> None:
    with pytest.raises(RuntimeError, match="fit"):
        EaseSource().score(make_scene())
