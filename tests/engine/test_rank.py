"""A hand is dealt by merit with a little luck, and the luck is known to the last digit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.engine.rank import DEFAULT_WEIGHTS, Deal, blend, deal, mmr, weight_vector, weights_for
from segue.engine.vectors import unit_rows

N = 40
RNG = np.random.default_rng(4)
SCORES = RNG.random(N)
VECTORS = unit_rows(RNG.normal(size=(N, 6)))
ALL = np.ones(N, dtype=np.bool_)


def hand(seed: int = 1, epsilon: float = 0.1, k: int = 10, eligible: np.ndarray = ALL, **more: float) -> Deal:
    return deal(SCORES, eligible, VECTORS, k, np.random.default_rng(seed), epsilon, **more)  # type: ignore[arg-type]


@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.1, 0.5, 1.0]), st.integers(0, 60))
def test_a_hand_is_made_of_distinct_eligible_jobs(seed: int, epsilon: float, k: int) -> None:
    eligible = np.random.default_rng(seed).random(N) < 0.5
    dealt = hand(seed, epsilon, k, eligible)
    assert len(set(dealt.indices.tolist())) == len(dealt.indices) == min(k, int(eligible.sum()))
    assert eligible[dealt.indices].all()
    assert (dealt.propensities >= 0.01 - 1e-12).all()
    assert (dealt.propensities <= 1.0).all()


def test_the_same_seed_deals_the_same_hand() -> None:
    assert (hand(7).indices == hand(7).indices).all()
    assert any((hand(7).indices != hand(seed).indices).any() for seed in range(20))


def test_without_exploration_a_hand_is_pure_mmr() -> None:
    dealt = hand(epsilon=0.0)
    assert (dealt.indices == mmr(SCORES, VECTORS, 10, 0.8)).all()
    assert (dealt.propensities == 1.0).all()
    assert not dealt.explored.any()


def test_logged_propensities_match_what_happens() -> None:
    """4,000 hands of one: how often each job comes up is what was logged for it (4.5 σ)."""
    hands = [hand(seed, 0.5, 1) for seed in range(4_000)]
    logged = {int(h.indices[0]): float(h.propensities[0]) for h in hands}
    assert sum(logged.values()) == pytest.approx(1.0)
    for job, propensity in logged.items():
        seen = sum(int(h.indices[0]) == job for h in hands) / len(hands)
        assert abs(seen - propensity) < 4.5 * np.sqrt(propensity * (1 - propensity) / len(hands))


def test_inverse_propensities_add_up_over_a_slate() -> None:
    """An unbiased estimate: weighting the second position by 1 / propensity recovers the pool."""
    weights = [1.0 / hand(seed, 0.5, 2).propensities[1] for seed in range(3_000)]
    assert np.mean(weights) == pytest.approx(10.0, rel=0.1)


def test_a_small_rest_is_drawn_with_higher_propensity() -> None:
    only_two = np.zeros(N, dtype=np.bool_)
    only_two[:2] = True
    dealt = hand(3, 0.2, 5, only_two)
    assert dealt.propensities[0] in (pytest.approx(0.9), pytest.approx(0.1))
    assert dealt.propensities[1] == pytest.approx(1.0)


def test_nobody_eligible_gives_an_empty_hand() -> None:
    assert len(hand(eligible=~ALL).indices) == 0


def test_exploration_that_would_break_the_floor_is_refused() -> None:
    with pytest.raises(ValueError, match="floor"):
        hand(epsilon=0.05)
    with pytest.raises(ValueError, match="epsilon"):
        hand(epsilon=1.5)
    with pytest.raises(ValueError, match="pool_size"):
        hand(pool_size=0)


def test_diversity_passes_over_a_twin() -> None:
    twins = np.array([[1, 0], [1, 0], [0, 1]], dtype=np.float32)
    scores = np.array([0.9, 0.89, 0.5])
    assert mmr(scores, twins, 3, 0.5).tolist() == [0, 2, 1]
    assert mmr(scores, twins, 3, 1.0).tolist() == [0, 1, 2]


def test_a_score_of_minus_infinity_is_never_dealt() -> None:
    assert mmr(np.array([-np.inf, 0.1]), np.eye(2, dtype=np.float32), 2, 0.5).tolist() == [1]


def test_weights_are_checked_by_name_and_width() -> None:
    with pytest.raises(ValueError, match="no such feature: titel"):
        weight_vector({"titel": 1.0})
    with pytest.raises(ValueError, match="features but"):
        blend(np.zeros(3), np.zeros(2))


@given(st.integers(0, 100))
def test_behaviour_gains_weight_and_the_sum_stays(active: int) -> None:
    weights = weights_for(active)
    assert sum(weights.values()) == pytest.approx(1.0)
    assert weights["behaviour"] <= weights_for(active + 1)["behaviour"]
    assert weights["title"] / weights["text"] == pytest.approx(
        DEFAULT_WEIGHTS["title"] / DEFAULT_WEIGHTS["text"]
    )


def test_weights_without_behaviour_stay_without() -> None:
    assert weights_for(20, {"title": 1.0}) == {"title": 1.0}
