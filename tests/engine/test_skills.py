from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from segue.engine.skills import NEAR_CREDIT, coverage, held_credit, near_skills, skill_evidence

# python, pandas (near python), plumbing
VECTORS = np.array([[1, 0, 0], [0.9, 0.436, 0], [0, 0, 1]], dtype=np.float32)
NEAR = near_skills(VECTORS)


def row(*held: float) -> sparse.csr_array:
    return sparse.csr_array(np.array([held], dtype=float))


def test_having_all_of_it_is_one_and_none_of_it_zero() -> None:
    assert coverage(row(1, 1, 0), row(1, 1, 0), row(0, 0, 0)).tolist() == [[1.0]]
    assert coverage(row(0, 0, 1), row(1, 1, 0), row(0, 0, 0)).tolist() == [[0.0]]


def test_a_near_skill_earns_part_credit_and_a_far_one_none() -> None:
    near = coverage(row(0, 1, 0), row(1, 0, 0), row(0, 0, 0), NEAR)[0, 0]
    far = coverage(row(0, 0, 1), row(1, 0, 0), row(0, 0, 0), NEAR)[0, 0]
    assert 0 < near <= NEAR_CREDIT
    assert far == 0


def test_required_skills_outweigh_nice_ones() -> None:
    required, nice = row(1, 0, 0), row(0, 0, 1)
    assert coverage(row(1, 0, 0), required, nice)[0, 0] == pytest.approx(0.8)
    assert coverage(row(0, 0, 1), required, nice)[0, 0] == pytest.approx(0.2)
    assert coverage(row(0, 0, 1), row(0, 0, 0), nice)[0, 0] == 1.0


def test_a_job_without_skills_is_neutral() -> None:
    assert coverage(row(1, 1, 1), row(0, 0, 0), row(0, 0, 0), NEAR).tolist() == [[0.0]]


def test_doubtful_skills_count_by_their_confidence() -> None:
    assert coverage(row(0.4, 0, 0), row(1, 0, 0), row(0, 0, 0)).tolist() == [[0.4]]


@given(st.integers(0, 10_000))
def test_another_skill_never_hurts(seed: int) -> None:
    rng = np.random.default_rng(seed)
    held = (rng.random((1, 3)) < 0.5).astype(float)
    required, nice = (sparse.csr_array((rng.random((4, 3)) < 0.5).astype(float)) for _ in range(2))
    before = coverage(sparse.csr_array(held), required, nice, NEAR)
    held[0, rng.integers(3)] = 1.0
    after = coverage(sparse.csr_array(held), required, nice, NEAR)
    assert (after >= before - 1e-12).all()
    assert ((after >= 0) & (after <= 1)).all()


def test_evidence_splits_the_job_and_names_the_stand_in() -> None:
    found = skill_evidence(row(0, 1, 0), row(1, 1, 1), NEAR)
    assert found.matched.tolist() == [1]
    assert found.missing.tolist() == [0, 2]
    assert found.near == ((0, 1),)


def test_evidence_about_somebody_without_skills() -> None:
    found = skill_evidence(row(0, 0, 0), row(1, 0, 0), NEAR)
    assert (found.matched.tolist(), found.missing.tolist(), found.near) == ([], [0], ())


def test_the_best_skill_counts_not_the_number_of_near_ones() -> None:
    assert held_credit(row(0, 1, 1), NEAR)[0, 0] == held_credit(row(0, 1, 0), NEAR)[0, 0]


def test_numbers_of_skills_must_agree() -> None:
    with pytest.raises(ValueError, match="skills differ"):
        coverage(row(1, 0, 0), sparse.csr_array((1, 2)), row(0, 0, 0))
    with pytest.raises(ValueError, match="floor"):
        near_skills(VECTORS, floor=1.0)
