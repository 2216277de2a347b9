"""The demo's shortcuts: somebody of each kind to sign in as. Only there when the demo runs."""

from __future__ import annotations

from django.conf import settings

from segue.trust.queries.accounts import Face, faces


def demo_faces() -> list[Face]:
    """Return one account of each kind, or nobody where this is not the demo."""
    return faces() if settings.DEMO else []
