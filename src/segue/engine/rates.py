"""Two rates and what may be said of their difference, from few people too."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

Z_95 = 1.959964


@dataclass(frozen=True, slots=True)
class Difference:
    """One rate less another, with the interval the truth lies in, 19 times in 20."""

    value: float
    low: float
    high: float

    @property
    def settled(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low > 0 or self.high < 0


def wilson(hits: int, n: int, z: float = Z_95) -> tuple[float, float]:
    """The interval of a rate of `hits` in `n`. Raises ValueError unless 0 <= hits <= n and n > 0.

    Source: Wilson 1927.

    >>> [round(edge, 3) for edge in wilson(2, 10)]
    [0.057, 0.51]
    """
    if not 0 <= hits <= n or n <= 0:
        raise ValueError(f"{hits} of {n} is no rate")
    rate, spread = hits / n, z * z / n
    middle = (rate + spread / 2) / (1 + spread)
    half = z / (1 + spread) * sqrt(rate * (1 - rate) / n + spread / (4 * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def difference(hits: int, n: int, other_hits: int, other_n: int, z: float = Z_95) -> Difference:
    """How much higher the first rate is than the second. Raises ValueError as `wilson` does.

    Where many are looked at, ask more of each: `z` 3 lets one in 370 seem settled by chance alone.

    Source: Newcombe 1998, method 10.

    >>> told = difference(30, 100, 10, 100)
    >>> (round(told.value, 2), round(told.low, 2), round(told.high, 2), told.settled)
    (0.2, 0.09, 0.31, True)
    """
    one, other = hits / max(n, 1), other_hits / max(other_n, 1)
    (low, high), (other_low, other_high) = wilson(hits, n, z), wilson(other_hits, other_n, z)
    down = sqrt((one - low) ** 2 + (other_high - other) ** 2)
    up = sqrt((high - one) ** 2 + (other - other_low) ** 2)
    return Difference(one - other, one - other - down, one - other + up)


def shrunk_lift(hits: int, n: int, other_hits: int, other_n: int, weight: float = 20.0) -> float:
    """How many times as high the first rate is, drawn towards 1 by `weight` people who are like the others.

    1 where nobody else was a hit: then there is nothing to compare with. Raises ValueError as `wilson` does.

    >>> [round(shrunk_lift(hits, n, 100, 1_000), 2) for hits, n in ((1, 2), (50, 100))]
    [1.36, 4.33]
    """
    wilson(hits, n), wilson(other_hits, other_n)
    rate = other_hits / other_n
    return (hits + weight * rate) / (n + weight) / rate if rate else 1.0
