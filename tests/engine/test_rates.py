"""The interval of a difference holds the truth as often as it says, and keeps silent about nobody."""

from __future__ import annotations

import numpy as np
import pytest

from segue.engine.rates import difference, wilson


def test_nineteen_times_in_twenty_the_truth_lies_within() -> None:
    rng = np.random.default_rng(1)
    hits, others = rng.binomial(60, 0.1, 2_000), rng.binomial(80, 0.04, 2_000)
    told = [difference(int(a), 60, int(b), 80) for a, b in zip(hits, others, strict=True)]
    held = np.mean([one.low <= 0.06 <= one.high for one in told])
    assert 0.93 <= held <= 0.98
    assert all(one.low <= one.value <= one.high for one in told)


def test_of_nobody_and_of_more_than_all_nothing_is_said() -> None:
    for hits, n in ((0, 0), (-1, 5), (6, 5)):
        with pytest.raises(ValueError):
            wilson(hits, n)
        with pytest.raises(ValueError):
            difference(1, 5, hits, n)
