"""What goes out: one yes, and refusals that say what to do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

import orjson

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = Sequence[tuple[bytes, bytes]]

SUCCESS = b'{"success":true}'
JSON = (b"content-type", b"application/json")
_SUCCESS_HEADERS = (JSON, (b"content-length", str(len(SUCCESS)).encode()))
_END = {"type": "http.response.body", "body": SUCCESS}


class Refused(Exception):
    """A request or an event that is not taken: the status, and the words for whoever sent it."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        field: str = "",
        remedy: str = "",
        retry_after_s: int = 0,
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.field, self.remedy, self.retry_after_s = field, remedy, retry_after_s

    def as_json(self) -> bytes:
        said = {"code": self.code, "message": self.message, "field": self.field, "remedy": self.remedy}
        return orjson.dumps({"success": False, **said})


async def say_yes(send: Send, headers: Headers) -> None:
    """Answer exactly what the libraries expect of a success."""
    await send({"type": "http.response.start", "status": 200, "headers": [*_SUCCESS_HEADERS, *headers]})
    await send(_END)


async def say_no(send: Send, refused: Refused, headers: Headers) -> None:
    more = [*headers]
    if refused.retry_after_s:
        more.append((b"retry-after", str(refused.retry_after_s).encode()))
    if refused.status in {408, 413}:  # what is left of the body is not worth reading
        more.append((b"connection", b"close"))
    await say(send, refused.status, refused.as_json(), [JSON, *more])


async def say(send: Send, status: int, body: bytes, headers: Headers) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [length, *headers]})
    await send({"type": "http.response.body", "body": body})
