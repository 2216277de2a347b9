"""Reading the ledger again where it has become cold: the same signals, in the order of ids, from the files.

The files are sorted by subject, for counting; a consumer wants ids. So a chunk of neighbouring ids is
gathered from all files that hold some of them, sorted, opened, and kept for the turns to come. What is
personal is given out only while its subject is known: who was erased or has withdrawn since is nobody, also
in a chunk read before.
"""

from __future__ import annotations

import json
import time
import uuid
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from segue.kit.actor import Actor
from segue.listen.cold.sealing import open_sealed
from segue.listen.cold.storage import storage
from segue.listen.consuming import Consumer, Told
from segue.listen.models import ColdFile, EventName, Subject
from segue.listen.queries.subjects import keys_of

CHUNK = 200_000  # ids in memory at a time
KEPT_S = 60.0  # a chunk nobody has read from for so long is let go
CHUNKS_KEPT = 2


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_COLUMNS = 'id, subject, kind, event, epoch_us("at"), epoch_us(received_at), job_id, source_id, tier, props'


class _Row(NamedTuple):
    """A line of an events file."""

    id: int
    subject: int | None
    kind: str
    event: int | None
    at_us: int
    received_at_us: int
    job_id: str | None
    source_id: int | None
    tier: str
    props: str | None


@dataclass(slots=True)
class _Chunk:
    """Neighbouring signals by id, and what of them was sealed."""

    ids: list[int]
    rows: list[_Row]
    sealed: dict[int, dict[str, Any]]
    read_at_s: float = field(default_factory=time.monotonic)


_chunks: dict[object, _Chunk] = {}


def cold_unread(consumer: Consumer, *, after: int, upto: int, limit: int) -> tuple[list[Told], int]:
    """Return what a consumer wants of the cold signals in this range of ids, and how far that goes.

    Hot signals between them are not here: the caller merges. Raises FileGone where a listed file is missing.
    """
    files = list(ColdFile.objects.filter(first_id__lte=upto, last_id__gt=after).order_by("pk"))
    if not files:
        _let_go()
        return [], upto
    number = after // CHUNK
    upto = min(upto, (number + 1) * CHUNK)
    chunk = _chunk(consumer, number, files)
    first, last = bisect_right(chunk.ids, after), bisect_right(chunk.ids, upto)
    return _told(chunk, chunk.rows[first : min(last, first + limit)]), upto


def _let_go() -> None:
    for key, chunk in list(_chunks.items()):
        if time.monotonic() - chunk.read_at_s > KEPT_S:
            del _chunks[key]


def _chunk(consumer: Consumer, number: int, files: Sequence[ColdFile]) -> _Chunk:
    _let_go()
    kinds = consumer.wanted_kinds()
    key = (
        number,
        tuple(file.pk for file in files),
        tuple(kinds or ()),
        consumer.tiers,
        consumer.collected_only,
    )
    chunk = _chunks.get(key)
    if chunk is None:
        while len(_chunks) >= CHUNKS_KEPT:
            del _chunks[next(iter(_chunks))]
        chunk = _chunks[key] = _gather(consumer, kinds, number * CHUNK, files)
    chunk.read_at_s = time.monotonic()
    return chunk


def _gather(consumer: Consumer, kinds: list[str] | None, after: int, files: Sequence[ColdFile]) -> _Chunk:
    import duckdb

    with duckdb.connect() as connection:
        events = _fetched(files, "events")
        conditions, values = ["id > ?", "id <= ?"], [after, after + CHUNK]
        more: list[Any] = []
        if kinds is not None:
            conditions.append("list_contains(?, kind)")
            more.append(kinds)
        if consumer.tiers != "ABCD":
            conditions.append("list_contains(?, tier)")
            more.append(list(consumer.tiers))
        if consumer.collected_only:
            conditions.append("source_id IS NOT NULL")
        found = connection.execute(
            f"SELECT {_COLUMNS} FROM read_parquet(?) WHERE {' AND '.join(conditions)} ORDER BY id",  # noqa: S608 - ours
            [events, *values, *more],
        ).fetchall()
        rows = [_Row(*row) for row in found]
        sealed = _opened(connection, _fetched(files, "sealed"), rows)
    return _Chunk([row.id for row in rows], rows, sealed)


def _fetched(files: Sequence[ColdFile], content: str) -> list[str]:
    place = storage()
    return [str(place.fetch(file.path, sha256=file.sha256)) for file in files if file.content == content]


def _opened(connection: Any, paths: list[str], rows: Sequence[_Row]) -> dict[int, dict[str, Any]]:
    """Open the blobs of everybody in these rows, and keep what belongs to the rows."""
    wanted, subjects = {row.id for row in rows}, {row.subject for row in rows if row.subject is not None}
    keys = keys_of(None, Actor.machine("segue consume")) if subjects else {}
    subjects &= keys.keys()
    opened: dict[int, dict[str, Any]] = {}
    if not paths or not subjects:
        return opened
    connection.execute(
        "CREATE TEMP TABLE wanted AS SELECT unnest(?::BIGINT[]) AS subject", [sorted(subjects)]
    )
    blobs = connection.execute(
        "SELECT subject, blob FROM read_parquet(?) SEMI JOIN wanted USING (subject)", [paths]
    )
    while some := blobs.fetchmany(500):
        for subject, blob in some:
            for kept in open_sealed(subject, keys[subject], blob) or ():
                if kept["id"] in wanted:
                    opened[kept["id"]] = kept
    return opened


def _told(chunk: _Chunk, rows: Sequence[_Row]) -> list[Told]:
    """Say of each row what may be said today: to whom it belonged only while that subject is known."""
    subjects = Subject.objects.filter(pseudonym__in={row.subject for row in rows if row.subject is not None})
    known = dict(subjects.values_list("pseudonym", "person_id"))
    names = _names({row.event for row in rows if row.event is not None})
    return [_told_of(row, chunk.sealed.get(row.id, {}), known, names) for row in rows]


def _told_of(
    row: _Row, sealed: dict[str, Any], known: Mapping[int, uuid.UUID | None], names: dict[int, str]
) -> Told:
    is_known = row.subject is not None and row.subject in known
    said = sealed if is_known else {}
    props = json.loads(row.props) if row.props else {}
    return Told(
        id=row.id,
        source_id=row.source_id,
        kind=row.kind,
        event=said.get("event") or names.get(row.event or 0, ""),
        at=_EPOCH + timedelta(microseconds=row.at_us),
        received_at=_EPOCH + timedelta(microseconds=row.received_at_us),
        person_id=known[row.subject] if is_known and row.subject is not None else None,
        anonymous_id=said.get("anonymous_id", ""),
        job_id=uuid.UUID(row.job_id) if row.job_id else None,
        props=said.get("props", props),
        tier=row.tier,
    )


def _names(digests: set[int]) -> dict[int, str]:
    return dict(EventName.objects.filter(digest__in=digests).values_list("digest", "name")) if digests else {}
