"""Sending what was written."""

from __future__ import annotations

from segue.engage.actions.sending import send_now
from segue.kit.actor import Actor
from segue.kit.queue import job


@job("engage.send_message")
def send_message(message_id: str) -> None:
    """Send one message; a second run of the same job sends nothing."""
    send_now(message_id, by=Actor.machine("mail"))
