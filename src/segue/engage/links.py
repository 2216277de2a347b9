"""Addresses that messages carry. The portal answers at these paths."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from django.utils.http import url_has_allowed_host_and_scheme


def sign_in_path(token: str, *, next_path: str = "") -> str:
    """Return the page with the button that signs in; a GET alone (a mail scanner) does nothing."""
    target = safe_next(next_path)
    return f"/sign-in/{token}/" + (f"?{urlencode({'next': target})}" if target else "")


def status_path(status_key: str) -> str:
    """Return an application's own page."""
    return f"/a/{status_key}/"


def offer_path(token: str) -> str:
    """Return the page where a candidate reads and answers an offer."""
    return f"/offer/{token}/"


_OFFER_TOKEN = re.compile(r"(?<=/offer/)[\w.-]{40,}")


def without_keys(text: str) -> str:
    """Return a letter as colleagues may read it: the way into an offer is for who got the letter.

    >>> without_keys("Here: https://jobs.example/offer/" + 43 * "a" + "/")
    'Here: https://jobs.example/offer/…/'
    """
    return _OFFER_TOKEN.sub("…", text)


def safe_next(next_path: str) -> str:
    """Return a path within this site, or nothing: a link must never lead elsewhere."""
    local = next_path.startswith("/") and url_has_allowed_host_and_scheme(next_path, allowed_hosts=None)
    return next_path if local and len(next_path) <= 500 else ""
