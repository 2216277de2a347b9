"""One turn of one consumer: its cursor, its batch and its effects are one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError, connection, transaction

from segue.kit import clock, logs
from segue.kit.metrics import Counter
from segue.listen.consuming import Consumer, Told, load_consumers
from segue.listen.models import Cursor, Parked
from segue.listen.queries.unread import HOLD_TABLES_STILL, signals_of, unread

TRIES = 3  # a signal that fails so often, by itself, is parked
PARKED_AT_MOST = 100  # who fails on more is broken itself: it stands still until somebody has looked
READ = Counter("segue_consumer_signals", "Signals read.", ["consumer"])
TRIPPED = Counter("segue_consumer_tripped", "Signals that failed by themselves, each attempt.", ["consumer"])
PARKED = Counter("segue_consumer_parked", "Signals given up.", ["consumer"])
log = logs.get("segue.consumer")


@dataclass(frozen=True, slots=True)
class Turn:
    """What a turn came to: signals read, the new place, and whether the next turn should follow at once."""

    read: int
    position: int
    more: bool


@dataclass(frozen=True, slots=True)
class _Place:
    position: int
    stumbles: int
    has_cold: bool  # some of what lies ahead may be in the files


@dataclass(frozen=True, slots=True)
class _Stuck:
    told: Told
    error: Exception


class _Tripped(Exception):
    """A batch failed; what it did is undone, and it is handed over again with more care."""


HandOver = Callable[[Consumer, Sequence[Told]], _Stuck | None]


def start_consumers(horizon: int) -> None:
    """Give a place to consumers that never ran: the present, or the beginning where they ask for it."""
    new = [
        Cursor(consumer=found.name, position=0 if found.start == "beginning" else horizon)
        for found in load_consumers().values()
    ]
    Cursor.objects.bulk_create(new, ignore_conflicts=True)


def take_turn(consumer: Consumer, *, horizon: int) -> Turn | None:
    """Read the next batch; None where there is nothing to do, or another process is at it.

    `horizon` must have been found before this transaction began. A signal that fails is left standing and
    counted as a stumble, after three stumbles it is parked; errors of the database itself are raised.
    """
    try:
        return _turn(consumer, horizon, whole)
    except _Tripped:
        return _turn(consumer, horizon, halved)


def _turn(consumer: Consumer, horizon: int, hand_over: HandOver) -> Turn | None:
    with transaction.atomic():
        place = _claim(consumer.name, horizon)
        if place is None:
            return None
        limit = 1 if place.stumbles else consumer.batch
        batch, upto = unread(
            consumer, after=place.position, upto=horizon, limit=limit, has_cold=place.has_cold
        )
        stuck = hand_over(consumer, batch) if batch else None
        if stuck is None:
            position = _move(consumer.name, upto)
        else:
            position = _stumble(consumer.name, place.stumbles + 1, stuck)
    READ.labels(consumer.name).inc(len(batch))
    return Turn(len(batch), position, more=stuck is None and position < horizon)


# One message to the server. Not waiting for the disk is safe here: effects and place are lost together or
# kept together, and whatever is durable later (a job done, an id drawn) makes what came before it durable.
_CLAIM = f"""
SET LOCAL synchronous_commit = off;
{HOLD_TABLES_STILL};
SELECT position, stumbles, EXISTS (SELECT FROM listen_coldfile WHERE last_id > position)
FROM listen_cursor WHERE consumer = %s AND position < %s AND NOT paused FOR UPDATE SKIP LOCKED
"""  # noqa: S608 - our own words


def _claim(name: str, horizon: int) -> _Place | None:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [name, horizon])
        cursor.nextset()
        cursor.nextset()
        row = cursor.fetchone()
        return _Place(*row) if row else None


def whole(consumer: Consumer, batch: Sequence[Told]) -> None:
    """Hand a batch over as it is, which nearly always goes well. Raises _Tripped where it does not."""
    try:
        consumer.read(batch)
    except Exception as error:
        if _is_of_the_database(error):
            raise
        raise _Tripped from error


def halved(consumer: Consumer, batch: Sequence[Told]) -> _Stuck | None:
    """Hand a batch over, and halve it where that fails.

    Returns the first signal that fails by itself; everything before it is done, nothing after it is begun.
    """
    try:
        with transaction.atomic():
            consumer.read(batch)
        return None
    except Exception as error:
        if _is_of_the_database(error):
            raise
        if len(batch) == 1:
            return _Stuck(batch[0], error)
    half = len(batch) // 2
    return halved(consumer, batch[:half]) or halved(consumer, batch[half:])


def _is_of_the_database(error: Exception) -> bool:
    """Deadlocks, lost connections, full disks: no signal's fault, and gone when tried again."""
    if isinstance(error, OperationalError | InterfaceError):
        return True
    return connection.connection is None or bool(connection.connection.closed)


def _move(name: str, position: int, *, stumbles: int = 0, error: str = "") -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE listen_cursor SET position = %s, stumbles = %s, last_error = %s, moved_at = %s"
            " WHERE consumer = %s",
            [position, stumbles, error, clock.now(), name],
        )
    return position


def _stumble(name: str, stumbles: int, stuck: _Stuck) -> int:
    """Stand before the signal, or step over it when it has had its tries; returns the place."""
    at, error = stuck.told.id, logs.whereabouts(stuck.error)
    TRIPPED.labels(name).inc()
    log.error("consumer_tripped", consumer=name, signal=at, tries=stumbles, exc_info=stuck.error)
    if stumbles < TRIES or Parked.objects.filter(consumer=name).count() >= PARKED_AT_MOST:
        return _move(name, at - 1, stumbles=stumbles, error=error)
    Parked.objects.update_or_create(consumer=name, signal_id=at, defaults={"at": clock.now(), "error": error})
    PARKED.labels(name).inc()
    return _move(name, at)


def retry_parked(consumer: Consumer) -> tuple[int, int]:
    """Hand a consumer its parked signals again, each by itself; returns how many went, and how many stay."""
    done = stay = 0
    for row in Parked.objects.filter(consumer=consumer.name).order_by("signal_id"):
        with transaction.atomic():
            _hold_tables_still()
            held = Parked.objects.select_for_update(skip_locked=True).filter(pk=row.pk).first()
            stuck = halved(consumer, signals_of([row.signal_id])) if held else None
            if held and stuck is None:
                held.delete()
                done += 1
            elif held and stuck:
                Parked.objects.filter(pk=row.pk).update(error=logs.whereabouts(stuck.error))
                stay += 1
    return done, stay


def _hold_tables_still() -> None:
    with connection.cursor() as cursor:
        cursor.execute(HOLD_TABLES_STILL)
