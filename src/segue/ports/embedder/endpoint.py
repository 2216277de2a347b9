"""An embedder somewhere else: whatever answers `POST …/embeddings` as OpenAI's does (vLLM, Ollama, TEI, …).

Texts leave the machine, so people's words are refused unless a setting says that they may go; redirects are
not followed, since the key would follow them. Each vector is checked before it is believed.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from typing import Any, NoReturn

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from segue.ports.embedder.minilm import EmbedderUnavailable

TIMEOUT_S, ATTEMPTS, WAIT_S, LONGEST_WAIT_S = 30.0, 3, 0.5, 10.0
BATCH = 64
MOST_BYTES = 64 * 2**20  # of an answer
_AGAIN = frozenset({408, 409, 429, 500, 502, 503, 504})


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


class EndpointEmbedder:
    """Vectors from an OpenAI-compatible endpoint; `url` ends before /embeddings, such as https://host/v1."""

    def __init__(
        self,
        url: str = "",
        *,
        model: str = "",
        key: str = "",
        personal: bool | None = None,
        wait_s: float = WAIT_S,
    ) -> None:
        self._url = (url or settings.EMBEDDING_URL).rstrip("/")
        self._model = model or settings.EMBEDDING_MODEL
        self._key = key or settings.EMBEDDING_KEY
        self._personal = settings.EMBEDDING_PERSONAL if personal is None else personal
        self._wait_s = wait_s
        self._dim = 0
        self._opener = urllib.request.build_opener(_NoRedirects)
        if not self._url.startswith(("https://", "http://")) or not self._model:
            raise EmbedderUnavailable(
                "No embedding endpoint is named.", "Set SEGUE_EMBEDDING_URL and SEGUE_EMBEDDING_MODEL."
            )

    @property
    def dim(self) -> int:
        """Length of every vector; asks the endpoint once."""
        if not self._dim:
            self.embed(["dimension"])
        return self._dim

    @property
    def model_hash(self) -> str:
        """Names the endpoint and the model, as far as anybody outside can."""
        return f"endpoint-{hashlib.sha256(f'{self._url}:{self._model}'.encode()).hexdigest()[:16]}"

    def embed(self, texts: Sequence[str], *, personal: bool = False) -> NDArray[np.float32]:
        """float32[n, dim], rows of length 1; an empty text gives a zero row and is not sent.

        Raises EmbedderUnavailable where people's words may not leave, the endpoint fails or answers oddly.
        """
        said = [n for n, text in enumerate(texts) if text.strip()]
        if said and personal and not self._personal:
            raise EmbedderUnavailable(
                "What people say of themselves may not leave this machine.",
                "Use an embedder of this machine, or set SEGUE_EMBEDDING_PERSONAL=1 once people know.",
            )
        rows: list[NDArray[np.float32]] = []
        for low in range(0, len(said), BATCH):
            rows.append(self._ask([texts[n] for n in said[low : low + BATCH]]))
        vectors = np.zeros((len(texts), self._dim), dtype=np.float32)
        if rows:
            vectors[said] = np.concatenate(rows)
        return vectors

    def _ask(self, texts: list[str]) -> NDArray[np.float32]:
        body = json.dumps({"model": self._model, "input": texts, "encoding_format": "float"}).encode()
        head = {"Content-Type": "application/json", "Accept": "application/json"}
        head |= {"Authorization": f"Bearer {self._key}"} if self._key else {}
        request = urllib.request.Request(f"{self._url}/embeddings", body, head)  # noqa: S310 - http(s), see above
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self._opener.open(request, timeout=TIMEOUT_S) as answer:
                    return self._read(answer.read(MOST_BYTES), len(texts))
            except urllib.error.HTTPError as refused:
                if refused.code not in _AGAIN or attempt == ATTEMPTS:
                    _give_up(f"The embedding endpoint answered {refused.code}.")
                time.sleep(_pause(refused.headers.get("Retry-After"), self._wait_s * attempt))
            except (OSError, http.client.HTTPException) as broken:
                if attempt == ATTEMPTS:
                    _give_up(f"The embedding endpoint cannot be reached ({type(broken).__name__}).")
                time.sleep(self._wait_s * attempt)
        raise AssertionError("every attempt returns or gives up")

    def _read(self, content: bytes, asked: int) -> NDArray[np.float32]:
        try:
            told = sorted(json.loads(content)["data"], key=lambda one: int(one["index"]))
            rows = np.array([one["embedding"] for one in told], dtype=np.float32)
            numbers = [int(one["index"]) for one in told]
        except (ValueError, TypeError, KeyError):
            _give_up("The embedding endpoint did not answer with embeddings.")
        if numbers != list(range(asked)) or rows.ndim != 2 or not np.isfinite(rows).all():
            _give_up(f"The embedding endpoint was asked for {asked} vectors and sent something else.")
        if self._dim not in (0, rows.shape[1]):
            _give_up(f"The embedding endpoint's vectors were {self._dim} long and now are {rows.shape[1]}.")
        self._dim = rows.shape[1]
        length = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows / np.where(length > 0, length, 1.0), dtype=np.float32)


def _pause(said: str | None, otherwise_s: float) -> float:
    return min(LONGEST_WAIT_S, float(said)) if said and said.isdigit() else otherwise_s


def _give_up(message: str) -> NoReturn:
    raise EmbedderUnavailable(
        message, "See SEGUE_EMBEDDING_URL, _MODEL and _KEY, or use another embedder."
    ) from None
