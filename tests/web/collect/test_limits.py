"""Events a second: what is left comes back steadily, and one batch may overdraw."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.web.collect.answers import Refused
from segue.web.collect.limits import REFUSALS_AT_ONCE, Bucket, Limits
from segue.web.collect.patience import Patience
from tests.web.collect.caller import in_a_loop


class Clock:
    at_s = 0.0

    def __call__(self) -> float:
        return self.at_s


def test_a_source_may_send_its_rate_and_then_waits_whole_seconds() -> None:
    clock = Clock()
    bucket = Bucket(10, clock)
    assert bucket.take(10) == 0
    assert bucket.take(1) == 1
    clock.at_s = 0.5
    assert bucket.take(5) == 0
    assert bucket.take(1) == 1


def test_a_large_batch_gets_through_and_is_paid_back_before_the_next() -> None:
    clock = Clock()
    bucket = Bucket(10, clock)
    assert bucket.take(60) == 0
    wait_s = bucket.take(1)
    assert wait_s == 6
    clock.at_s = wait_s
    assert bucket.take(1) == 0


@given(st.lists(st.tuples(st.floats(0, 3), st.integers(1, 50)), max_size=60))
def test_in_the_long_run_nobody_exceeds_the_rate_by_more_than_one_batch(
    asks: list[tuple[float, int]],
) -> None:
    clock = Clock()
    bucket = Bucket(20, clock)
    taken = 0
    for pause_s, count in asks:
        clock.at_s += pause_s
        taken += count if bucket.take(count) == 0 else 0
    assert taken <= 20 + 20 * clock.at_s + 50


def test_sources_do_not_share_and_refusals_are_kept_sparingly() -> None:
    limits = Limits()
    limits.spend(1, 5, 5)
    limits.spend(2, 5, 5)
    with pytest.raises(Refused) as refused:
        limits.spend(1, 5, 1)
    assert (refused.value.status, refused.value.code, refused.value.retry_after_s) == (429, "too_many", 1)
    kept = [limits.keeps_refusal(1) for _ in range(4 * REFUSALS_AT_ONCE)]
    assert REFUSALS_AT_ONCE <= sum(kept) < 2 * REFUSALS_AT_ONCE, "a key is public: it must not fill the table"


def test_whoever_waits_too_long_is_cancelled_and_others_are_not() -> None:
    async def scene() -> tuple[bool, bool]:
        return await asyncio.gather(
            _wait(Patience(0.0), for_ever=True), _wait(Patience(60.0), for_ever=False)
        )

    assert in_a_loop(scene()) == [True, False]


async def _wait(patience: Patience, *, for_ever: bool) -> bool:
    waiting = patience.begin()
    try:
        if for_ever:
            await asyncio.get_running_loop().create_future()
    except asyncio.CancelledError:
        pass
    return patience.end(waiting)
