"""One POST to one judged address: no redirect followed, no proxy asked, little read, an end by the clock."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Mapping

from django.conf import settings

from segue.engage.webhooks import Answer, NotDelivered
from segue.ports.webhooks.addresses import Target, target_of

CONNECT_S = 5.0
WHOLE_S = 15.0  # for the whole conversation
READ_BYTES = 16_384
WORDS = 500


class GuardedSender:
    """Sends events over HTTP; what it is asked to send inside, it refuses."""

    def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Return the receiver's status and first words, or raise NotDelivered."""
        target = target_of(url, inside=frozenset(settings.WEBHOOK_INSIDE_HOSTS))
        connection = _Pinned(target)
        bell = threading.Timer(WHOLE_S, connection.hang_up)  # a receiver that drips is not waited for
        bell.start()
        try:
            connection.request("POST", target.path, body=body, headers=_all_headers(headers))
            answer = connection.getresponse()
            words = answer.read(READ_BYTES).decode("utf-8", "replace").replace("\x00", "")[:WORDS]
        except (OSError, http.client.HTTPException) as failed:
            raise NotDelivered(f"{target.host} did not answer: {type(failed).__name__}.") from failed
        finally:
            bell.cancel()
            connection.close()
        return Answer(answer.status, words)


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was judged; its certificate is checked for the name."""

    def __init__(self, target: Target) -> None:
        super().__init__(target.host, target.port, timeout=CONNECT_S)
        self._target = target

    def connect(self) -> None:
        plain = socket.create_connection((self._target.address, self._target.port), timeout=CONNECT_S)
        plain.settimeout(WHOLE_S)
        if self._target.scheme == "https":
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(plain, server_hostname=self._target.host)
        else:
            self.sock = plain

    def hang_up(self) -> None:
        """End the call from another thread: whoever reads gets an error, or the end."""
        held = self.sock
        if held is not None:
            with contextlib.suppress(OSError):
                held.shutdown(socket.SHUT_RDWR)


def _all_headers(headers: Mapping[str, str]) -> dict[str, str]:
    return {
        "Content-Type": "application/json",
        "User-Agent": "Segue-Webhooks/1.0",
        "Accept": "*/*",
        "Connection": "close",
        **headers,
    }
