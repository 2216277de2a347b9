"""What goes out: one yes, and refusals that say what to do."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

Headers = Sequence[tuple[str, str]]
Answer = tuple[int, Headers, bytes]  # status, headers, body

JSON = ("content-type", "application/json")
_SUCCESS = b'{"success":true}'
_PLAIN_YES: Answer = (200, [JSON], _SUCCESS)


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


def yes(headers: Headers = ()) -> Answer:
    """Answer exactly what the libraries expect of a success."""
    return (200, [JSON, *headers], _SUCCESS) if headers else _PLAIN_YES


def no(refused: Refused, headers: Headers = ()) -> Answer:
    more = [JSON, *headers]
    if refused.retry_after_s:
        more.append(("retry-after", str(refused.retry_after_s)))
    if refused.status in {408, 413}:  # what is left of the body is not worth reading
        more.append(("connection", "close"))
    return refused.status, more, refused.as_json()
