"""Jobs that wait for a person's word. They lie in a table of their own: no worker can see them, whatever its
version, and the queue's busy path knows nothing of them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from segue.kit import clock
from segue.kit.queue import CHANNEL, sort_into_lanes, task_named

# Periodic jobs are promised anew by whichever worker starts next. What gave up stays where it is: it runs at
# a person's order only.
_FORGET_PERIODIC = "DELETE FROM kit_queuejob WHERE unique_key LIKE 'every:%'"
_HOLD_WAITING = """
WITH taken AS (DELETE FROM kit_queuejob WHERE failed_at IS NULL
               RETURNING id, name, args, unique_key, priority, run_at)
INSERT INTO kit_heldjob (name, args, unique_key, priority, run_at, held_at)
SELECT name, args, unique_key, priority, run_at, %s FROM taken ORDER BY id
"""
_HOLD_ONE = """
INSERT INTO kit_heldjob (name, args, unique_key, priority, run_at, held_at)
SELECT %(name)s, %(args)s::jsonb, NULL, 0, %(now)s, %(now)s
WHERE NOT EXISTS (SELECT 1 FROM kit_heldjob WHERE name = %(name)s AND args = %(args)s::jsonb)
"""
_RELEASE = """
WITH freed AS (DELETE FROM kit_heldjob
               WHERE (name = ANY(%(only)s::text[])) IS NOT FALSE AND name <> ALL(%(but)s::text[])
               RETURNING id, name, args, unique_key, priority, run_at)
INSERT INTO kit_queuejob (name, args, unique_key, priority, run_at, attempts, leased_by, last_error)
SELECT DISTINCT ON (COALESCE(unique_key, id::text)) name, args, unique_key, priority, run_at, 0, '', ''
FROM freed
ON CONFLICT (unique_key) DO UPDATE SET run_at = LEAST(kit_queuejob.run_at, EXCLUDED.run_at)
"""
_DROP = """
DELETE FROM kit_heldjob
WHERE (name = ANY(%(only)s::text[])) IS NOT FALSE AND name <> ALL(%(but)s::text[]) RETURNING args
"""


def hold_waiting() -> int:
    """Take every waiting job out of the queue and hold it; returns how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_FORGET_PERIODIC)
        cursor.execute(_HOLD_WAITING, [clock.now()])
        return int(cursor.rowcount)


def hold_job(name: str, /, **args: Any) -> None:
    """Hold one job instead of running it, the same one once. Raises LookupError for an unknown name."""
    task_named(name)
    with connection.cursor() as cursor:
        cursor.execute(_HOLD_ONE, {"name": name, "args": json.dumps(args), "now": clock.now()})


def release(*, only: Sequence[str] | None = None, but: Sequence[str] = ()) -> int:
    """Put held jobs back into the queue, those of these names or all but those; returns how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_RELEASE, {"only": list(only) if only is not None else None, "but": list(but)})
        freed = int(cursor.rowcount)
        sort_into_lanes()
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])
    return freed


def drop(*, only: Sequence[str] | None = None, but: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Forget held jobs; returns their arguments."""
    with connection.cursor() as cursor:
        cursor.execute(_DROP, {"only": list(only) if only is not None else None, "but": list(but)})
        return [json.loads(args) if isinstance(args, str) else args for (args,) in cursor.fetchall()]


def held_by_name() -> dict[str, int]:
    """Return how many jobs of each name are held."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, count(*) FROM kit_heldjob GROUP BY name ORDER BY name")
        return dict(cursor.fetchall())
