"""The list of cold files: what is on it counts, what is not is nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from segue.kit.action import action
from segue.kit.actor import Actor
from segue.listen.cold.schema import new_path
from segue.listen.cold.storage import storage
from segue.listen.cold.writing import Written, write_events
from segue.listen.models import ColdFile


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file belongs."""

    content: str  # "events" | "sealed"
    purpose: str
    week: date  # its Monday
    shard: int


def store(place: Place, local: Path, figures: Written) -> ColdFile:
    """Put a finished file into storage; return its line for the list, not yet on it."""
    path = new_path(place.content, purpose=place.purpose, week=place.week, shard=place.shard)
    storage().put(path, local)
    return ColdFile(
        path=path,
        content=place.content,
        purpose=place.purpose,
        week=place.week,
        shard=place.shard,
        rows=figures.rows,
        size_bytes=figures.size_bytes,
        sha256=figures.sha256,
        first_id=figures.first_id,
        last_id=figures.last_id,
    )


@action("listen.add_cold_events")
def add_cold_events(place: Place, *, batches: Iterable[pa.Table | pa.RecordBatch], by: Actor) -> ColdFile:
    """Add a file of events that never were hot: an archive brought in, or invented people's history.

    The batches have the columns of `cold.schema.EVENTS`, sorted by (subject, at, id), all of one shard.
    """
    with tempfile.TemporaryDirectory(prefix="segue-cold-") as folder:
        local = Path(folder) / "events.parquet"
        figures = write_events(batches, local)
        file = store(place, local, figures)
    file.save()
    return file
