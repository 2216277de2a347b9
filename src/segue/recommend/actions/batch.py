"""Mixes for everybody, written as one Parquet file: nobody sees it before it is whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from segue.engine.batch import MixBlock, PeopleBlock, stream_mixes
from segue.engine.topk import JobMatrix
from segue.kit.action import action
from segue.kit.actor import Actor, Role
from segue.kit.errors import NotAllowed
from segue.listen.compute import Engine
from segue.listen.compute import engine as chosen_engine

MAY_WRITE = frozenset({Role.ADMINISTRATOR, Role.MACHINE})
BLOCKS_A_WORKER = 4  # on their way at once, so that a slow block does not hold up the others for long

MIXES = pa.schema(
    [
        pa.field("person", pa.int64(), nullable=False),
        pa.field("jobs", pa.list_(pa.int64()), nullable=False),
        pa.field("scores", pa.list_(pa.float32()), nullable=False),
    ]
)


@dataclass(frozen=True, slots=True)
class MixesWritten:
    path: Path
    people: int


def write_mixes(
    people: Iterable[PeopleBlock],
    jobs: JobMatrix,
    path: Path,
    *,
    k: int,
    by: Actor,
    eligible: NDArray[np.bool_] | None = None,
    engine: Engine | None = None,
) -> MixesWritten:
    """Write everybody's best k jobs to `path`, a row a person: person, jobs (best first), scores.

    The engine of the settings does it, or the one given; the file is the same. No transaction is open
    meanwhile: it may take minutes. A file that was there is replaced once the new one is whole.
    Raises NotAllowed but for administrators and machines, and ValueError as `engine.topk.top_k` does.
    """
    if by.role not in MAY_WRITE:
        raise NotAllowed("Mixes for everybody are written by administrators.")
    working = engine or chosen_engine()
    workers = int(getattr(working, "workers", 0))  # the serial engine has none: threads do it there
    mixes = stream_mixes(
        people,
        jobs,
        k,
        eligible=eligible,
        spread=working.map,
        wave=max(1, BLOCKS_A_WORKER * workers),
        threads=1 if workers else 0,
    )
    with _half_written(path) as half:
        count = _write(mixes, half)
        return publish_mixes(path, half=half, people=count, by=by)


@action("recommend.publish_mixes")
def publish_mixes(path: Path, *, half: Path, people: int, by: Actor) -> MixesWritten:
    """Put the finished file where readers look for it, and leave word who did."""
    half.replace(path)
    return MixesWritten(path, people)


@contextmanager
def _half_written(path: Path) -> Iterator[Path]:
    half = path.with_name(f"{path.name}.half")
    try:
        yield half
    finally:
        half.unlink(missing_ok=True)


def _write(mixes: Iterable[MixBlock], path: Path) -> int:
    people = 0
    with pq.ParquetWriter(path, MIXES, compression="zstd") as writer:
        for mix in mixes:
            writer.write_table(_table(mix))
            people += len(mix.rows)
    return people


def _table(mix: MixBlock) -> pa.Table:
    """A row a person; places left empty are left out."""
    is_filled = mix.jobs >= 0
    offsets = np.concatenate(([0], is_filled.sum(axis=1).cumsum())).astype(np.int32)
    jobs = pa.ListArray.from_arrays(offsets, mix.jobs[is_filled])
    scores = pa.ListArray.from_arrays(offsets, mix.scores[is_filled])
    return pa.table([pa.array(mix.rows, pa.int64()), jobs, scores], schema=MIXES)
