"""One turn of one consumer: its cursor, its batch and its effects are one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError, connection, transaction

from segue.kit import clock, logs
from segue.kit.metrics import Counter
from segue.listen.consuming import Consumer, Told, load_consumers
from segue.listen.models import Cursor, Parked
from segue.listen.queries.unread import hold_tables_still, signals_of, unread

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
class _Stuck:
    told: Told
    error: Exception


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
    with transaction.atomic():
        hold_tables_still()
        place = (
            Cursor.objects.select_for_update(skip_locked=True).filter(pk=consumer.name, paused=False).first()
        )
        if place is None or place.position >= horizon:
            return None
        limit = 1 if place.stumbles else consumer.batch
        batch, upto = unread(consumer, after=place.position, upto=horizon, limit=limit)
        stuck = _digest(consumer, batch) if batch else None
        if stuck is None:
            _move(place, upto)
        else:
            _stumble(place, stuck)
    READ.labels(consumer.name).inc(len(batch))
    return Turn(len(batch), place.position, more=stuck is None and place.position < horizon)


def _digest(consumer: Consumer, batch: Sequence[Told]) -> _Stuck | None:
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
    return _digest(consumer, batch[:half]) or _digest(consumer, batch[half:])


def _is_of_the_database(error: Exception) -> bool:
    """Deadlocks, lost connections, full disks: no signal's fault, and gone when tried again."""
    if isinstance(error, OperationalError | InterfaceError):
        return True
    return connection.connection is None or bool(connection.connection.closed)


def _move(place: Cursor, position: int, *, stumbles: int = 0, error: str = "") -> None:
    place.position, place.stumbles, place.last_error, place.moved_at = position, stumbles, error, clock.now()
    place.save(update_fields=["position", "stumbles", "last_error", "moved_at"])


def _stumble(place: Cursor, stuck: _Stuck) -> None:
    """Stand before the signal, or step over it when it has had its tries."""
    name, at, error = place.consumer, stuck.told.id, logs.whereabouts(stuck.error)
    stumbles = place.stumbles + 1
    TRIPPED.labels(name).inc()
    log.error("consumer_tripped", consumer=name, signal=at, tries=stumbles, exc_info=stuck.error)
    if stumbles < TRIES or Parked.objects.filter(consumer=name).count() >= PARKED_AT_MOST:
        _move(place, at - 1, stumbles=stumbles, error=error)
        return
    Parked.objects.update_or_create(
        consumer=name,
        signal_id=at,
        defaults={"at": clock.now(), "error": error},
        create_defaults={"error": error},
    )
    PARKED.labels(name).inc()
    _move(place, at)


def retry_parked(consumer: Consumer) -> tuple[int, int]:
    """Hand a consumer its parked signals again, each by itself; returns how many went, and how many stay."""
    done = stay = 0
    for row in Parked.objects.filter(consumer=consumer.name).order_by("signal_id"):
        with transaction.atomic():
            hold_tables_still()
            held = Parked.objects.select_for_update(skip_locked=True).filter(pk=row.pk).first()
            stuck = _digest(consumer, signals_of([row.signal_id])) if held else None
            if held and stuck is None:
                held.delete()
                done += 1
            elif held and stuck:
                Parked.objects.filter(pk=row.pk).update(error=logs.whereabouts(stuck.error))
                stay += 1
    return done, stay
