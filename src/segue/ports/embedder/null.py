"""A stand-in embedder without a model: hashed character n-grams. It knows spelling, not meaning."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_VERSION = "null-char-ngrams-3-5-v1"


class NullEmbedder:
    """Maps a text's character 3- to 5-grams to signed buckets; the same on every machine."""

    def __init__(self, dim: int = 384) -> None:
        if dim < 1:
            raise ValueError("dim starts at 1")
        self._dim = dim

    @property
    def dim(self) -> int:
        return self._dim

    @property
    def model_hash(self) -> str:
        """Says what it is, so that no one mistakes its vectors for a model's."""
        return f"{_VERSION}-{self._dim}"

    def embed(self, texts: Sequence[str], *, personal: bool = False) -> NDArray[np.float32]:
        """float32[n, dim], rows of length 1; a text without letters gives a zero row."""
        rows = np.zeros((len(texts), self._dim), dtype=np.float64)
        for row, text in zip(rows, texts, strict=True):
            for gram in _grams(text):
                bucket = zlib.crc32(gram.encode())
                row[bucket % self._dim] += 1.0 if bucket & 0x8000_0000 else -1.0
        length = np.linalg.norm(rows, axis=1, keepdims=True)
        return (rows / np.where(length > 0, length, 1.0)).astype(np.float32)


def _grams(text: str) -> list[str]:
    return [
        padded[start : start + size]
        for word in text.casefold().split()
        for padded in (f"<{word}>",)
        for size in (3, 4, 5)
        for start in range(max(1, len(padded) - size + 1))
    ]
