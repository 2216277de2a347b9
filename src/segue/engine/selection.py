"""Keeping the best k of scores that come a tile at a time.

Compiled by numba where it is installed (`segue.engine.heaps`); the same in numpy, slower, where it is not.
Ties go to the lower job, so both give the same answer, always.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

ScoreArray = NDArray[np.float32]
JobArray = NDArray[np.int64]
MaskArray = NDArray[np.bool_]
Absorb = Callable[[ScoreArray, int, ScoreArray, JobArray], None]
Strike = Callable[[ScoreArray, MaskArray], None]

NOBODY = -1


def open_slots(scores: ScoreArray, k: int) -> tuple[ScoreArray, JobArray]:
    """Empty slots for the best k of each row, float32[m, k] and int64[m, k], before its first tile.

    A slot is worth a little less than the k-th best of that tile (or -inf where there are fewer), so that
    most of the tile is passed over at once, and everything that may belong to the best still gets in.

    >>> open_slots(np.array([[3.0, 1.0, 2.0]], dtype=np.float32), k=2)[0].round(4).tolist()
    [[2.0, 2.0]]
    """
    rows, width = scores.shape
    floor = np.full(rows, -np.inf, dtype=np.float32)
    if k <= width:
        floor = np.nextafter(np.partition(scores, width - k, axis=1)[:, width - k], floor)
    return np.repeat(floor[:, None], k, axis=1), np.full((rows, k), NOBODY, dtype=np.int64)


def in_order(best: ScoreArray, job: JobArray, k: int) -> tuple[ScoreArray, JobArray]:
    """The best k of each row's slots, highest first, of equals the lower job first.

    >>> score, job = np.array([[1.0, 2.0, 2.0]], dtype=np.float32), np.array([[4, 9, 7]])
    >>> in_order(score, job, k=2)[1].tolist()
    [[7, 9]]
    """
    order = np.lexsort((job, -best), axis=-1)[:, :k]
    return np.take_along_axis(best, order, axis=1), np.take_along_axis(job, order, axis=1)


def absorb_plainly(scores: ScoreArray, first_job: int, best: ScoreArray, job: JobArray) -> None:
    """Put what beats the slots of its row into them: `scores` float32[m, n] of jobs first_job … + n.

    `best` float32[m, k] and `job` int64[m, k] are written to; their order is nobody's business but ours.
    Tiles come in ascending order of jobs.

    >>> best, job = np.full((1, 2), -np.inf, dtype=np.float32), np.full((1, 2), NOBODY)
    >>> absorb_plainly(np.array([[5.0, 7.0, 7.0]], dtype=np.float32), 10, best, job)
    >>> sorted(job[0].tolist())
    [11, 12]
    """
    rows, k = best.shape
    row, column = np.nonzero(scores > best.min(axis=1)[:, None])
    if not len(row):
        return
    owner = np.concatenate((np.repeat(np.arange(rows), k), row))
    score = np.concatenate((best.ravel(), scores[row, column]))
    which = np.concatenate((job.ravel(), column + first_job))
    order = np.lexsort((which, -score, owner))
    owner = owner[order]
    place = np.arange(len(owner)) - np.searchsorted(owner, np.arange(rows))[owner]
    kept = order[place < k]
    best[:], job[:] = score[kept].reshape(rows, k), which[kept].reshape(rows, k)


@lru_cache(maxsize=1)
def compiled() -> Absorb:
    """`absorb_plainly`, compiled when first called; itself where there is no compiler."""
    try:
        from segue.engine.heaps import absorb
    except ImportError:
        return absorb_plainly
    return absorb


def strike_plainly(scores: ScoreArray, struck: MaskArray) -> None:
    """Put -inf wherever a mask of the same shape says so.

    >>> scores = np.array([[5.0, 7.0]], dtype=np.float32)
    >>> strike_plainly(scores, np.array([[False, True]]))
    >>> scores.tolist()
    [[5.0, -inf]]
    """
    np.copyto(scores, -np.inf, where=struck)


@lru_cache(maxsize=1)
def compiled_strike() -> Strike:
    """`strike_plainly`, compiled: several times as fast where much is struck, and here and there."""
    try:
        from segue.engine.heaps import strike
    except ImportError:
        return strike_plainly
    return strike
