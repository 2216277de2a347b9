"""Telling programs from people by their pace: sums over times, no names.

A mail scanner opens a letter's links one after another the moment it arrives; a script sends more than a
hand can. Neither is bad, and neither tells anything of a candidate's taste.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def leaky_level(level: float, elapsed_s: float, *, leak_per_s: float) -> float:
    """Return the level of a leaky bucket after one more event.

    `level` is the level after the event before, `elapsed_s` the time since (a clock set back counts as
    none). A steady sender at or below `leak_per_s` events a second never rises above 1. Source: Turner,
    New directions in communications (or which way to the information age?), IEEE Comm. Mag. 24(10), 1986.

    >>> leaky_level(3.0, 0.5, leak_per_s=4.0)
    2.0
    >>> leaky_level(0.0, -7.0, leak_per_s=4.0)
    1.0
    """
    return max(0.0, level - max(0.0, elapsed_s) * leak_per_s) + 1.0


def scanner_clicks(
    letter: NDArray[np.int64],
    link: NDArray[np.int64],
    at_us: NDArray[np.int64],
    *,
    window_us: int = 10_000_000,
    n_links: int = 3,
) -> NDArray[np.bool_]:
    """Say of each opened link whether a mail scanner opened it.

    `letter`, `link`: shape (n,), int64, which letter and which of its links; `at_us`: shape (n,), int64,
    when, in microseconds; rows in any order. Returns shape (n,), bool: the click lies within `window_us`,
    both ends counted, of clicks on at least `n_links` different links of the same letter. Raises ValueError
    for arrays of different lengths.

    >>> burst = scanner_clicks(np.array([1, 1, 1, 2]), np.array([1, 2, 3, 1]), np.array([0, 9, 10, 5]),
    ...                        window_us=10)
    >>> burst.tolist()
    [True, True, True, False]
    """
    if not len(letter) == len(link) == len(at_us):
        raise ValueError("letter, link and at_us are of one length")
    found = np.zeros(len(letter), dtype=np.bool_)
    order = np.lexsort((at_us, letter))
    starts = np.flatnonzero(np.r_[True, np.diff(letter[order]) != 0]) if len(order) else order
    for rows in np.split(order, starts[1:]):
        if len(rows) < n_links:
            continue
        ends = np.searchsorted(at_us[rows], at_us[rows] + window_us, side="right")
        for first, end in enumerate(ends):
            if len(np.unique(link[rows[first:end]])) >= n_links:
                found[rows[first:end]] = True
    return found
