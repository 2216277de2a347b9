"""Which community of today is which of yesterday: the one with its people; and what became of the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

SAME = 1 / 3  # of both communities' people together are in both: an equal half of each is just enough
PART = 0.3  # of a community's people went there, or came from there: worth telling
_TIE = 1e-6
Floats = NDArray[np.float64]


class What(StrEnum):
    """What became of a community."""

    KEPT = "kept"
    BORN = "born"
    ENDED = "ended"
    SPLIT = "split"  # born of a part of `others`
    MERGED = "merged"  # ended, most of it in `others`


@dataclass(frozen=True)
class Change:
    """One line of what a refit did. `label`: today's, None for one that ended.

    `key`: yesterday's, "" for new. `share`: of the people in both fits who were or are in it,
    those who were and are.
    """

    what: What
    label: int | None
    key: str
    others: tuple[str, ...] = ()
    share: float = 0.0


def carry(
    old: Mapping[str, str],
    new: Mapping[str, int],
    k: int,
    alike: Mapping[tuple[str, int], float] | None = None,
) -> list[Change]:
    """Find for each of k communities the one of before, so that most people stay where they were.

    A key goes to one community at most.

    `old`: person → key, `new`: person → label, of people in communities; only those in both count. `alike`:
    how near centroids are in [-1, 1], which settles ties alone. One change for each label, in their order,
    then one for each key that ended. Source of the assignment: Kuhn 1955.

    >>> [str(one.what) for one in carry({"a": "x", "b": "x"}, {"a": 0, "b": 0}, 2)]
    ['kept', 'born']
    """
    keys = sorted(set(old.values()))
    table = _common(old, new, keys, k)
    before, after = table.sum(axis=1), table.sum(axis=0)
    jaccard = table / np.maximum(before[:, None] + after - table, 1.0)
    ties = np.array([[(alike or {}).get((key, label), 0.0) for label in range(k)] for key in keys]).reshape(
        len(keys), k
    )
    rows, columns = linear_sum_assignment(-(jaccard + _TIE * ties))
    kept = {
        int(label): int(row) for row, label in zip(rows, columns, strict=True) if jaccard[row, label] >= SAME
    }
    changes = [_of_label(label, kept, keys, table, jaccard) for label in range(k)]
    gone = [row for row in range(len(keys)) if row not in kept.values()]
    return changes + [_of_key(row, kept, keys, table) for row in gone]


def _common(old: Mapping[str, str], new: Mapping[str, int], keys: Sequence[str], k: int) -> Floats:
    row_of = {key: row for row, key in enumerate(keys)}
    table = np.zeros((len(keys), k))
    for person, key in old.items():
        if person in new:
            table[row_of[key], new[person]] += 1
    return table


def _of_label(
    label: int, kept: dict[int, int], keys: Sequence[str], table: Floats, jaccard: Floats
) -> Change:
    if label in kept:
        row = kept[label]
        return Change(What.KEPT, label, keys[row], share=float(jaccard[row, label]))
    came = table[:, label] / np.maximum(table.sum(axis=1), 1.0)
    parents = tuple(keys[row] for row in np.flatnonzero(came >= PART).tolist())
    return Change(What.SPLIT if parents else What.BORN, label, "", parents)


def _of_key(row: int, kept: dict[int, int], keys: Sequence[str], table: Floats) -> Change:
    went = table[row] / max(float(table[row].sum()), 1.0)
    heirs = tuple(keys[kept[label]] for label in np.flatnonzero(went >= PART).tolist() if label in kept)
    return Change(What.MERGED if heirs else What.ENDED, None, keys[row], heirs)
