"""Sealing what is personal: one blob a subject, under the subject's own key. Without the key it is noise."""

from __future__ import annotations

import os
import zlib
from collections.abc import Sequence
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12
_ABOUT = b"segue cold 1:"


def seal(subject: int, key: bytes, rows: Sequence[dict[str, Any]]) -> bytes:
    """Return a blob only `open_sealed` with the same key reads: nonce, then AES-256-GCM of the rows' JSON.

    A blob is bound to its subject: moved to another's row it does not open.
    """
    nonce = os.urandom(_NONCE_BYTES)
    plain = zlib.compress(orjson.dumps(list(rows)), 6)
    return nonce + AESGCM(key).encrypt(nonce, plain, _bound_to(subject))


def open_sealed(subject: int, key: bytes, blob: bytes) -> list[dict[str, Any]] | None:
    """Return the sealed rows, or None where this is not the key."""
    try:
        plain = AESGCM(key).decrypt(blob[:_NONCE_BYTES], blob[_NONCE_BYTES:], _bound_to(subject))
    except InvalidTag:
        return None
    rows: list[dict[str, Any]] = orjson.loads(zlib.decompress(plain))
    return rows


def _bound_to(subject: int) -> bytes:
    return _ABOUT + subject.to_bytes(8, "big", signed=True)
