"""Sealing audit lines into the chain, some seconds after they are written.

No deed waits for the chain: lines are written without it, side by side, and one sealer at a time gives those
that are committed their place. Until then a line is protected by the trigger alone; `chain_state` says how
many wait and how long.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.db import connection, transaction

from segue.engine.chain import content_digest, link_hash
from segue.kit import logs
from segue.trust.queries.chain import COLUMNS, content_of, head, skeleton_of

BATCH = 1_000
SEALER = 7_301_994_021  # an advisory lock: one seals at a time, and nobody waits for it
log = logs.get("segue.audit")

# Rows that an erasure is just striking are skipped: they are sealed next time, as they then read.
_WAITING = f"""
SELECT {COLUMNS} FROM trust_auditline WHERE position IS NULL ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
"""  # noqa: S608 - the columns are a constant of ours
_SEAL = """
UPDATE trust_auditline AS line
SET position = sealed.position, salt = sealed.salt, digest = sealed.digest, hash = sealed.hash
FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[])
    AS sealed(id, position, salt, digest, hash)
WHERE line.id = sealed.id
"""


def seal_lines(*, limit: int | None = None) -> int:
    """Give committed lines their place in the chain, a batch to a transaction; returns how many.

    Where another process is at it, this one leaves at once. The head is logged, so that whoever ships logs
    elsewhere keeps it where our database cannot change it.
    """
    done = 0
    while limit is None or done < limit:
        count = _seal_batch(BATCH if limit is None else min(BATCH, limit - done))
        done += count
        if count < BATCH:
            break
    if done:
        position, hashed = head()
        log.info("audit_sealed", lines=done, position=position, head=hashed)
    return done


@transaction.atomic
def _seal_batch(size: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEALER])
        if not cursor.fetchone()[0]:
            return 0
        position, before = head()
        cursor.execute(_WAITING, [size])
        sealed: list[tuple[Any, ...]] = []
        for row in cursor.fetchall():
            position += 1
            salt = secrets.token_hex(16)
            digest = content_digest(content_of(row), salt)
            before = link_hash(before, position, skeleton_of(row), digest)
            sealed.append((row[0], position, salt, digest, before))
        if sealed:
            cursor.execute(_SEAL, [list(column) for column in zip(*sealed, strict=True)])
    return len(sealed)
