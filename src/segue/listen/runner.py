"""Letting the consumers read, turn by turn, until told to stop.

Any number of these may run on any number of machines; they do not know of each other. A consumer whose cursor
another runner holds is left to it.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, close_old_connections, connection

from segue.kit import clock, logs
from segue.listen.actions.consuming import start_consumers, take_turn
from segue.listen.consuming import Consumer, consumer_named, load_consumers
from segue.listen.queries.horizon import UNKNOWN, Horizon

POLL_S = 0.1  # how often an idle runner looks: one small statement
SOON_S = 0.02  # how soon to look again while somebody is writing what we wait for
PAUSES_S = (1, 5, 30, 300)  # before the next try at a signal that fails
log = logs.get("segue.consumer")

_PLACES = """
SELECT consumer, position, paused, stumbles, moved_at,
       (SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM listen_signal_number)
FROM listen_cursor
"""


@dataclass(slots=True)
class _Place:
    name: str
    position: int
    paused: bool
    stumbles: int
    moved_at: datetime
    last_drawn: int

    def is_due(self, at: datetime) -> bool:
        if self.paused or self.position >= self.last_drawn:
            return False
        return not self.stumbles or at >= self.moved_at + _pause(self.stumbles)


def _pause(stumbles: int) -> timedelta:
    return timedelta(seconds=PAUSES_S[min(stumbles, len(PAUSES_S)) - 1])


class Runner:
    """One reader of the ledger for all consumers. `stop` may be called from a signal handler."""

    def __init__(self, *, poll_s: float = POLL_S) -> None:
        self._poll_s = poll_s
        self._stopping = threading.Event()
        self._horizon = Horizon()
        self._consumers: dict[str, Consumer] = {}
        self._resting_until: dict[str, datetime] = {}  # consumers the database failed, each by itself

    def stop(self) -> None:
        """Finish the turn under way and leave."""
        self._stopping.set()

    def run(self) -> None:
        """Read until stopped; a database that goes away is waited for."""
        patience_s = self._poll_s
        while not self._stopping.is_set():
            try:
                pause_s = self.round()
                patience_s = self._poll_s
            except (OperationalError, InterfaceError) as error:
                pause_s, patience_s = patience_s, min(patience_s * 2, 10.0)
                log.warning("database_away", error=type(error).__name__, retry_in_s=pause_s)
                close_old_connections()
            self._stopping.wait(pause_s)

    def round(self) -> float:
        """Give every consumer that is behind one turn; returns after how many seconds to look again."""
        self._consumers = self._consumers or load_consumers()
        places = _places()
        if self._consumers.keys() - {place.name for place in places}:
            return self._start_new()
        at = clock.now()
        due = [place for place in places if place.is_due(at) and self._may_try(place.name, at)]
        if not due:
            return self._poll_s
        # A look is cheap beside a turn: each turn gets the latest, and the last one notes who is writing now,
        # so that what they write may be read when we come back.
        looks = ((place, self._horizon.look()) for place in due)
        more = [
            self._turn(self._consumers[place.name], safe) for place, safe in looks if place.position < safe
        ]
        if any(more):
            return 0.0
        self._horizon.look()
        return self._poll_s if more else SOON_S

    def _start_new(self) -> float:
        present = self._horizon.look()
        if present == UNKNOWN:
            return SOON_S
        start_consumers(present)
        return 0.0

    def _may_try(self, name: str, at: datetime) -> bool:
        return name in self._consumers and at >= self._resting_until.get(name, at)

    def _turn(self, consumer: Consumer, horizon: int) -> bool:
        """Take a turn; what fails outside the consumer's own words rests a moment, and the others go on."""
        if self._stopping.is_set():
            return False
        try:
            turn = take_turn(consumer, horizon=horizon)
        except Exception as error:
            if connection.connection is None or connection.connection.closed:
                raise OperationalError("The database went away.") from error
            log.warning("turn_failed", consumer=consumer.name, exc_info=error)
            self._resting_until[consumer.name] = clock.now() + timedelta(seconds=1)
            return False
        return turn is not None and turn.more


def _places() -> list[_Place]:
    with connection.cursor() as cursor:
        cursor.execute(_PLACES)
        return [_Place(*row) for row in cursor.fetchall()]


def catch_up(name: str, *, beginning: bool = False) -> int:
    """Let one consumer read all there is, here and now; returns how many signals it read.

    One that never ran starts at the present, or with `beginning` at the first signal there is.
    """
    consumer, horizon, read = consumer_named(name), Horizon().settle(), 0
    start_consumers(0 if beginning else horizon)
    while (turn := take_turn(consumer, horizon=horizon)) is not None:
        read += turn.read
        if not turn.more:
            break
    return read
