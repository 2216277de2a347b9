"""A real pair of policies: the uniform one's log says what the Thompson policy's own log says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from segue.engine.offpolicy import BanditLog, Target, Why, evaluate
from tests.bench.offpolicy import ITEMS, SUMMARIES, Shown, Summary, chances_of, estimate, read

_CHECKOUT = Path(__file__).resolve().parents[2]
_DATA = Path(os.environ.get("SEGUE_TEST_DATA") or _CHECKOUT.parent / "shared" / "data") / "bandit"

pytestmark = pytest.mark.skipif(
    not (_DATA / "bts" / "men.csv").is_file(),
    reason="the real log is not here: point SEGUE_TEST_DATA at the folder that holds bandit/",
)


@pytest.fixture(scope="module")
def uniform() -> Shown:
    return read(_DATA / "random" / "men.csv")


@pytest.fixture(scope="module")
def thompson() -> Shown:
    return read(_DATA / "bts" / "men.csv")


@pytest.mark.parametrize("summary", SUMMARIES)
def test_every_estimator_holds_the_click_rate_that_was_measured(
    uniform: Shown, thompson: Shown, summary: Summary
) -> None:
    """However the changing policy is summed up; the measured rate has a sampling error of its own."""
    margin = 1.96 * thompson.rate_se
    for one in estimate(uniform, thompson, summary).estimates:
        assert one.low - margin <= thompson.rate <= one.high + margin, one


def test_the_published_average_is_enough_for_a_verdict(uniform: Shown, thompson: Shown) -> None:
    verdict = estimate(uniform, thompson)
    assert not verdict.is_refused
    assert verdict.support.uncovered == 0.0


def test_the_other_way_round_is_refused(uniform: Shown, thompson: Shown) -> None:
    """The Thompson policy showed some items so rarely that its log cannot speak of showing all alike."""
    log = BanditLog.of(
        thompson.item, thompson.click, thompson.propensity, actions=ITEMS, position=thompson.place
    )
    verdict = evaluate(log, Target.of([[1 / ITEMS] * ITEMS] * len(log), log))
    assert Why.SMALL_PROPENSITY in {one.why for one in verdict.refusals}


def test_chances_are_distributions_over_each_place(thompson: Shown) -> None:
    for summary in SUMMARIES:
        assert chances_of(thompson, summary).sum(axis=1) == pytest.approx([1.0, 1.0, 1.0])
