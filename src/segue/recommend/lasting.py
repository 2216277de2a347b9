"""What one person and the jobs say about each other for as long as neither changes, kept between requests.

A skip moves a taste, not a commute: distances, skills and words need no second look. What is kept hangs on
the very arrays that `learn` handed out, so another profile, another consent or another job is another entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segue.engine.columns import PersonColumns
from segue.engine.content import lasting_features
from segue.engine.veto import lasting_vetoes
from segue.kit.memory import Memory
from segue.learn.queries.catalogue import Catalogue

KEPT_BYTES = 64_000_000  # a process: at ten thousand jobs some two hundred people


@dataclass(frozen=True, eq=False)
class Lasting:
    """One person against the jobs on offer: features by name, float32[J] each, and veto bits uint16[J]."""

    version: str
    features: Mapping[str, NDArray[np.float32]]
    vetoes: NDArray[np.uint16]

    @property
    def size_bytes(self) -> int:
        return self.vetoes.nbytes + sum(column.nbytes for column in self.features.values())


_kept: Memory[PersonColumns, Lasting] = Memory(KEPT_BYTES)


def lasting(person: PersonColumns, catalogue: Catalogue) -> Lasting:
    """Work it out, or return what was worked out for these very arrays."""
    found = _kept.get(person)
    if found is not None and found.version == catalogue.version:
        return found
    jobs = catalogue.offered
    columns = lasting_features(person, jobs, near=catalogue.near, strong=catalogue.strong)
    made = Lasting(
        catalogue.version,
        {name: np.asarray(column[0], dtype=np.float32) for name, column in columns.items()},
        lasting_vetoes(person, jobs)[0],
    )
    return _kept.put(person, made, size=made.size_bytes)
