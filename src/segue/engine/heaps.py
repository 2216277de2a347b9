"""The best k of each row as a heap, compiled: mostly one compare a score. Imports numba; ask `selection`.

After a few tiles nearly no score beats the k-th best so far, so the common case is to find that out quickly:
64 scores are compared with the threshold at once (the compiler makes vector instructions of it), and only
where one of them passes are they looked at one by one.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np

from segue.engine.selection import Absorb, JobArray, MaskArray, ScoreArray, Strike

CHUNK = 64

numba: Any = importlib.import_module("numba")


def compile_loop(function: Callable[..., None]) -> Any:
    """Compile at the first call. Machine code is kept beside the source or in the user's cache, wherever
    numba may write; where it may not, it is made anew in each process.
    """
    try:
        return numba.njit(function, nogil=True, cache=True)
    except RuntimeError:  # nowhere to keep it
        return numba.njit(function, nogil=True)


def _replace_worst(best: ScoreArray, job: JobArray, score: np.float32, which: int) -> None:
    """Let the newcomer sink to where all below are better; of equals the higher job is the worse."""
    k, place = len(best), 0
    while True:
        child = 2 * place + 1
        if child >= k:
            break
        other = child + 1
        if other < k and (
            best[other] < best[child] or (best[other] == best[child] and job[other] > job[child])
        ):
            child = other
        if best[child] > score or (best[child] == score and job[child] < which):
            break
        best[place], job[place] = best[child], job[child]
        place = child
    best[place], job[place] = score, which


replace_worst = compile_loop(_replace_worst)


def _absorb(scores: ScoreArray, first_job: int, best: ScoreArray, job: JobArray) -> None:
    """As `selection.absorb_plainly`; a row's slots are a heap whose worst lies at place 0."""
    width = scores.shape[1]
    end = width - width % CHUNK
    for row in range(scores.shape[0]):
        mine, theirs = best[row], job[row]
        for start in range(0, end, CHUNK):
            chunk = scores[row, start : start + CHUNK]
            threshold = mine[0]
            hit = 0
            for i in range(CHUNK):
                hit |= chunk[i] > threshold
            if hit:
                for i in range(CHUNK):
                    if chunk[i] > mine[0]:
                        replace_worst(mine, theirs, chunk[i], first_job + start + i)
        for column in range(end, width):
            if scores[row, column] > mine[0]:
                replace_worst(mine, theirs, scores[row, column], first_job + column)


absorb: Absorb = compile_loop(_absorb)


def _strike(scores: ScoreArray, struck: MaskArray) -> None:
    """As `selection.strike_plainly`."""
    for row in range(scores.shape[0]):
        for column in range(scores.shape[1]):
            if struck[row, column]:
                scores[row, column] = -np.inf


strike: Strike = compile_loop(_strike)
