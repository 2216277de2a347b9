"""A match takes two: chances mean what they say, openings are not oversold, little data stays silent."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import expit

from segue.engine.calibration import Calibration, fit_calibration
from segue.engine.two_sided import (
    NOT_ENOUGH,
    Abstained,
    RankedPeople,
    best_jobs,
    expected_surplus,
    harmonic,
    pair_worth,
    rank_people,
    share_out,
    unsure,
)

FloatArray = NDArray[np.float64]
SEEDS = st.integers(0, 10_000)
CHANCES = st.floats(1e-9, 1.0 - 1e-9)


def fitted(
    seed: int, cases: int, *, families: int = 3, slope: float = 1.0, level: float = -1.0
) -> Calibration:
    rng = np.random.default_rng(seed)
    score, family = rng.normal(size=cases), rng.integers(0, families, cases)
    return fit_calibration(score, rng.random(cases) < expit(level + slope * score), family, families=families)


@settings(max_examples=50, deadline=None)
@given(SEEDS, st.integers(0, 300), st.floats(-3.0, 3.0))
def test_calibrated_chances_lie_between_0_and_1_and_never_fall_as_the_score_rises(
    seed: int, cases: int, slope: float
) -> None:
    """Even where the labels say the opposite: a curve goes flat, not down."""
    known = fitted(seed, cases, slope=slope)
    score = np.linspace(-50.0, 50.0, 101)
    for family in (-1, 0, 1, 2, 99):
        chance = known.chance(score, family)
        assert ((chance > 0.0) & (chance < 1.0)).all()
        assert (np.diff(chance) >= 0.0).all()
        low, high = known.interval(score, family)
        assert ((low <= chance) & (chance <= high)).all()


def test_chances_mean_what_they_say() -> None:
    """Of those given p, a share of p happens: 20,000 fresh cases, ten bins, 4 σ."""
    known = fitted(1, 20_000, slope=0.8, level=-2.0)
    rng = np.random.default_rng(2)
    score = rng.normal(size=20_000)
    happened = rng.random(20_000) < expit(-2.0 + 0.8 * score)
    said = known.chance(score, 0)
    for part in np.array_split(np.argsort(said), 10):
        error = np.sqrt(said[part].mean() * (1 - said[part].mean()) / len(part))
        assert abs(happened[part].mean() - said[part].mean()) < 4 * error + 0.005


def test_nine_intervals_in_ten_hold_the_truth() -> None:
    """60 small samples of 300: the 90 % interval covers at least 80 % of the time."""
    score = np.array([-1.0, 0.0, 1.0])
    truth = expit(-1.0 + score)
    held = []
    for seed in range(60):
        low, high = fitted(seed, 300, families=1).interval(score, 0)
        held += ((low <= truth) & (truth <= high)).tolist()
    assert np.mean(held) > 0.8


def two_worlds(few: int) -> tuple[Calibration, FloatArray]:
    """Ten families where nearly nobody says yes, and an eleventh, with `few` labels, where most do."""
    rng = np.random.default_rng(5)
    family = np.concatenate([np.repeat(np.arange(10), 400), np.full(few, 10)])
    score = rng.normal(size=len(family))
    level = np.where(family == 10, 1.5, -2.5)
    known = fit_calibration(score, rng.random(len(family)) < expit(level + score), family, families=11)
    return known, np.array([0.0])


def test_a_family_with_few_labels_is_treated_as_the_world_and_with_many_as_itself() -> None:
    off = []
    for few in (0, 3, 30, 3000):
        known, at = two_worlds(few)
        off.append(float(known.chance(at, 10)[0]))
    world = float(two_worlds(0)[0].chance(np.array([0.0]), -1)[0])
    assert off[0] == pytest.approx(world, abs=0.02)
    own = float(expit(1.5))
    far = [own - chance for chance in off]
    assert far[1] > 0.25  # three labels move it, not all the way
    assert far[0] > far[1] > far[2]
    assert off[3] == pytest.approx(expit(1.5), abs=0.03)


def test_families_that_agree_lend_each_other_strength() -> None:
    """With true differences of none, 40 labels a family come nearer the truth together than alone."""
    rng = np.random.default_rng(8)
    family = np.repeat(np.arange(20), 40)
    score = rng.normal(size=len(family))
    label = rng.random(len(family)) < expit(-1.5 + score)
    shared = fit_calibration(score, label, family, families=20)
    at, truth = np.array([0.0]), float(expit(-1.5))
    alone = [
        fit_calibration(score[family == f], label[family == f], np.zeros(40, int), families=1)
        for f in range(20)
    ]
    errors = [abs(float(shared.chance(at, f)[0]) - truth) for f in range(20)]
    assert np.mean(errors) < np.mean([abs(float(one.chance(at, 0)[0]) - truth) for one in alone])


def test_scores_of_any_unit_give_the_same_chances() -> None:
    rng = np.random.default_rng(3)
    score, family = rng.normal(size=500), rng.integers(0, 2, 500)
    label = rng.random(500) < expit(score)
    plain = fit_calibration(score, label, family, families=2).chance(score, family)
    scaled = fit_calibration(1e4 * score + 7.0, label, family, families=2).chance(1e4 * score + 7.0, family)
    assert np.allclose(plain, scaled, atol=1e-3)


@pytest.mark.parametrize(
    ("score", "label", "family"),
    [([np.nan], [1], [0]), ([0.0], [1], [2]), ([0.0], [1], [-1]), ([0.0, 1.0], [1], [0])],
)
def test_nonsense_is_refused(score: list[float], label: list[int], family: list[int]) -> None:
    with pytest.raises(ValueError, match=r"finite|families|length"):
        fit_calibration(np.array(score), np.array(label), np.array(family), families=2)


@settings(max_examples=50, deadline=None)
@given(CHANCES, CHANCES)
def test_the_harmonic_mean_is_no_more_than_twice_the_smaller_chance(want: float, take: float) -> None:
    both = float(harmonic(np.array(want), np.array(take)))
    assert min(want, take) * (1 - 1e-12) <= both <= min(2 * min(want, take), max(want, take)) * (1 + 1e-12)


def test_nobody_wanting_it_is_no_match() -> None:
    assert harmonic(np.array([0.0, 0.0]), np.array([0.0, 0.9])).tolist() == [0.0, 0.0]


@settings(max_examples=50, deadline=None)
@given(st.floats(-20, 20), st.floats(0.0, 1.0), st.floats(0.01, 5.0))
def test_surplus_is_never_below_nothing_and_rises_with_liking_and_chance(
    utility: float, chance: float, more: float
) -> None:
    worth = float(expected_surplus(np.array(utility), np.array(chance)))
    assert worth >= 0.0
    assert float(expected_surplus(np.array(utility + more), np.array(chance))) >= worth
    assert float(expected_surplus(np.array(utility), np.array(min(chance + more, 1.0)))) >= worth


@settings(max_examples=50, deadline=None)
@given(CHANCES, CHANCES)
def test_a_pair_is_worth_something_to_both_whoever_is_asked(want: float, take: float) -> None:
    one, other = (float(pair_worth(np.array(a), np.array(b))) for a, b in ((want, take), (take, want)))
    assert one == pytest.approx(other)
    assert one >= want * take * (1 - 1e-9)


def a_market(seed: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    rng = np.random.default_rng(seed)
    people, jobs = int(rng.integers(1, 25)), int(rng.integers(1, 12))
    worth = np.where(rng.random((people, jobs)) < 0.85, rng.random((people, jobs)) * 2.0, -np.inf)
    chance = rng.random((people, jobs)) ** 2
    return worth, chance, rng.choice([0.0, 0.3, 1.0, 2.5], jobs)


@settings(max_examples=50, deadline=None)
@given(SEEDS, st.integers(1, 5), st.integers(0, 30))
def test_no_opening_is_ever_promised_to_more_than_it_can_take(seed: int, k: int, rounds: int) -> None:
    """However few rounds the prices had, and from whatever prices they began."""
    worth, chance, capacity = a_market(seed)
    start = np.random.default_rng(seed).random(len(capacity)) * 3.0 if seed % 2 else None
    shared = share_out(worth, chance, capacity, k, price=start, rounds=rounds)
    assert (shared.load <= capacity + 1e-9).all()
    assert (shared.price >= 0.0).all()
    for person, slate in enumerate(shared.slates):
        jobs = slate[slate >= 0]
        assert len(set(jobs.tolist())) == len(jobs) <= k
        assert np.isfinite(worth[person, jobs]).all()


@settings(max_examples=50, deadline=None)
@given(SEEDS, st.integers(1, 5))
def test_with_room_for_all_everybody_gets_their_best_for_free(seed: int, k: int) -> None:
    worth, chance, capacity = a_market(seed)
    shared = share_out(worth, chance, np.full(len(capacity), 1e3), k)
    assert (shared.slates == best_jobs(worth, k)).all()
    assert not shared.price.any()


def test_a_price_sends_people_where_there_is_room() -> None:
    """Thirty people all like the same opening better; three go there, those who would lose the most."""
    worth = np.column_stack([np.linspace(1.0, 2.0, 30), np.full(30, 0.9)])
    shared = share_out(worth, np.ones((30, 2)), np.array([3.0, 40.0]), 1)
    assert np.bincount(shared.slates[:, 0], minlength=2).tolist() == [3, 27]
    assert set(np.flatnonzero(shared.slates[:, 0] == 0).tolist()) == {27, 28, 29}
    assert shared.price[0] > 0.0
    assert shared.price[1] == 0.0


def test_shapes_that_differ_and_room_below_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="capacity"):
        share_out(np.zeros((2, 3)), np.zeros((2, 3)), np.zeros(2), 1)
    with pytest.raises(ValueError, match="below zero"):
        share_out(np.zeros((2, 3)), np.zeros((2, 3)), np.full(3, -1.0), 1)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 7), SEEDS)
def test_three_labels_are_not_enough_to_say(outcome: int, seed: int) -> None:
    label = np.array([outcome & 1, outcome & 2, outcome & 4]) > 0
    known = fit_calibration(np.random.default_rng(seed).normal(size=3), label, np.zeros(3, int), families=1)
    silent = unsure(known, np.array([0.0]))
    assert isinstance(silent, Abstained)
    assert silent.note == NOT_ENOUGH
    assert silent.labels == 3
    assert silent.wanted >= 20


def test_what_would_be_enough_is_nearly_enough() -> None:
    """Whoever brings as many labels as it asks for is heard after a few times of asking."""
    labels, asked = 25, 0
    while (silent := unsure(fitted(4, labels, families=1), np.array([0.0]), 0, widest=0.1)) is not None:
        assert silent.wanted > silent.labels == labels
        labels, asked = silent.wanted, asked + 1
    assert 1 <= asked <= 6


def test_a_thousand_labels_of_one_kind_are_not_enough_either() -> None:
    known = fit_calibration(np.arange(1000.0), np.ones(1000, bool), np.zeros(1000, int), families=1)
    assert unsure(known, np.array([500.0])) is not None


def test_people_for_a_job_are_those_it_wants_and_who_want_it() -> None:
    known = fitted(6, 2_000, families=1, slope=1.5)
    wish, judged = np.array([2.0, -2.0, 1.5, 0.0]), np.array([-2.0, 2.0, 1.5, 0.0])
    ranked = rank_people(known, known, wish, judged, 0)
    assert isinstance(ranked, RankedPeople)
    assert ranked.people[0] == 2
    assert (np.diff(ranked.worth) <= 0).all()


def test_a_slate_is_silent_where_either_side_is_unsure() -> None:
    sure, unsure_side = fitted(6, 2_000, families=1), fitted(6, 3, families=1)
    score = np.zeros(4)
    for want, take in ((sure, unsure_side), (unsure_side, sure)):
        silent = rank_people(want, take, score, score, 0)
        assert isinstance(silent, Abstained)
        assert silent.labels == 3
