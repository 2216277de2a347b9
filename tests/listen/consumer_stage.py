"""Consumers to play with, and a ledger to fill: what is read lands in a table without any uniqueness."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

from segue.listen import consuming
from segue.listen.consuming import Told, consumer
from segue.listen.models import Signal


def make_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS stage_told (number bigserial, consumer text, signal bigint)"
        )
        cursor.execute("TRUNCATE stage_told")


def drop_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS stage_told")


def told_to(name: str) -> list[int]:
    """Ids of the signals a consumer was told of, in the order it was told."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT signal FROM stage_told WHERE consumer = %s ORDER BY number", [name])
        return [row[0] for row in cursor.fetchall()]


def write_down(name: str) -> Callable[[Sequence[Told]], None]:
    def read(batch: Sequence[Told]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO stage_told (consumer, signal) VALUES (%s, %s)",
                [(name, told.id) for told in batch],
            )

    return read


@contextmanager
def only_consumers() -> Iterator[None]:
    """Forget the house's consumers for a while, and the stage's afterwards."""
    before = dict(consuming.load_consumers())
    consuming._consumers.clear()
    try:
        yield
    finally:
        consuming._consumers.clear()
        consuming._consumers.update(before)


def stage_consumer(name: str, **options: Any) -> None:
    consumer(name, **options)(write_down(name))


def happen(count: int = 1, kind: str = "card.shown", **fields: Any) -> list[int]:
    """Let something happen; returns the ids."""
    return [signal.pk for signal in (Signal.objects.create(kind=kind, **fields) for _ in range(count))]
