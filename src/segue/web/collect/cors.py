"""Letting pages of other origins send, and read what we answer.

Any origin may ask: which ones a source hears is checked with its key, on the request itself. Credentials
are allowed because beacons send them whether anybody wants them or not; we read no cookie.
"""

from __future__ import annotations

from segue.web.collect.answers import Headers

_VARY = ("vary", "Origin")
_CREDENTIALS = ("access-control-allow-credentials", "true")
_EXPOSED = ("access-control-expose-headers", "Retry-After")
_USUAL_HEADERS = "authorization, anonymousid, sentat, content-type, content-encoding"


def for_origin(origin: str) -> Headers:
    """Return the headers that let a page of this origin read the answer; none where no browser asks."""
    if not origin:
        return ()
    return (("access-control-allow-origin", origin), _CREDENTIALS, _EXPOSED, _VARY)


def preflight(origin: str, asked_headers: str) -> Headers:
    """Return the answer to OPTIONS: what was asked for is allowed."""
    return (
        ("access-control-allow-origin", origin or "*"),
        _CREDENTIALS,
        ("access-control-allow-methods", "GET, POST, OPTIONS"),
        ("access-control-allow-headers", asked_headers or _USUAL_HEADERS),
        ("access-control-max-age", "7200"),
        ("vary", "Origin, Access-Control-Request-Headers"),
    )
