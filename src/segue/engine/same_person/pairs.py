"""Which records are worth comparing: those that share a key. Sorting finds them, never pair by pair."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from segue.engine.same_person.records import UNKNOWN, Codes, Keys

Pairs = NDArray[np.int64]  # (n, 2), the smaller row first, each pair once
LARGEST_BLOCK = 40  # a key that more records share tells nobody apart: a switchboard, a placeholder


def candidate_pairs(keys: Keys, largest: int = LARGEST_BLOCK) -> Pairs:
    """Return pairs that share a mailbox, a number, a profile, or a name with a place, employer or day."""
    named = [joined(keys.name_key, other) for other in (keys.city, keys.employer, keys.born)]
    blocks = [keys.email, keys.phone, keys.profile, *named]
    return distinct_pairs((pairs_sharing(codes, largest) for codes in blocks), len(keys.name))


def joined(one: Codes, other: Codes) -> Codes:
    """Return codes of the pairs of two codes; unknown where either is."""
    both = one.astype(np.int64) * (int(other.max(initial=0)) + 1) + other
    known = (one != UNKNOWN) & (other != UNKNOWN)
    codes = np.full(len(one), UNKNOWN, np.int32)
    codes[known] = np.unique(both[known], return_inverse=True)[1]
    return codes


def pairs_sharing(codes: Codes, largest: int = LARGEST_BLOCK) -> Pairs:
    """Return all pairs of rows with the same known code, of codes that at most `largest` rows share.

    >>> pairs_sharing(np.array([7, -1, 7, 7, -1, 3], np.int32)).tolist()
    [[0, 2], [2, 3], [0, 3]]
    """
    rows = np.flatnonzero(codes != UNKNOWN)
    rows = rows[np.argsort(codes[rows], kind="stable")]
    in_order = codes[rows]
    size = np.unique(in_order, return_counts=True)[1]
    kept = np.repeat(size <= largest, size)
    rows, in_order = rows[kept], in_order[kept]
    found = [np.empty((0, 2), np.int64)]
    for step in range(1, int(size[size <= largest].max(initial=0))):
        same = in_order[step:] == in_order[:-step]
        found.append(np.stack([rows[:-step][same], rows[step:][same]], axis=1))
    return np.concatenate(found)


def distinct_pairs(blocks: Iterable[Pairs], rows: int) -> Pairs:
    """Return each pair once, ordered."""
    every = np.concatenate([np.empty((0, 2), np.int64), *blocks])
    low, high = every.min(axis=1, initial=rows), every.max(axis=1, initial=0)
    packed = np.unique(low * max(rows, 1) + high)
    return np.stack([packed // max(rows, 1), packed % max(rows, 1)], axis=1)
