"""Proof that an event comes from a page we made, and that a user id was said by whoever knows the user.

Both are keyed hashes under SECRET_KEY: nothing is stored, nothing is looked up.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from segue.kit import clock

LIVES_S = 48 * 60 * 60  # a tab left open a day, and a queue kept through another
_NOBODY = uuid.UUID(int=0)
_HEAD = struct.Struct(">BQ16s")  # version, end of life (s), person
_VERSION = 1
_MARK = 16  # bytes of the mac that travel
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class PageToken:
    """Whom a page was made for, and what they had allowed when it was made."""

    person_id: uuid.UUID | None
    purposes: tuple[str, ...]


def issue(*, person_id: uuid.UUID | None, granted: Iterable[str]) -> str:
    """Return a token for a page about to be sent; it lives two days."""
    ends = int(clock.now().timestamp()) + LIVES_S
    body = _HEAD.pack(_VERSION, ends, (person_id or _NOBODY).bytes) + ",".join(sorted(granted)).encode()
    return base64.urlsafe_b64encode(body + _mac("page", body)[:_MARK]).rstrip(b"=").decode()


def read(token: str) -> PageToken | None:
    """Return what a token says, or None for one that is not ours or has had its day."""
    if not 20 < len(token) <= _LONGEST:
        return None
    found = _opened(token, settings.SECRET_KEY)
    if found is None or found[0] < clock.now().timestamp():
        return None
    return found[1]


@lru_cache(maxsize=4096)
def _opened(token: str, _secret_key: str) -> tuple[int, PageToken] | None:
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        return None
    body, mark = raw[:-_MARK], raw[-_MARK:]
    if len(body) < _HEAD.size or not hmac.compare_digest(_mac("page", body)[:_MARK], mark):
        return None
    version, ends, person = _HEAD.unpack_from(body)
    if version != _VERSION:
        return None
    words = body[_HEAD.size :].decode()
    person_id = uuid.UUID(bytes=person)
    purposes = tuple(words.split(",")) if words else ()
    return ends, PageToken(person_id if person_id != _NOBODY else None, purposes)


def user_secret(source_id: int) -> str:
    """Return the secret a source's own servers sign user ids with; it is theirs to keep."""
    return _mac("users", str(source_id).encode()).hex()


def user_token(source_id: int, user_id: str) -> str:
    """Return HMAC-SHA256(user secret, user id) in hex: what a page elsewhere sends beside a user id."""
    key = user_secret(source_id).encode()
    return hmac.new(key, user_id.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def user_token_is_right(source_id: int, user_id: str, token: str) -> bool:
    """Say whether a user id was said by somebody who holds the source's user secret."""
    return len(token) == 64 and hmac.compare_digest(
        user_token(source_id, user_id).encode(), token.lower().encode("utf-8", "replace")
    )


def _mac(what: str, body: bytes) -> bytes:
    return hmac.new(_key(what, settings.SECRET_KEY), body, hashlib.sha256).digest()


@lru_cache(maxsize=8)
def _key(what: str, secret_key: str) -> bytes:
    return hashlib.sha256(f"segue.listen.{what}\0{secret_key}".encode()).digest()
