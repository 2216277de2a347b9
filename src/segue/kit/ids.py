"""Identifiers."""

from __future__ import annotations

import hashlib
import os
import secrets
import threading
import time
import uuid

_lock = threading.Lock()
_last = [0, 0]  # the millisecond of the latest id, and the counter within it


def uuid7() -> uuid.UUID:
    """Return a time-ordered identifier (RFC 9562, version 7), so that index pages fill in order.

    Within one process each id is larger than the one before, also inside a millisecond: twelve bits
    after the time are a counter that starts at a random low value.
    """
    at_ms, counter = _next_tick()
    tail = int.from_bytes(os.urandom(8), "big") & (1 << 62) - 1
    return uuid.UUID(int=at_ms << 80 | 0x7 << 76 | counter << 64 | 0x2 << 62 | tail)


def number_of(words: str) -> int:
    """Return the same 64-bit number for the same words, everywhere and always: to begin a draw that replays.

    >>> number_of("a home") == number_of("a home") != number_of("another")
    True
    """
    return int.from_bytes(hashlib.sha256(words.encode()).digest()[:8], "big")


def _next_tick() -> tuple[int, int]:
    with _lock:
        at_ms, counter = time.time_ns() // 1_000_000, secrets.randbelow(1024)
        if at_ms <= _last[0]:  # the same millisecond, or a clock set back
            at_ms, counter = _last[0], _last[1] + 1
        if counter > 0xFFF:
            at_ms, counter = at_ms + 1, 0
        _last[:] = [at_ms, counter]
        return at_ms, counter
