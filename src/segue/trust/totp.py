"""One-time codes by the clock (RFC 6238 over RFC 4226): six digits, half a minute, SHA-1 as apps expect."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime
from urllib.parse import quote, urlencode

STEP_S = 30
DIGITS = 6
SEED_BYTES = 20
AROUND = 1  # a code of the step before or after counts too: clocks differ


def step_at(at: datetime) -> int:
    """Return the number of the time step a moment lies in."""
    return int(at.timestamp()) // STEP_S


def code_at(seed: bytes, step: int) -> str:
    """Return the code of a time step.

    >>> code_at(b"12345678901234567890", 59 // 30), code_at(b"12345678901234567890", 1111111109 // 30)
    ('287082', '081804')
    """
    mac = hmac.new(seed, step.to_bytes(8, "big"), hashlib.sha1).digest()
    start = mac[-1] & 0x0F
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def accepted_step(seed: bytes, said: str, *, at: datetime, after: int) -> int | None:
    """Return the step whose code was said, or None.

    Only steps later than `after` count: a code that has opened once opens nothing again.
    """
    here = step_at(at)
    found = None
    for step in range(here - AROUND, here + AROUND + 1):
        same = hmac.compare_digest(code_at(seed, step).encode(), said.encode("utf-8", "replace"))
        if same and step > after:
            found = step
    return found


def seed_in_letters(seed: bytes) -> str:
    """Return the seed as people type it into an app: base32, without padding."""
    return base64.b32encode(seed).decode("ascii").rstrip("=")


def app_uri(seed: bytes, *, issuer: str, account: str) -> str:
    """Return the address an authenticator app reads from a QR code."""
    label = f"{quote(issuer, safe='')}:{quote(account, safe='')}"
    return f"otpauth://totp/{label}?{urlencode({'secret': seed_in_letters(seed), 'issuer': issuer})}"
