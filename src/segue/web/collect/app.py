"""The ASGI application granian serves: which path is what, and one request from its bytes to its answer."""

from __future__ import annotations

import asyncio
import gc
import re
from collections.abc import Awaitable
from typing import Any

import orjson
from django.conf import settings

from segue.kit import clock, logs
from segue.kit.errors import SegueError
from segue.kit.metrics import Counter
from segue.listen.actions.intake import WRITTEN, Arrival, Intake, Refusal
from segue.listen.queries.keys import KnownKey
from segue.web.collect import cors, pages, wire
from segue.web.collect.answers import JSON, Receive, Refused, Scope, Send, say, say_no, say_yes
from segue.web.collect.events import Envelope, read_event
from segue.web.collect.keyring import Keyring, check
from segue.web.collect.limits import (
    BODY_BYTES,
    BODY_SECONDS,
    CONTEXT_BYTES,
    DEEP,
    EVENT_BYTES,
    EVENTS,
    REFUSAL_BYTES,
    Limits,
)
from segue.web.collect.patience import Patience

BATCH = "batch"
_CALLS = ("track", "identify", "page", "screen", "group", "alias", BATCH)
PATHS = {
    **{f"/v1/{call}": call for call in _CALLS},
    **{f"/v1/{call[0]}": call for call in _CALLS},
    "/v1/import": BATCH,
    "/beacon/v1/batch": BATCH,
}
ANSWERED = Counter("segue_collect_requests", "Requests to the collector.", ["code"])
_YES = ANSWERED.labels("ok")
log = logs.get("segue.collect")


# What proves a key or a person must not lie about where refused bodies are read.
_PROOFS = re.compile(r'("(?:writeKey|userToken|pageToken)"\s*:\s*")[^"]*')


class Collector:
    """One process's collector: its keys, its limits and its writer."""

    def __init__(self, intake: Intake, keyring: Keyring) -> None:
        self.intake, self.keyring = intake, keyring
        self.limits = Limits()
        self.patience = Patience(BODY_SECONDS)
        self._successes = 0  # not counted yet: shared counters are dear

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        headers = dict(scope["headers"])
        allow = cors.for_origin(headers[b"origin"]) if b"origin" in headers else ()
        body = wire.Body(receive)
        try:
            call = PATHS.get(scope["path"])
            if call is None or scope["method"] != "POST":
                await pages.answer(self, scope, receive, send, headers)
                return
            await self._collect(call, scope, body, headers)
        except Refused as refused:
            if refused.status != 408:
                await self._drain(body)
            ANSWERED.labels(refused.code).inc()
            await say_no(send, refused, allow)
        except Exception as error:  # never a yes for what is not stored
            log.error("collect_failed", exc_info=error)
            ANSWERED.labels("failed").inc()
            await say(send, 500, b'{"code":"failed","message":"That was our mistake."}', [JSON, *allow])
        else:
            self._count_success()
            await say_yes(send, allow)

    def _count_success(self) -> None:
        if self._successes == 0:
            asyncio.get_running_loop().call_later(1.0, self._tell_successes)
        self._successes += 1

    def _tell_successes(self) -> None:
        _YES.inc(self._successes)
        self._successes = 0

    async def _collect(
        self, call: str, scope: Scope, incoming: wire.Body, headers: dict[bytes, bytes]
    ) -> None:
        held = _Held(self.intake)
        known: KnownKey | None = None
        body = b""
        try:
            if key := wire.key_in_header(headers.get(b"authorization", b"")):
                known = await self._known(key, headers)
            body = await self._body(incoming, headers, held)
            held.add(wire.weight_of(body))
            said = wire.parse(body)
            if known is None:
                known = await self._known(_key_elsewhere(said, scope), headers)
            envelope = _envelope(known, said, body, scope, headers)
            arrivals, refusals = self._read(call, said, envelope, headers)
            await self.intake.hear(arrivals, refusals)
        except SegueError as error:
            raise _as_refused(error) from None
        except Refused as refused:
            if known is not None and refused.status in {400, 413}:
                await self._keep(known, refused, body, headers)
            raise
        finally:
            held.let_go()

    async def _body(self, incoming: wire.Body, headers: dict[bytes, bytes], held: _Held) -> bytes:
        """Return the body, inflated; raises Refused where it is too large, too slow or no gzip."""
        length = headers.get(b"content-length", b"")
        if length.isdigit() and int(length) > BODY_BYTES:
            raise wire.too_large()
        waiting = self.patience.begin()
        try:
            body = await incoming.read(held.add)
        except asyncio.CancelledError:
            if self.patience.end(waiting):
                raise Refused(408, "too_slow", f"The body took more than {BODY_SECONDS:.0f} s.") from None
            raise
        finally:
            self.patience.end(waiting)
        return wire.inflate(body, headers.get(b"content-encoding", b""))

    async def _drain(self, incoming: wire.Body) -> None:
        """Let a refused body end, for as long as we would have waited for a good one."""
        if incoming.is_over:
            return
        waiting = self.patience.begin()
        try:
            await incoming.drain()
        except Refused:  # it went away
            pass
        except asyncio.CancelledError:
            if not self.patience.end(waiting):
                raise
        finally:
            self.patience.end(waiting)

    async def _known(self, key: str, headers: dict[bytes, bytes]) -> KnownKey:
        if not key:
            raise Refused(
                401,
                "no_key",
                "There is no write key.",
                field="writeKey",
                remedy="Send it as the user of Basic authentication, or as writeKey in body or address.",
            )
        known = self.keyring.find_now(key) or await self.keyring.find(key)
        return check(known, headers.get(b"origin", b"").decode("latin-1"))

    def _read(
        self, call: str, said: dict[str, Any], envelope: Envelope, headers: dict[bytes, bytes]
    ) -> tuple[list[Arrival], list[Refusal]]:
        key = envelope.key
        if call != BATCH:
            self.limits.spend(key.source_id, key.limit_per_s, 1)
            return [read_event(said, call, envelope)], []
        batch = said.get(BATCH)
        if not isinstance(batch, list):
            raise Refused(400, "no_batch", "There is no list of events.", field=BATCH, remedy="Send a list.")
        if len(batch) > EVENTS:
            raise Refused(413, "too_many_events", f"A batch has at most {EVENTS} events.", field=BATCH)
        self.limits.spend(key.source_id, key.limit_per_s, len(batch))
        arrivals, refusals = [], []
        for one in batch:
            try:
                arrivals.append(read_event(one, "", envelope))
            except Refused as refused:
                if self._keeps_refusal(key):
                    refusals.append(_refusal(key, refused, one, headers))
        return arrivals, refusals

    def _keeps_refusal(self, key: KnownKey) -> bool:
        if self.limits.keeps_refusal(key.source_id):
            return True
        WRITTEN.labels("refused_not_kept").inc()
        return False

    async def _keep(
        self, known: KnownKey, refused: Refused, body: bytes, headers: dict[bytes, bytes]
    ) -> None:
        """Put a request that could not be read among the rejected, for whoever must mend the sender."""
        if self._keeps_refusal(known):
            try:
                await self.intake.hear([], [_refusal(known, refused, body, headers)])
            except SegueError as error:
                log.warning("refusal_not_kept", code=refused.code, error=error.code)


class _Held:
    """The bytes one request holds; let go however it ends."""

    __slots__ = ("_intake", "_weight")

    def __init__(self, intake: Intake) -> None:
        self._intake, self._weight = intake, 0

    def add(self, weight: int) -> None:
        self._intake.reserve(weight)
        self._weight += weight

    def let_go(self) -> None:
        self._intake.release(self._weight)
        self._weight = 0


def _key_elsewhere(said: dict[str, Any], scope: Scope) -> str:
    key = said.get("writeKey")
    return key if key and isinstance(key, str) else wire.key_in_query(scope["query_string"])


def _envelope(
    known: KnownKey, said: dict[str, Any], body: bytes, scope: Scope, headers: dict[bytes, bytes]
) -> Envelope:
    token = said.get("pageToken")
    is_large = len(body) > EVENT_BYTES or body.count(b"{") + body.count(b"[") > DEEP
    return Envelope(
        key=known,
        received_at=clock.now(),
        sent_at=said.get("sentAt") or headers.get(b"sentat", b"").decode("latin-1"),
        user_agent=headers.get(b"user-agent", b""),
        says_no=headers.get(b"dnt") == b"1" or headers.get(b"sec-gpc") == b"1",
        prefetch=b"prefetch" in headers.get(b"sec-purpose", headers.get(b"purpose", b"")),
        is_import=known.kind == "server" and scope["path"] == "/v1/import",
        is_large=is_large,
        page_token=token if isinstance(token, str) else "",
        context=_batch_context(said),
    )


def _batch_context(said: dict[str, Any]) -> dict[str, Any]:
    """Return what a batch says for all its events. It goes into each of their rows, so it must be small."""
    context = said.get("context") if BATCH in said else None
    if not context or not isinstance(context, dict):
        return {}
    try:
        size = len(orjson.dumps([[context]]))
    except (orjson.JSONEncodeError, RecursionError):
        raise wire.too_deep() from None
    if size > CONTEXT_BYTES:
        raise Refused(
            413,
            "too_large",
            f"A batch's own context has at most {CONTEXT_BYTES // 1024} kB.",
            field="context",
            remedy="Send less there, or put it into the event it belongs to.",
        )
    return context


def _refusal(known: KnownKey, refused: Refused, said: Any, headers: dict[bytes, bytes]) -> Refusal:
    return Refusal(
        known.source_id,
        clock.now(),
        refused.code,
        refused.message[:300],
        field=refused.field[:100],
        remedy=refused.remedy[:300],
        body=_PROOFS.sub(r"\1…", pages.as_text(said))[:REFUSAL_BYTES],
        origin=headers.get(b"origin", b"").decode("latin-1")[:200],
    )


def _as_refused(error: SegueError) -> Refused:
    return Refused(
        error.http_status,
        error.code,
        error.message,
        remedy=error.remedy,
        retry_after_s=getattr(error, "retry_after_s", 0),
    )


def make() -> Collector:
    """Return a collector whose writer runs. One a process."""
    intake = Intake(buffer_bytes=settings.COLLECT_BUFFER_BYTES)
    intake.start()
    return Collector(intake, Keyring())


class _Lazy:
    """The collector, made when the first request comes: granian imports this module before it forks."""

    def __init__(self) -> None:
        self._collector: Collector | None = None

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if self._collector is None:
            gc.freeze()  # what is loaded by now stays: the collector of garbage need not look at it
            gc.set_threshold(20_000, 20, 50)
            self._collector = make()
        return self._collector(scope, receive, send)


application = _Lazy()
