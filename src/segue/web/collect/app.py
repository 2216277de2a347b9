"""The application granian serves: which path is what, and one request from its bytes to its answer."""

from __future__ import annotations

import asyncio
import gc
import re
from collections.abc import Awaitable
from typing import Any

import orjson
from django.conf import settings
from granian.rsgi import Scope

from segue.kit import clock, logs
from segue.kit.errors import SegueError
from segue.kit.metrics import Counter
from segue.listen.actions.intake import WRITTEN, Arrival, Intake, Refusal
from segue.listen.queries.keys import KnownKey
from segue.web.collect import cors, pages, wire
from segue.web.collect.answers import JSON, Answer, Refused, no, yes
from segue.web.collect.events import Envelope, read_event
from segue.web.collect.keyring import Keyring, check
from segue.web.collect.limits import (
    BODY_SECONDS,
    CONTEXT_BYTES,
    DEEP,
    EVENT_BYTES,
    EVENTS,
    REFUSAL_BYTES,
    Limits,
)
from segue.web.collect.patience import Patience
from segue.web.collect.request import Request, Wire

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

    async def __call__(self, scope: Scope, connection: Wire) -> None:
        """Answer one request (RSGI). Raises nothing: a mistake of ours is answered with 500."""
        request = Request(scope, connection)
        connection.response_bytes(*await self._answer(request))

    async def _answer(self, request: Request) -> Answer:
        try:
            call = PATHS.get(request.path)
            if call is None or request.method != "POST":
                return await pages.answer(self, request)
            await self._collect(call, request)
        except Refused as refused:
            if refused.status != 408:
                await self._drain(request)
            ANSWERED.labels(refused.code).inc()
            return no(refused, cors.for_origin(request.origin))
        except Exception as error:  # never a yes for what is not stored
            log.error("collect_failed", exc_info=error)
            ANSWERED.labels("failed").inc()
            message = b'{"code":"failed","message":"That was our mistake."}'
            return 500, [JSON, *cors.for_origin(request.origin)], message
        self._count_success()
        return yes(cors.for_origin(request.origin))

    def _count_success(self) -> None:
        if self._successes == 0:
            asyncio.get_running_loop().call_later(1.0, self._tell_successes)
        self._successes += 1

    def _tell_successes(self) -> None:
        _YES.inc(self._successes)
        self._successes = 0

    async def _collect(self, call: str, request: Request) -> None:
        held = _Held(self.intake)
        known: KnownKey | None = None
        body = b""
        try:
            if key := wire.key_in_header(request.header("authorization") or ""):
                known = await self._known(key, request)
            body = await self._body(request, held)
            weight, brackets = wire.weigh(body)
            held.add(weight)
            said = wire.parse(body)
            if known is None:
                known = await self._known(_key_elsewhere(said, request), request)
            envelope = _envelope(known, said, request, is_large=len(body) > EVENT_BYTES or brackets > DEEP)
            arrivals, refusals = self._read(call, said, envelope, request.origin)
            await self.intake.hear(arrivals, refusals)
        except SegueError as error:
            raise _as_refused(error) from None
        except Refused as refused:
            if known is not None and refused.status in {400, 413}:
                await self._keep(known, refused, body, request.origin)
            raise
        finally:
            held.let_go()

    async def _body(self, request: Request, held: _Held) -> bytes:
        """Return the body, inflated; raises Refused where it is too large, too slow or no gzip."""
        waiting = self.patience.begin()
        try:
            body = await request.body(held.add)
        except asyncio.CancelledError:
            if self.patience.end(waiting):
                raise Refused(408, "too_slow", f"The body took more than {BODY_SECONDS:.0f} s.") from None
            raise
        finally:
            self.patience.end(waiting)
        return wire.inflate(body, request.header("content-encoding") or "")

    async def _drain(self, request: Request) -> None:
        """Let a refused body end, for as long as we would have waited for a good one."""
        if request.is_read:
            return
        waiting = self.patience.begin()
        try:
            await request.drain()
        except asyncio.CancelledError:
            if not self.patience.end(waiting):
                raise
        finally:
            self.patience.end(waiting)

    async def _known(self, key: str, request: Request) -> KnownKey:
        if not key:
            raise Refused(
                401,
                "no_key",
                "There is no write key.",
                field="writeKey",
                remedy="Send it as the user of Basic authentication, or as writeKey in body or address.",
            )
        return check(self.keyring.find_now(key) or await self.keyring.find(key), request.origin)

    def _read(
        self, call: str, said: dict[str, Any], envelope: Envelope, origin: str
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
                    refusals.append(_refusal(key, refused, one, origin))
        return arrivals, refusals

    def _keeps_refusal(self, key: KnownKey) -> bool:
        if self.limits.keeps_refusal(key.source_id):
            return True
        WRITTEN.labels("refused_not_kept").inc()
        return False

    async def _keep(self, known: KnownKey, refused: Refused, body: bytes, origin: str) -> None:
        """Put a request that could not be read among the rejected, for whoever must mend the sender."""
        if self._keeps_refusal(known):
            try:
                await self.intake.hear([], [_refusal(known, refused, body, origin)])
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


def _key_elsewhere(said: dict[str, Any], request: Request) -> str:
    key = said.get("writeKey")
    return key if key and isinstance(key, str) else wire.key_in_query(request.query)


def _envelope(known: KnownKey, said: dict[str, Any], request: Request, *, is_large: bool) -> Envelope:
    envelope = Envelope(
        key=known,
        received_at=clock.now(),
        sent_at=said.get("sentAt") or request.header("sentat"),
        is_large=is_large,
    )
    if BATCH in said:
        envelope.context = _batch_context(said)
    if known.kind == "server":
        envelope.is_import = request.path == "/v1/import"
        return envelope
    header, token = request.header, said.get("pageToken")
    envelope.user_agent = header("user-agent") or ""
    envelope.says_no = header("dnt") == "1" or header("sec-gpc") == "1"
    envelope.prefetch = "prefetch" in (header("sec-purpose") or header("purpose") or "")
    envelope.page_token = token if isinstance(token, str) else ""
    return envelope


def _batch_context(said: dict[str, Any]) -> dict[str, Any]:
    """Return what a batch says for all its events. It goes into each of their rows, so it must be small."""
    context = said.get("context")
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


def _refusal(known: KnownKey, refused: Refused, said: Any, origin: str) -> Refusal:
    return Refusal(
        known.source_id,
        clock.now(),
        refused.code,
        refused.message[:300],
        field=refused.field[:100],
        remedy=refused.remedy[:300],
        body=_PROOFS.sub(r"\1…", pages.as_text(said))[:REFUSAL_BYTES],
        origin=origin[:200],
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


class _Application:
    """A collector for each worker, made where it runs: granian imports this module before it forks."""

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        gc.freeze()  # what is loaded by now stays: the collector of garbage need not look at it
        gc.set_threshold(20_000, 20, 50)
        self._collector = make()

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._collector.intake.stop()

    def __rsgi__(self, scope: Scope, connection: Wire) -> Awaitable[None]:
        return self._collector(scope, connection)


application = _Application()
