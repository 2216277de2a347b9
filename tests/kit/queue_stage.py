"""Jobs to play with: they write their effects into a table of their own, without any uniqueness."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from segue.kit import queue
from segue.kit.queue_leases import Lane


def make_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS stage_effect (number int, pid int DEFAULT pg_backend_pid())"
        )
        cursor.execute("TRUNCATE stage_effect")


def drop_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS stage_effect")


def effects() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM stage_effect ORDER BY number")
        return [row[0] for row in cursor.fetchall()]


def write_effect(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO stage_effect (number) VALUES (%s)", [number])


def write_then_trip(number: int) -> None:
    write_effect(number)
    raise ValueError("secret words of a person")


def die(number: int) -> None:
    write_effect(number)
    sys.exit("as if killed")


def take_long(number: int) -> None:
    """Take as long as it takes for another effect to be there."""
    while not effects():
        time.sleep(0.02)
    write_effect(number)


@contextmanager
def staged_jobs() -> Iterator[None]:
    """Register the stage's jobs for a while; the product's own periodic jobs rest meanwhile."""
    queue.load_jobs()
    before, periods = dict(queue._tasks), dict(queue._periods_s)
    queue._periods_s.clear()
    queue.job("stage.write")(write_effect)
    queue.job("stage.write_shared", database_only=True)(write_effect)
    queue.job("stage.write_long", lane=Lane.LONG)(write_effect)
    queue.job("stage.take_long", lane=Lane.LONG)(take_long)
    queue.job("stage.trip")(write_then_trip)
    queue.job("stage.trip_shared", database_only=True)(write_then_trip)
    queue.job("stage.die")(die)
    try:
        yield
    finally:
        queue._tasks.clear()
        queue._tasks.update(before)
        queue._periods_s.clear()
        queue._periods_s.update(periods)
