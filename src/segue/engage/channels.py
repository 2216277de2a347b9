"""The way out for messages, as this room wants it; `ports` has the real ones."""

from __future__ import annotations

from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from segue.engage.models import Message


class ChannelRefused(Exception):
    """The other side would not take the message; `permanent` says that trying again is useless."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent


class Channel(Protocol):
    """Carries one message. Sending the same message id twice must look like once to the reader."""

    delivers: bool  # False where messages stay in our own outbox

    def send(self, message: Message) -> None:
        """Hand the message over, or raise ChannelRefused."""


def mail_channel() -> Channel:
    """Return the channel the settings name."""
    channel: Channel = import_string(settings.MAIL_CHANNEL)()
    return channel
