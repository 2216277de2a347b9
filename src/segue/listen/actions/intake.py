"""Group commit: requests leave their events and wait; one thread writes all that wait in one transaction.

An answer goes out only after COMMIT. A transaction that failed, or whose end is not known because the
connection broke, is tried again: every event has its id by then, so what did get in is not written twice.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import psycopg

from segue.kit import logs
from segue.kit.errors import SegueError
from segue.kit.metrics import Counter, Histogram
from segue.listen.actions import ledger_rows
from segue.listen.actions.ledger_rows import Arrival, Refusal

__all__ = ["Arrival", "BufferFull", "Intake", "LedgerAway", "Refusal", "connect"]

LINGER_S = 0.004  # so long the first of a group waits for others
ROWS_AT_MOST = 5_000  # in one transaction
HOLD_S = 5.0  # so long a request waits for a database that is away
STUCK_S = 5.0  # and so much longer for one that neither answers nor refuses
_FAULTS_OF_DATA = (
    psycopg.DataError,
    psycopg.IntegrityError,
    psycopg.errors.ProgramLimitExceeded,
    psycopg.errors.StatementTooComplex,
    orjson.JSONEncodeError,
    RecursionError,
)
RETRY_FIRST_S, RETRY_LAST_S = 0.05, 0.5
WRITTEN = Counter("segue_collect_events", "Events, by what became of them.", ["outcome"])
COMMITTED = Histogram(
    "segue_collect_commit_seconds",
    "Time of a group's transaction.",
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5),
)
# A network that swallows packets is noticed within seconds, not within the kernel's quarter of an hour.
_PATIENCE = {
    "connect_timeout": 3,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
log = logs.get("segue.listen.intake")


class BufferFull(SegueError):
    """More waits to be written than we are willing to hold in memory."""

    code = "buffer_full"
    http_status = 429
    retry_after_s = 1


class LedgerAway(SegueError):
    """The database did not take the events in time; whoever sent them should send them again."""

    code = "ledger_away"
    http_status = 503
    retry_after_s = 2


@dataclass(slots=True, eq=False)
class _Entry:
    arrivals: Sequence[Arrival]
    refusals: Sequence[Refusal]
    weight: int
    since_s: float
    done: asyncio.Future[None]


def connect() -> psycopg.Connection[Any]:
    """Open a connection of our own to the site's database; the caller closes it."""
    from django.db import connection as site

    parameters = {**site.get_connection_params(), **_PATIENCE}
    for ours in ("cursor_factory", "context", "prepare_threshold"):
        parameters.pop(ours, None)
    opened = psycopg.connect(**parameters, autocommit=True, application_name="segue collector")
    opened.execute("SET statement_timeout = '30s'")  # a lock somebody forgot must not hold us for ever
    return opened


class Intake:
    """The buffer and its writer; one a process. `hear` is called on the event loop's thread only."""

    def __init__(
        self,
        *,
        buffer_bytes: int,
        linger_s: float = LINGER_S,
        hold_s: float = HOLD_S,
        connecting: Callable[[], psycopg.Connection[Any]] = connect,
    ) -> None:
        self.buffer_bytes = buffer_bytes
        self.pending_bytes = 0
        self._linger_s, self._hold_s = linger_s, hold_s
        self._connecting = connecting
        self._connection: psycopg.Connection[Any] | None = None
        self._waiting: deque[_Entry] = deque()
        self._writing: list[_Entry] = []
        self._strangers = ledger_rows.Strangers()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._watching = False

    def start(self) -> None:
        """Start the writer; a second call changes nothing."""
        if self._thread is None:
            self._stopping.clear()
            self._thread = threading.Thread(target=self._run, name="segue-intake", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Write what waits (or give up on it after the usual patience), then end the writer."""
        self._stopping.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def reserve(self, weight: int) -> None:
        """Count bytes that somebody begins to hold for us; raises BufferFull where there is no room."""
        if self.pending_bytes + weight > self.buffer_bytes:
            raise BufferFull(
                "Too much is waiting to be written just now.",
                remedy="Send it again after the seconds in Retry-After.",
            )
        self.pending_bytes += weight

    def release(self, weight: int) -> None:
        self.pending_bytes -= weight

    def hear(self, arrivals: Sequence[Arrival], refusals: Sequence[Refusal] = ()) -> asyncio.Future[None]:
        """Hand over a request's events; the future ends after COMMIT. It raises LedgerAway after a while."""
        loop = self._loop
        if loop is None or loop.is_closed():  # asking for the running one costs a system call
            loop = self._loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        self._waiting.append(_Entry(arrivals, refusals, 0, time.monotonic(), done))
        if not self._wake.is_set():
            self._wake.set()
        if not self._watching:
            self._watching = True
            loop.call_later(1.0, self._watch)
        return done

    def _watch(self) -> None:
        """Let go of requests that a stuck database holds: the writer, waiting for it, cannot."""
        overdue_s = time.monotonic() - self._hold_s - STUCK_S
        held = [*self._writing, *self._waiting]
        for entry in held:
            if entry.since_s < overdue_s and not entry.done.done():
                entry.done.set_exception(_away())
                entry.arrivals = entry.refusals = ()  # its bytes are counted no more: they will be sent again
        self._watching = bool(held)
        if held and self._loop is not None:
            self._loop.call_later(1.0, self._watch)

    def _run(self) -> None:
        while (group := self._next_group()) is not None:
            try:
                self._settle(group)
            except Exception as error:  # the loop has gone, say: the writer must outlive it
                log.error("intake_stumbled", exc_info=error)
        self._disconnect()

    def _next_group(self) -> list[_Entry] | None:
        """Wait for the first, linger for more, and take what is there; None when it is time to end."""
        while not self._waiting:
            if self._stopping.is_set():
                return None
            self._wake.clear()
            if not self._waiting:
                self._wake.wait()
        rest_s = self._waiting[0].since_s + self._linger_s - time.monotonic()
        if rest_s > 0:
            time.sleep(rest_s)
        group, rows = [], 0
        while self._waiting and rows < ROWS_AT_MOST:
            entry = self._waiting.popleft()
            group.append(entry)
            rows += len(entry.arrivals) + len(entry.refusals)
        return group

    def _settle(self, group: list[_Entry]) -> None:
        """Write a group, however often it takes, until it is committed or nobody waits for it any more."""
        wait_s = RETRY_FIRST_S
        self._writing = group
        while group:
            try:
                self._write(
                    [arrival for entry in group for arrival in entry.arrivals],
                    [refusal for entry in group for refusal in entry.refusals],
                )
            except (psycopg.OperationalError, psycopg.InterfaceError) as error:
                log.warning("ledger_away", error=str(error).strip(), waiting=len(group) + len(self._waiting))
                self._disconnect()
                group = self._let_go_of_old(group)
                self._stopping.wait(wait_s) if not self._stopping.is_set() else time.sleep(wait_s)
                wait_s = min(wait_s * 2, RETRY_LAST_S)
            except Exception as error:  # a mistake of ours: whoever waits must hear no false yes
                log.error("intake_failed", exc_info=error)
                self._disconnect()
                self._answer(group, failed=True)
                break
            else:
                self._answer(group)
                break
        self._writing = []

    def _write(self, arrivals: Sequence[Arrival], refusals: Sequence[Refusal]) -> None:
        """Commit; where the database takes offence at some datum, find it by halving and put it aside."""
        try:
            self._commit(arrivals, refusals)
        except _FAULTS_OF_DATA as error:
            if arrivals and refusals:
                self._write(arrivals, ())
                self._write((), refusals)
            elif len(arrivals) > 1 or len(refusals) > 1:
                a, r = len(arrivals) // 2, len(refusals) // 2
                self._write(arrivals[:a], refusals[:r])
                self._write(arrivals[a:], refusals[r:])
            elif arrivals:
                self._write((), [_unstorable(arrivals[0], error)])
            else:
                WRITTEN.labels("refusal_lost").inc()
                log.error("refusal_lost", exc_info=error)

    def _commit(self, arrivals: Sequence[Arrival], refusals: Sequence[Refusal]) -> None:
        if self._connection is None:
            self._connection = self._connecting()
        began_s = time.perf_counter()
        written = ledger_rows.write(self._connection, arrivals, refusals, self._strangers)
        COMMITTED.observe(time.perf_counter() - began_s)
        WRITTEN.labels("written").inc(written)
        WRITTEN.labels("repeated").inc(len(arrivals) - written)
        WRITTEN.labels("refused").inc(len(refusals))

    def _let_go_of_old(self, group: list[_Entry]) -> list[_Entry]:
        """Tell those who have waited long enough that it did not work; return the others of the group."""
        overdue_s = time.monotonic() - self._hold_s
        old = [entry for entry in group if entry.since_s < overdue_s]
        while self._waiting and self._waiting[0].since_s < overdue_s:
            old.append(self._waiting.popleft())
        if old:
            self._answer(old, failed=True)
        return [entry for entry in group if entry.since_s >= overdue_s]

    def _answer(self, entries: list[_Entry], *, failed: bool = False) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(_wake_up, entries, failed)

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _wake_up(entries: list[_Entry], failed: bool) -> None:
    for entry in entries:
        if not entry.done.done():
            if failed:
                entry.done.set_exception(_away())
            else:
                entry.done.set_result(None)


def _away() -> LedgerAway:
    return LedgerAway(
        "The events could not be stored just now.", remedy="Send them again after the seconds in Retry-After."
    )


def _unstorable(arrival: Arrival, error: Exception) -> Refusal:
    return Refusal(
        arrival.source_id,
        arrival.received_at,
        "unstorable",
        str(error).splitlines()[0][:300],
        remedy="Look for numbers, dates or characters out of the ordinary.",
    )
