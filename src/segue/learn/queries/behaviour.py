"""The behaviour model in force, laid out for the jobs of now; and the acts a new one may be fitted on."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from django.db.models import Subquery
from numpy.typing import NDArray

from segue.engine.sources.neighbours import Learned
from segue.kit import clock
from segue.kit.prepared import fetch
from segue.learn.behaviour import BEHAVIOUR, BehaviourModel
from segue.learn.models import Model, ModelState
from segue.learn.queries.catalogue import Catalogue
from segue.learn.queries.events import MEMORY_DAYS, Event
from segue.listen.kinds import TASTE_WEIGHTS

LIKED = tuple(sorted(kind for kind, weight in TASTE_WEIGHTS.items() if weight > 0))


@dataclass(frozen=True, eq=False)
class Served:
    """The model in force as one catalogue's jobs stand."""

    model: BehaviourModel
    version: str  # of the catalogue
    learned: Learned

    @property
    def hash(self) -> str:
        return self.model.hash

    def history(self, events: Iterable[Event]) -> NDArray[np.int64]:
        """The model's rows of the jobs somebody went for, each once, the latest first."""
        liked = [event.job_id for event in events if event.kind in LIKED]
        rows = (self.model.row_of.get(job_id) for job_id in dict.fromkeys(reversed(liked)))
        return np.array([row for row in rows if row is not None], dtype=np.int64)


_held: list[Served] = []
_laying = threading.Lock()


def behaviour_hash() -> Subquery:
    """Subquery that tells which model is in force, for a query that goes to the database anyway."""
    reigning = Model.objects.filter(kind=BEHAVIOUR, state=ModelState.CHAMPION, swept_at__isnull=True)
    return Subquery(reigning.values("hash")[:1])


def served(hash_: str, catalogue: Catalogue) -> Served | None:
    """Return the model of this hash for these jobs, or None for ""; the last asked for stays in memory."""
    if not hash_:
        return None
    with _laying:
        held = _held[0] if _held else None
        if held is not None and held.hash == hash_ and held.version == catalogue.version:
            return held
        model = held.model if held is not None and held.hash == hash_ else _model_named(hash_)
        laid = model.laid_out(catalogue.row_of, catalogue.on_offer)
        _held[:] = [Served(model, catalogue.version, laid)]
        return _held[0]


def _model_named(hash_: str) -> BehaviourModel:
    return BehaviourModel.from_bytes(bytes(Model.objects.values_list("blob", flat=True).get(pk=hash_)))


@dataclass(frozen=True, eq=False)
class Acts:
    """Everybody's latest act of liking upon each job, by person and time.

    `person` and `job` int64[n] number `people` and `jobs`; `day` float64[n], days since 1970-01-01.
    """

    people: tuple[uuid.UUID, ...]
    jobs: tuple[uuid.UUID, ...]
    person: NDArray[np.int64]
    job: NDArray[np.int64]
    day: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.person)


# Whose consent holds now, and nothing from before a reset, nothing taken back, nothing no person vouches for.
_ACTS = """
WITH said AS (
    SELECT DISTINCT ON (person_id) person_id, granted FROM trust_consent
    WHERE purpose = 'behaviour' ORDER BY person_id, at DESC, id DESC
), undone AS (
    SELECT undoes_id FROM listen_signal WHERE undoes_id IS NOT NULL
)
SELECT s.person_id, s.job_id, extract(epoch FROM max(s.at))::float8 / 86400
FROM listen_signal s
JOIN said ON said.person_id = s.person_id AND said.granted
JOIN catalog_person p ON p.id = s.person_id AND p.erased_at IS NULL AND p.merged_into_id IS NULL
JOIN catalog_job j ON j.id = s.job_id AND j.status <> 'draft'
LEFT JOIN learn_taste t ON t.person_id = s.person_id
WHERE s.kind = ANY(%(kinds)s) AND s.tier IN ('A', 'B') AND s.at >= %(since)s::timestamptz
  AND (t.behaviour_since IS NULL OR s.at >= t.behaviour_since)
  AND s.id NOT IN (SELECT undoes_id FROM undone)
GROUP BY s.person_id, s.job_id ORDER BY s.person_id, max(s.at), s.job_id
"""


def consented_acts() -> Acts:
    """Return what may be learned from: the acts of all who allow their behaviour to be used, in one query."""
    values = {"kinds": list(LIKED), "since": clock.now() - timedelta(days=MEMORY_DAYS)}
    rows = fetch(_ACTS, values, binary=True)
    people, person = _numbered([row[0] for row in rows])
    jobs, job = _numbered([row[1] for row in rows])
    return Acts(people, jobs, person, job, np.array([row[2] for row in rows], dtype=np.float64))


def _numbered(ids: list[uuid.UUID]) -> tuple[tuple[uuid.UUID, ...], NDArray[np.int64]]:
    distinct = sorted(set(ids))
    number = {one: at for at, one in enumerate(distinct)}
    return tuple(distinct), np.array([number[one] for one in ids], dtype=np.int64)
