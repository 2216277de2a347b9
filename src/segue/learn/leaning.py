"""Whether a segment leans towards a protected group: asked of whoever keeps what people told of themselves.

Nothing in this room can read that. A store of voluntary answers, when there is one, registers a function of
the ids of those in a segment, and answers in aggregates only. Until then nothing is measured, and the page
shows what is known of the rule's conditions alone.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Leaning:
    """One ground, and how far the segment's share of a group is from everybody's, in points of a hundred."""

    ground: str
    points: float
    answered: int  # of those in the segment, who told; never few enough to know anybody by


class Measure(Protocol):
    def __call__(self, person_ids: Sequence[uuid.UUID]) -> list[Leaning]: ...


_measures: list[Measure] = []


def measures_leaning(measure: Measure) -> Measure:
    """Register whoever can measure it."""
    _measures[:] = [measure]
    return measure


def leaning_of(person_ids: Sequence[uuid.UUID]) -> list[Leaning] | None:
    """Return what was measured; None where nobody can."""
    return _measures[0](person_ids) if _measures else None
