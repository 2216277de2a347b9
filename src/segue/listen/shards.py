"""Counting one shard: what runs in a worker, here or on another machine, with neither Django nor a database.

A task says which files to read and carries what was hot; what comes back adds up over shards.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from segue.engine.funnel import chain_depths, is_among, reached

Int64Array = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

FIRST, LAST = -(2**63), 2**63 - 1


@dataclass(frozen=True, slots=True)
class Events:
    """n events: `subject`, `at_us` (since 1970), `id` int64[n]; `steps` uint8[n] (bit k: serves step k)."""

    subject: Int64Array
    steps: NDArray[np.uint8]
    at_us: Int64Array
    id: Int64Array

    def __len__(self) -> int:
        return len(self.subject)

    def where(self, chosen: BoolArray) -> Events:
        if chosen.all():
            return self
        return Events(self.subject[chosen], self.steps[chosen], self.at_us[chosen], self.id[chosen])

    @classmethod
    def none(cls) -> Events:
        empty = np.zeros(0, dtype=np.int64)
        return cls(empty, empty.astype(np.uint8), empty, empty)

    @classmethod
    def of(cls, parts: list[Events]) -> Events:
        """All events of the parts, one part after another."""
        if not parts:
            return cls.none()
        return cls(
            np.concatenate([part.subject for part in parts]),
            np.concatenate([part.steps for part in parts]),
            np.concatenate([part.at_us for part in parts]),
            np.concatenate([part.id for part in parts]),
        )


@dataclass(frozen=True, slots=True)
class StepKey:
    """An event serves a step when its kind is this one and, where a name is asked for, so is its name."""

    kind: str
    event: int | None = None  # the digest the files know the name by


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of every shard. Times are microseconds since 1970, `until_us` not included."""

    steps: tuple[StepKey, ...]
    window_us: int
    since_us: int = FIRST
    until_us: int = LAST
    tiers: str = "ABC"


@dataclass(frozen=True, slots=True)
class Place:
    """How a worker elsewhere comes by files: function(address, data_dir=…) gives what can fetch them."""

    function: str  # "module:name"
    address: str
    data_dir: Path


@dataclass(frozen=True, slots=True)
class File:
    """A cold file: its local path where there is no `place` to fetch it from, else its path there."""

    path: str
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """A shard, or the part of it whose subjects lie in [low, high].

    Somebody whose events may lie in several shards (an anonymous visitor who became known) is in `apart`,
    sorted: their events come back uncounted. Of the subjects in files only the `living`, sorted, count.
    """

    question: Question
    files: tuple[File, ...]
    hot: Events
    living: Int64Array
    apart: Int64Array
    place: Place | None = None
    low: int = FIRST
    high: int = LAST


@dataclass(frozen=True, slots=True)
class Counted:
    """How many subjects reached each step, int64[n_steps], and the events of those who stand apart."""

    reached: Int64Array
    apart: Events
    events: int  # that served a step


def count_shard(task: Task) -> Counted:
    """Read a shard's files, add what is hot, count."""
    cold = Events.of(list(_read(task)))
    everything = Events.of([cold, task.hot]) if len(task.hot) else cold
    known = np.union1d(task.living, task.hot.subject)
    if not len(task.apart):
        return Counted(count(everything, task.question, known), Events.none(), len(everything))
    is_apart = is_among(everything.subject, task.apart)
    theirs, rest = everything.where(is_apart), everything.where(~is_apart)
    return Counted(count(rest, task.question, known), theirs, len(rest))


def count(events: Events, question: Question, living: Int64Array) -> Int64Array:
    """Count the living subjects that reach each step: int64[n_steps]."""
    n_steps = len(question.steps)
    subjects, depth = chain_depths(
        events.subject, events.steps, events.at_us, events.id, n_steps, question.window_us
    )
    return reached(depth[is_among(subjects, living)], n_steps)


def _read(task: Task) -> Iterator[Events]:
    """Yield the events of each file that serve a step."""
    columns = ["subject", "kind", "at", "id", "tier"]
    if any(step.event is not None for step in task.question.steps):
        columns.append("event")
    for path in _local(task):
        with pq.ParquetFile(path, read_dictionary=["kind", "tier"], memory_map=True) as file:
            groups = [i for i in range(file.num_row_groups) if _may_matter(file.metadata.row_group(i), task)]
            if groups:
                table = file.read_row_groups(groups, columns=columns, use_threads=False)
                yield _serving(table.combine_chunks(), task)


def _local(task: Task) -> list[str]:
    if task.place is None:
        return [file.path for file in task.files]
    module, _, name = task.place.function.partition(":")
    storage: Any = getattr(importlib.import_module(module), name)(
        task.place.address, data_dir=task.place.data_dir
    )
    return [str(storage.fetch(file.path, sha256=file.sha256)) for file in task.files]


def _may_matter(group: Any, task: Task) -> bool:
    """Whether a row group's own figures leave room for a subject of ours in the time asked for."""
    question = task.question
    for i in range(group.num_columns):
        column = group.column(i)
        if column.path_in_schema not in {"subject", "at"} or not column.is_stats_set:
            continue
        known = column.statistics
        if not known.has_min_max:
            if column.path_in_schema == "subject" and known.null_count == group.num_rows:
                return False  # all nobody's
            continue
        if column.path_in_schema == "subject":
            if known.max < task.low or known.min > task.high:
                return False
        elif known.max_raw < question.since_us or known.min_raw >= question.until_us:
            return False
    return True


def _serving(table: pa.Table, task: Task) -> Events:
    """Keep what serves a step, is somebody's, and lies in the time and the part asked for."""
    question = task.question
    steps = _steps_served(table, question.steps)
    steps[~_one_of(table["tier"], set(question.tiers))] = 0
    subject, is_nobodys = _numbers(table["subject"])
    at_us, _ = _numbers(table["at"].cast(pa.int64()))
    chosen = (steps > 0) & ~is_nobodys
    if (question.since_us, question.until_us) != (FIRST, LAST):
        chosen &= (at_us >= question.since_us) & (at_us < question.until_us)
    if (task.low, task.high) != (FIRST, LAST):
        chosen &= (subject >= task.low) & (subject <= task.high)
    return Events(subject, steps, at_us, _numbers(table["id"])[0]).where(chosen)


def _steps_served(table: pa.Table, steps: tuple[StepKey, ...]) -> NDArray[np.uint8]:
    """The set of steps each row serves, as bits."""
    served = np.zeros(table.num_rows, dtype=np.uint8)
    event = _numbers(table["event"])[0] if "event" in table.column_names else None
    for bit, step in enumerate(steps):
        fits = _one_of(table["kind"], {step.kind})
        if step.event is not None and event is not None:
            fits = fits & (event == step.event)
        served |= fits.astype(np.uint8) << np.uint8(bit)
    return served


def _one_of(column: pa.ChunkedArray, wanted: set[str]) -> BoolArray:
    """Whether each text is one of the wanted, asked once a distinct text."""
    fits = np.zeros(len(column), dtype=np.bool_)
    start = 0
    for chunk in column.chunks:
        known = np.array([text in wanted for text in chunk.dictionary.to_pylist()] + [False])
        index = chunk.indices.fill_null(len(known) - 1).to_numpy()
        fits[start : start + len(chunk)] = known[index]
        start += len(chunk)
    return fits


def _numbers(column: pa.ChunkedArray) -> tuple[Int64Array, BoolArray]:
    """Whole numbers and which of them are null (0 stands there)."""
    is_null = column.is_null().to_numpy() if column.null_count else np.zeros(len(column), dtype=np.bool_)
    numbers: Int64Array = (column.fill_null(0) if column.null_count else column).to_numpy()
    return numbers, is_null
