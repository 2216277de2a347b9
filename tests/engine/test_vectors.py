from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from segue.engine.vectors import centre, cosines, document_vectors, mean_vector, mix, unit_rows


@given(st.integers(0, 6), st.integers(1, 5), st.integers(0, 10_000))
def test_document_rows_have_length_one_or_zero(documents: int, terms: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    counts = sparse.csr_array(rng.poisson(0.7, (documents, terms)).astype(float))
    vectors = document_vectors(counts, unit_rows(rng.normal(size=(terms, 4))), np.ones(terms))
    filled = np.asarray(counts.sum(axis=1)) > 0
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1)[filled], 1.0, atol=1e-5)
    assert not vectors[~filled].any()


def test_a_rare_term_pulls_harder() -> None:
    counts = sparse.csr_array([[1.0, 1.0]])
    (row,) = document_vectors(counts, np.eye(2, dtype=np.float32), np.array([1.0, 3.0]))
    assert row[1] > row[0]


def test_widths_must_agree() -> None:
    with pytest.raises(ValueError, match="counted terms"):
        document_vectors(sparse.csr_array((1, 2)), np.eye(3, dtype=np.float32), np.ones(2))


def test_centring_makes_the_usual_neutral_and_keeps_the_unknown_unknown() -> None:
    rng = np.random.default_rng(5)
    rows = unit_rows(rng.normal(size=(400, 16)) + 3.0)
    rows[0] = 0
    centred = centre(rows, mean_vector(rows))
    assert cosines(rows[1:], rows[1:]).mean() > 0.8
    assert abs(cosines(centred[1:], centred[1:]).mean()) < 0.02
    assert not centred[0].any()


def test_a_mean_over_nothing_is_zero() -> None:
    assert mean_vector(np.zeros((3, 2), dtype=np.float32)).tolist() == [0.0, 0.0]


def test_mixing_fills_gaps_with_the_other_part() -> None:
    skills = np.array([[1, 0], [0, 0]], dtype=np.float32)
    words = np.array([[0, 1], [0, 1]], dtype=np.float32)
    mixed = mix([skills, words], [1.0, 0.5])
    assert mixed[0, 0] > mixed[0, 1] > 0
    assert mixed[1].tolist() == [0.0, 1.0]


def test_mixing_needs_a_weight_for_every_part() -> None:
    with pytest.raises(ValueError, match="argument 2"):
        mix([np.eye(2, dtype=np.float32)] * 2, [1.0])
