"""At most so many of a kind: a curator's limit, kept while a hand is dealt and not after it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

CodeArray = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Cap:
    """Room for kinds of jobs.

    `codes` int32[n] (-1: of no kind, never limited), `room` int64[C] cards left each.
    Raises ValueError for a code without room.

    >>> two = Cap(np.array([0, 0, 1, -1], dtype=np.int32), np.array([1, 9]))
    >>> two.with_one(0).closed().tolist()
    [True, True, False, False]
    """

    codes: CodeArray
    room: NDArray[np.int64]

    def __post_init__(self) -> None:
        if len(self.codes) and self.codes.max() >= len(self.room):
            raise ValueError("a code has no room of its own, not even none")

    def closed(self) -> NDArray[np.bool_]:
        """bool[n]: of whose kind there is no room left."""
        return np.append(self.room <= 0, False)[self.codes]  # code -1 reads the last

    def full(self, row: int) -> bool:
        """Whether this one row is of a kind without room."""
        return bool(self.codes[row] >= 0 and self.room[self.codes[row]] <= 0)

    def with_one(self, row: int) -> Cap:
        """The room that is left once this row is dealt."""
        if self.codes[row] < 0:
            return self
        room = self.room.copy()
        room[self.codes[row]] -= 1
        return replace(self, room=room)

    def over(self, rows: NDArray[np.intp]) -> Cap:
        """The same limits over some of the rows."""
        return replace(self, codes=self.codes[rows])
