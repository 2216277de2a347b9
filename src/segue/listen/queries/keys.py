"""All write keys at once, for a collector to keep at hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection

_ALL = """
SELECT listen_writekey.digest, listen_writekey.expires_at, listen_source.id, listen_source.name,
       listen_source.kind, listen_source.origins, listen_source.consent, listen_source.limit_per_s,
       listen_source.retired_at IS NOT NULL
FROM listen_writekey JOIN listen_source ON listen_source.id = listen_writekey.source_id
"""


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key, and what its source may do."""

    expires_at: datetime | None
    source_id: int
    name: str
    kind: str
    origins: frozenset[str]
    consent: str
    limit_per_s: int
    is_retired: bool


def known_keys(connection: Connection[Any]) -> dict[str, KnownKey]:
    """Return every key by its digest. Ended ones too: whoever sends one is told what happened to it."""
    rows = connection.execute(_ALL).fetchall()
    return {
        digest: KnownKey(
            expires_at, source_id, name, kind, frozenset(origins), consent, limit_per_s, is_retired
        )
        for digest, expires_at, source_id, name, kind, origins, consent, limit_per_s, is_retired in rows
    }
