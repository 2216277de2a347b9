"""The measures against loops that anybody can check by eye."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.engine.metrics import (
    bootstrap_intervals,
    coverage,
    gini,
    novelty,
    per_person,
    ranks,
    top_jobs,
)


@st.composite
def rankings(draw: st.DrawFn) -> tuple[np.ndarray, list[tuple[int, int]], int]:
    """Scores with many ties and unranked jobs, relevant pairs among the ranked, and a k."""
    people, jobs = draw(st.integers(1, 4)), draw(st.integers(1, 9))
    value = st.sampled_from([-np.inf, 0.0, 0.0, 1.0, 1.0, 2.5])
    scores = np.array(
        draw(st.lists(st.lists(value, min_size=jobs, max_size=jobs), min_size=people, max_size=people)),
        dtype=np.float32,
    )
    ranked = [(p, j) for p in range(people) for j in range(jobs) if np.isfinite(scores[p, j])]
    pairs = draw(st.lists(st.sampled_from(ranked), unique=True)) if ranked else []
    return scores, pairs, draw(st.integers(1, 11))


def naive_order(scores: np.ndarray, relevant: set[int]) -> list[int]:
    """Best first; among equals the irrelevant first."""
    ranked = [j for j in range(len(scores)) if np.isfinite(scores[j])]
    return sorted(ranked, key=lambda j: (-scores[j], j in relevant, j))


def naive(order: list[int], relevant: set[int], k: int) -> tuple[float, float, float]:
    hits = [place for place, job in enumerate(order[:k], start=1) if job in relevant]
    ideal = sum(1 / math.log2(place + 1) for place in range(1, min(k, len(relevant)) + 1))
    gain = sum(1 / math.log2(place + 1) for place in hits)
    return len(hits) / len(relevant), gain / ideal, 1 / hits[0] if hits else 0.0


@given(rankings())
def test_recall_ndcg_and_mrr_are_those_of_a_naive_loop(
    case: tuple[np.ndarray, list[tuple[int, int]], int],
) -> None:
    scores, pairs, k = case
    row, job = (np.array([pair[i] for pair in pairs], dtype=np.int64) for i in (0, 1))
    found = per_person(ranks(scores, top_jobs(scores, k), row, job), row, len(scores), k)
    for person in range(len(scores)):
        relevant = {j for p, j in pairs if p == person}
        told = [float(found[name][person]) for name in ("recall", "ndcg", "mrr")]
        if relevant:
            assert told == pytest.approx(naive(naive_order(scores[person], relevant), relevant, k))
        else:
            assert all(map(math.isnan, told))


@given(rankings())
def test_a_list_is_the_front_of_a_stable_sort(case: tuple[np.ndarray, list[tuple[int, int]], int]) -> None:
    scores, _, k = case
    for row, best in zip(scores, top_jobs(scores, k), strict=True):
        expected = [j for j in sorted(range(len(row)), key=lambda j: (-row[j], j)) if np.isfinite(row[j])]
        assert best[best >= 0].tolist() == expected[:k]
        assert (best[len(expected) :] == -1).all()


def test_a_model_that_cannot_tell_jobs_apart_gets_nothing() -> None:
    scores = np.zeros((1, 50), dtype=np.float32)
    rank = ranks(scores, top_jobs(scores, 10), np.array([0]), np.array([0]))
    assert rank.tolist() == [50]


def test_a_place_is_the_same_however_deep_one_looks() -> None:
    scores = np.random.default_rng(5).normal(size=(6, 40)).astype(np.float32)
    row, job = np.arange(6), np.full(6, 3)
    deep, shallow = (ranks(scores, top_jobs(scores, k), row, job) for k in (40, 10))
    assert np.where(deep <= 10, deep, 41).tolist() == shallow.tolist()


def test_a_list_of_no_length_is_refused() -> None:
    with pytest.raises(ValueError):
        top_jobs(np.zeros((1, 2), dtype=np.float32), 0)


def test_nobody_and_nothing_have_empty_lists() -> None:
    assert top_jobs(np.zeros((0, 4), dtype=np.float32), 3).shape == (0, 3)
    assert top_jobs(np.zeros((2, 0), dtype=np.float32), 3).shape == (2, 0)


@given(st.lists(st.integers(0, 6), min_size=1, max_size=12))
def test_gini_is_half_the_mean_difference_over_the_mean(shown: list[int]) -> None:
    told = gini(np.array(shown))
    differences = sum(abs(a - b) for a in shown for b in shown)
    expected = differences / (2 * len(shown) * sum(shown)) if sum(shown) else 0.0
    assert told == pytest.approx(expected, abs=1e-12)


def test_coverage_and_novelty_of_nothing_are_zero() -> None:
    assert coverage(np.array([])) == 0.0
    assert novelty(np.array([0, 0]), np.array([3, 1]), 3) == 0.0


def test_a_job_nobody_knows_is_as_new_as_one_that_one_person_knows() -> None:
    assert novelty(np.array([1]), np.array([0]), 8) == novelty(np.array([1]), np.array([1]), 8) == 3.0


def test_an_interval_holds_the_mean_and_shrinks_with_more_people() -> None:
    rng = np.random.default_rng(2)
    few, many = (rng.random((n, 1)) for n in (20, 2000))
    low, high = bootstrap_intervals(few, np.random.default_rng(1))[0]
    assert low < few.mean() < high
    low_of_many, high_of_many = bootstrap_intervals(many, np.random.default_rng(1))[0]
    assert high_of_many - low_of_many < (high - low) / 3


def test_the_same_dice_draw_the_same_people() -> None:
    values = np.random.default_rng(2).random((30, 2))
    first, second = (bootstrap_intervals(values, np.random.default_rng(7)) for _ in range(2))
    assert (first == second).all()


def test_nobody_has_no_interval() -> None:
    with pytest.raises(ValueError):
        bootstrap_intervals(np.empty((0, 1)), np.random.default_rng(1))


def test_intervals_cover_the_truth_about_as_often_as_they_say() -> None:
    rng = np.random.default_rng(11)
    covered = 0
    for _ in range(200):
        low, high = bootstrap_intervals((rng.random((60, 1)) < 0.3) * 1.0, rng, resamples=200)[0]
        covered += low <= 0.3 <= high
    assert covered >= 180
