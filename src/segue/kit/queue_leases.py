"""Claiming jobs and settling them: the SQL of the queue.

A claim commits at once and gives a lease; the work and the deletion of its row are one later transaction,
guarded by that lease. A worker that dies leaves an expired lease, which another takes over.
"""

from __future__ import annotations

import json
import os
import socket
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import connection

from segue.kit import clock

LEASE_S = 60
MAX_ATTEMPTS = 8
BACKOFF_S = (1, 10, 60, 300, 900, 3600, 10_800)


class Lane(StrEnum):
    """Where a job waits. Each lane is worked by a line of its own, so that none waits for another's.

    A job belongs where the longest of its kind does not hold up the others.
    """

    PROMPT = "prompt"  # somebody waits for it: well under a second, and nobody else's server is asked
    MAIL = "mail"  # letters, as fast as the mail server takes them
    OUTSIDE = "outside"  # other servers, which may let us wait
    BULK = "bulk"  # a piece of what a person asked for many at once
    LONG = "long"  # looks at everybody or everything: minutes, at night


@dataclass(frozen=True, slots=True)
class Claim:
    """A job we hold for a while."""

    id: int
    name: str
    args: dict[str, Any]
    attempts: int
    lease: str


# Leases are measured on the database's clock alone, so that hosts whose clocks differ cannot both hold one.
# ARRAY(…) is evaluated exactly once; a join might be executed again and lock more rows than its limit.
# The unique key is dropped here: what happens after the work has begun deserves a new job.
_CLAIM = """
UPDATE kit_queuejob SET leased_by = %(lease)s, unique_key = NULL,
    leased_until = clock_timestamp() + %(lease_s)s * interval '1 second'
WHERE id = ANY(ARRAY(
    SELECT id FROM kit_queuejob
    WHERE lane = %(lane)s AND failed_at IS NULL AND leased_until IS NULL AND run_at <= %(now)s
    ORDER BY priority DESC, run_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED))
RETURNING id, name, args, attempts, priority, run_at
"""
_RECLAIM = """
UPDATE kit_queuejob SET leased_by = %(lease)s, attempts = attempts + 1,
    leased_until = clock_timestamp() + %(lease_s)s * interval '1 second'
WHERE id = ANY(ARRAY(
    SELECT id FROM kit_queuejob
    WHERE lane = %(lane)s AND failed_at IS NULL AND leased_until < clock_timestamp()
    ORDER BY leased_until LIMIT 1 FOR UPDATE SKIP LOCKED))
RETURNING id, name, args, attempts, priority, run_at
"""


def claim(limit: int, lane: Lane = Lane.PROMPT) -> list[Claim]:
    """Take up to `limit` due jobs of a lane, the most urgent first; others skip the rows we look at."""
    return _take(_CLAIM, {"limit": limit, "lane": lane, "now": clock.now()})


def reclaim(lane: Lane = Lane.PROMPT) -> Claim | None:
    """Take over one job of a lane whose worker died.

    One at a time, so that a job that kills its worker spends only its own attempts.
    """
    found = _take(_RECLAIM, {"lane": lane})
    return found[0] if found else None


def _take(sql: str, parameters: dict[str, Any]) -> list[Claim]:
    lease = f"{socket.gethostname()[:40]}:{os.getpid()}:{uuid.uuid4().hex[:16]}"
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters | {"lease": lease, "lease_s": LEASE_S})
        rows = sorted(cursor.fetchall(), key=lambda row: (-row[4], row[5], row[0]))
    return [Claim(row[0], row[1], json.loads(row[2]), row[3], lease) for row in rows]


def finish(claims: list[Claim]) -> set[int]:
    """Delete the rows whose lease is still ours; returns their ids. The work's transaction begins with it.

    From here to the commit the row locks keep others away, however long the work takes.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM kit_queuejob WHERE id = ANY(%s) AND leased_by = %s RETURNING id",
            [[claim.id for claim in claims], claims[0].lease],
        )
        return {row[0] for row in cursor.fetchall()}


def give_back(claims: list[Claim]) -> None:
    """Return jobs we will not get to."""
    if not claims:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kit_queuejob SET leased_by = '', leased_until = NULL "
            "WHERE id = ANY(%s) AND leased_by = %s",
            [[claim.id for claim in claims], claims[0].lease],
        )


def postpone(claim: Claim, error: str) -> bool:
    """Put a failed job back for later, or give it up after its last attempt; says whether it gave up."""
    attempts = claim.attempts + 1
    gives_up = attempts >= MAX_ATTEMPTS
    at = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kit_queuejob SET attempts = %s, run_at = %s, failed_at = %s, last_error = %s, "
            "leased_by = '', leased_until = NULL WHERE id = %s AND leased_by = %s",
            [attempts, at + _pause(attempts), at if gives_up else None, error, claim.id, claim.lease],
        )
    return gives_up


def _pause(attempts: int) -> timedelta:
    return timedelta(seconds=BACKOFF_S[min(attempts, len(BACKOFF_S)) - 1])


def next_due(lanes: Iterable[Lane] = Lane) -> datetime | None:
    """Return when the next job that waits in these lanes is due, if any does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(run_at) FROM kit_queuejob"
            " WHERE lane = ANY(%s) AND failed_at IS NULL AND leased_until IS NULL",
            [list(lanes)],
        )
        found: datetime | None = cursor.fetchone()[0]
        return found
