"""The inner loops of iALS: one side's rows solved exactly while the other side stands still.

Compiled, free of Python's lock, and of one thread each, so that the caller may run blocks of rows side by
side: no row reads another, hence the same numbers whatever the number of threads.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
_Kernel = TypeVar("_Kernel", bound=Callable[..., Any])

CHUNK = 128  # events taken into the sums at once: they stay in the nearest cache
_FAST = {"reassoc", "contract", "arcp", "nsz"}  # sums in any order; NaN and infinity keep their meaning


def _compiled(kernel: _Kernel, **more: bool) -> _Kernel:
    """Compiled at first use; kept beside the source where numba may write, made anew elsewhere."""
    options: dict[str, Any] = {"nogil": True, "fastmath": _FAST, "error_model": "numpy", **more}
    try:
        return cast(_Kernel, numba.njit(cache=True, **options)(kernel))
    except RuntimeError:  # no folder to keep it in
        return cast(_Kernel, numba.njit(**options)(kernel))


def _part(kernel: _Kernel) -> _Kernel:
    """Compiled into whoever calls it. On its own it might add up in another order, and then the process that
    compiles would come to other last digits than those that find the code made."""
    return _compiled(kernel, forceinline=True)


@_part
def _tile(lines: FloatArray, i: int, j: int, length: int) -> tuple[Any, ...]:
    """Products of lines i and i + 1 with lines j to j + 3: eight sums for six numbers fetched."""
    a = b = c = d = e = f = g = h = np.float32(0.0)
    for k in range(length):
        x, y = lines[i, k], lines[i + 1, k]
        p, q, r, s = lines[j, k], lines[j + 1, k], lines[j + 2, k], lines[j + 3, k]
        a, b, c, d = a + x * p, b + x * q, c + x * r, d + x * s
        e, f, g, h = e + y * p, f + y * q, g + y * r, h + y * s
    return a, b, c, d, e, f, g, h


@_part
def add_products(lines: FloatArray, size: int, length: int, out: FloatArray) -> None:
    """Add the products of the first `size` lines (a multiple of 4) to the lower half of `out`."""
    for i in range(0, size, 2):
        for j in range(0, i + 2, 4):
            a, b, c, d, e, f, g, h = _tile(lines, i, j, length)
            out[i, j] += a
            out[i, j + 1] += b
            out[i, j + 2] += c
            out[i, j + 3] += d
            out[i + 1, j] += e
            out[i + 1, j + 1] += f
            out[i + 1, j + 2] += g
            out[i + 1, j + 3] += h


@_part
def _reduce(matrix: FloatArray, j: int, size: int) -> None:
    """Take from the next four columns what the first j explain."""
    for i in range(j, size + 2, 2):
        a, b, c, d, e, f, g, h = _tile(matrix, i, j, j)
        matrix[i, j] -= a
        matrix[i, j + 1] -= b
        matrix[i, j + 2] -= c
        matrix[i, j + 3] -= d
        matrix[i + 1, j] -= e
        matrix[i + 1, j + 1] -= f
        matrix[i + 1, j + 2] -= g
        matrix[i + 1, j + 3] -= h


@_part
def _factor(matrix: FloatArray, j: int, size: int) -> None:
    """Factor four columns, row by row; the diagonal keeps its inverse."""
    one = np.float32(1.0)
    d0 = one / np.sqrt(matrix[j, j])
    p0 = matrix[j + 1, j] * d0
    d1 = one / np.sqrt(matrix[j + 1, j + 1] - p0 * p0)
    q0 = matrix[j + 2, j] * d0
    q1 = (matrix[j + 2, j + 1] - q0 * p0) * d1
    d2 = one / np.sqrt(matrix[j + 2, j + 2] - q0 * q0 - q1 * q1)
    r0 = matrix[j + 3, j] * d0
    r1 = (matrix[j + 3, j + 1] - r0 * p0) * d1
    r2 = (matrix[j + 3, j + 2] - r0 * q0 - r1 * q1) * d2
    d3 = one / np.sqrt(matrix[j + 3, j + 3] - r0 * r0 - r1 * r1 - r2 * r2)
    matrix[j, j], matrix[j + 1, j + 1], matrix[j + 2, j + 2], matrix[j + 3, j + 3] = d0, d1, d2, d3
    matrix[j + 1, j], matrix[j + 2, j], matrix[j + 2, j + 1] = p0, q0, q1
    matrix[j + 3, j], matrix[j + 3, j + 1], matrix[j + 3, j + 2] = r0, r1, r2
    for i in range(j + 4, size + 1):
        a = matrix[i, j] * d0
        b = (matrix[i, j + 1] - a * p0) * d1
        c = (matrix[i, j + 2] - a * q0 - b * q1) * d2
        matrix[i, j], matrix[i, j + 1], matrix[i, j + 2] = a, b, c
        matrix[i, j + 3] = (matrix[i, j + 3] - a * r0 - b * r1 - c * r2) * d3


@_part
def solve_cholesky(matrix: FloatArray, size: int) -> None:
    """Solve one positive definite system in place.

    `matrix`: its first `size` rows (a multiple of 4) hold the lower half, row `size` the right-hand side and
    then the solution, row `size + 1` is room. The right-hand side is one more row to the factorisation, which
    so solves the first triangle by the way.
    """
    for j in range(0, size, 4):
        if j:
            _reduce(matrix, j, size)
        _factor(matrix, j, size)
    for k in range(size - 1, -1, -1):
        value = matrix[size, k] * matrix[k, k]
        matrix[size, k] = value
        for m in range(k):
            matrix[size, m] -= value * matrix[k, m]


@_part
def _solve_few(
    indices: NDArray[np.int32],
    weights: FloatArray,
    fixed: FloatArray,
    scale: FloatArray,
    lines: FloatArray,
    small: FloatArray,
    solved: FloatArray,
) -> None:
    """(I + VV') a = √w, then V'a: as many unknowns as there are events."""
    count, dim = len(indices), len(scale)
    size = (count + 3) // 4 * 4
    small[: size + 2, :size] = 0.0
    lines[count:size] = 0.0
    for i in range(count):
        root = np.sqrt(weights[i])
        small[size, i] = root
        y = fixed[indices[i]]
        for k in range(dim):
            lines[i, k] = root * y[k] * scale[k]
    add_products(lines, size, dim, small)
    for i in range(size):
        small[i, i] += np.float32(1.0)
    solve_cholesky(small, size)
    for i in range(count):
        part = small[size, i]
        for k in range(dim):
            solved[k] += part * lines[i, k]
    for k in range(dim):
        solved[k] *= scale[k]


@_part
def _solve_many(
    indices: NDArray[np.int32],
    weights: FloatArray,
    fixed: FloatArray,
    scale: FloatArray,
    lines: FloatArray,
    columns: FloatArray,
    small: FloatArray,
    solved: FloatArray,
) -> None:
    """(I + V'V) z = V'√w: as many unknowns as there are dimensions."""
    dim, size = len(scale), columns.shape[0]
    small[:] = 0.0
    for begin in range(0, len(indices), CHUNK):
        many = min(CHUNK, len(indices) - begin)
        for i in range(many):
            root = np.sqrt(weights[begin + i])
            y = fixed[indices[begin + i]]
            for k in range(dim):
                lines[i, k] = root * y[k] * scale[k]
            for k in range(dim):
                small[size, k] += root * lines[i, k]
        for k in range(dim):
            for i in range(many):
                columns[k, i] = lines[i, k]
        add_products(columns, size, many, small)
    for k in range(size):
        small[k, k] += np.float32(1.0)
    solve_cholesky(small, size)
    for k in range(dim):
        solved[k] = small[size, k] * scale[k]


@_compiled
def solve_rows(
    indptr: NDArray[np.int64],
    indices: NDArray[np.int32],
    weights: FloatArray,
    fixed: FloatArray,
    spectrum: FloatArray,
    ridge: FloatArray,
    solved: FloatArray,
) -> None:
    """Write to `solved`, float32[n, d], each row's x with the least
    Σ w (1 - x·y_j)² + Σ_k spectrum_k x_k² + ridge |x|² over its events j; no events give zeros.

    `indptr`: int64[n + 1] into `indices` (int32) and `weights` (float32, above 0); `fixed`: float32[m, d],
    the y; `spectrum`: float32[d] and `ridge`: float32[n], their sums above 0.

    With V = √w · Y / √(spectrum + ridge) the problem is (I + V'V) z = V'√w, or else (I + VV') a = √w with
    z = V'a. The smaller is solved; both are well conditioned, so float32 will do.
    """
    dim = fixed.shape[1]
    size = (dim + 3) // 4 * 4
    scale = np.empty(dim, np.float32)
    lines = np.empty((max(size, CHUNK), dim), np.float32)
    columns = np.zeros((size, CHUNK + 16), np.float32)  # 16 more: columns must not meet in one cache set
    small = np.empty((size + 2, size), np.float32)
    for row in range(len(indptr) - 1):
        first, last = indptr[row], indptr[row + 1]
        solved[row] = 0.0
        if first == last:
            continue
        for k in range(dim):
            scale[k] = np.float32(1.0) / np.sqrt(spectrum[k] + ridge[row])
        if last - first <= dim:
            _solve_few(indices[first:last], weights[first:last], fixed, scale, lines, small, solved[row])
        else:
            _solve_many(
                indices[first:last], weights[first:last], fixed, scale, lines, columns, small, solved[row]
            )


@_compiled
def add_rows(indptr: NDArray[np.int64], weights: FloatArray, sums: NDArray[np.float64]) -> None:
    """Write each row's sum of weights; numpy would first copy them all to float64."""
    for row in range(len(sums)):
        total = 0.0
        for at in range(indptr[row], indptr[row + 1]):
            total += weights[at]
        sums[row] = total


@_compiled
def gram(rows: FloatArray, out: FloatArray) -> None:
    """Write the lower half of rows' · rows to `out`; both its sides are d rounded up to a multiple of 4."""
    dim = rows.shape[1]
    columns = np.zeros((out.shape[0], CHUNK + 16), np.float32)
    out[:] = 0.0
    for begin in range(0, len(rows), CHUNK):
        many = min(CHUNK, len(rows) - begin)
        for i in range(many):
            for k in range(dim):
                columns[k, i] = rows[begin + i, k]
        add_products(columns, out.shape[0], many, out)


@_compiled
def turn(rows: FloatArray, rotation: FloatArray) -> None:
    """Multiply each of `rows`, float32[n, d], by `rotation`, float32[d, d], in place."""
    width = rotation.shape[0]
    turned = np.empty(width, np.float32)
    for r in range(rows.shape[0]):
        turned[:] = 0.0
        for k in range(width):
            part = rows[r, k]
            for j in range(width):
                turned[j] += part * rotation[k, j]
        for j in range(width):  # a whole row at once would take numba four seconds to compile
            rows[r, j] = turned[j]
