"""Whose write key it is. All keys are read at once every few seconds: a guess costs the database nothing."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

import psycopg

from segue.kit import clock
from segue.listen.actions.intake import connect
from segue.listen.queries.keys import KnownKey, known_keys
from segue.web.collect.answers import Refused

FRESH_S = 3.0  # a retired source or a rotated key is heard so long at most
UNKNOWN_AFTER_S = 0.25  # whoever sends a key we do not know waits so long for the next reading, at most
USABLE_S = 60.0  # without a database the keys of a minute ago will do: nothing is stored anyway

Reading = Callable[[], Mapping[str, KnownKey]]


@dataclass(frozen=True, slots=True)
class _Snapshot:
    keys: Mapping[str, KnownKey]
    read_at_s: float
    met: dict[str, KnownKey] = field(default_factory=dict)  # by the key itself, sparing its digest


def read_keys() -> Mapping[str, KnownKey]:
    """Read all keys over a connection of its own."""
    with connect() as connection:  # opened for it: every few seconds, and never stale
        return known_keys(connection)


class Keyring:
    """The keys of all sources, as of a few seconds ago."""

    def __init__(self, reading: Reading = read_keys) -> None:
        self._reading = reading
        self._snapshot = _Snapshot({}, float("-inf"))
        self._thread = ThreadPoolExecutor(1, "segue-keyring")
        self._refresh: asyncio.Future[None] | None = None

    def find_now(self, key: str) -> KnownKey | None:
        """Return a key's source where the last reading is fresh and knows it; None: ask `find`."""
        if time.monotonic() - self._snapshot.read_at_s > FRESH_S:
            return None
        known = self._snapshot.met.get(key)
        if known is None and (known := self._snapshot.keys.get(_digest(key))):
            self._snapshot.met[key] = known
        return known

    async def find(self, key: str) -> KnownKey | None:
        """Return a key's source, or None for a key nobody has. Raises Refused while that cannot be known.

        A key made a moment ago is found: an unknown one is looked for again, though never more often than
        four times a second for all who guess.
        """
        digest = _digest(key)
        asked_at_s = time.monotonic()
        found = self._snapshot.keys.get(digest)
        if found is None:
            await asyncio.sleep(self._snapshot.read_at_s + UNKNOWN_AFTER_S - asked_at_s)
        await self._read_since(asked_at_s if found is None else asked_at_s - FRESH_S)
        return self._snapshot.keys.get(digest)

    async def ask(self) -> None:
        """Read the keys now; raises Refused where the database does not answer."""
        began_s = time.monotonic()
        await self._read_since(began_s)
        if self._snapshot.read_at_s < began_s:
            raise _unreadable()

    async def _read_since(self, at_s: float) -> None:
        """Have a reading that began at that instant or later, if the database answers."""
        for _ in range(2):  # the first may join one under way that began too early
            if self._snapshot.read_at_s < at_s:
                await self._read_again()

    async def _read_again(self) -> None:
        """Read once for all who ask at this moment."""
        if self._refresh is None:
            self._refresh = asyncio.ensure_future(self._read())
            self._refresh.add_done_callback(self._forget_refresh)
        await asyncio.shield(self._refresh)

    def _forget_refresh(self, _done: asyncio.Future[None]) -> None:
        self._refresh = None

    async def _read(self) -> None:
        began_s = time.monotonic()  # what was written later, it may not have seen
        try:
            keys = await asyncio.get_running_loop().run_in_executor(self._thread, self._reading)
        except psycopg.Error:
            if time.monotonic() - self._snapshot.read_at_s > USABLE_S:
                raise _unreadable() from None
        else:
            self._snapshot = _Snapshot(keys, began_s)


def check(known: KnownKey | None, origin: str, at: datetime | None = None) -> KnownKey:
    """Return the key if it may be used now, from that origin; raises Refused."""
    if known is None:
        raise Refused(
            401,
            "wrong_key",
            "No source has this write key.",
            field="writeKey",
            remedy="Copy it from the source.",
        )
    if known.expires_at is not None and known.expires_at <= (at or clock.now()):
        raise Refused(
            401,
            "expired_key",
            "This write key was replaced.",
            field="writeKey",
            remedy="Use the source's newest key.",
        )
    if known.is_retired:
        raise Refused(403, "retired_source", "This source is retired.", remedy="Stop sending, or restore it.")
    if origin and known.origins and origin not in known.origins:
        raise Refused(
            403,
            "wrong_origin",
            "This source does not hear pages of this origin.",
            field="origin",
            remedy="Add the page's origin to the source.",
        )
    return known


def _unreadable() -> Refused:
    return Refused(503, "ledger_away", "The keys cannot be read just now.", retry_after_s=2)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
