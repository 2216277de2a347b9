"""How much is taken: sizes, and events a second of each source in this process."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from segue.web.collect.answers import Refused

EVENT_BYTES = 32 * 1024
BODY_BYTES = 500 * 1024
READ_AHEAD_BYTES = 64 * 1024  # the server reads so much of a connection before we ask
EVENTS = 2_500
DEEP = 200  # so few brackets cannot nest more deeply than JSON can be written out again
MESSAGE_ID_CHARS = 99
BODY_SECONDS = 10.0
CONTEXT_BYTES = 4 * 1024  # of a batch's own context: it is written out again with each of its events
REFUSALS_AT_ONCE, REFUSALS_PER_S = 2_500, 1  # kept, of one source; more are only counted: keys are public
REFUSAL_BYTES = 8 * 1024  # kept of a refused body


class Bucket:
    """Tokens that come back at a steady rate. A batch may overdraw it once: then the next waits."""

    __slots__ = ("_at_s", "_clock", "_most", "_tokens", "rate_per_s")

    def __init__(
        self, rate_per_s: float, clock: Callable[[], float] = time.monotonic, *, at_once: float | None = None
    ) -> None:
        self.rate_per_s = rate_per_s
        self._tokens = self._most = at_once or rate_per_s
        self._clock = clock
        self._at_s = clock()

    def take(self, count: int) -> int:
        """Take tokens and return 0, or take none and return the whole seconds to wait."""
        at_s = self._clock()
        self._tokens = min(self._most, self._tokens + (at_s - self._at_s) * self.rate_per_s)
        self._at_s = at_s
        if self._tokens < 1:
            return max(1, math.ceil((1 - self._tokens) / self.rate_per_s))
        self._tokens -= count
        return 0


class Limits:
    """The buckets of all sources."""

    def __init__(self) -> None:
        self._events: dict[int, Bucket] = {}
        self._refusals: dict[int, Bucket] = {}

    def spend(self, source_id: int, limit_per_s: int, events: int) -> None:
        """Count events of a source; raises Refused past its limit."""
        bucket = self._events.get(source_id)
        if bucket is None or bucket.rate_per_s != limit_per_s:
            bucket = self._events[source_id] = Bucket(limit_per_s)
        if wait_s := bucket.take(events):
            raise Refused(
                429,
                "too_many",
                "This source sends more events a second than it may.",
                remedy="Wait for Retry-After, send larger batches, or have the source's limit raised.",
                retry_after_s=wait_s,
            )

    def keeps_refusal(self, source_id: int) -> bool:
        bucket = self._refusals.get(source_id)
        if bucket is None:
            bucket = self._refusals[source_id] = Bucket(REFUSALS_PER_S, at_once=REFUSALS_AT_ONCE)
        return bucket.take(1) == 0
