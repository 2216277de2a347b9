"""From pairs to people: what agrees is joined, unless two of those it would join speak against each other."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from segue.engine.same_person.pairs import Pairs, pairs_sharing

LARGEST_GROUP = 12  # records of one person; beyond this something is wrong with the data, not with the person
MayJoin = Callable[[list[int], list[int]], bool]


def join_groups(pairs: Pairs, rows: int, may_join: MayJoin) -> NDArray[np.int64]:
    """Return for each row its group, named by the smallest row of it; earlier pairs weigh more.

    >>> join_groups(np.array([[0, 1], [1, 2], [3, 4]]), 5, lambda a, b: 2 not in b).tolist()
    [0, 0, 2, 3, 3]
    """
    group = np.arange(rows, dtype=np.int64)
    members: dict[int, list[int]] = {}
    for a, b in pairs.tolist():
        one, other = sorted((int(group[a]), int(group[b])))
        if one == other:
            continue
        ours, theirs = members.get(one, [one]), members.get(other, [other])
        if len(ours) + len(theirs) > LARGEST_GROUP or not may_join(ours, theirs):
            continue
        members[one] = ours + theirs
        members.pop(other, None)
        group[theirs] = one
    return group


def pairs_within(group: NDArray[np.int64]) -> Pairs:
    """Return every pair of rows of one group."""
    return pairs_sharing(group.astype(np.int32), LARGEST_GROUP)
