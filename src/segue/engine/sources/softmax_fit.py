"""The inner loops of the softmax source: one pass over the acts, a batch at a time, everything by hand.

Compiled; chance comes in as arrays drawn beforehand, so the same draws give the same numbers. The products
are numpy's, between the loops: of those there is nothing to gain.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from segue.engine.heaps import compile_loop

Float32Array = NDArray[np.float32]
Int32Array = NDArray[np.int32]


def _stand(past: Float32Array, history: Int32Array, share: Float32Array, out: Float32Array) -> None:
    """Add up where histories stand: `share` float32[m, L] of each of their jobs into float32[m, d]."""
    for act in range(len(history)):
        for back in range(history.shape[1]):
            if share[act, back] > 0:
                job = history[act, back]
                for k in range(past.shape[1]):
                    out[act, k] += share[act, back] * past[job, k]


def _surprise(
    pull: Float32Array, mine: Float32Array, target: Int32Array, drawn: Int32Array, offset: Float32Array
) -> None:
    """Turn pulls float32[m, N] of the drawn jobs, and of the target float32[m], into the slopes of the loss.

    `offset` float32[N]: each drawn job's bias, less the log of how often it is drawn. A drawn job that is
    the target itself is left out.
    """
    for act in range(len(pull)):
        highest = mine[act]
        for n in range(len(drawn)):
            pull[act, n] += offset[n]
            if drawn[n] != target[act]:
                highest = max(highest, pull[act, n])
        own = np.float32(math.exp(mine[act] - highest))
        total = own
        for n in range(len(drawn)):
            same = drawn[n] == target[act]
            pull[act, n] = np.float32(0.0) if same else np.float32(math.exp(pull[act, n] - highest))
            total += pull[act, n]
        mine[act] = own / total - np.float32(1.0)
        for n in range(len(drawn)):
            pull[act, n] /= total


def _step(
    rows: Float32Array,
    spent: Float32Array,
    at: Int32Array,
    much: Float32Array,
    slope: Float32Array,
    rate: float,
) -> None:
    """AdaGrad, one step a slope: rows[at] less rate · much · slope / √spent, in the order given.

    `rows` float32[J, d], `spent` float32[J]; `at` int32[m], `much` float32[m], `slope` float32[m, d].
    """
    dim = rows.shape[1]
    for one in range(len(at)):
        if much[one] == 0.0:
            continue
        job, square = at[one], np.float32(0.0)
        for k in range(dim):
            square += slope[one, k] * slope[one, k]
        spent[job] += much[one] * much[one] * square / np.float32(dim)
        length = np.float32(rate) * much[one] / np.float32(math.sqrt(spent[job]))
        for k in range(dim):
            rows[job, k] -= length * slope[one, k]


stand = compile_loop(_stand)
surprise = compile_loop(_surprise)
step = compile_loop(_step)
