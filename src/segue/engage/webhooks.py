"""The way out for events, as this room wants it, and how one is signed; `ports/webhooks` sends.

Signed by the Standard Webhooks specification, version 1.0.0 (standardwebhooks.com): HMAC-SHA256 over
"id.timestamp.body" with each secret that is valid, in base64 behind "v1,", separated by spaces.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said: an HTTP status, and the beginning of its words."""

    status: int
    words: str


class NotDelivered(Exception):
    """Nobody answered, or the address is not one we speak to; `refused` says it is the latter."""

    def __init__(self, message: str, *, refused: bool = False) -> None:
        super().__init__(message)
        self.refused = refused


class WebhookSender(Protocol):
    """Posts one body to one address outside, and to none inside."""

    def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Return the answer, whatever its status, or raise NotDelivered."""


def webhook_sender() -> WebhookSender:
    """Return the sender the settings name."""
    sender: WebhookSender = import_string(settings.WEBHOOK_SENDER)()
    return sender


def signed_headers(message_id: str, *, at_s: int, body: bytes, secrets: Sequence[str]) -> dict[str, str]:
    """Return the three headers a receiver verifies; `at_s` is a Unix time in seconds."""
    signed = b".".join((message_id.encode(), str(at_s).encode(), body))
    signatures = [
        base64.b64encode(hmac.new(_key(secret), signed, hashlib.sha256).digest()).decode("ascii")
        for secret in secrets
    ]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(at_s),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


def _key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix("whsec_"))
