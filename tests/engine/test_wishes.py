"""A wish is a prior that behaviour outweighs slowly, and a floor lifts until it is reached."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.engine.variety import MOST_LIFT, lift_towards
from segue.engine.wishes import STRENGTH, settled

WISH = st.floats(-1, 1)
SHARE = st.floats(-1, 1)
MASS = st.floats(0, 500)


@given(WISH, WISH, SHARE, MASS)
def test_it_rises_with_the_wish_and_stays_within_it_and_the_deed(
    a: float, b: float, share: float, mass: float
) -> None:
    low, high = (settled(wish, share * mass, mass) for wish in sorted((a, b)))
    assert low <= high
    assert min(a, share) - 1e-9 <= settled(a, share * mass, mass) <= max(a, share) + 1e-9


@given(WISH, SHARE, MASS, st.floats(0.01, 10))
def test_every_act_for_it_raises_it_and_every_act_against_it_lowers_it(
    wish: float, share: float, mass: float, more: float
) -> None:
    before = settled(wish, share * mass, mass)
    assert settled(wish, share * mass + more, mass + more) >= before - 1e-12
    assert settled(wish, share * mass - more, mass + more) <= before + 1e-12


@given(WISH, SHARE)
def test_it_goes_to_what_is_done_and_never_jumps(wish: float, share: float) -> None:
    gaps = [abs(settled(wish, share * mass, mass) - share) for mass in (0, 3, 12, 100, 10_000)]
    assert all(later <= sooner + 1e-12 for sooner, later in pairwise(gaps))
    assert gaps[-1] <= 2 * STRENGTH / 10_000
    assert abs(settled(wish, share * 3, 3) - wish) <= 0.2 * abs(wish - share) + 1e-9, (
        "one save moves a fifth at most"
    )


@pytest.mark.parametrize(("wish", "total", "mass"), [(1.1, 0, 0), (0, 2, 1), (float("nan"), 0, 0)])
def test_what_cannot_be_is_refused(wish: float, total: float, mass: float) -> None:
    with pytest.raises(ValueError, match=r"wish|acts"):
        settled(wish, total, mass)


@given(st.floats(0.05, 0.5), st.floats(0.0, 0.4), st.floats(1.0, 6.0))
def test_a_floor_is_reached_or_the_lift_stands_at_its_most(floor: float, start: float, answer: float) -> None:
    """Whatever the market answers to a lift, a group ends at its floor or as high as any may be."""
    lift = 0.0
    for _ in range(400):
        share = min(1.0, start + answer * lift)
        lift = lift_towards(floor, share, lift)
    assert share >= floor - 0.02 or lift == pytest.approx(MOST_LIFT, abs=1e-3)
    assert lift <= MOST_LIFT
    if start >= floor:
        assert lift == 0.0
