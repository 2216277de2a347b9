"""People decide by their own wishes: nearer, better paid and better fitting jobs are worth more to them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.engine.world import calibration
from segue.engine.world.choice import (
    ATTRIBUTES,
    JobColumns,
    PeopleColumns,
    accept_offer,
    apply_probability,
    choose_top,
    pair_utility,
    shift_to_mean,
    take,
    utility_matrix,
)
from segue.engine.world.people import SOURCE_SHARES


def _person() -> PeopleColumns:
    return PeopleColumns(
        occupation=np.array([0]),
        seniority=np.array([1]),
        country=np.array([1]),
        lat=np.array([52.52]),
        lon=np.array([13.40]),
        remote_preference=np.array([0]),
        willing_km=np.array([20.0]),
        reservation_usd=np.array([60_000.0]),
        weights=np.ones((1, len(ATTRIBUTES))),
        fit=np.zeros((1, 6)),
    )


def _job() -> JobColumns:
    return JobColumns(
        occupation=np.array([0]),
        seniority=np.array([1]),
        country=np.array([1]),
        lat=np.array([52.52]),
        lon=np.array([13.40]),
        mode=np.array([0]),
        pay_usd=np.array([60_000.0]),
        traits=np.zeros((1, 5)),
        fit=np.zeros((1, 6)),
    )


def _worth(job: JobColumns) -> float:
    return float(pair_utility(_person(), job)[0])


@pytest.mark.parametrize(
    "change",
    [
        {"pay_usd": np.array([50_000.0])},
        {"lat": np.array([52.80])},
        {"occupation": np.array([9])},
        {"seniority": np.array([0])},
        {"country": np.array([2])},
        {"traits": -np.ones((1, 5))},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_job_that_is_worse_in_one_way_is_worth_less(change: dict[str, np.ndarray]) -> None:
    assert _worth(replace(_job(), **change)) < _worth(_job())


def test_distance_does_not_matter_for_remote_work() -> None:
    near, far = (replace(_job(), mode=np.array([2]), lat=np.array([lat])) for lat in (52.52, 48.0))
    assert _worth(near) == _worth(far)


def test_the_matrix_holds_the_pairs() -> None:
    people, jobs = take(_person(), np.array([0, 0])), take(_job(), np.array([0, 0, 0]))
    jobs = replace(jobs, pay_usd=np.array([50_000.0, 60_000.0, 70_000.0]), traits=np.full((3, 5), 0.3))
    matrix = utility_matrix(people, jobs)
    pairs = pair_utility(take(people, np.zeros(3, dtype=np.int64)), jobs)
    assert matrix.shape == (2, 3)
    np.testing.assert_allclose(matrix[0], pairs)


def test_choices_are_a_logit() -> None:
    """With Gumbel noise the share of each first choice is its softmax."""
    utility = np.tile([0.0, 1.0, 2.0], (40_000, 1))
    first = choose_top(utility, 1, -50.0, np.random.default_rng(4))[:, 0]
    share = np.exp([0.0, 1.0, 2.0]) / np.exp([0.0, 1.0, 2.0]).sum()
    np.testing.assert_allclose(np.bincount(first, minlength=3) / len(first), share, atol=0.01)


@given(mean=st.floats(0.02, 0.98), spread=st.floats(0.0, 4.0))
def test_a_shift_gives_the_mean_that_was_asked_for(mean: float, spread: float) -> None:
    logits = np.linspace(-spread, spread, 101)
    assert apply_probability(logits + shift_to_mean(logits, mean)).mean() == pytest.approx(mean, abs=1e-6)


@pytest.mark.parametrize("mean", [0.0, 1.0, -3.0])
def test_a_shift_to_an_impossible_mean_is_refused(mean: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        shift_to_mean(np.zeros(3), mean)


def test_better_offers_are_accepted_more_often() -> None:
    draw = np.random.default_rng(1).random(20_000)
    poor, good = (accept_offer(np.full(20_000, value), 0.0, draw).mean() for value in (-1.0, 1.0))
    assert good > poor + 0.3


def test_stage_rates_compose_to_the_chain_and_to_the_hire_rates() -> None:
    rates, share = calibration.stage_rates(), np.array(SOURCE_SHARES)
    assert share @ rates.screen == pytest.approx(calibration.SCREENED)
    flow = share * rates.screen
    assert (flow * rates.interview * rates.onsite).sum() / flow.sum() == pytest.approx(calibration.ONSITE)
    hired = rates.screen * rates.interview * rates.onsite * rates.offer * calibration.ACCEPTED
    np.testing.assert_allclose(hired, calibration.HIRE_RATE)
    for column in (rates.screen, rates.interview, rates.onsite, rates.offer):
        assert ((column > 0) & (column < 1)).all()
