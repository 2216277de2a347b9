"""Within a pool the policy elects cards and reasons, with chances that are counts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.engine.caps import Cap
from segue.engine.card_policy import BOUND, CardBelief
from segue.engine.policy import Alphabet, Arm, Context
from segue.engine.rank import deal, redeal

DRAWS = 64


def belief(seed: int = 1, spread: float = 0.02) -> CardBelief:
    dice = np.random.default_rng(seed)
    return CardBelief(
        reasons=spread * dice.standard_normal((4, DRAWS)),
        marks=spread * dice.standard_normal((2, DRAWS)),
        bands=spread * dice.standard_normal((4, DRAWS)),
        usual=0.02,
    )


@given(st.integers(0, 1000), st.integers(1, 12))
def test_every_draw_has_one_vote_and_no_tilt_passes_its_bound(seed: int, cards: int) -> None:
    dice = np.random.default_rng(seed)
    seen = (dice.random((cards, 4)) < 0.4, dice.random((cards, 2)) < 0.5, dice.integers(4, size=cards))
    told = belief(seed)
    assert told.votes(dice.random(cards), *seen).sum() == DRAWS
    assert np.abs(told.tilts(*seen)).max() <= BOUND + 1e-12


def test_a_card_that_fits_much_better_is_elected_whatever_is_believed() -> None:
    told = belief(spread=9.0)
    true = np.eye(3, 4, dtype=bool)
    votes = told.votes(
        np.array([0.9, 0.9 - 3 * BOUND, 0.1]), true, np.zeros((3, 2), dtype=bool), np.zeros(3, int)
    )
    assert votes.tolist() == [DRAWS, 0, 0]


def test_the_chances_of_a_pool_are_the_votes_and_come_true() -> None:
    """Over many hands each card comes as often as its chance says, and no card of the pool below .01."""
    told, scores = belief(), np.array([0.5, 0.49, 0.48])
    true = np.eye(3, 4, dtype=bool)

    def elect(rows: np.ndarray, worth: np.ndarray) -> np.ndarray:
        return told.votes(worth, true[rows], np.zeros((len(rows), 2), dtype=bool), np.zeros(len(rows), int))

    counts, chance, hands = np.zeros(3), np.full(3, np.nan), 4000
    for seed in range(hands):
        hand = deal(
            scores,
            np.ones(3, dtype=bool),
            np.eye(3, dtype=np.float32),
            1,
            np.random.default_rng(seed),
            elect=elect,
        )
        counts[hand.indices[0]] += 1
        chance[hand.indices[0]] = hand.propensities[0]
        again = redeal(hand.steps, np.random.default_rng(seed))
        assert again.indices.tolist() == hand.indices.tolist()
        assert again.propensities.tolist() == hand.propensities.tolist()
    assert np.nansum(chance) == pytest.approx(1.0)
    assert np.nanmin(chance) >= 0.01
    assert np.abs(counts / hands - chance).max() < 4 * np.sqrt(0.25 / hands)


def test_a_reason_may_mean_more_in_the_evening() -> None:
    told = Alphabet(("mix",), ("skills", "place"), ("new",), ("place",))
    weights = np.zeros(len(told.names))
    weights[told.columns["place~evening"]] = 1.0
    draws = np.repeat(weights[:, None], 3, axis=1)
    evening, morning = (CardBelief.of(told, weights, draws, Context(hour, 0)) for hour in (20, 8))
    assert (evening.reasons[1] == 1.0).all()
    assert not morning.reasons.any()
    row = told.rows([Arm("mix", "place", 0, ("new",))], [Context(20, 0)]) @ weights
    assert row.tolist() == [1.0]


@given(st.lists(st.integers(-1, 3), min_size=1, max_size=40), st.integers(0, 3), st.integers(0, 100))
def test_no_hand_holds_more_of_a_kind_than_its_cap(codes: list[int], most: int, seed: int) -> None:
    kinds = np.array(codes, dtype=np.int32)
    dice = np.random.default_rng(seed)
    hand = deal(
        dice.random(len(kinds)),
        np.ones(len(kinds), dtype=bool),
        np.eye(len(kinds), dtype=np.float32),
        10,
        dice,
        caps=[Cap(kinds, np.full(4, most))],
    )
    counts = np.bincount(kinds[hand.indices][kinds[hand.indices] >= 0], minlength=4)
    assert counts.max() <= most
    allowed = int((kinds < 0).sum()) + sum(min(most, int((kinds == kind).sum())) for kind in range(4))
    assert len(hand.indices) == min(10, allowed), "a cap never leaves a gap that another job could fill"
