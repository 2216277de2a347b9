"""The files of a run of mixes: a plan, a part for every stretch of people, and at last one file of all.

    mixes/mixes.parquet      everybody's mix; a new one takes its place at once, or not at all
    mixes/run/plan.npz       what the run under way is made by
    mixes/run/000000.parquet a stretch that is done, with the id it ends with; the next run goes on after it

Every file is written beside its place and moved there once it is whole and on the disk. They name people,
so nobody but the product's own user may read them.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import uuid
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from numpy.typing import NDArray

from segue.kit.errors import Conflict

MIXES = pa.schema(
    [
        pa.field("person", pa.string(), nullable=False),
        pa.field("jobs", pa.list_(pa.string()), nullable=False),
        pa.field("scores", pa.list_(pa.float32()), nullable=False),
    ]
)
PARTS_A_GROUP = 8  # parts that become one row group: 65,536 people
_AFTER = b"segue.after"
_ABOUT = b"segue.mixes"
_WORDS = 16 * 2**20  # bytes of ids a row group may name once each
"""Jobs are named in everybody's mix: told once a group, they take a sixth of the space."""


@dataclass(frozen=True, eq=False)
class Plan:
    """What a run is made by: it stays the same however often the run is broken off.

    `points`: the model's bytes; `jobs` str[J]: the ids of its jobs; `told` float32[J, c]: what they say.
    """

    points: bytes
    jobs: NDArray[np.str_]
    told: NDArray[np.float32]
    model_hash: str
    lexicon: str
    begun_at: str
    k: int
    stretch: int

    @property
    def about(self) -> dict[str, str | int]:
        plain = ("model_hash", "lexicon", "begun_at", "k", "stretch")
        return {name: getattr(self, name) for name in plain}


@dataclass(frozen=True)
class MixFolder:
    """Where mixes lie, finished and under way."""

    path: Path

    @classmethod
    def of_settings(cls) -> MixFolder:
        return cls(Path(settings.MIXES_DIR))

    @property
    def mixes(self) -> Path:
        return self.path / "mixes.parquet"

    @property
    def _run(self) -> Path:
        return self.path / "run"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep others from writing here meanwhile. Raises Conflict where somebody does."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.path / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as taken:
                raise Conflict(
                    "Somebody else is at the mixes.", field="mixes", remedy="Try again when they are done."
                ) from taken
            yield

    def begin(self, plan: Plan) -> None:
        """Let go of whatever run there was, and keep the plan of this one."""
        self.abandon()
        self._run.mkdir(mode=0o700)
        about = np.frombuffer(json.dumps(plan.about).encode(), dtype=np.uint8)
        points = np.frombuffer(plan.points, dtype=np.uint8)
        with whole(self._run / "plan.npz") as half, half.open("wb") as file:
            np.savez(file, allow_pickle=False, about=about, points=points, jobs=plan.jobs, told=plan.told)

    def plan(self) -> Plan | None:
        """Return the plan of the run under way, None where there is none."""
        place = self._run / "plan.npz"
        if not place.exists():
            return None
        with np.load(place, allow_pickle=False) as found:
            about = json.loads(found["about"].tobytes())
            return Plan(found["points"].tobytes(), found["jobs"], found["told"], **about)

    def abandon(self) -> None:
        shutil.rmtree(self._run, ignore_errors=True)

    def parts(self) -> list[Path]:
        """Return the parts that are done, in order."""
        return sorted(self._run.glob("[0-9]*.parquet"))

    def done_until(self) -> uuid.UUID | None:
        """Return the id up to which everybody's mix is done."""
        parts = self.parts()
        return uuid.UUID(pq.read_schema(parts[-1]).metadata[_AFTER].decode()) if parts else None

    def add_part(self, number: int, table: pa.Table, *, after: uuid.UUID) -> None:
        with whole(self._run / f"{number:06}.parquet") as half:
            marked = table.replace_schema_metadata({_AFTER: str(after).encode()})
            pq.write_table(marked, half, compression="zstd")

    def joined(self, half: Path, may_stay: Callable[[Sequence[str]], Collection[str]], plan: Plan) -> int:
        """Write all parts as one file; return how many people are in it, of those who may stay."""
        parts = self.parts()
        groups = (
            pa.concat_tables([pq.read_table(part, schema=MIXES) for part in parts[at : at + PARTS_A_GROUP]])
            for at in range(0, len(parts), PARTS_A_GROUP)
        )
        return _write(half, groups, may_stay, {_ABOUT: json.dumps(plan.about, sort_keys=True).encode()})

    def sift(self, may_stay: Callable[[Sequence[str]], Collection[str]]) -> int:
        """Take out of every file who may not stay in it; return how many lines went."""
        gone = 0
        for place in [*([self.mixes] if self.mixes.exists() else []), *self.parts()]:
            file = pq.ParquetFile(place)
            named = (file.read_row_group(at, ["person"]) for at in range(file.num_row_groups))
            if all(
                len(names) == len(may_stay(names)) for names in (one["person"].to_pylist() for one in named)
            ):
                continue  # the usual case, for the price of the names
            with whole(place) as half:
                groups = (file.read_row_group(at) for at in range(file.num_row_groups))
                gone += file.metadata.num_rows - _write(half, groups, may_stay, file.schema_arrow.metadata)
        return gone

    def mix_of(self, person_id: uuid.UUID) -> list[tuple[str, float]] | None:
        """Return a person's jobs, best first, with their scores; None where they have no mix."""
        if not self.mixes.exists():
            return None
        found = pq.read_table(self.mixes, filters=[("person", "=", str(person_id))]).to_pylist()
        return list(zip(found[0]["jobs"], found[0]["scores"], strict=True)) if found else None


@contextmanager
def whole(place: Path) -> Iterator[Path]:
    """Give a path to write to; what was written takes its place when it is whole, or is let go of."""
    half = place.with_name(f"{place.name}.half")
    half.unlink(missing_ok=True)
    half.touch(mode=0o600)
    try:
        yield half
        with half.open("rb") as written:
            os.fsync(written.fileno())
        half.replace(place)
        folder = os.open(place.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    finally:
        half.unlink(missing_ok=True)


def table_of(people: Sequence[uuid.UUID], jobs: NDArray[np.str_], scores: NDArray[np.float32]) -> pa.Table:
    """A row a person; `jobs` str[m, k] and `scores` float32[m, k], places left empty ("") left out."""
    is_filled = jobs != ""
    offsets = np.concatenate(([0], is_filled.sum(axis=1).cumsum())).astype(np.int32)
    columns = [
        pa.array([str(person) for person in people], pa.string()),
        pa.ListArray.from_arrays(offsets, pa.array(jobs[is_filled], pa.string())),
        pa.ListArray.from_arrays(offsets, scores[is_filled]),
    ]
    return pa.table(columns, schema=MIXES)


def _write(
    half: Path,
    groups: Iterator[pa.Table],
    may_stay: Callable[[Sequence[str]], Collection[str]],
    metadata: dict[bytes, bytes] | None,
) -> int:
    people = 0
    options = {"compression": "zstd", "dictionary_pagesize_limit": _WORDS}
    with pq.ParquetWriter(half, MIXES.with_metadata(metadata), **options) as writer:
        for group in groups:
            names = group["person"].to_pylist()
            staying = may_stay(names)
            kept = group.filter(pa.array([name in staying for name in names]))
            if len(kept):
                writer.write_table(kept.replace_schema_metadata(metadata), row_group_size=len(kept))
            people += len(kept)
    return people
