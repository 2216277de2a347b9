"""Sealing what the database must keep and nobody who reads the database may use.

The key follows the site's secret, one for each purpose, so that nothing sealed for one opens for another.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_NONCE_BYTES = 12


class Unreadable(Exception):
    """These bytes were not sealed here, or for another purpose, or with another site's secret."""


def seal(plain: bytes, *, purpose: str) -> bytes:
    """Return the bytes sealed with AES-256-GCM: a nonce, then the ciphertext with its tag."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(_key(purpose)).encrypt(nonce, plain, purpose.encode())


def unseal(blob: bytes, *, purpose: str) -> bytes:
    """Return what was sealed for this purpose. Raises Unreadable."""
    try:
        return AESGCM(_key(purpose)).decrypt(blob[:_NONCE_BYTES], blob[_NONCE_BYTES:], purpose.encode())
    except (InvalidTag, ValueError):
        raise Unreadable(f"not sealed for {purpose}") from None


def _key(purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(
        settings.SECRET_KEY.encode()
    )
