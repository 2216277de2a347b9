"""A figure on a persona card: so many of so many, beside everybody else, or too little to tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from segue.engine.rates import difference, shrunk_lift, wilson

LEAST = 10  # people; of fewer nothing is told, so that no card is about somebody
Z = 3.0  # a card looks at some thirty figures: what it calls more or less is asked more of each
MOST = 8


class Verdict(StrEnum):
    """How a share compares with everybody else's."""

    MORE = "more"
    LESS = "less"
    ALIKE = "alike"  # or not told apart from it
    TOO_LITTLE = "too_little"


@dataclass(frozen=True, slots=True)
class Figure:
    """`hits` of `n` people in the segment, `other_hits` of `other_n` of everybody else.

    `key` names it within its card: the lines that follow from it refer to it. Use `shown`, not the counts:
    a cell of fewer than LEAST people is not told.
    """

    key: str
    label: str
    hits: int
    n: int
    other_hits: int = 0
    other_n: int = 0

    @property
    def shown(self) -> bool:
        """Whether there are enough people in the cell, and in its base, to tell it."""
        return self.n >= LEAST and (self.hits >= LEAST or self.hits == 0)

    @property
    def share(self) -> float:
        return self.hits / self.n if self.n else 0.0

    @property
    def other_share(self) -> float | None:
        """The share of everybody else, None where they are too few to tell."""
        enough = self.other_n >= LEAST and (self.other_hits >= LEAST or self.other_hits == 0)
        return self.other_hits / self.other_n if enough else None

    @property
    def interval(self) -> tuple[float, float]:
        """Where the share of such people lies, 19 times in 20."""
        return wilson(self.hits, self.n) if self.n else (0.0, 1.0)

    @property
    def lift(self) -> float | None:
        """How many times everybody else's share, at the least; drawn towards 1. None without a comparison."""
        if self.other_n < LEAST or not self.n:
            return None
        return shrunk_lift(self.hits, self.n, self._others_at_most, self.other_n)

    @property
    def _others_at_most(self) -> int:
        """Everybody else's count; where it may not be told, the most it can be: nothing is said of it."""
        return min(max(self.other_hits, LEAST - 1), self.other_n)

    @property
    def verdict(self) -> Verdict:
        if not self.shown or self.other_n < LEAST:
            return Verdict.TOO_LITTLE
        told = difference(self.hits, self.n, self._others_at_most, self.other_n, Z)
        if told.settled and told.value > 0:
            return Verdict.MORE
        if self.other_hits < LEAST:
            return Verdict.TOO_LITTLE if self.other_hits else Verdict.ALIKE
        return Verdict.LESS if told.settled else Verdict.ALIKE

    def as_dict(self) -> dict[str, Any]:
        """Plain values; a cell that is too small holds none."""
        told: dict[str, Any] = {"key": self.key, "label": self.label, "verdict": self.verdict.value}
        if not self.shown:
            return told
        low, high = self.interval
        other, lift = self.other_share, self.lift
        return told | {
            "people": self.hits,
            "of": self.n,
            "share": round(self.share, 4),
            "low": round(low, 4),
            "high": round(high, 4),
            "others": None if other is None else round(other, 4),
            "lift": None if lift is None else round(lift, 2),
        }


def compared(
    section: str,
    inside: Mapping[str, int],
    outside: Mapping[str, int],
    n: int,
    other_n: int,
    labels: Mapping[str, str] | None = None,
) -> list[Figure]:
    """Make a figure of every key that somebody inside or outside has."""
    keys = sorted(inside.keys() | outside.keys())
    return [
        Figure(
            f"{section}-{key}",
            (labels or {}).get(key, key),
            inside.get(key, 0),
            n,
            outside.get(key, 0),
            other_n,
        )
        for key in keys
    ]


def most_common(figures: Iterable[Figure], at_most: int = MOST) -> list[Figure]:
    """Return the cells that may be told and are not empty, the largest first."""
    told = (one for one in figures if one.shown and one.hits)
    return sorted(told, key=lambda one: (-one.hits, one.label))[:at_most]


def most_telling(figures: Iterable[Figure], at_most: int = MOST) -> list[Figure]:
    """Return the cells that may be told and differ most from everybody else, upwards."""
    told = (one for one in figures if one.shown and one.hits and one.verdict is Verdict.MORE)
    return sorted(told, key=lambda one: (-(one.lift or 0.0) * one.share**0.5, one.label))[:at_most]
