"""The interface this room wants from whatever turns texts into vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Embedder(Protocol):
    """Turns texts into unit vectors whose cosine says how near their meanings are."""

    @property
    def dim(self) -> int:
        """Length of every vector."""
        ...

    @property
    def model_hash(self) -> str:
        """Names the model to the bit: vectors with different hashes must not be compared."""
        ...

    def embed(self, texts: Sequence[str], *, personal: bool = False) -> NDArray[np.float32]:
        """float32[n, dim], each row of length 1 (an empty text may give a zero row).

        `personal`: these are words of or about people. An embedder on another machine must refuse them
        unless the settings let them go.
        """
        ...
