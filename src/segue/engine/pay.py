"""Pay on one scale: a year's amount in one currency."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

# Full-time equivalents: 52 weeks of 40 hours in 5 days. They compare offers; they are not a payslip.
PERIODS_PER_YEAR: Mapping[str, float] = {"hour": 2080, "day": 260, "week": 52, "month": 12, "year": 1}


def annualise(amount: ArrayLike, period: str) -> FloatArray:
    """Turn pay per `period` into pay per year, same currency; NaN (unknown) stays NaN.

    `amount`: float array of any shape. Raises ValueError for an unknown period.

    >>> float(annualise(25.0, "hour")), annualise([3000.0, np.nan], "month").tolist()
    (52000.0, [36000.0, nan])
    """
    if period not in PERIODS_PER_YEAR:
        raise ValueError(f"unknown pay period {period!r}: use one of {', '.join(PERIODS_PER_YEAR)}")
    return np.asarray(np.asarray(amount, np.float64) * PERIODS_PER_YEAR[period])


def convert(amount: ArrayLike, currency: str, rates: Mapping[str, float]) -> FloatArray:
    """Turn an amount into the base currency; `rates[c]` is what one unit of c is worth in the base.

    An unknown currency gives NaN, never a guess: a veto on unknown pay must not fire.
    Raises ValueError for a rate that is not above zero.

    >>> float(convert(100.0, "CHF", {"EUR": 1.0, "CHF": 1.05})), float(convert(1.0, "XXX", {}))
    (105.0, nan)
    """
    rate = rates.get(currency, np.nan)
    if rate <= 0:
        raise ValueError(f"the rate of {currency} must be above zero")
    return np.asarray(np.asarray(amount, np.float64) * rate)
