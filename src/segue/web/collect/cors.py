"""Letting pages of other origins send, and read what we answer.

Any origin may ask: which ones a source hears is checked with its key, on the request itself. Credentials
are allowed because beacons send them whether anybody wants them or not; we read no cookie.
"""

from __future__ import annotations

from segue.web.collect.answers import Headers

_VARY = (b"vary", b"Origin")
_CREDENTIALS = (b"access-control-allow-credentials", b"true")
_EXPOSED = (b"access-control-expose-headers", b"Retry-After")
_USUAL_HEADERS = b"authorization, anonymousid, sentat, content-type, content-encoding"


def for_origin(origin: bytes) -> Headers:
    """Return the headers that let a page of this origin read the answer; none where no browser asks."""
    if not origin:
        return ()
    return ((b"access-control-allow-origin", origin), _CREDENTIALS, _EXPOSED, _VARY)


def preflight(origin: bytes, asked_headers: bytes) -> Headers:
    """Return the answer to OPTIONS: what was asked for is allowed."""
    return (
        (b"access-control-allow-origin", origin or b"*"),
        _CREDENTIALS,
        (b"access-control-allow-methods", b"GET, POST, OPTIONS"),
        (b"access-control-allow-headers", asked_headers or _USUAL_HEADERS),
        (b"access-control-max-age", b"7200"),
        (b"vary", b"Origin, Access-Control-Request-Headers"),
    )
