"""Events, hot and cold, as one relation: the only way anybody reads many of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.db import connection as database
from django.db import transaction

from segue.kit.errors import Invalid
from segue.listen.cold import hot
from segue.listen.cold.schema import EVENTS, SHARDS
from segue.listen.cold.storage import storage
from segue.listen.kinds import KINDS, clear_props
from segue.listen.models import ColdFile
from segue.listen.queries.subjects import GRANTED, JOINS, PSEUDONYM, STAND_IN
from segue.listen.weeks import week_of

AHEAD = timedelta(days=1)  # a signal's own time is never so far after the time it was received
_FILTERS = {
    "kinds": "s.kind = ANY(%(kinds)s)",
    "since": "s.at >= %(since)s",
    "until": "s.at < %(until)s",
    "received_from": "s.received_at >= %(received_from)s",
    "received_to": "s.received_at < %(received_to)s",
    "source_ids": "s.source_id = ANY(%(source_ids)s)",
    "shard": f"(COALESCE({STAND_IN}, s.id) & {SHARDS - 1}) = %(shard)s",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events: times are of `at`, half open; `received_…` are of the week they arrived in."""

    kinds: tuple[str, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None
    received_from: datetime | None = None
    received_to: datetime | None = None
    source_ids: tuple[int, ...] | None = None
    shard: int | None = None
    columns: tuple[str, ...] = tuple(EVENTS.names)

    def said(self) -> dict[str, Any]:
        """Return what was asked for, by the names of the filters."""
        values = {name: getattr(self, name) for name in _FILTERS}
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in values.items()
            if value is not None
        }


@dataclass(frozen=True, slots=True)
class ColdPart:
    """One file of the cold side, where it can be read on this machine."""

    path: Path
    shard: int
    rows: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All events wanted, of one moment: files and hot rows. It can be pickled and read elsewhere."""

    wanted: Wanted
    cold: tuple[ColdPart, ...]
    hot: pa.Table

    def relation(self, connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
        """Return both sides as one relation of the columns wanted; read lazily, files are filtered first."""
        warm = connection.from_arrow(self.hot)
        cold = self.cold_relation(connection)
        return warm if cold is None else cold.union(warm)

    def cold_relation(self, connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation | None:
        """Return the cold side alone; None where no file can hold anything wanted."""
        if not self.cold:
            return None
        cold = connection.read_parquet([str(part.path) for part in self.cold])
        for condition in _cold_conditions(self.wanted):
            cold = cold.filter(condition)
        return cold.select(*[duckdb.ColumnExpression(name) for name in self.wanted.columns])


def relation(
    connection: duckdb.DuckDBPyConnection,
    *,
    kinds: Collection[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    columns: Sequence[str] | None = None,
    shard: int | None = None,
    source_ids: Collection[int] | None = None,
) -> duckdb.DuckDBPyRelation:
    """Return hot and cold events of one moment as one DuckDB relation, in no promised order.

    Subjects are pseudonyms; who has none yet counts under a negative number, and null is nobody.
    Raises Invalid for an unknown column or shard, FileGone where a file of the list is missing.
    """
    wanted = Wanted(
        kinds=tuple(kinds) if kinds is not None else None,
        since=since,
        until=until,
        columns=tuple(columns or EVENTS.names),
        shard=shard,
        source_ids=tuple(source_ids) if source_ids is not None else None,
    )
    return snapshot(wanted).relation(connection)


def snapshot(wanted: Wanted, *, stand_in: bool = True) -> Snapshot:
    """Read the list of cold files and the hot rows in one snapshot, and make the files readable here.

    Without `stand_in` a hot signal whose subject has no pseudonym yet is nobody's.
    """
    if wrong := set(wanted.columns) - set(EVENTS.names):
        raise Invalid(f"No column {min(wrong)!r}.", field="columns", remedy=f"Use {', '.join(EVENTS.names)}.")
    if wanted.shard is not None and not 0 <= wanted.shard < SHARDS:
        raise Invalid(f"No shard {wanted.shard}.", field="shard", remedy=f"Use 0 to {SHARDS - 1}.")
    with one_moment():
        files = list(cold_files(wanted))
        rows = _hot_rows(wanted, STAND_IN if stand_in else PSEUDONYM)
    place = storage()
    parts = [ColdPart(place.fetch(file.path, sha256=file.sha256), file.shard, file.rows) for file in files]
    return Snapshot(wanted, tuple(parts), rows)


@contextmanager
def one_moment() -> Iterator[None]:
    """Hold the ledger so that no week changes sides; where no transaction is open, see nothing change at all.

    Taking a week out of the ledger needs its strongest lock; the weakest one keeps that off. It must be taken
    before the snapshot, for a dropped table is gone for older snapshots too.
    """
    is_outermost = not database.in_atomic_block
    with transaction.atomic(), database.cursor() as cursor:
        if is_outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("LOCK TABLE ONLY listen_signal IN ACCESS SHARE MODE")
        yield


def cold_files(wanted: Wanted, content: str = "events") -> Iterator[ColdFile]:
    """Yield the files that may hold events wanted, oldest week first."""
    files = ColdFile.objects.filter(content=content)
    if wanted.shard is not None:
        files = files.filter(shard=wanted.shard)
    if wanted.since is not None:
        files = files.filter(week__gte=week_of(wanted.since - AHEAD))
    if wanted.received_from is not None:
        files = files.filter(week__gte=week_of(wanted.received_from))
    if wanted.received_to is not None:
        files = files.filter(week__lte=week_of(wanted.received_to))
    return files.order_by("week", "shard", "id").iterator()


def _cold_conditions(wanted: Wanted) -> Iterator[duckdb.Expression]:
    column, constant = duckdb.ColumnExpression, duckdb.ConstantExpression
    if wanted.kinds is not None:
        yield column("kind").isin(*[constant(kind) for kind in wanted.kinds or ("",)])
    if wanted.source_ids is not None:
        yield column("source_id").isin(*[constant(one) for one in wanted.source_ids or (0,)])
    for name, first, last in (
        ("at", wanted.since, wanted.until),
        ("received_at", wanted.received_from, wanted.received_to),
    ):
        if first is not None:
            yield column(name) >= constant(first)
        if last is not None:
            yield column(name) < constant(last)


def _hot_rows(wanted: Wanted, subject: str) -> pa.Table:
    said = wanted.said()
    conditions = " AND ".join(_FILTERS[name] for name in said) or "true"
    source = f"WITH {GRANTED} SELECT @columns FROM listen_signal s {JOINS} WHERE {conditions}"  # noqa: S608 - ours
    columns = list(wanted.columns)
    if "props" in columns and "kind" not in columns:
        columns.append("kind")
    tables = hot.blocks(
        database.connection, columns, subject=subject, source=source, params=said | {"seed": seed()}
    )
    schema = pa.schema([EVENTS.field(name) for name in wanted.columns])
    cleared = [_cleared(table).select(schema.names).cast(schema) for table in tables]
    return pa.concat_tables(cleared) if cleared else schema.empty_table()


def seed() -> int:
    """Return the number that keeps stand-ins for pseudonyms from being reckoned by others."""
    digest = hashlib.sha256(f"listen.stand_in:{settings.SECRET_KEY}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _cleared(table: pa.Table) -> pa.Table:
    """Leave of the props what tells nothing of anybody."""
    if "props" not in table.column_names:
        return table
    clear = _remembering(lambda kind, props: cleared_props(kind, orjson.loads(props)))
    kinds, props = table["kind"].to_pylist(), table["props"].to_pylist()
    values = pa.array(map(clear, kinds, props), pa.string())
    return table.set_column(table.column_names.index("props"), "props", values)


def cleared_props(kind: str, props: dict[str, Any]) -> str | None:
    """Return the clear props as JSON, or None where there are none; of a kind nobody knows, none are."""
    known = KINDS.get(kind)
    kept = clear_props(known, props) if known and props else None
    return orjson.dumps(kept, option=orjson.OPT_SORT_KEYS).decode() if kept else None


def _remembering(function: Callable[[str, str], str | None]) -> Callable[[str, str], str | None]:
    """Most props are '{}' or few others; do not clear the same ones twice."""
    known: dict[tuple[str, str], str | None] = {}

    def look(kind: str, props: str) -> str | None:
        if (kind, props) not in known:
            if len(known) > 50_000:
                known.clear()
            known[kind, props] = function(kind, props)
        return known[kind, props]

    return look


def names_of_events(digests: pa.ChunkedArray | pa.Array) -> pa.Array:
    """Return the names of digests, where many people's events carry them; null for the others."""
    from segue.listen.models import EventName

    known = dict(EventName.objects.values_list("digest", "name"))
    encoded = digests.combine_chunks() if isinstance(digests, pa.ChunkedArray) else digests
    encoded = encoded.dictionary_encode()
    names = pa.array([known.get(digest) for digest in encoded.dictionary.to_pylist()], pa.string())
    return pc.take(names, encoded.indices)
