"""The demo's shortcuts: somebody of each kind to sign in as. Only there when the demo runs."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from segue.trust.queries.accounts import faces
from segue.web.role_words import role_words


@dataclass(frozen=True, slots=True)
class DemoFace:
    """Somebody to sign in as, and what they do here."""

    name: str
    email: str
    words: str


def demo_faces() -> list[DemoFace]:
    """Return one account of each kind, or nobody where this is not the demo."""
    return [DemoFace(one.name, one.email, role_words(one.role)) for one in faces()] if settings.DEMO else []
