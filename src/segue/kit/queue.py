"""Work to do later, kept in a table: it is promised in the transaction that makes it necessary.

    @job("engage.send_message")
    def send_message(message_id: str) -> None: ...

    enqueue("engage.send_message", message_id=str(message.pk))

A job takes ids and is idempotent. What it changes in the database happens exactly once, because its row is
deleted in the same transaction; what it does outside (a mail) may happen again after a crash.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.db import connection, transaction
from django.utils.module_loading import autodiscover_modules

from segue.kit import clock
from segue.kit.privacy import Traces, on_erasure
from segue.kit.queue_leases import Lane

CHANNEL = "segue_queue"
F = TypeVar("F", bound=Callable[..., None])


@dataclass(frozen=True, slots=True)
class Task:
    """A kind of job: what to run, and whether it may share a transaction with its neighbours."""

    name: str
    run: Callable[..., None]
    database_only: bool = False
    lane: Lane = Lane.PROMPT


@dataclass(frozen=True, slots=True)
class Figures:
    """The queue at a glance; the oldest due job of the lane `long`, where one may wait, is told apart."""

    waiting: int
    oldest_age_s: float
    oldest_long_age_s: float
    leased: int
    failed: int


_tasks: dict[str, Task] = {}
_periods_s: dict[str, int] = {}


def job(name: str, *, database_only: bool = False, lane: Lane = Lane.PROMPT) -> Callable[[F], F]:
    """Make a function a job named `room.verb_noun`, which waits in a lane.

    `database_only` jobs are worked a batch to a transaction, which is much faster; never say it of a job
    that reaches outside, for a neighbour's failure rolls the batch back and runs it again.
    """

    def note(function: F) -> F:
        _tasks[name] = Task(name, function, database_only, lane)
        function.job_name = name  # type: ignore[attr-defined]  # read by `every`
        return function

    return note


def every(seconds: int) -> Callable[[F], F]:
    """Run a job (without arguments) once in each slot of so many seconds, however many workers there are."""

    def note(function: F) -> F:
        _periods_s[function.job_name] = seconds  # type: ignore[attr-defined]  # set by `job`
        return function

    return note


def load_jobs() -> dict[str, Task]:
    """Import every room's jobs and return them by name."""
    autodiscover_modules("jobs")
    return _tasks


def task_named(name: str) -> Task:
    """Return a registered job. Raises LookupError for any other name."""
    found = _tasks.get(name) or load_jobs().get(name)
    if found is None:
        raise LookupError(f"There is no job {name!r}.")
    return found


# A waiting job with the same unique key is brought forward instead of doubled. DO UPDATE, not DO NOTHING: it
# locks that row until our transaction ends, so no worker can run it before it can see what we have written.
_INSERT = """
INSERT INTO kit_queuejob
    (name, lane, args, unique_key, priority, run_at, attempts, leased_by, last_error)
VALUES (%s, %s, %s, %s, %s, %s, 0, '', '')
ON CONFLICT (unique_key) DO UPDATE SET
    run_at = LEAST(kit_queuejob.run_at, EXCLUDED.run_at),
    priority = GREATEST(kit_queuejob.priority, EXCLUDED.priority)
"""


def enqueue(
    name: str,
    /,
    *,
    run_at: datetime | None = None,
    unique_key: str | None = None,
    priority: int = 0,
    **args: Any,
) -> None:
    """Promise a job within the caller's transaction; workers are told when it commits.

    Raises LookupError for a job nobody registered, TypeError for arguments that are not plain values.
    """
    _insert(name, [args], run_at=run_at, unique_key=unique_key, priority=priority)


def enqueue_many(
    name: str,
    /,
    many_args: Iterable[dict[str, Any]],
    *,
    run_at: datetime | None = None,
    priority: int = 0,
) -> None:
    """Promise the same job for many arguments in one go."""
    _insert(name, many_args, run_at=run_at, unique_key=None, priority=priority)


def _insert(
    name: str,
    many_args: Iterable[dict[str, Any]],
    *,
    run_at: datetime | None,
    unique_key: str | None,
    priority: int,
) -> None:
    lane, at = task_named(name).lane, clock.now()
    rows = [(name, lane, _as_json(args), unique_key, priority, run_at or at) for args in many_args]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(_INSERT, rows)
        if rows and (run_at is None or run_at <= at):
            cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])


def _as_json(args: dict[str, Any]) -> str:
    return json.dumps(args, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, uuid.UUID):
        return str(value)
    raise TypeError(f"A job takes ids and plain values, not {type(value).__name__}.")


def plan_periodic(at: datetime, lanes: Iterable[Lane] = Lane) -> None:
    """Promise the next slot of each periodic job of these lanes.

    It is always the coming slot that is promised: its row lies there until the slot begins, and once it has
    begun nobody promises it again. So no table of past runs is needed.
    """
    for name, seconds in _periods_s.items():
        if _tasks[name].lane not in lanes:
            continue
        slot = int(at.timestamp()) // seconds + 1
        run_at = datetime.fromtimestamp(slot * seconds, tz=UTC)
        enqueue(name, run_at=run_at, unique_key=f"every:{name}:{slot}")


_SORT = """
UPDATE kit_queuejob SET lane = right_one.value FROM jsonb_each_text(%s::jsonb) right_one
WHERE name = right_one.key AND lane <> right_one.value
  AND (leased_until IS NULL OR leased_until < clock_timestamp())
"""


def sort_into_lanes() -> None:
    """Put each waiting job where its kind belongs now: it may lie there from before an upgrade."""
    with connection.cursor() as cursor:
        cursor.execute(_SORT, [json.dumps({name: task.lane for name, task in load_jobs().items()})])


_FIGURES = """
SELECT count(*) FILTER (WHERE failed_at IS NULL AND leased_until IS NULL),
       COALESCE(EXTRACT(epoch FROM %(now)s - min(run_at) FILTER
           (WHERE lane <> 'long' AND failed_at IS NULL AND leased_until IS NULL AND run_at <= %(now)s)), 0),
       COALESCE(EXTRACT(epoch FROM %(now)s - min(run_at) FILTER
           (WHERE lane = 'long' AND failed_at IS NULL AND leased_until IS NULL AND run_at <= %(now)s)), 0),
       count(*) FILTER (WHERE failed_at IS NULL AND leased_until IS NOT NULL),
       count(*) FILTER (WHERE failed_at IS NOT NULL)
FROM kit_queuejob
"""


def figures() -> Figures:
    """Return depth, age of the oldest due job, how many are being worked, how many gave up."""
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, {"now": clock.now()})
        waiting, oldest_age_s, oldest_long_age_s, leased, failed = cursor.fetchone()
    return Figures(waiting, float(oldest_age_s), float(oldest_long_age_s), leased, failed)


def retry_failed() -> int:
    """Give the jobs that gave up another eight attempts; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kit_queuejob SET failed_at = NULL, attempts = 0, run_at = %s WHERE failed_at IS NOT NULL",
            [clock.now()],
        )
        return int(cursor.rowcount)


def work_off(limit: int | None = None) -> int:
    """Run the jobs that are due, here and now, and those they enqueue; returns how many were done."""
    from segue.kit.queue_worker import Worker

    return Worker(batch=100).work_off(limit)


@on_erasure
def forget_errors(traces: Traces) -> dict[str, int]:
    """Blank errors that name the person; a job's arguments are ids, and lead to rows that are gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kit_queuejob SET last_error = ''"
            " WHERE last_error <> '' AND last_error ILIKE ANY(%s::text[])",
            [traces.patterns()],
        )
        return {"kit.QueueJob": cursor.rowcount}
