"""Fast scalar draws on top of one NumPy generator.

Writing prose needs millions of tiny decisions; a NumPy scalar draw costs microseconds, so uniforms
are drawn in blocks and handed out one by one. The stream depends on the generator only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")
_BLOCK = 8192


def stream(seed: int, name: str) -> np.random.Generator:
    """An independent generator for one part of the world: a change there leaves the others alone."""
    return np.random.default_rng([seed, *name.encode()])


class Dice:
    """Scalar draws from a generator: `unit`, `below`, `pick`, `sample`, `weighted`."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._left: list[float] = []

    def unit(self) -> float:
        """A number in [0, 1)."""
        if not self._left:
            self._left = self._rng.random(_BLOCK).tolist()
        return self._left.pop()

    def below(self, limit: int) -> int:
        """A whole number in [0, limit)."""
        return int(self.unit() * limit)

    def between(self, low: int, high: int) -> int:
        """A whole number in [low, high]."""
        return low + self.below(high - low + 1)

    def pick(self, options: Sequence[T]) -> T:
        """One option, all equally likely. Raises IndexError when there is none."""
        return options[int(self.unit() * len(options))]

    def sample(self, options: Sequence[T], count: int) -> list[T]:
        """Up to `count` different options in random order (partial Fisher-Yates)."""
        pool = list(options)
        take = min(count, len(pool))
        for index in range(take):
            other = index + self.below(len(pool) - index)
            pool[index], pool[other] = pool[other], pool[index]
        return pool[:take]

    def weighted(self, options: Sequence[tuple[T, float]]) -> T:
        """One option, likely in proportion to its weight."""
        mark = self.unit() * sum(weight for _, weight in options)
        for option, weight in options:
            mark -= weight
            if mark < 0:
                return option
        return options[-1][0]
