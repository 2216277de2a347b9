"""Writing one shard of a closed week: a stream of rows in, files of events and of sealed blobs out."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
from psycopg.rows import namedtuple_row

from segue.listen.actions.cold_files import Place, store
from segue.listen.cold.schema import EVENTS, SEALED, SHARDS, event_digest
from segue.listen.cold.sealing import seal
from segue.listen.cold.storage import storage
from segue.listen.cold.writing import ROWS_OF_A_GROUP, write_events, written
from segue.listen.models import ColdFile
from segue.listen.queries.events import cleared_props
from segue.listen.queries.subjects import GRANTED, JOINS, PSEUDONYM

SEALED_AT_ONCE = 5_000  # rows of one subject in one blob; most have far fewer
_SHARD = f"(COALESCE({PSEUDONYM}, s.id) & {SHARDS - 1})::int"
_FINGERPRINTS = f"""
WITH {GRANTED}
SELECT s.purpose, {_SHARD}, count(*), sum(s.xmin::text::bigint)
FROM {{table}} s {JOINS} WHERE s.purpose <> 'service' GROUP BY 1, 2
"""  # noqa: S608 - our own words
_ROWS = f"""
WITH {GRANTED}
SELECT s.id, {PSEUDONYM} AS subject, s.kind, s.event, s.at, s.received_at, s.job_id::text AS job_id,
       s.source_id, s.tier, s.flags, s.props::text AS props, s.context::text AS context,
       s.person_id::text AS person_id, s.anonymous_id, s.message_id, s.version, s.undoes_id, s.actor_role,
       s.xmin::text::bigint AS written_by, COALESCE(p.key, a.key) AS key
FROM {{table}} s {JOINS}
WHERE s.purpose = %(purpose)s AND {_SHARD} = %(shard)s
ORDER BY 2 NULLS LAST, s.at, s.id
"""  # noqa: S608 - our own words
_SEALED_FIELDS = (
    "id",
    "person_id",
    "anonymous_id",
    "event",
    "message_id",
    "version",
    "undoes_id",
    "actor_role",
)

Spot = tuple[str, int]  # purpose and shard
Fingerprint = tuple[int, int]  # rows, and the sum of the transactions that wrote them: any change changes it


@dataclass(slots=True)
class Part:
    """What one shard of the week became, and what it was like when it was read."""

    fingerprint: Fingerprint = (0, 0)
    files: list[ColdFile] = field(default_factory=list)

    def discard(self) -> None:
        """Let the files go; they were never on the list, so this may fail: the sweep finds them."""
        for file in self.files:
            with suppress(Exception):
                storage().delete(file.path)


def fingerprints(reader: psycopg.Connection[Any], table: str) -> dict[Spot, Fingerprint]:
    """Return what the shards of a week are like now.

    A change to a row gives it a later transaction's number, a deletion takes one away: with the count equal
    the sum can only have grown.
    """
    rows = reader.execute(_FINGERPRINTS.format(table=table).encode()).fetchall()
    return {(purpose, shard): (count, int(total)) for purpose, shard, count, total in rows}


def write_part(reader: psycopg.Connection[Any], table: str, week: date, spot: Spot) -> Part:
    """Stream one purpose's shard into files and put them into storage; they are not on the list yet."""
    part = Part()
    purpose, shard = spot
    with tempfile.TemporaryDirectory(prefix="segue-compact-") as folder:
        events, sealed = Path(folder) / "events.parquet", Path(folder) / "sealed.parquet"
        with reader.transaction(), reader.cursor("compact", row_factory=namedtuple_row) as rows:
            rows.itersize = 4_000
            rows.execute(_ROWS.format(table=table).encode(), {"purpose": purpose, "shard": shard})
            with _Sealer(sealed) as sealer:
                figures = write_events(_batches(rows, sealer, part), events)
        if figures.rows:
            part.files.append(store(Place("events", purpose, week, shard), events, figures))
        if sealer.blobs:
            figures = written(sealed, rows=sealer.blobs, first_id=figures.first_id, last_id=figures.last_id)
            part.files.append(store(Place("sealed", purpose, week, shard), sealed, figures))
    return part


def _batches(rows: Iterator[Any], sealer: _Sealer, part: Part) -> Iterator[pa.Table]:
    """Turn rows into tables of the cold shape; on the way seal what is personal and take the fingerprint."""
    batch: list[dict[str, Any]] = []
    count = total = 0
    for row in rows:
        count, total = count + 1, total + row.written_by
        sealer.take(row)
        batch.append(_cold_row(row))
        if len(batch) == ROWS_OF_A_GROUP:
            yield pa.Table.from_pylist(batch, EVENTS)
            batch = []
    if batch:
        yield pa.Table.from_pylist(batch, EVENTS)
    part.fingerprint = (count, total)


def _cold_row(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "subject": row.subject,
        "kind": row.kind,
        "event": event_digest(row.event),
        "at": row.at,
        "received_at": row.received_at,
        "job_id": row.job_id,
        "source_id": row.source_id,
        "tier": row.tier,
        "flags": row.flags,
        "props": None if row.props == "{}" else cleared_props(row.kind, orjson.loads(row.props)),
    }


class _Sealer:
    """Gathers a subject's rows, which come together, and seals them when the next subject begins."""

    def __init__(self, path: Path) -> None:
        self.blobs = 0
        self._path = path
        self._rows: list[dict[str, Any]] = []
        self._whose: tuple[int, bytes] | None = None
        self._sealed: list[dict[str, Any]] = []

    def __enter__(self) -> _Sealer:
        # Noise does not compress, and statistics of noise are noise.
        self._writer = pq.ParquetWriter(
            self._path, SEALED, compression="none", use_dictionary=False, write_statistics=["subject"]
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._close_blob()
        self._flush()
        self._writer.close()

    def take(self, row: Any) -> None:
        if row.subject is None:  # nobody's: what is not in clear is let go
            return
        if self._whose is None or self._whose[0] != row.subject or len(self._rows) >= SEALED_AT_ONCE:
            self._close_blob()
            self._whose = (row.subject, bytes(row.key))
        kept = {name: value for name in _SEALED_FIELDS if (value := getattr(row, name)) not in ("", None)}
        kept |= {
            name: orjson.loads(said) for name in ("props", "context") if (said := getattr(row, name)) != "{}"
        }
        self._rows.append(kept)

    def _close_blob(self) -> None:
        if self._rows and self._whose:
            subject, key = self._whose
            self._sealed.append({"subject": subject, "blob": seal(subject, key, self._rows)})
            self.blobs += 1
        self._rows = []
        if len(self._sealed) >= 2_000:
            self._flush()

    def _flush(self) -> None:
        if self._sealed:
            self._writer.write_table(pa.Table.from_pylist(self._sealed, SEALED))
        self._sealed = []
