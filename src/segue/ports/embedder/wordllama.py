"""A fallback without onnxruntime: WordLlama's word-piece vectors, averaged; needs the optional package.

What runs is numpy and the tokenizer; of the package `wordllama` (MIT) only the weights and the vocabulary are
read, checked against pinned digests, and none of its code is run. It knows words, not their order.
Source: Miller 2024, WordLlama (token embeddings of language models, made smaller).
"""

from __future__ import annotations

import hashlib
import json
import math
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segue.ports.embedder.minilm import EmbedderUnavailable, package_file

WEIGHTS_SHA256 = "64b47a2dc493cb8e85944076601189739852d7b64e0e1eedcb1937a251cd9fd5"
VOCABULARY_SHA256 = "93248f2a9ec36c7b35f700a033d5f36228aae48db61aee31007fa49062cdeb68"
INSTALL = "pip install --no-deps wordllama==0.4.0.post1"
_DIM, _TENSOR = 256, "embedding.weight"
_NAMES = "weights/l2_supercat_256.safetensors", "tokenizers/l2_supercat_tokenizer_config.json"
_REMEDY = f"Install it ({INSTALL}, or the extra segue[wordllama]), or set another embedder."
_KINDS = {"F16": np.float16, "F32": np.float32}


class WordLlamaEmbedder:
    """256-dimensional means of word-piece vectors; loads on first use and may be shared between threads.

    `weights` and `vocabulary` default to the files of the installed package.
    """

    def __init__(
        self, *, max_tokens: int = 256, weights: Path | None = None, vocabulary: Path | None = None
    ) -> None:
        self._max_tokens = max_tokens
        self._weights = weights
        self._vocabulary = vocabulary
        self._loading = threading.Lock()
        self._loaded: tuple[Any, NDArray[np.float32]] | None = None

    @property
    def dim(self) -> int:
        return _DIM

    @cached_property
    def model_hash(self) -> str:
        """Digest over weights, vocabulary and the settings that change the numbers."""
        recipe = f"{WEIGHTS_SHA256}:{VOCABULARY_SHA256}:mean-pool:{self._max_tokens}"
        return f"wordllama-{hashlib.sha256(recipe.encode()).hexdigest()[:16]}"

    def embed(self, texts: Sequence[str], *, personal: bool = False) -> NDArray[np.float32]:
        """float32[n, 256], rows of length 1, a zero row where no word piece is known; long texts are cut.

        Raises EmbedderUnavailable where a package is missing or a file is not the pinned one.
        """
        vectors = np.zeros((len(texts), _DIM), dtype=np.float32)
        if not texts:
            return vectors
        tokenizer, pieces = self._load()
        for row, encoding in zip(
            vectors, tokenizer.encode_batch(list(texts), add_special_tokens=False), strict=True
        ):
            known = [piece for piece in encoding.ids if piece < len(pieces)]
            if known:
                mean = pieces[known].mean(axis=0)
                row[:] = mean / max(float(np.linalg.norm(mean)), 1e-12)
        return vectors

    def _load(self) -> tuple[Any, NDArray[np.float32]]:
        with self._loading:
            if self._loaded is None:
                self._loaded = self._load_tokenizer(), self._load_pieces()
            return self._loaded

    def _load_tokenizer(self) -> Any:
        try:
            from tokenizers import Tokenizer
        except ImportError as error:
            raise EmbedderUnavailable("The package tokenizers is missing.") from error
        content = _checked(self._vocabulary, _NAMES[1], VOCABULARY_SHA256)
        tokenizer = Tokenizer.from_str(content.decode("utf-8"))
        tokenizer.no_padding()
        tokenizer.enable_truncation(self._max_tokens)
        return tokenizer

    def _load_pieces(self) -> NDArray[np.float32]:
        return tensor_of(_checked(self._weights, _NAMES[0], WEIGHTS_SHA256), _TENSOR)


def _checked(path: Path | None, name: str, sha256: str) -> bytes:
    return package_file(path, "wordllama", name, sha256, remedy=_REMEDY)


def tensor_of(content: bytes, name: str) -> NDArray[np.float32]:
    """One tensor out of a safetensors file, as float32. Raises KeyError, ValueError for another file.

    The format: eight bytes of length, a JSON head that says where each tensor lies, the numbers.
    Source: the safetensors format, Hugging Face.
    """
    start = 8 + int.from_bytes(content[:8], "little")
    told = json.loads(content[8:start])[name]
    low, _ = told["data_offsets"]
    shape = tuple(told["shape"])
    numbers = np.frombuffer(content, _KINDS[told["dtype"]], math.prod(shape), start + low)
    return np.asarray(numbers.reshape(shape), dtype=np.float32)
