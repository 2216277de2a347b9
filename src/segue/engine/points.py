"""Everybody and every job as points whose products say who should see what: one product, a million people.

A point has two parts. The first is learnt from acts (iALS), and foretold from texts for jobs and people of
whom no acts are known. The second is what the texts themselves say, along the main directions of the jobs.
How much the second counts is learnt from acts that were held out; where there are too few, both count alike.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from segue.engine.blas import single_blas_thread
from segue.engine.sources.ials import IalsSource
from segue.engine.sources.ials_fit import IalsSettings
from segue.engine.sources.linear import rows_of
from segue.engine.splits import Split
from segue.engine.stack import last_acts
from segue.engine.task import Log, Task
from segue.engine.topk import JobMatrix, top_k

FloatArray = NDArray[np.float32]

TOLD = 64  # directions kept of the texts
SHARES = (0.0, 0.1, 0.3, 1.0, 3.0)
EVEN = 1.0
LEAST_HELD = 200  # held-out acts, before they may choose the share
FAR = 20


@dataclass(frozen=True, eq=False)
class Points:
    """What places people and jobs: `source` learnt from acts, `axes` float32[D, c], `share` of the texts.

    `report`: what each share was worth on held-out acts, for the model's card.
    """

    source: IalsSource
    axes: FloatArray
    share: float
    report: Mapping[str, Any] = field(default_factory=dict)

    def told(self, vectors: FloatArray) -> FloatArray:
        """What texts say, float32[n, c], from their vectors, float32[n, D]."""
        return told_of(vectors, self.axes)

    def jobs(self, told: FloatArray) -> JobMatrix:
        """The jobs it was fitted on, by what their texts say, float32[J, c]."""
        assert self.source.shown is not None
        return JobMatrix.of(np.hstack((self.source.shown, np.float32(self.share) * told)))

    def people(self, log: Log, told: FloatArray) -> FloatArray:
        """Where people stand by their acts and texts, float32[P, d + c]; zeros for whom nothing is known."""
        source = replace(self.source, person_features=told)
        return np.hstack((source.people(Task.bare(log), np.arange(log.people)), told))

    def to_bytes(self) -> bytes:
        """Everything but the texts; equal points give equal bytes."""
        file = io.BytesIO()
        learnt = np.frombuffer(self.source.to_bytes(), dtype=np.uint8)
        np.savez(file, allow_pickle=False, source=learnt, axes=self.axes, share=np.float64(self.share))
        return file.getvalue()

    @classmethod
    def from_bytes(cls, kept: bytes) -> Points:
        """What `to_bytes` kept. Raises ValueError for other bytes."""
        try:
            with np.load(io.BytesIO(kept), allow_pickle=False) as found:
                source = IalsSource.from_bytes(found["source"].tobytes())
                return cls(source, found["axes"], float(found["share"]))
        except (KeyError, OSError, EOFError, BadZipFile) as error:
            raise ValueError("these bytes hold no points") from error


def axes_of(vectors: FloatArray, width: int = TOLD) -> FloatArray:
    """The main directions of the jobs' vectors, float32[D, ≤ width], the widest last; signs are settled.

    >>> axes_of(np.array([[1.0, 0.0], [2.0, 0.0]], dtype=np.float32), width=1).tolist()
    [[1.0], [0.0]]
    """
    with single_blas_thread():
        wide = vectors.astype(np.float64)
        _, axes = np.linalg.eigh(wide.T @ wide)
    kept = axes[:, -width:]
    signs = np.sign(kept[np.abs(kept).argmax(axis=0), np.arange(kept.shape[1])])
    return np.ascontiguousarray(kept * signs, dtype=np.float32)


def told_of(vectors: FloatArray, axes: FloatArray) -> FloatArray:
    """Vectors along some axes, float32[n, c]: the same for a person whoever else is asked for with them."""
    told: FloatArray = np.einsum("nd,dc->nc", vectors, axes)
    return told.astype(np.float32)


def fit_points(
    log: Log,
    people: FloatArray,
    jobs: FloatArray,
    axes: FloatArray,
    *,
    settings: IalsSettings | None = None,
    seed: int = 0,
    threads: int = 0,
) -> Points:
    """Learn from acts; `people` float32[P, c] and `jobs` float32[J, c]: what their texts say along `axes`.

    Memory: about 40 bytes an act besides the points. Raises ValueError for NaN.
    """
    plain = IalsSource(settings=settings or IalsSettings(), seed=seed, threads=threads)
    source = plain.with_features(jobs=jobs, people=people)
    worth = _worths(source, log, people, jobs, axes)
    share = max(worth, key=lambda one: worth[one]) if worth else EVEN
    learnt = source.fit(Task.bare(log)).with_features()
    report = {"acts": len(log), "share": share, "ndcg@20": {str(one): worth[one] for one in worth}}
    return Points(learnt, axes, share, report)


def _worths(
    source: IalsSource, log: Log, people: FloatArray, jobs: FloatArray, axes: FloatArray
) -> dict[float, float]:
    """nDCG@20 of held-out last acts by each share of the texts; {} where there are too few to tell."""
    split = last_acts(Task.bare(log), source.seed)
    if len(split) < LEAST_HELD:
        return {}
    learnt = source.fit(Task.bare(split.train)).with_features()
    history = rows_of(split.train, split.person, 1.0)
    points = {share: Points(learnt, axes, share) for share in SHARES}
    placed = points[EVEN].people(_only(split), people[split.person])
    return {
        share: _gain(top_k(placed, one.jobs(jobs), FAR, excluded=history).jobs, split.job)
        for share, one in points.items()
    }


def _only(split: Split) -> Log:
    """The acts of those who are asked, in rows of their own."""
    row = np.full(split.train.people, -1)
    row[split.person] = np.arange(len(split))
    kept = split.train.keep(row[split.train.person] >= 0)
    return replace(kept, person=row[kept.person], people=len(split))


def _gain(found: NDArray[np.int64], sought: NDArray[np.int64]) -> float:
    """Mean of 1 / log₂(1 + place) of what was sought, 0 where it is not among the found."""
    hit = found == sought[:, None]
    gain: NDArray[np.float64] = hit / np.log2(np.arange(2, hit.shape[1] + 2))
    return float(gain.sum(axis=1).mean())
