"""The way in for mail, as this room wants it; `ports` has the real ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class MailboxRefused(Exception):
    """The mail server could not be asked; another time it may."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One mail of a mailbox: its number there, valid as long as `validity` is the same, and its bytes."""

    validity: int
    uid: int
    raw: bytes


class Mailbox(Protocol):
    """Hands over what came since; it takes nothing away and marks nothing as read."""

    name: str

    def since(self, validity: int, last_uid: int, *, most: int) -> Iterator[Incoming]:
        """Yield up to `most` newer mails, oldest first. Raises MailboxRefused."""


def mailbox() -> Mailbox | None:
    """Return the mailbox the settings name, or None where mail comes in another way or not at all."""
    if not settings.IMAP_URL:
        return None
    found: Mailbox = import_string(settings.MAILBOX)(settings.IMAP_URL)
    return found
