"""The shape of the cold files, which is also the shape of events as they are read."""

from __future__ import annotations

import hashlib
import uuid
from datetime import date
from functools import lru_cache

import pyarrow as pa
from django.conf import settings

SHARDS = 8  # by pseudonym, so that one person's events lie in one shard of every week
SERVICE = "service"  # the purpose that never leaves the hot side

EVENTS = pa.schema(
    [
        ("id", pa.int64()),
        ("subject", pa.int64()),  # a pseudonym; null where it is nobody's
        ("kind", pa.string()),
        ("event", pa.int64()),  # keyed digest of the sender's name for it; null where there was none
        ("at", pa.timestamp("us", tz="UTC")),
        ("received_at", pa.timestamp("us", tz="UTC")),
        ("job_id", pa.string()),
        ("source_id", pa.int64()),
        ("tier", pa.string()),
        ("flags", pa.list_(pa.string())),
        ("props", pa.string()),  # the props that tell nothing of anybody, as JSON; null where there are none
    ]
)
SEALED = pa.schema([("subject", pa.int64()), ("blob", pa.binary())])


def shard_of(subject: int | None, signal_id: int) -> int:
    """Return the shard of a signal: its subject's, or, where it is nobody's, its own.

    Negative numbers (subjects that have no pseudonym yet) count as unsigned 64-bit ones.
    """
    return (signal_id if subject is None else subject) % SHARDS


def new_path(content: str, *, purpose: str, week: date, shard: int) -> str:
    """Return a path no file has yet: purpose=behaviour/week=2026-01-05/shard=03/events-….parquet."""
    return f"purpose={purpose}/week={week}/shard={shard:02}/{content}-{uuid.uuid4().hex}.parquet"


@lru_cache(maxsize=100_000)
def event_digest(name: str) -> int | None:
    """Return the number an event's name is known by in the files; without our key it tells nothing."""
    if not name:
        return None
    digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), key=_event_key(), digest_size=8)
    return int.from_bytes(digest.digest(), "big", signed=True)


@lru_cache(maxsize=1)
def _event_key() -> bytes:
    return hashlib.sha256(f"listen.event:{settings.SECRET_KEY}".encode()).digest()
