"""Jobs by taste: everybody a point among jobs, found from their acts, or foretold from their features."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, ClassVar, Self
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from segue.engine.explain import Explanation, Factor
from segue.engine.sources.feature_map import Features, apply_map, blend, fit_map
from segue.engine.sources.ials_fit import Factors, FloatArray, IalsSettings, fit_ials
from segue.engine.sources.linear import check_finite, rows_of
from segue.engine.task import IntArray, ScoreArray, Task

Settings = Mapping[str, Any]
FADED = 1e-4  # an act of which so little is left says nothing any more


@dataclass(frozen=True, eq=False)
class IalsSource:
    """Implicit ALS, with people folded in from their history when they are scored.

    `decay`: how much less each older act of a history weighs; `faith`: how many events a foretelling
    by features is worth; `l2`: the ridge of that foretelling; `threads`: 0 for every core, to the same
    result. No person is kept in it: what is saved is of jobs and of features.
    """

    settings: IalsSettings = field(default_factory=IalsSettings)
    decay: float = 1.0
    seed: int = 0
    threads: int = 0
    faith: float = 3.0
    l2: float = 1.0
    factors: Factors | None = None
    shown: FloatArray | None = None  # jobs with their foretelling blended in, float32[J, d]
    job_map: FloatArray | None = None
    person_map: FloatArray | None = None
    job_features: Features | None = None
    person_features: Features | None = None
    name: ClassVar[str] = "ials"
    refits: ClassVar[tuple[Settings, ...]] = ({},)
    tunes: ClassVar[tuple[Settings, ...]] = ({"decay": 0.85}, {"decay": 1.0})

    def with_features(self, *, jobs: Features | None = None, people: Features | None = None) -> Self:
        """A copy that knows features, csr or float32 [rows of the table, p], for the cold of either side."""
        return replace(self, job_features=jobs, person_features=people)

    def fit(self, task: Task) -> Self:
        """Learn from nothing but the task. Raises ValueError for NaN."""
        return self._fit(task, self.settings, None)

    def refit(self, task: Task, *, iterations: int = 2) -> Self:
        """Learn on from last night's jobs; jobs new to the task stand behind the old ones in its table.

        Raises RuntimeError before `fit`, ValueError for NaN and where jobs have gone.
        """
        start = self._learnt().jobs
        return self._fit(task, replace(self.settings, iterations=iterations), start)

    def _fit(self, task: Task, settings: IalsSettings, start: FloatArray | None) -> Self:
        check_finite(task)
        history = _felt(task.log.matrix(self.decay))
        found = fit_ials(history, settings, seed=self.seed, start=start, threads=self.threads)
        found = replace(found, settings=self.settings)
        job_events = np.bincount(history.indices, minlength=task.log.jobs)
        job_map = self._map(self.job_features, found.jobs, job_events)
        person_map = self._map(self.person_features, found.people, np.diff(history.indptr))
        shown = found.jobs
        if self.job_features is not None and job_map is not None:
            shown = blend(found.jobs, apply_map(self.job_features, job_map), job_events, self.faith)
        return replace(
            self, factors=found.without_people(), shown=shown, job_map=job_map, person_map=person_map
        )

    def _map(self, features: Features | None, targets: FloatArray, events: NDArray[Any]) -> FloatArray | None:
        if features is None:
            return None
        return fit_map(features, targets, events / (events + self.faith), l2=self.l2)

    def foretell_jobs(self, features: Features) -> FloatArray:
        """Factors of jobs nobody has acted on, float32[n, d]. Raises RuntimeError without a map."""
        if self.job_map is None:
            raise RuntimeError("fit the source with features of jobs first")
        return apply_map(features, self.job_map)

    def people(self, task: Task, people: IntArray) -> FloatArray:
        """Where people stand now, float32[n, d]: their scores are the products with `shown`."""
        factors = self._learnt()
        history = _felt(rows_of(task.log, people, self.decay))
        found = factors.fold_in(history, threads=self.threads)
        told = self._foretold(people)
        return found if told is None else blend(found, told, np.diff(history.indptr), self.faith)

    def score(self, task: Task, people: IntArray) -> ScoreArray:
        """float32[n, jobs], zeros for whom nothing is known. Raises RuntimeError before `fit`."""
        points = self.people(task, people)
        return np.asarray(points @ self._shown().T, dtype=np.float32)

    def explain(self, task: Task, person: int, job: int) -> Explanation:
        """What each job of the history adds, "because:" and its row, and the foretelling, "ials:features".

        Source: Hu, Koren, Volinsky 2008, section 5.
        """
        row = np.array([person])
        history = _felt(rows_of(task.log, row, self.decay))
        there = self._shown()[job].astype(np.float64)
        parts = self._learnt().contributions(history.indices, history.data, there)
        told = self._foretold(row)
        share = 1.0
        if told is not None:
            share = len(parts) / (len(parts) + self.faith)
        named = zip(history.indices.tolist(), history.data.tolist(), (share * parts).tolist(), strict=True)
        factors = [Factor(f"because:{at}", much, value / much, value) for at, much, value in named]
        if told is not None:
            value = float(told[0] @ there)
            factors.append(Factor("ials:features", value, 1 - share, (1 - share) * value))
        return _told(factors)

    def to_bytes(self) -> bytes:
        """Everything learnt, as npz; features are not part of it."""
        factors = self._learnt()
        plain = {name: getattr(self, name) for name in ("decay", "seed", "faith", "l2")}
        about = {**plain, "settings": asdict(self.settings), "people": factors.people_count}
        arrays: dict[str, NDArray[Any]] = {
            "about": np.frombuffer(json.dumps(about).encode(), dtype=np.uint8),
            "jobs": factors.jobs,
            "spectrum": factors.spectrum,
            "people_gram": factors.people_gram,
            "shown": self._shown(),
        }
        maps = {"job_map": self.job_map, "person_map": self.person_map}
        arrays |= {name: one for name, one in maps.items() if one is not None}
        file = io.BytesIO()
        np.savez(file, allow_pickle=False, **arrays)
        return file.getvalue()

    @classmethod
    def from_bytes(cls, kept: bytes) -> IalsSource:
        """What `to_bytes` kept; hand it its features again. Raises ValueError for other bytes."""
        try:
            with np.load(io.BytesIO(kept), allow_pickle=False) as arrays:
                found = dict(arrays)
            about = json.loads(found.pop("about").tobytes())
            settings = IalsSettings(**about.pop("settings"))
            count = about.pop("people")
            jobs, spectrum, gram = found.pop("jobs"), found.pop("spectrum"), found.pop("people_gram")
        except (KeyError, OSError, TypeError, EOFError, BadZipFile) as error:
            raise ValueError("these bytes hold no iALS") from error
        nobody = np.zeros((0, settings.dim), np.float32)
        factors = Factors(settings, jobs, spectrum, nobody, gram, count)
        return cls(settings=settings, factors=factors, **about, **found)

    def _foretold(self, people: IntArray) -> FloatArray | None:
        if self.person_features is None or self.person_map is None:
            return None
        return apply_map(self.person_features[people], self.person_map)

    def _learnt(self) -> Factors:
        if self.factors is None:
            raise RuntimeError("fit the source first")
        return self.factors

    def _shown(self) -> FloatArray:
        if self.shown is None:
            raise RuntimeError("fit the source first")
        return self.shown


def _felt(history: sparse.csr_array) -> sparse.csr_array:
    """The acts that have not faded: hundreds of acts back a weight is as good as nothing, then nothing."""
    history.data[history.data < FADED] = 0.0
    history.eliminate_zeros()
    return history


def _told(factors: list[Factor]) -> Explanation:
    """The largest part is the reason, if it speaks for the job."""
    factors.sort(key=lambda factor: -abs(factor.contribution))
    code, args = "general", {}
    if factors and factors[0].contribution > 0:
        code, _, row = factors[0].name.partition(":")
        args = {"job": int(row)} if code == "because" else {}
    return Explanation(math.fsum(factor.contribution for factor in factors), tuple(factors), code, args)
