"""One request, as granian hands it over (RSGI): what its head says, and its body as it comes in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Protocol

from granian.rsgi import ProtocolClosed, ProtocolError, Scope  # type: ignore[attr-defined]  # meant to be

from segue.web.collect.answers import Headers, Refused
from segue.web.collect.limits import BODY_BYTES, READ_AHEAD_BYTES

_KB = 1024


class Wire(Protocol):
    """The connection's other half: the body comes from it, the answer goes to it."""

    async def __call__(self) -> bytes: ...
    def __aiter__(self) -> AsyncIterator[bytes]: ...
    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None: ...


class Request:
    """A request whose body is read once, within limits. A header that is not ASCII counts as absent."""

    __slots__ = ("_chunks", "_wire", "header", "is_read", "method", "origin", "path", "scope")

    def __init__(self, scope: Scope, wire: Wire) -> None:
        self.scope, self._wire = scope, wire
        self.method, self.path = scope.method, scope.path
        self.header: Callable[[str], str | None] = scope.headers.get
        self.origin = self.header("origin") or ""
        self.is_read = False
        self._chunks: AsyncIterator[bytes] | None = None

    @property
    def query(self) -> str:
        return self.scope.query_string

    @property
    def caller(self) -> str:
        """The address of whoever is connected to us, without its port."""
        return self.scope.client.rpartition(":")[0].strip("[]")

    async def body(self, hold: Callable[[int], None]) -> bytes:
        """Return all of it; `hold` hears of the bytes of a long one as they come, and may refuse them.

        A short one lies in the server's own buffer until it is whole, so it is taken in one step.
        Raises Refused when it is too large, or when the sender went away.
        """
        length = self.header("content-length") or ""
        declared = int(length) if length.isascii() and length.isdigit() else None
        if declared is not None and declared > BODY_BYTES:
            raise too_large()
        try:
            if declared is not None and declared <= READ_AHEAD_BYTES:
                whole = await self._wire()
                self.is_read = True
                return whole
            return await self._in_pieces(hold)
        except (ProtocolClosed, ProtocolError):
            self.is_read = True
            raise Refused(400, "not_json", "The body ended early.") from None

    async def _in_pieces(self, hold: Callable[[int], None]) -> bytes:
        chunks, size = [], 0
        while (chunk := await self._next()) is not None:
            size += len(chunk)
            if size > BODY_BYTES:
                raise too_large()
            hold(2 * len(chunk))  # once as it came, once in the whole
            chunks.append(chunk)
        return b"".join(chunks)

    async def drain(self) -> None:
        """Let the rest come, and drop it: a sender that is still sending would not hear our answer."""
        try:
            while not self.is_read:
                await self._next()
        except (ProtocolClosed, ProtocolError):  # it went away
            self.is_read = True

    async def _next(self) -> bytes | None:
        """The body's next piece; None after its last. granian lets a body be gone through only once."""
        if self._chunks is None:
            self._chunks = aiter(self._wire)
        try:
            return await anext(self._chunks)
        except StopAsyncIteration:
            self.is_read = True
            return None


def too_large() -> Refused:
    return Refused(
        413,
        "too_large",
        f"A request has at most {BODY_BYTES // _KB} kB, inflated.",
        remedy="Send smaller batches.",
    )
