"""Reading the audit's chain."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.db import connection, transaction

from segue.engine.chain import BEGINNING, STRIKES, Link, Reading, read_chain
from segue.kit import clock

# JSON as PostgreSQL writes it: what was sealed is what stands there, to the letter.
COLUMNS = (
    "id, at, verb, actor_role, actor_id, subject_type, subject_id, actor_name, detail::text,"
    " position, salt, digest, hash"
)
_CHUNK = 2_000
_READ = f"""
SELECT {COLUMNS} FROM trust_auditline WHERE position IS NOT NULL AND position >= %s ORDER BY position
"""  # noqa: S608 - the columns are a constant of ours


@dataclass(frozen=True, slots=True)
class ChainState:
    """The chain at a glance: its length and head, and what waits to be sealed."""

    length: int
    head: str
    waiting: int
    oldest_s: float


def skeleton_of(row: Sequence[Any]) -> tuple[str | int | None, ...]:
    """Return what of a line names nobody: its number, time, deed, and the ids of actor and subject."""
    key, at, verb, role, actor_id, subject_type, subject_id = row[:7]
    when = at.astimezone(UTC).isoformat(timespec="microseconds")
    return (key, when, verb, role, str(actor_id) if actor_id else None, subject_type, subject_id)


def content_of(row: Sequence[Any]) -> str:
    """Return what of a line may name somebody, as the text the digest is of."""
    return json.dumps([row[7], row[8]], ensure_ascii=False)


def as_link(row: Sequence[Any]) -> Link:
    """Return a sealed line as a record of the chain."""
    struck = json.loads(row[8]).get("lines", {}) if row[2] == STRIKES else {}
    return Link(row[9], skeleton_of(row), content_of(row), row[10], row[11], row[12], struck)


def sealed_rows(first: int = 1) -> Iterator[Sequence[Any]]:
    """Yield sealed lines in the chain's order, a bounded number in memory at a time."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_READ, [first])
        while rows := cursor.fetchmany(_CHUNK):
            yield from rows


def head() -> tuple[int, str]:
    """Return the chain's last position and hash."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT position, hash FROM trust_auditline WHERE position IS NOT NULL"
            " ORDER BY position DESC LIMIT 1"
        )
        found = cursor.fetchone()
    return (int(found[0]), str(found[1])) if found else (0, BEGINNING)


def chain_state() -> ChainState:
    """Say how long the chain is and what waits for it."""
    length, hashed = head()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), min(at) FROM trust_auditline WHERE position IS NULL")
        waiting, oldest = cursor.fetchone()
    age_s = (clock.now() - oldest).total_seconds() if oldest else 0.0
    return ChainState(length, hashed, waiting, max(age_s, 0.0))


def verify_chain(*, known: Mapping[int, str] | None = None) -> Reading:
    """Read the whole chain and say where it breaks first, if it does."""
    return read_chain((as_link(row) for row in sealed_rows()), known=known)
