"""How the two records of each pair stand to each other, column by column, for all pairs at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segue.engine.same_person.names import Agree, NameMatch, compare_names
from segue.engine.same_person.pairs import Pairs
from segue.engine.same_person.records import UNKNOWN, Codes, Keys

Marks = NDArray[np.int8]  # 1 the same, -1 different, 0 where either is unknown
CONTACTS = ("email", "phone", "profile")
COLUMNS = (*CONTACTS, "city", "employer", "born")


@dataclass(frozen=True, slots=True)
class Agreement:
    """One entry a pair. `given` and `family` hold values of Agree."""

    given: Marks
    family: Marks
    swapped: NDArray[np.bool_]
    nickname: NDArray[np.bool_]
    generation: Marks
    email: Marks
    phone: Marks
    profile: Marks
    city: Marks
    employer: Marks
    born: Marks

    @property
    def exact_name(self) -> NDArray[np.bool_]:
        exact = (self.given == Agree.SAME) & (self.family == Agree.SAME) & ~self.nickname
        return np.asarray(exact, np.bool_)

    def __len__(self) -> int:
        return len(self.given)


def agreement_of(keys: Keys, pairs: Pairs) -> Agreement:
    """Compare the records of each pair; names are compared once for each two distinct ones."""
    matches, generation = _names(keys, pairs)
    columns = {column: marks(getattr(keys, column), pairs) for column in COLUMNS}
    return Agreement(
        given=np.fromiter((match.given for match in matches), np.int8, len(matches)),
        family=np.fromiter((match.family for match in matches), np.int8, len(matches)),
        swapped=np.fromiter((match.swapped for match in matches), np.bool_, len(matches)),
        nickname=np.fromiter((match.nickname for match in matches), np.bool_, len(matches)),
        generation=generation,
        **columns,
    )


def marks(codes: Codes, pairs: Pairs) -> Marks:
    """Return 1 where both codes are known and equal, -1 where they differ, 0 where one is unknown.

    >>> marks(np.array([4, 4, 5, -1], np.int32), np.array([[0, 1], [1, 2], [2, 3]])).tolist()
    [1, -1, 0]
    """
    a, b = codes[pairs[:, 0]], codes[pairs[:, 1]]
    return np.where((a == UNKNOWN) | (b == UNKNOWN), 0, np.where(a == b, 1, -1)).astype(np.int8)


def _names(keys: Keys, pairs: Pairs) -> tuple[list[NameMatch], Marks]:
    known: dict[tuple[int, int], NameMatch] = {}
    matches, generations = [], np.zeros(len(pairs), np.int8)
    ends = zip(keys.name[pairs[:, 0]].tolist(), keys.name[pairs[:, 1]].tolist(), strict=True)
    for place, two in enumerate(ends):
        a, b = keys.names[two[0]], keys.names[two[1]]
        if two not in known:
            known[two] = compare_names(a, b)
        matches.append(known[two])
        if a.generation and b.generation:
            generations[place] = 1 if a.generation == b.generation else -1
    return matches, generations
