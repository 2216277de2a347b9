"""The ridge inverse, exact and by its spectrum, and EASE, which stands on it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from segue.engine.sources import gram as grams
from segue.engine.sources.gram import Gram, largest_eigenpairs
from segue.engine.sources.linear import Ease


def histories(seed: int, people: int = 400, jobs: int = 80, tastes: int = 6) -> sparse.csr_array:
    """People who mostly keep to one of a few groups of jobs."""
    rng = np.random.default_rng(seed)
    group, own = np.arange(jobs) % tastes, rng.integers(0, tastes, people)
    chance = np.where(group[None, :] == own[:, None], 0.4, 0.02)
    return sparse.csr_array((rng.random((people, jobs)) < chance).astype(np.float32))


def by_spectrum(monkeypatch: pytest.MonkeyPatch, rank: int) -> None:
    monkeypatch.setattr(grams, "DENSE_UP_TO", 0)
    monkeypatch.setattr(grams, "RANK", rank)


def test_a_graph_with_fewer_directions_than_are_asked_for_has_those() -> None:
    rows = np.random.default_rng(3).standard_normal((30, 4)).astype(np.float32)
    twins = sparse.csr_array(np.repeat(rows @ rows.T, 2, axis=1).repeat(2, axis=0))
    values, vectors = largest_eigenpairs(twins, 25)
    assert np.isfinite(vectors).all()
    assert (values[4:] < 1e-3 * values[0]).all()
    assert values[:4] == pytest.approx(np.linalg.eigvalsh(twins.toarray())[::-1][:4], rel=1e-3)


@pytest.mark.parametrize("l2", [1.0, 50.0])
def test_the_exact_inverse_undoes_what_it_inverts(l2: float) -> None:
    rows = histories(1)
    whole = (rows.T @ rows).toarray() + l2 * np.eye(rows.shape[1])
    inverse = Gram.of(rows).inverse(l2)
    back = inverse.apply(sparse.csr_array(whole.astype(np.float32)))
    np.testing.assert_allclose(back, np.eye(rows.shape[1]), atol=2e-3)
    np.testing.assert_allclose(inverse.diagonal, np.diag(np.linalg.inv(whole)), rtol=1e-3)


def test_a_whole_spectrum_gives_the_exact_inverse(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = histories(2)
    exact = Gram.of(rows).inverse(30.0)
    by_spectrum(monkeypatch, rank=80)
    close = Gram.of(rows).inverse(30.0)
    np.testing.assert_allclose(close.apply(rows), exact.apply(rows), atol=1e-3)
    np.testing.assert_allclose(close.diagonal, exact.diagonal, rtol=1e-2)


def test_a_part_of_the_spectrum_errs_no_more_than_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what is left out, an eigenvalue s errs by (s / l2)² / (1 + s / l2), in units of 1 / l2."""
    rows, l2 = histories(3), 200.0
    values, _ = np.linalg.eigh((rows.T @ rows).toarray())
    left_out = values[::-1][12] / l2
    exact = Gram.of(rows).inverse(l2).apply(sparse.csr_array(np.eye(80, dtype=np.float32)))
    by_spectrum(monkeypatch, rank=12)
    close = Gram.of(rows).inverse(l2).apply(sparse.csr_array(np.eye(80, dtype=np.float32)))
    error = np.abs(np.linalg.eigvalsh((close - exact).astype(np.float64))).max() * l2
    assert 0 < error <= 1.5 * left_out**2 / (1 + left_out)


@given(seed=st.integers(0, 200), rank=st.integers(1, 8))
def test_the_largest_eigenvalues_are_found(seed: int, rank: int) -> None:
    rows = histories(seed, people=60, jobs=20, tastes=3)
    whole = (rows.T @ rows).toarray()
    values, vectors = largest_eigenpairs(sparse.csr_array(whole), rank)
    assert (values.shape, vectors.shape) == ((rank,), (20, rank))
    true = np.linalg.eigvalsh(whole)[::-1][:rank]
    assert (values <= 1.001 * true).all(), "what a subspace holds is never more than there is"
    assert (values >= 0.9 * true).all()
    assert values[0] == pytest.approx(true[0], rel=1e-3)
    np.testing.assert_allclose(vectors.T @ vectors, np.eye(rank), atol=2e-2)


@pytest.mark.parametrize("is_dense", [True, False])
def test_ease_solves_its_own_problem(is_dense: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """No weight off the diagonal can be moved to lower the ridge loss, and no job speaks for itself."""
    rows, l2 = histories(5), 40.0
    if not is_dense:
        by_spectrum(monkeypatch, rank=80)
    ease = Ease(l2=l2, gram=Gram.of(rows))
    weights = ease.scores_of(sparse.csr_array(np.eye(80, dtype=np.float32))).astype(np.float64)
    history = rows.toarray().astype(np.float64)
    gradient = history.T @ (history @ weights - history) + l2 * weights
    largest = np.abs(history.T @ history).max()
    assert np.abs(gradient[~np.eye(80, dtype=bool)]).max() < 0.01 * largest
    assert np.abs(np.diag(weights)).max() < 0.01


def test_jobs_seen_together_are_offered_together() -> None:
    rows = sparse.csr_array(np.array([[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 1, 1]], np.float32))
    scores = Ease(l2=0.5, gram=Gram.of(rows)).scores_of(sparse.csr_array(np.eye(4, dtype=np.float32)))
    assert scores[0, 1] > max(scores[0, 2], scores[0, 3])


def test_shrinkage_is_above_zero() -> None:
    with pytest.raises(ValueError, match="l2"):
        Gram.of(histories(1)).inverse(0.0)
