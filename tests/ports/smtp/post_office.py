"""A real mail server on this machine, aiosmtpd, that keeps what it takes."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller


class PostOffice:
    """Letters as they came, the oldest first, each as text with its headers."""

    def __init__(self) -> None:
        self.letters: list[str] = []
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:
        """Take a letter; aiosmtpd calls it so."""
        self.letters.append(envelope.content.decode("utf-8", "replace"))
        return "250 taken"

    def open(self) -> None:
        """Begin to take letters, in a thread."""
        self._controller.start()

    def close(self) -> None:
        """Hang up on everybody."""
        self._controller.stop()


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    office = PostOffice()
    office.open()
    yield office
    office.close()
