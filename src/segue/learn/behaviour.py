"""The fitted behaviour model: which jobs the same people go for, and what comes after what.

It is drawn from the acts of those who allow it, many together: it names jobs and numbers, nobody.
"""

from __future__ import annotations

import hashlib
import io
import json
import uuid
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from segue.engine.sources.neighbours import Learned, Neighbours

BEHAVIOUR = "behaviour"


@dataclass(frozen=True, eq=False)
class BehaviourModel:
    """A `Learned` whose rows are the jobs `jobs`; `hash` names its bytes."""

    jobs: tuple[uuid.UUID, ...]
    learned: Learned
    hash: str = ""

    @cached_property
    def row_of(self) -> dict[uuid.UUID, int]:
        return {job: row for row, job in enumerate(self.jobs)}

    def laid_out(self, row_of: dict[uuid.UUID, int], rows: int) -> Learned:
        """The same with its jobs as a catalogue's first `rows` columns; a history keeps its own rows."""
        column = np.array([row_of.get(job, rows) for job in self.jobs], dtype=np.int64)
        parts = tuple(
            Neighbours(part.name, part.decay, _moved(part.matrix, column, rows))
            for part in self.learned.parts
        )
        return Learned(parts, self.learned.weights, self.learned.shares)

    def to_bytes(self) -> bytes:
        """Return one canonical archive: equal models give equal bytes."""
        buffer = io.BytesIO()
        names = [[part.name, part.decay] for part in self.learned.parts]
        arrays: dict[str, Any] = {
            "names": np.frombuffer(json.dumps(names).encode(), dtype=np.uint8),
            "jobs": np.frombuffer(b"".join(job.bytes for job in self.jobs), dtype=np.uint8),
            "weights": self.learned.weights,
            "shares": self.learned.shares,
        }
        for at, part in enumerate(self.learned.parts):
            arrays[f"indptr{at}"] = part.matrix.indptr.astype(np.int64)
            arrays[f"indices{at}"] = part.matrix.indices.astype(np.int32)
            arrays[f"data{at}"] = part.matrix.data.astype(np.float32)
        np.savez(buffer, **arrays)
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, blob: bytes) -> BehaviourModel:
        """Read what `to_bytes` wrote."""
        with np.load(io.BytesIO(blob), allow_pickle=False) as archive:
            ids = archive["jobs"].tobytes()
            jobs = tuple(uuid.UUID(bytes=ids[at : at + 16]) for at in range(0, len(ids), 16))
            parts = []
            for at, (name, decay) in enumerate(json.loads(archive["names"].tobytes())):
                cells = tuple(archive[f"{part}{at}"] for part in ("data", "indices", "indptr"))
                parts.append(Neighbours(name, decay, sparse.csr_array(cells, shape=(len(jobs), len(jobs)))))
            learned = Learned(tuple(parts), archive["weights"], archive["shares"])
        return cls(jobs, learned, hashlib.sha256(blob).hexdigest())


def _moved(table: sparse.csr_array, column: NDArray[np.int64], columns: int) -> sparse.csr_array:
    """The table with its columns elsewhere; those that point behind the last are dropped."""
    moved = column[table.indices]
    kept = moved < columns
    starts = np.concatenate([[0], np.cumsum(kept)])[table.indptr]
    return sparse.csr_array((table.data[kept], moved[kept], starts), shape=(table.shape[0], columns))
