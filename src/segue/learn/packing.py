"""Arrays as bytes: little-endian, no header, shapes known to the reader."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Vector = NDArray[np.float32]


def pack_vector(vector: Vector) -> bytes:
    """float32[D] → 4·D bytes."""
    return np.ascontiguousarray(vector, dtype="<f4").tobytes()


def unpack_vectors(blobs: Sequence[bytes | memoryview], dim: int) -> Vector:
    """n blobs → float32[n, D]; an empty blob is a zero row."""
    out = np.zeros((len(blobs), dim), dtype=np.float32)
    for i, blob in enumerate(blobs):
        if len(blob) == dim * 4:
            out[i] = np.frombuffer(blob, dtype="<f4")
    return out


def pack_counts(counts: sparse.csr_array, row: int) -> bytes:
    """One row of term counts → int32 columns, then float32 counts."""
    start, end = counts.indptr[row], counts.indptr[row + 1]
    columns = counts.indices[start:end].astype("<i4")
    return columns.tobytes() + counts.data[start:end].astype("<f4").tobytes()


def unpack_counts(blobs: Sequence[bytes | memoryview], width: int) -> sparse.csr_array:
    """n blobs → csr float64[n, width]."""
    columns = [np.frombuffer(blob, dtype="<i4", count=len(blob) // 8) for blob in blobs]
    values = [np.frombuffer(blob, dtype="<f4", offset=len(blob) // 2) for blob in blobs]
    indptr = np.cumsum([0, *[len(one) for one in columns]])
    indices = np.concatenate(columns) if blobs else np.zeros(0, dtype=np.int32)
    data = np.concatenate(values).astype(np.float64) if blobs else np.zeros(0)
    return sparse.csr_array((data, indices.astype(np.int32), indptr), shape=(len(blobs), width))
