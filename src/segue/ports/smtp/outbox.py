"""No server: messages stay where they are, to be read on the outbox page."""

from __future__ import annotations

from segue.engage.models import Message


class OutboxChannel:
    """Sends nothing anywhere. Right for a demo and for a first look."""

    delivers = False

    def send(self, message: Message) -> None:
        """Leave the message in the outbox."""
