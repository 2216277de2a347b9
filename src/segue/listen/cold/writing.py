"""Writing cold files a row group at a time: a week never has to fit into memory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from segue.listen.cold.schema import EVENTS

ROWS_OF_A_GROUP = 65_536
_DICTIONARY = ["kind", "job_id", "source_id", "tier", "flags.list.element", "event"]


@dataclass(frozen=True, slots=True)
class Written:
    """A finished file's figures, for the list of cold files."""

    rows: int
    size_bytes: int
    sha256: str
    first_id: int
    last_id: int


def write_events(batches: Iterable[pa.Table | pa.RecordBatch], path: Path) -> Written:
    """Write events of one purpose, week and shard, sorted by (subject, at, id), into one file.

    Each batch becomes a row group of its own and has the columns of `EVENTS`. Raises pyarrow's errors for
    columns of another shape; a half-written file is the caller's to remove.
    """
    rows, first, last = 0, 0, 0
    order = pq.SortingColumn.from_ordering(EVENTS, [("subject", "ascending"), ("at", "ascending")])
    with pq.ParquetWriter(
        path, EVENTS, compression="zstd", use_dictionary=_DICTIONARY, sorting_columns=order, version="2.6"
    ) as writer:
        for batch in batches:
            table = pa.Table.from_batches([batch]) if isinstance(batch, pa.RecordBatch) else batch
            if not table.num_rows:
                continue
            writer.write_table(table.select(EVENTS.names).cast(EVENTS), row_group_size=ROWS_OF_A_GROUP)
            found = pc.min_max(table["id"]).as_py()
            first = min(first, found["min"]) if rows else found["min"]
            last = max(last, found["max"])
            rows += table.num_rows
    return written(path, rows=rows, first_id=first, last_id=last)


def sorted_events(table: pa.Table) -> pa.Table:
    """Return events in the order the files keep: by subject, then time, then id; nobody's come last."""
    return table.sort_by([("subject", "ascending"), ("at", "ascending"), ("id", "ascending")])


def written(path: Path, *, rows: int, first_id: int, last_id: int) -> Written:
    """Read a finished file's size and digest."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return Written(rows, path.stat().st_size, digest.hexdigest(), first_id, last_id)
