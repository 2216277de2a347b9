"""A sparse table times a sparse table, added to a dense one: the answer is full, so no list of it is kept."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from segue.engine.heaps import compile_loop

Float32Array = NDArray[np.float32]


def add_product(out: Float32Array, left: sparse.csr_array, right: sparse.csr_array) -> None:
    """`out += left @ right`, in place: float32[m, J], csr[m, n] and csr[n, J].

    >>> out = np.zeros((1, 2), dtype=np.float32)
    >>> add_product(out, sparse.csr_array([[2.0, 1.0]]), sparse.csr_array([[0.0, 1.0], [3.0, 0.0]]))
    >>> out.tolist()
    [[3.0, 2.0]]
    """
    if out.shape != (left.shape[0], right.shape[1]) or left.shape[1] != right.shape[0]:
        raise ValueError(f"{left.shape} times {right.shape} does not give {out.shape}")
    _compiled(
        *(out, left.indptr, left.indices, left.data.astype(np.float32, copy=False)),
        *(right.indptr, right.indices, right.data.astype(np.float32, copy=False)),
    )


def _add_product(
    out: Float32Array,
    left_start: NDArray[np.int32],
    left_at: NDArray[np.int32],
    left: Float32Array,
    right_start: NDArray[np.int32],
    right_at: NDArray[np.int32],
    right: Float32Array,
) -> None:
    for row in range(len(out)):
        total = out[row]
        for one in range(left_start[row], left_start[row + 1]):
            middle, weight = left_at[one], left[one]
            for two in range(right_start[middle], right_start[middle + 1]):
                total[right_at[two]] += weight * right[two]


_compiled = compile_loop(_add_product)
