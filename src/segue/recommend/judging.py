"""How both sides of a pair are scored, the same when chances are learnt and when a slate is judged.

Neither score reads behaviour, wishes, pay or dates: what somebody did on the portal is between them and it,
and a slate must not betray it. Pay and travel limits stay flags.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from segue.catalog.models import Job
from segue.engine.columns import PersonColumns
from segue.engine.content import content_features
from segue.engine.rank import DEFAULT_WEIGHTS, blend, weight_vector
from segue.engine.sides import among_others
from segue.learn.queries.catalogue import Catalogue

FloatArray = NDArray[np.float64]

SIDES_KIND = "slate-chances"
BY_EVIDENCE, BOTH_SIDES = "people-1", "people-2"  # policies: the evidence alone; its worth to both sides
SILENT = frozenset({"behaviour", "wish", "freshness", "pay"})  # what a recruiter's list must not read
AT_HOME = frozenset({"place"})  # where somebody lives is theirs to weigh, not the team's
COMPARED = 200  # jobs on offer that a job is compared with
_AT_ONCE = 500


def slate_weights() -> FloatArray:
    """Weights of what a recruiter's list may read, float64[F]."""
    return weight_vector({name: w for name, w in DEFAULT_WEIGHTS.items() if name not in SILENT})


def take_scores(features: FloatArray) -> FloatArray:
    """The job's own score of people, from features float64[..., F]: what they bring, not where they live."""
    kept = {name: w for name, w in DEFAULT_WEIGHTS.items() if name not in SILENT | AT_HOME}
    return blend(features, weight_vector(kept))


def want_scores(people: PersonColumns, own: FloatArray, jobs: Catalogue, *, today: float) -> FloatArray:
    """The candidate's side, transposed: how far a job scored `own` float64[P] stands above others on offer.

    NaN where too few jobs are on offer to compare it with.
    """
    rows = np.unique(np.linspace(0, max(jobs.on_offer - 1, 0), COMPARED).astype(np.intp))
    others = jobs.columns.pick(rows if jobs.on_offer else [])
    told = [np.empty(0)]
    for low in range(0, len(people), _AT_ONCE):
        few = people.pick(np.arange(low, min(low + _AT_ONCE, len(people))))
        features = content_features(few, others, today=today, near=jobs.near, strong=jobs.strong)
        told.append(among_others(own[low : low + _AT_ONCE], blend(features, slate_weights())))
    return np.concatenate(told)


def family_of(job: Job) -> str:
    """The kind of job whose outcomes speak for it first: its occupation, else its department."""
    return job.occupation or job.department
