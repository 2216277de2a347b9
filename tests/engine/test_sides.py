"""Both sides of an opening: worth where both are known, silence where one is not, what crowds take away."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import expit

from segue.engine.calibration import Calibration, fit_calibration
from segue.engine.congestion import LEAST_ROOM, Crowded, opening_room, seat_left, still_free
from segue.engine.effects import Effects, fit_effects
from segue.engine.sides import LEAST_JOBS, Field, Sides, among_others, judge
from segue.engine.two_sided import harmonic
from segue.engine.variety import FairExposure, InTurn, LastStage

FAMILIES = ("Care", "Data")


def known(level: float = -1.0, cases: int = 3000) -> Calibration:
    rng = np.random.default_rng(5)
    score = rng.normal(size=cases)
    label = rng.random(cases) < expit(1.5 * score + level)
    return fit_calibration(score, label, rng.integers(0, 2, cases), families=2)


def unknown() -> Calibration:
    nothing = np.zeros(0)
    return fit_calibration(nothing, nothing.astype(np.bool_), nothing.astype(np.int64), families=2)


SIDES = Sides(known(-2.0), known(-0.5), FAMILIES, stays=0.8, finishes=0.3)


def field(
    want: list[float],
    take: list[float],
    *,
    applied: list[bool] | None = None,
    elsewhere: list[int] | None = None,
) -> Field:
    n = len(want)
    return Field(
        want_score=np.array(want),
        take_score=np.array(take),
        applied=np.array(applied or [False] * n),
        elsewhere=np.array(elsewhere or [0] * n),
        family="Care",
        seats=1,
    )


def worth(sides: Sides, before: Field) -> NDArray[np.float64]:
    told = judge(sides, before).worth
    assert told is not None
    return told


def test_who_both_want_comes_before_who_one_wants_much() -> None:
    both, keen, prized = worth(SIDES, field([1.0, 2.5, -2.5], [1.0, -2.5, 2.5]))
    assert both > keen
    assert both > prized


def test_chances_are_the_calibrated_ones_with_their_intervals() -> None:
    told = judge(SIDES, field([0.5, -0.5], [0.2, 0.1]))
    assert told.want.chance == pytest.approx(SIDES.want.chance(np.array([0.5, -0.5]), 0))
    assert told.mutual == pytest.approx(harmonic(told.want.chance, told.take.chance))
    for side in (told.want, told.take):
        assert ((side.low < side.chance) & (side.chance < side.high)).all()


@pytest.mark.parametrize("silent", ["want", "take"])
def test_a_side_nobody_knows_is_silent_and_the_other_still_speaks(silent: str) -> None:
    nobody = replace(SIDES, want=unknown()) if silent == "want" else replace(SIDES, take=unknown())
    told = judge(nobody, field([0.5], [0.5]))
    quiet, other = (told.want, told.take) if silent == "want" else (told.take, told.want)
    assert told.worth is None
    assert quiet.silent is not None
    assert np.isnan(quiet.chance).all()
    assert other.silent is None
    assert np.isfinite(other.chance).all()


def test_an_applicant_has_said_so_and_needs_no_curve() -> None:
    told = judge(replace(SIDES, want=unknown()), field([np.nan], [0.5], applied=[True]))
    assert told.worth is not None
    assert told.want.chance.tolist() == [0.8]


def test_too_few_jobs_to_compare_say_nothing_of_a_wish() -> None:
    few = among_others(np.zeros(2), np.zeros((2, LEAST_JOBS - 1)))
    told = judge(SIDES, field(few.tolist(), [0.5, 0.4]))
    assert told.worth is None
    assert told.want.silent is not None


def test_who_stands_high_elsewhere_yields_a_little_unless_they_applied() -> None:
    alone, sought = worth(SIDES, field([0.5, 0.5], [0.5, 0.5], elsewhere=[0, 6]))
    assert 0 < sought < alone
    applied = worth(SIDES, field([0.5, 0.5], [0.5, 0.5], applied=[True, True], elsewhere=[0, 6]))
    assert applied[0] == applied[1]


def test_good_applicants_leave_less_for_whom_we_would_go_and_find() -> None:
    free = worth(SIDES, field([0.5], [0.5]))[0]
    applicants = field([0.5] * 7, [0.5] + [2.0] * 6, applied=[False] + [True] * 6)
    crowded = judge(SIDES, applicants)
    assert crowded.worth is not None
    assert 0 < crowded.worth[0] < free
    assert crowded.room[0] < 1.0
    assert (crowded.room[1:] == 1.0).all()


def test_the_same_people_in_another_order_are_worth_the_same_to_the_bit() -> None:
    rng = np.random.default_rng(3)
    n = 37
    before = field(
        rng.normal(size=n).tolist(), rng.normal(size=n).tolist(), applied=(rng.random(n) < 0.4).tolist()
    )
    order = rng.permutation(n).tolist()
    assert (worth(SIDES, before)[order] == worth(SIDES, before.of_rows(order))).all()


def test_curves_come_back_from_bytes_to_the_bit() -> None:
    again = Sides.from_bytes(SIDES.to_bytes())
    assert again.to_bytes() == SIDES.to_bytes()
    before = field([0.3, -1.0], [0.1, 2.0], elsewhere=[1, 0])
    assert (worth(again, before) == worth(SIDES, before)).all()
    with pytest.raises(ValueError, match="no calibration"):
        Sides.from_bytes(b'{"form": "other"}')


def test_rows_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="differ"):
        judge(SIDES, replace(field([0.1], [0.1]), elsewhere=np.array([0, 1])))
    with pytest.raises(ValueError, match="finite"):
        judge(SIDES, field([0.1], [np.nan]))


@given(st.floats(0, 50), st.integers(0, 20))
def test_a_crowd_never_lifts_and_never_ends_an_opening(expected: float, seats: int) -> None:
    left = seat_left(np.array([expected, expected + 1.0]), np.array([seats, seats]))
    assert ((left >= LEAST_ROOM) & (left <= 1.0)).all()
    assert left[1] <= left[0]
    assert seat_left(np.array([expected]), np.array([seats + 1]))[0] >= left[0]


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=8), st.floats(0, 1))
def test_openings_as_crowded_as_each_other_keep_their_order(scores: list[float], room: float) -> None:
    given_ = np.array(scores)
    told = Crowded(np.full(len(scores), room)).settle(given_)
    assert (told <= given_).all()
    assert (np.sign(told) * np.sign(given_) >= 0).all()
    order = np.argsort(-given_, kind="stable")
    assert (np.diff(told[order]) <= 1e-12).all()


def test_crowds_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="below zero"):
        seat_left(np.array([-1.0]), np.array([1]))
    with pytest.raises(ValueError, match="chances"):
        still_free(np.array([1.0]), np.array([1]))
    with pytest.raises(ValueError, match="room"):
        Crowded(np.array([1.5]))
    assert opening_room(np.array([0.0]), np.array([2]), 0.1).tolist() == [1.0]


def test_a_crowd_is_one_last_stage_among_others() -> None:
    stages: tuple[LastStage, ...] = (Crowded(np.array([0.1, 1.0])), FairExposure(np.array([0.0, 0.1])))
    assert InTurn(stages).settle(np.array([0.9, 0.5])).round(2).tolist() == [0.09, 0.6]


def test_effects_are_found_and_those_of_the_little_met_stay_small() -> None:
    rng = np.random.default_rng(2)
    true = rng.normal(0.0, 0.8, 200)
    thing = np.repeat(np.arange(200), np.where(np.arange(200) < 100, 60, 2))
    foreseen = np.full(len(thing), -1.0)
    hit = rng.random(len(thing)) < expit(foreseen + true[thing])
    found = fit_effects(foreseen, hit, thing, things=201)
    assert np.corrcoef(found.mean[:100], true[:100])[0, 1] > 0.85
    assert np.abs(found.mean[100:200]).mean() < np.abs(found.mean[:100]).mean()
    assert found.variance[200] == found.spread  # never met
    off = (true - found.mean[:200]) / np.sqrt(found.variance[:200])
    assert 0.8 < off.std() < 1.2


def test_draws_of_effects_follow_the_dice_and_the_doubt() -> None:
    sure = Effects(np.array([1.0, 0.0]), np.array([0.0, 4.0]), 1.0)
    drawn = sure.draws(np.random.default_rng(1), 500)
    assert (drawn[0] == 1.0).all()
    assert drawn[1].std() == pytest.approx(2.0, rel=0.15)
    assert (drawn == sure.draws(np.random.default_rng(1), 500)).all()
    with pytest.raises(ValueError, match="finite"):
        fit_effects(np.array([np.nan]), np.array([True]), np.array([0]), things=1)
