from __future__ import annotations

import numpy as np
import pytest

from segue.engine.pay import PERIODS_PER_YEAR, annualise, convert


@pytest.mark.parametrize(
    ("amount", "period", "year"),
    [
        (20, "hour", 41_600),
        (200, "day", 52_000),
        (1_000, "week", 52_000),
        (4_000, "month", 48_000),
        (5, "year", 5),
    ],
)
def test_every_period_comes_to_a_year(amount: float, period: str, year: float) -> None:
    assert float(annualise(amount, period)) == year


def test_unknown_pay_stays_unknown() -> None:
    assert np.isnan(annualise(np.nan, "hour"))
    assert np.isnan(convert(100.0, "XAU", {"EUR": 1.0}))


def test_an_unknown_period_names_those_that_are_known() -> None:
    with pytest.raises(ValueError, match="hour, day, week, month, year"):
        annualise(1.0, "fortnight")
    assert list(PERIODS_PER_YEAR) == ["hour", "day", "week", "month", "year"]


def test_a_rate_must_be_above_zero() -> None:
    with pytest.raises(ValueError, match="above zero"):
        convert(1.0, "EUR", {"EUR": 0.0})
